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
            let runner = BatchRunner(jobs, overwrite: style.overwrite)
            guard !runner.pending.isEmpty else {
                return console.note("Nothing to do: all \(runner.kept) drawings exist already.")
            }
            let clock = Stopwatch()
            let outcome = try runner.run(
                isCancelled: { interruption.isRequested }, report: { Self.show($0, console) },
                prepare: { try style.prepare(.installed()) })
            report(outcome, seconds: clock.seconds, console)
            try interruption.check()
            if !outcome.failures.isEmpty { throw ExitCode(1) }
        }
    }

    private static func show(_ event: BatchEvent, _ console: Console) {
        switch event {
        case let .drawing(job, number, count, fraction):
            console.progress(fraction, "\(number) of \(count)  \(job.name)")
        case let .saved(job, notices):
            console.finished(job.name, notices.map(\.description))
        case let .failed(job, _):
            console.finished(job.name, ["failed"])
        }
    }

    private func report(_ outcome: BatchOutcome, seconds: Double, _ console: Console) {
        console.clearProgress()
        let existing = outcome.kept > 0 ? ", \(outcome.kept) left out because they exist" : ""
        let failed = outcome.failures.isEmpty ? "" : ", \(outcome.failures.count) failed"
        let rate = seconds > 0 ? (Double(outcome.drawn) / seconds).hundredths : "0"
        console.note("\(outcome.drawn) drawn in \(seconds.hundredths) s (\(rate) a second)\(existing)\(failed).")
        outcome.failures.forEach { console.error(commandLineSentence($0)) }
    }
}
