import ArgumentParser
import Batch
import Engine
import Evaluation
import Settings

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
        parsing: .unconditional,
        help: ArgumentHelp(
            "Draw this part of the photographs alone, for several machines or processes: 2/8 is the second of eight.",
            valueName: "part"))
    var shard: String?

    /// A part of a batch as `2/8`.
    private struct Shard {
        let number: Int
        let count: Int

        /// - Throws: `ValidationError`.
        init(_ text: String) throws {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let number = parts[0], let count = parts[1], (1...100_000).contains(count),
                (1...count).contains(number)
            else {
                let allowed = "a part and the number of parts, 1/1 to 100000/100000, such as 2/8"
                let error = StyleError.invalidOption(
                    name: "--shard", value: text, allowed: Message(verbatim: allowed))
                throw ValidationError("\(error)")
            }
            (self.number, self.count) = (number, count)
        }
    }

    @Flag(help: "Print what becomes of each photograph as JSON, one document a line.")
    var json = false

    mutating func validate() throws { _ = try shard.map(Shard.init) }

    func run() throws {
        let console = Console(quiet: style.quiet || json)
        let interruption = Interruption(console, saying: "Cancelled; finished drawings were kept.")
        style.settings.notes.forEach(console.note)
        try reportingErrors(to: console, interruption, asJSON: json) {
            if json { try console.checkResults() }
            let photographs = try PhotoFolder(path: folder, recursive: recursive)
            let list = try part(of: photographs)
            let report = BatchReport(console: console, json: json)
            report.show(before: list, in: photographs)
            let runner = BatchRunner(list, overwrite: style.overwrite)
            let clock = Stopwatch()
            let outcome = try runner.run(
                isCancelled: { interruption.isRequested || report.isLost }, report: report.show,
                prepare: { try interruption.endingAtOnce { try style.prepare(.installed()) } })
            if runner.pending.isEmpty, list.problems.isEmpty {
                console.note(try nothingToDo(kept: runner.kept))
            }
            if json || !runner.pending.isEmpty || !list.problems.isEmpty {
                report.show(outcome, leftOut: list.leftOut.count + list.hidden.count, seconds: clock.seconds)
            }
            try interruption.check()
            try report.check()
            noteNewcomers(in: photographs, since: list, console)
            if !outcome.failures.isEmpty { throw ExitCode(1) }
        }
    }

    /// What the command names, as of now.
    private func part(of photographs: PhotoFolder) throws -> BatchList {
        let all = try photographs.jobs(into: output, format: format?.rawValue)
        return try shard.map(Shard.init).map { all.shard($0.number, of: $0.count) } ?? all
    }

    private func nothingToDo(kept: Int) throws -> String {
        guard kept == 0, let shard = try shard.map(Shard.init) else {
            return "Nothing to do: all \(kept) drawings exist already."
        }
        return "Nothing to do: none of the photographs belongs to part \(shard.number)/\(shard.count)."
    }

    /// Photographs that have come since the batch began are for the next one.
    private func noteNewcomers(in photographs: PhotoFolder, since list: BatchList, _ console: Console) {
        guard let now = try? part(of: photographs) else { return }
        let known = Set(list.jobs.map(\.input.pathBytes))
        let count = now.jobs.count { !known.contains($0.input.pathBytes) }
        guard count > 0 else { return }
        let subject = count == 1 ? "1 photograph" : "\(count) photographs"
        console.note("\(subject) came while this batch drew; run the same command again to draw the rest.")
    }
}
