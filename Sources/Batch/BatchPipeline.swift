import Drawing
import Files
import Raster
import Settings

/// Draws many photographs: while one is drawn, the next is decoded and the last is put together and written. Pictures
/// stay on disk; what is in memory is the drawings of two at their working size, and bands.
final class BatchPipeline {
    private let queue: BatchQueue
    private let overwrite: Bool
    private let isCancelled: () -> Bool
    private let report: (BatchEvent) -> Void
    private var outcome: BatchOutcome
    private var saving: (started: BatchQueue.Started, warnings: [Message], notices: [Notice], work: Background<Void>)?
    private var preparedFolders: Set<String> = []

    /// Starts to read the first photograph, so that the host can load the models meanwhile.
    ///
    /// - Parameters:
    ///   - folder: of all drawings.
    ///   - outcome: what is known before.
    ///   - isCancelled: asked between two steps of a drawing; the batch then ends after the file that is being written.
    ///   - report: told of each file; a file that fails does not end the batch.
    init(
        jobs: [BatchJob], folder: String, outcome: BatchOutcome, overwrite: Bool, isCancelled: @escaping () -> Bool,
        report: @escaping (BatchEvent) -> Void
    ) {
        queue = BatchQueue(jobs: jobs, folder: folder, overwrite: overwrite)
        self.outcome = outcome
        self.overwrite = overwrite
        self.isCancelled = isCancelled
        self.report = report
    }

    /// Waits for what has been started, for when the models cannot be loaded.
    func abandon() { queue.abandon() }

    /// Draws all files; call it once.
    /// - Throws: `StyleError.unwritableFolder` when the folder of the drawings cannot be made.
    func run(_ stylizer: Stylizer, _ options: StyleOptions) throws -> BatchOutcome {
        try queue.open()
        var next = queue.next()
        while let started = next {
            guard !isCancelled() else { break }
            next = queue.next()
            draw(started, stylizer, options)
        }
        if let next { queue.finish(next) }
        finishSaving()
        if !isCancelled() {
            for job in queue.leftToOthers {
                outcome.leftToOthers += 1
                report(.leftToAnother(job))
            }
        }
        return outcome
    }

    private func draw(_ started: BatchQueue.Started, _ stylizer: Stylizer, _ options: StyleOptions) {
        let (job, index, count) = (started.job, started.index, queue.count)
        do {
            let image = try started.photograph.value()
            let drawing = try stylizer.draw(image, options: options) {
                if isCancelled() { throw StyleError.cancelled }
                report(
                    .drawing(
                        job, number: index + 1, count: count,
                        fraction: (Double(index) + $0.fraction) / Double(count)))
            }
            finishSaving()
            try prepareFolder(job.output.parentFolder)
            let overwrite = self.overwrite
            saving = (
                started, image.warnings, drawing.notices,
                Background {
                    let writer = try PictureFile.create(
                        job.output, width: drawing.width, height: drawing.height, like: image.traits,
                        overwrite: overwrite)
                    try drawing.forEachBandOfPicture { _, _, band in try writer.write(band) }
                    try writer.finish()
                }
            )
        } catch StyleError.cancelled {
            queue.finish(started)
        } catch {
            finishSaving()
            fail(started, error)
        }
    }

    /// Makes the folder of a drawing and takes away what batches that were killed left there.
    private func prepareFolder(_ folder: String) throws {
        guard preparedFolders.insert(folder).inserted else { return }
        try Folder.make(folder)
        OutputFile.removeLeftovers(in: folder)
    }

    private func fail(_ started: BatchQueue.Started, _ error: Error) {
        queue.finish(started)
        outcome.failures.append(error)
        report(.failed(started.job, error))
    }

    private func finishSaving() {
        guard let (started, warnings, notices, work) = saving else { return }
        saving = nil
        do {
            try work.value()
            queue.finish(started)
            outcome.drawn += 1
            report(.saved(started.job, warnings: warnings, notices: notices))
        } catch StyleError.fileExists {
            // Whoever wrote it could not tell others beforehand.
            queue.finish(started)
            outcome.leftToOthers += 1
            report(.leftToAnother(started.job))
        } catch {
            fail(started, error)
        }
    }
}
