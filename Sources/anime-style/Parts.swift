import ArgumentParser
import Engine
import Files
import Glibc
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

extension ParsableArguments {
    /// Runs `body`; what it throws becomes one sentence on standard error and exit status 1, or 128 and the number of
    /// the signal that ended it.
    /// - Parameters:
    ///   - asJSON: the sentence goes to standard output too, as a document, unless that has failed.
    ///   - interruption: knows of the signal.
    static func reportingErrors(
        to console: Console, _ interruption: Interruption? = nil, asJSON: Bool = false, _ body: () throws -> Void
    ) throws {
        do {
            try body()
            // Whatever was done, something that was to be told of it was not.
            if console.isGivenUp, let status = interruption?.exitStatus { throw ExitCode(status) }
        } catch let error as ExitCode {
            throw error
        } catch LostResults.unwritable(EPIPE) {
            // As a program ends whose reader has had enough, where the signal ends it; Ctrl-C ends the reader, too.
            console.clearProgress()
            throw ExitCode(interruption?.exitStatus ?? 128 + SIGPIPE)
        } catch {
            console.clearProgress()
            let sentence = commandLineSentence(error, cancelled: interruption?.sentence ?? cancelledSentence)
            console.error(sentence)
            if asJSON, !(error is LostResults) { try? console.result(JSONLine.text(JSONError(error: sentence))) }
            let isEnded = error as? StyleError == .cancelled || error is LostResults
            throw ExitCode((isEnded ? interruption?.exitStatus : nil) ?? 1)
        }
    }
}

extension ParsableCommand {
    /// As the type's own.
    func reportingErrors(
        to console: Console, _ interruption: Interruption? = nil, asJSON: Bool = false, _ body: () throws -> Void
    ) throws {
        try Self.reportingErrors(to: console, interruption, asJSON: asJSON, body)
    }
}

extension Double {
    /// With two digits behind the point; no locale.
    var hundredths: String {
        let value = Int((self * 100).rounded())
        return "\(value / 100).\(value % 100 < 10 ? "0" : "")\(value % 100)"
    }
}
