import ArgumentParser
import Batch
import Engine
import Evaluation

/// A folder of photographs.
struct Batch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draws every photograph of a folder.",
        discussion: """
            Results that exist already are left out, so the same command goes on where an earlier one stopped. A file that \
            cannot be drawn is reported at the end and makes the exit status 1.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument { case png, jpg, webp, tif }

    @Argument(help: "Folder of photographs.", completion: .directory)
    var folder: String

    @Argument(help: "Folder of the drawings; created when missing.", completion: .directory)
    var output: String

    @OptionGroup var style: StyleArguments

    @Option(help: "Format of the drawings. (default: that of each photograph)")
    var format: Format?

    @Flag(help: "Go into folders within the folder.")
    var recursive = false

    func run() throws {
        let console = Console(quiet: style.quiet)
        let interruption = Interruption()
        style.settings.notes.forEach(console.note)
        try reportingErrors(to: console) {
            let jobs = try PhotoFolder(path: folder, recursive: recursive).jobs(into: output, format: format?.rawValue)
            let pending = style.overwrite ? jobs : jobs.filter { !$0.isDone }
            let skipped = jobs.count - pending.count
            guard !pending.isEmpty else { return console.note("Nothing to do: all \(skipped) drawings exist already.") }
            try draw(pending, skipped: skipped, console, interruption)
        }
    }

    private func draw(_ jobs: [BatchJob], skipped: Int, _ console: Console, _ interruption: Interruption) throws {
        let clock = Stopwatch()
        var done = 0
        var failures: [String] = []
        let pipeline = BatchPipeline(jobs: jobs, overwrite: style.overwrite, isCancelled: { interruption.isRequested }) { event in
            switch event {
            case let .drawing(job, number, fraction):
                console.progress(fraction, "\(number) of \(jobs.count)  \(job.name)")
            case let .saved(job, notices):
                done += 1
                console.finished(job.name, notices.map(\.description))
            case let .failed(job, error):
                failures.append("\(error)")
                console.finished(job.name, ["failed"])
            }
        }
        do {
            let (stylizer, options) = try style.prepare(.installed())
            pipeline.run(stylizer, options)
        } catch {
            pipeline.abandon()
            throw error
        }
        report(done: done, skipped: skipped, failures: failures, seconds: clock.seconds, console)
        try interruption.check()
        if !failures.isEmpty { throw ExitCode(1) }
    }

    private func report(done: Int, skipped: Int, failures: [String], seconds: Double, _ console: Console) {
        console.clearProgress()
        let existing = skipped > 0 ? ", \(skipped) left out because they exist" : ""
        let failed = failures.isEmpty ? "" : ", \(failures.count) failed"
        let rate = seconds > 0 ? (Double(done) / seconds).hundredths : "0"
        console.note("\(done) drawn in \(seconds.hundredths) s (\(rate) a second)\(existing)\(failed).")
        failures.forEach { console.error($0) }
    }
}
