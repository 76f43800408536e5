import AnimeCore
import GeglImage
import Inference
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Draws many photographs: while one is drawn, the next is read and the last is written. Three pictures are in memory at most.
final class BatchPipeline {
    /// Drawings that were saved.
    private(set) var finished = 0
    private let jobs: [BatchJob]
    private let console: Console
    private let interruption: Interruption
    private let overwrite: Bool
    private let stylizer: Stylizer
    private let options: StyleOptions
    private var first: Background<LoadedImage>?
    private var saving: (job: BatchJob, notices: [Notice], work: Background<Void>)?
    private var failures: [String] = []

    /// Loads the models, and the first photograph meanwhile.
    /// - Throws: `StyleError` when the models cannot be used.
    init(jobs: [BatchJob], style: StyleArguments, console: Console, interruption: Interruption) throws {
        self.jobs = jobs
        self.console = console
        self.interruption = interruption
        overwrite = style.overwrite
        let photograph = jobs.first.map(Self.load)
        do {
            (stylizer, options) = try style.prepare(.installed())
        } catch {
            photograph?.wait()
            throw error
        }
        first = photograph
    }

    /// One sentence for each file that failed.
    func run() -> [String] {
        var next = first
        first = nil
        for (index, job) in jobs.enumerated() {
            guard let photograph = next, !interruption.isRequested else { break }
            next = index + 1 < jobs.count ? Self.load(jobs[index + 1]) : nil
            draw(job, photograph, after: index)
        }
        next?.wait()
        finishSaving()
        return failures
    }

    private static func load(_ job: BatchJob) -> Background<LoadedImage> { Background { try GeglFile.load(job.input) } }

    private func draw(_ job: BatchJob, _ photograph: Background<LoadedImage>, after done: Int) {
        do {
            let image = try photograph.value()
            let result = try stylizer.stylize(image.bitmap, options: options) {
                try interruption.check()
                console.progress((Double(done) + $0.fraction) / Double(jobs.count), "\(done + 1) of \(jobs.count)  \(job.name)")
            }
            finishSaving()
            let overwrite = self.overwrite
            saving = (job, result.notices, Background { try Self.save(result.picture, job, image.traits, overwrite) })
        } catch StyleError.cancelled {
            return
        } catch {
            fail(job, error)
        }
    }

    private static func save(_ picture: Bitmap, _ job: BatchJob, _ traits: PictureTraits, _ overwrite: Bool) throws {
        let folder = job.output.lastIndex(of: "/").map { String(job.output[..<$0]) } ?? "."
        // When this fails, saving says why.
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try GeglFile.save(picture, to: job.output, like: traits, overwrite: overwrite)
    }

    private func finishSaving() {
        guard let (job, notices, work) = saving else { return }
        saving = nil
        do {
            try work.value()
            finished += 1
            console.finished(job.name, notices.map(\.text))
        } catch {
            fail(job, error)
        }
    }

    private func fail(_ job: BatchJob, _ error: Error) {
        failures.append("\(error)")
        console.finished(job.name, ["failed"])
    }
}
