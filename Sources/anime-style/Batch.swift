import ArgumentParser
import Batch
import Engine
import Evaluation

/// A folder of photographs.
struct Batch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draws every photograph of a folder.",
        discussion: """
            Results that exist already are left out, so the same command goes on where an earlier one stopped. A drawing has the name of \
            its photograph, with the format's ending behind it where that is another. Several batches into one folder share the work. A file that \
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

    @Option(
        help: ArgumentHelp(
            "Draw this part of the photographs alone, for several machines or processes: 2/8 is the second of eight.",
            valueName: "part"))
    var shard: Shard?

    /// A part of a batch as `2/8`.
    struct Shard: ExpressibleByArgument {
        let number: Int
        let count: Int

        init?(argument: String) {
            let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let number = parts[0], let count = parts[1], (1...100_000).contains(count),
                (1...count).contains(number)
            else { return nil }
            (self.number, self.count) = (number, count)
        }
    }

    func run() throws {
        let console = Console(quiet: style.quiet)
        let interruption = Interruption()
        style.settings.notes.forEach(console.note)
        try reportingErrors(to: console) {
            let all = try PhotoFolder(path: folder, recursive: recursive).jobs(into: output, format: format?.rawValue)
            let list = shard.map { all.shard($0.number, of: $0.count) } ?? all
            if let notice = list.notice { console.note("\(notice)") }
            let runner = BatchRunner(list, overwrite: style.overwrite)
            guard !runner.pending.isEmpty || !list.problems.isEmpty else {
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
        case let .leftToAnother(job):
            console.finished(job.name, ["left to another batch that writes to the same folder"])
        case let .failed(job, _):
            console.finished(job.name, ["failed"])
        }
    }

    private func report(_ outcome: BatchOutcome, seconds: Double, _ console: Console) {
        console.clearProgress()
        let existing = outcome.kept > 0 ? ", \(outcome.kept) left out because they exist" : ""
        let shared = outcome.leftToOthers > 0 ? ", \(outcome.leftToOthers) left to other batches" : ""
        let failed = outcome.failures.isEmpty ? "" : ", \(outcome.failures.count) failed"
        let rate = seconds > 0 ? (Double(outcome.drawn) / seconds).hundredths : "0"
        console.note(
            "\(outcome.drawn) drawn in \(seconds.hundredths) s (\(rate) a second)\(existing)\(shared)\(failed).")
        outcome.failures.forEach { console.error(commandLineSentence($0)) }
    }
}
