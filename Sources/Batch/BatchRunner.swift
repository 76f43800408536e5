import Drawing
import Files
import Settings

/// What a batch tells its host, in the order of the files, on the thread that runs it.
public enum BatchEvent: Sendable {
    /// `job`, the file of this number (from 1) of `count`, is being drawn; `fraction` of all files is done, 0…1.
    case drawing(BatchJob, number: Int, count: Int, fraction: Double)
    /// With what the user should know of the photograph and of its drawing.
    case saved(BatchJob, warnings: [Message], notices: [Notice])
    /// Another batch that writes to the same folder draws it or has just drawn it.
    case leftToAnother(BatchJob)
    /// With the reason; the batch goes on.
    case failed(BatchJob, Error)
}

/// What came of a batch.
public struct BatchOutcome: Sendable {
    /// Drawings that were saved.
    public internal(set) var drawn = 0
    /// One error for each file that could not be drawn, in order.
    public internal(set) var failures: [Error] = []
    /// Drawings that existed and were kept.
    public let kept: Int
    /// Photographs that other batches have taken meanwhile.
    public internal(set) var leftToOthers = 0

    /// What to say of the failures, in order: what is wrong with the machine and not with a photograph is said once.
    public func sentences(_ sentence: (Error) -> String) -> [String] {
        var said: Set<String> = []
        return failures.map(sentence).filter { said.insert($0).inserted }
    }
}

/// Draws the photographs of a batch that have no drawing yet, in the same way for every host.
public struct BatchRunner: Sendable {
    /// What is to be drawn.
    public let pending: [BatchJob]
    /// Drawings that exist and are kept.
    public let kept: Int
    /// What it was made for.
    public let list: BatchList
    private let overwrite: Bool

    /// - Parameter overwrite: draws those again that exist.
    public init(_ list: BatchList, overwrite: Bool) {
        self.list = list
        pending = overwrite ? list.jobs : list.jobs.filter { !$0.isDone }
        kept = list.jobs.count - pending.count
        self.overwrite = overwrite
    }

    /// Whether the drawings can be hoped to find their folder, before any work is done.
    /// - Throws: `StyleError.unwritableFolder`.
    public func check() throws { if !pending.isEmpty { try Folder.checkWritable(list.folder) } }

    /// - Parameters:
    ///   - isCancelled: asked between two steps of a drawing; the batch then ends after the file that is being written.
    ///   - report: told of each file; a file that fails does not end the batch.
    ///   - prepare: loads the models, while the first photograph is read.
    /// - Throws: what `prepare` throws, `StyleError.unwritableFolder` when there can be no drawings in their folder.
    public func run(
        isCancelled: @escaping () -> Bool, report: @escaping (BatchEvent) -> Void,
        prepare: () throws -> (stylizer: Stylizer, options: StyleOptions)
    ) throws -> BatchOutcome {
        var outcome = BatchOutcome(kept: kept)
        outcome.failures = list.problems
        guard !pending.isEmpty else { return outcome }
        try check()
        let pipeline = BatchPipeline(
            jobs: pending, folder: list.folder, outcome: outcome, overwrite: overwrite, isCancelled: isCancelled,
            report: report)
        do {
            let (stylizer, options) = try prepare()
            return try pipeline.run(stylizer, options)
        } catch {
            pipeline.abandon()
            throw error
        }
    }
}
