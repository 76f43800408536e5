#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Batch
import Drawing
import Settings

/// What a batch tells while it runs and at its end, for people or, with `--json`, for programs: one document a line.
struct BatchReport {
    let console: Console
    let json: Bool
    let interruption: Interruption

    /// A photograph that is done with, or the end of all.
    private struct Line: Encodable {
        /// `drawn`, `failed`, `left` to another batch, or `end`.
        let event: String
        var photograph, drawing: String?
        /// Where the names are no text.
        var photographBytes, drawingBytes: Data?
        var notes: [String]?
        var error: String?
        var count: Count?
    }

    private struct Count: Encodable {
        let drawn, failed, kept, left: Int
        let seconds: Double
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

    func show(_ outcome: BatchOutcome, seconds: Double) {
        console.clearProgress()
        if json {
            let count = Count(
                drawn: outcome.drawn, failed: outcome.failures.count, kept: outcome.kept, left: outcome.leftToOthers,
                seconds: seconds)
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
        // A document of texts and numbers can always be made.
        guard let text = try? JSONLine.text(line) else { return }
        // Whoever reads the lines may have stopped to.
        try? interruption.endingAtOnce(isLast: true) { console.result(text) }
    }
}
