import ArgumentParser
import Batch
import Engine
import Evaluation

/// A folder of photographs.
struct Batch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draws every photograph of a folder.",
        discussion: """
            Results that exist already are left out, so the same command goes on where an earlier one stopped. A \
            drawing has the name of its photograph, with the format's ending behind it where that is another. \
            Several batches into one folder share the work. A file that cannot be drawn is reported at the end and \
            makes the exit status 1.
            """)

    @Argument(help: "Folder of photographs.", completion: .directory)
    var folder: String

    @Argument(help: "Folder of the drawings; created when missing.", completion: .directory)
    var output: String

    @OptionGroup var style: StyleArguments

    @Option(help: "Format of the drawings. (default: that of each photograph)")
    var format: DrawingFormat?

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

    @Flag(help: "Print what becomes of each photograph as JSON, one document a line.")
    var json = false

    func run() throws {
        let console = Console(quiet: style.quiet || json)
        let interruption = Interruption(console)
        style.settings.notes.forEach(console.note)
        try reportingErrors(to: console, interruption, asJSON: json) {
            let all = try PhotoFolder(path: folder, recursive: recursive).jobs(into: output, format: format?.rawValue)
            let list = shard.map { all.shard($0.number, of: $0.count) } ?? all
            if let notice = list.notice { console.note("\(notice)") }
            let runner = BatchRunner(list, overwrite: style.overwrite)
            let report = BatchReport(console: console, json: json)
            let clock = Stopwatch()
            let outcome = try runner.run(
                isCancelled: { interruption.isRequested }, report: report.show,
                prepare: { try interruption.whilePreparing { try style.prepare(.installed()) } })
            if runner.pending.isEmpty, list.problems.isEmpty {
                console.note("Nothing to do: all \(runner.kept) drawings exist already.")
            }
            if json || !runner.pending.isEmpty || !list.problems.isEmpty {
                report.show(outcome, seconds: clock.seconds)
            }
            try interruption.check()
            if !outcome.failures.isEmpty { throw ExitCode(1) }
        }
    }
}
