import Files
import Raster
import Settings

/// The photographs that a batch has to draw, one after the other, without those that other batches in the same folder
/// have taken. What they had not finished when this batch came by is looked at once more at the end, so that nothing is
/// lost when one of them was killed. For one thread at a time.
final class BatchQueue {
    /// A photograph that is being decoded and is taken by this batch.
    struct Started {
        let job: BatchJob
        /// Place among all jobs.
        let index: Int
        let photograph: Background<Photograph>
    }

    private let jobs: [BatchJob]
    private let folder: String
    /// What the drawings were when the batch began, for telling those that another batch has replaced since.
    private let versions: [String?]
    private var waiting: ArraySlice<Int>
    private var postponed: [Int] = []
    private var isSecondLook = false
    private var first: Background<Photograph>?
    private var work: SharedWork?

    /// Photographs that were left to other batches, once `next` has given `nil`.
    private(set) var leftToOthers: [BatchJob] = []

    var count: Int { jobs.count }

    /// Starts to read the first photograph.
    init(jobs: [BatchJob], folder: String, overwrite: Bool) {
        self.jobs = jobs
        self.folder = folder
        versions = jobs.map { overwrite ? FileStatus($0.output)?.version : nil }
        waiting = Array(jobs.indices)[...]
        first = jobs.first.map(Self.load)
    }

    /// Waits for what has been started.
    func abandon() {
        first?.wait()
        first = nil
    }

    /// Makes the folder of the drawings, where batches tell each other what they do.
    func open() throws {
        try Folder.make(folder)
        work = SharedWork(folder: folder)
    }

    /// The next photograph that is free, taken and being read; `nil` when there is none.
    func next() -> Started? {
        while let index = nextIndex() {
            let job = jobs[index]
            if work?.take(piece(job)) ?? true {
                guard isDrawnSince(index) else {
                    return Started(job: job, index: index, photograph: takeFirst(index) ?? Self.load(job))
                }
                work?.give(piece(job))
                leftToOthers.append(job)
            } else if isSecondLook {
                leftToOthers.append(job)
            } else {
                postponed.append(index)
            }
        }
        abandon()
        return nil
    }

    private func nextIndex() -> Int? {
        if waiting.isEmpty, !isSecondLook {
            isSecondLook = true
            waiting = postponed[...]
        }
        return waiting.popFirst()
    }

    /// The same for all batches, whatever they call the folder.
    private func piece(_ job: BatchJob) -> String { job.output.path(behind: folder) }

    private func isDrawnSince(_ index: Int) -> Bool {
        guard let status = FileStatus(jobs[index].output) else { return false }
        return status.version != versions[index]
    }

    private func takeFirst(_ index: Int) -> Background<Photograph>? {
        guard index == jobs.startIndex else { return nil }
        defer { first = nil }
        return first
    }

    private static func load(_ job: BatchJob) -> Background<Photograph> {
        Background { try PictureFile.open(job.input) }
    }

    /// Gives a photograph back that has been drawn or has failed.
    func finish(_ started: Started) {
        started.photograph.wait()
        work?.give(piece(started.job))
    }
}
