#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Batch
import Drawing
import Settings

/// What a batch tells while it runs and at its end, for people or, with `--json`, for programs: one document a line.
/// For one thread at a time.
final class BatchReport {
    private let console: Console
    private let json: Bool
    private var lost: Error?

    init(console: Console, json: Bool) { (self.console, self.json) = (console, json) }

    /// Whether nobody takes the documents any more, so that the batch is to end.
    var isLost: Bool { lost != nil }

    /// - Throws: `LostResults` where that is so.
    func check() throws { if let lost { throw lost } }

    /// A photograph that is done with, what is not drawn, or the end of all.
    private struct Line: Encodable {
        /// `drawn`, `failed`, `left` to another batch, `leftOut` by its name, or `end`.
        let event: String
        var photograph, drawing, folder, file: String?
        /// Where the names are no text.
        var photographBytes, drawingBytes, folderBytes, fileBytes: Data?
        var notes: [String]?
        var error: String?
        var count: Count?
    }

    private struct Count: Encodable {
        let drawn, failed, kept, left, leftOut: Int
        let seconds: Double
    }

    /// Which files are not among the photographs, and which folders cannot be looked into.
    /// - Parameter folder: that of the photographs.
    func show(before list: BatchList, in folder: PhotoFolder) {
        guard json else { return list.notices.forEach { console.note("\($0)") } }
        for problem in list.problems {
            guard case .unreadableFolder(let path, _) = problem else { continue }
            show(
                Line(
                    event: "failed", folder: path.jsonText, folderBytes: path.jsonBytes,
                    error: commandLineSentence(problem)))
        }
        for (names, reason) in [
            (list.leftOut, "its name does not end like a picture’s"), (list.hidden, "it is hidden"),
        ] {
            for path in names.map(folder.path(below:)) {
                show(Line(event: "leftOut", file: path.jsonText, fileBytes: path.jsonBytes, notes: [reason]))
            }
        }
    }

    func show(_ event: BatchEvent) {
        switch event {
        case let .drawing(job, number, count, fraction):
            console.progress(fraction, "\(number) of \(count)  \(job.name)")
        case let .saved(job, warnings, notices):
            let notes = (warnings + notices.map(\.commandLineMessage)).map(\.description)
            let (text, bytes) = (job.output.jsonText, job.output.jsonBytes)
            finish(Line(event: "drawn", drawing: text, drawingBytes: bytes, notes: notes), job, notes)
        case let .leftToAnother(job):
            finish(Line(event: "left"), job, ["left to another batch that writes to the same folder"])
        case let .failed(job, error):
            finish(Line(event: "failed", error: commandLineSentence(error)), job, ["failed"])
        }
    }

    private func finish(_ line: Line, _ job: BatchJob, _ remarks: [String]) {
        var line = line
        line.photograph = job.input.jsonText
        line.photographBytes = job.input.jsonBytes
        if json { show(line) } else { console.finished(job.name, remarks) }
    }

    /// - Parameter leftOut: how many files are no photographs by their names.
    func show(_ outcome: BatchOutcome, leftOut: Int, seconds: Double) {
        console.clearProgress()
        if json {
            let count = Count(
                drawn: outcome.drawn, failed: outcome.failures.count, kept: outcome.kept, left: outcome.leftToOthers,
                leftOut: leftOut, seconds: seconds)
            show(Line(event: "end", count: count))
        }
        let existing = outcome.kept > 0 ? ", \(outcome.kept) left out because they exist" : ""
        let shared = outcome.leftToOthers > 0 ? ", \(outcome.leftToOthers) left to other batches" : ""
        let failed = outcome.failures.isEmpty ? "" : ", \(outcome.failures.count) failed"
        let rate = seconds > 0 ? (Double(outcome.drawn) / seconds).hundredths : "0"
        console.note(
            "\(outcome.drawn) drawn in \(seconds.hundredths) s (\(rate) a second)\(existing)\(shared)\(failed).")
        outcome.sentences { commandLineSentence($0) }.forEach(console.error)
    }

    private func show(_ line: Line) {
        guard lost == nil else { return }
        do {
            try console.result(JSONLine.text(line))
        } catch {
            lost = error
        }
    }
}
