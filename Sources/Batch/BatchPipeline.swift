import Drawing
import Files
import Raster
import Settings

/// What a batch tells its host, in the order of the files, on the thread that runs it.
public enum BatchEvent: Sendable {
    /// `job`, the file of this number (from 1) is being drawn; `fraction` of all files is done, 0…1.
    case drawing(BatchJob, number: Int, fraction: Double)
    /// With what the user should know of the photograph and of its drawing.
    case saved(BatchJob, [Message])
    case failed(BatchJob, Error)
}

/// Draws many photographs: while one is drawn, the next is read and the last is written. Three pictures are in memory at most.
public final class BatchPipeline {
    private let jobs: [BatchJob]
    private let overwrite: Bool
    private let isCancelled: () -> Bool
    private let report: (BatchEvent) -> Void
    private var first: Background<LoadedImage>?
    private var saving: (job: BatchJob, notices: [Message], work: Background<Void>)?

    /// Starts to read the first photograph, so that the host can load the models meanwhile.
    ///
    /// - Parameters:
    ///   - isCancelled: asked between two steps of a drawing; the batch then ends after the file that is being written.
    ///   - report: told of each file; a file that fails does not end the batch.
    public init(jobs: [BatchJob], overwrite: Bool, isCancelled: @escaping () -> Bool, report: @escaping (BatchEvent) -> Void) {
        self.jobs = jobs
        self.overwrite = overwrite
        self.isCancelled = isCancelled
        self.report = report
        first = jobs.first.map(Self.load)
    }

    /// Waits for what has been started, for when the models cannot be loaded.
    public func abandon() {
        first?.wait()
        first = nil
    }

    /// Draws all files; call it once.
    public func run(_ stylizer: Stylizer, _ options: StyleOptions) {
        var next = first
        first = nil
        for (index, job) in jobs.enumerated() {
            guard let photograph = next, !isCancelled() else { break }
            next = index + 1 < jobs.count ? Self.load(jobs[index + 1]) : nil
            draw(job, photograph, index, stylizer, options)
        }
        next?.wait()
        finishSaving()
    }

    private static func load(_ job: BatchJob) -> Background<LoadedImage> { Background { try PictureFile.load(job.input) } }

    private func draw(_ job: BatchJob, _ photograph: Background<LoadedImage>, _ index: Int, _ stylizer: Stylizer, _ options: StyleOptions) {
        do {
            let image = try photograph.value()
            let result = try stylizer.stylize(image.bitmap, options: options) {
                if isCancelled() { throw StyleError.cancelled }
                report(.drawing(job, number: index + 1, fraction: (Double(index) + $0.fraction) / Double(jobs.count)))
            }
            finishSaving()
            let overwrite = self.overwrite
            saving = (job, image.warnings + result.notices.map(\.message), Background {
                job.prepareFolder()
                try PictureFile.save(result.picture, to: job.output, like: image.traits, overwrite: overwrite)
            })
        } catch StyleError.cancelled {
            return
        } catch {
            finishSaving()
            report(.failed(job, error))
        }
    }

    private func finishSaving() {
        guard let (job, notices, work) = saving else { return }
        saving = nil
        do {
            try work.value()
            report(.saved(job, notices))
        } catch {
            report(.failed(job, error))
        }
    }
}
