import Drawing
import Files
import Raster
import Settings

/// Draws many photographs: while one is drawn, the next is decoded and the last is put together and written. Pictures
/// stay on disk; what is in memory is the drawings of two at their working size, and bands.
final class BatchPipeline {
    private let jobs: [BatchJob]
    private let overwrite: Bool
    private let isCancelled: () -> Bool
    private let report: (BatchEvent) -> Void
    private var outcome: BatchOutcome
    private var first: Background<Photograph>?
    private var saving: (job: BatchJob, notices: [Message], work: Background<Void>)?

    /// Starts to read the first photograph, so that the host can load the models meanwhile.
    ///
    /// - Parameters:
    ///   - isCancelled: asked between two steps of a drawing; the batch then ends after the file that is being written.
    ///   - report: told of each file; a file that fails does not end the batch.
    init(
        jobs: [BatchJob], kept: Int, overwrite: Bool, isCancelled: @escaping () -> Bool,
        report: @escaping (BatchEvent) -> Void
    ) {
        self.jobs = jobs
        outcome = BatchOutcome(kept: kept)
        self.overwrite = overwrite
        self.isCancelled = isCancelled
        self.report = report
        first = jobs.first.map(Self.load)
    }

    /// Waits for what has been started, for when the models cannot be loaded.
    func abandon() {
        first?.wait()
        first = nil
    }

    /// Draws all files; call it once.
    func run(_ stylizer: Stylizer, _ options: StyleOptions) -> BatchOutcome {
        var next = first
        first = nil
        for (index, job) in jobs.enumerated() {
            guard let photograph = next, !isCancelled() else { break }
            next = index + 1 < jobs.count ? Self.load(jobs[index + 1]) : nil
            draw(job, photograph, index, stylizer, options)
        }
        next?.wait()
        finishSaving()
        return outcome
    }

    private static func load(_ job: BatchJob) -> Background<Photograph> {
        Background { try PictureFile.open(job.input) }
    }

    private func draw(
        _ job: BatchJob, _ photograph: Background<Photograph>, _ index: Int, _ stylizer: Stylizer,
        _ options: StyleOptions
    ) {
        do {
            let image = try photograph.value()
            let drawing = try stylizer.draw(image, options: options) {
                if isCancelled() { throw StyleError.cancelled }
                report(
                    .drawing(
                        job, number: index + 1, count: jobs.count,
                        fraction: (Double(index) + $0.fraction) / Double(jobs.count)))
            }
            finishSaving()
            let overwrite = self.overwrite
            saving = (
                job, image.warnings + drawing.notices.map(\.message),
                Background {
                    job.prepareFolder()
                    let writer = try PictureFile.create(
                        job.output, width: drawing.width, height: drawing.height, like: image.traits,
                        overwrite: overwrite)
                    try drawing.forEachBandOfPicture { _, _, band in try writer.write(band) }
                    try writer.finish()
                }
            )
        } catch StyleError.cancelled {
            return
        } catch {
            finishSaving()
            fail(job, error)
        }
    }

    private func fail(_ job: BatchJob, _ error: Error) {
        outcome.failures.append(error)
        report(.failed(job, error))
    }

    private func finishSaving() {
        guard let (job, notices, work) = saving else { return }
        saving = nil
        do {
            try work.value()
            outcome.drawn += 1
            report(.saved(job, notices))
        } catch {
            fail(job, error)
        }
    }
}
