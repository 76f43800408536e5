import ArgumentParser
import Engine
import Files
import Settings

extension StyleEngine {
    /// The parts installed for this program.
    static func installed() -> StyleEngine {
        StyleEngine(installation: .current(), digest: { FileDigest.sha256($0) })
    }
}

/// The sentence that tells the user of `error`, with the option that helps: the core knows none.
/// - Parameter cancelled: what is said when the user has ended the work.
func commandLineSentence(_ error: Error, cancelled: String = cancelledSentence) -> String {
    switch error as? StyleError {
    case .fileExists: return "\(error)".dropLast() + " with --overwrite."
    case .cancelled: return cancelled
    default: return "\(error)"
    }
}

/// GIMP's own sentence is about the picture in its window.
let cancelledSentence = "Cancelled; nothing was written."

extension ParsableCommand {
    /// Runs `body`; what it throws becomes one sentence on standard error and exit status 1, or 128 and the number of
    /// the signal that ended it.
    /// - Parameter asJSON: the sentence goes to standard output too, as a document.
    func reportingErrors(
        to console: Console, _ interruption: Interruption? = nil, asJSON: Bool = false, _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let error as ExitCode {
            throw error
        } catch {
            console.clearProgress()
            let sentence = commandLineSentence(error, cancelled: interruption?.sentence ?? cancelledSentence)
            console.error(sentence)
            if asJSON { console.result(try JSONLine.text(JSONError(error: sentence))) }
            let status = error as? StyleError == .cancelled ? interruption?.exitStatus : nil
            throw ExitCode(status ?? 1)
        }
    }
}

extension Double {
    /// With two digits behind the point; no locale.
    var hundredths: String {
        let value = Int((self * 100).rounded())
        return "\(value / 100).\(value % 100 < 10 ? "0" : "")\(value % 100)"
    }
}
