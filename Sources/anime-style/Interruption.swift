import Dispatch
import Glibc
import Settings

/// Turns Ctrl-C, SIGTERM and a terminal that closes (SIGHUP) into a request to stop between two steps, so that no
/// half-written file is left; nobody who does not read what is told is waited for then. A second one ends the program
/// at once, as the first does in `endingAtOnce`.
///
/// `@unchecked Sendable` holds because all that changes is read and written on `queue`, and the sources are set up
/// once.
final class Interruption: @unchecked Sendable {
    private let queue = DispatchQueue(label: "gimp-anime-style.interruption")
    private var sources: [DispatchSourceSignal] = []
    private var received: Int32?
    private var endsAtOnce = 0
    private let console: Console
    /// What is said when the work is ended.
    let sentence: String

    /// - Parameters:
    ///   - console: told when the program ends at once.
    ///   - sentence: what is said when the work is ended.
    init(_ console: Console, saying sentence: String = cancelledSentence) {
        self.console = console
        self.sentence = sentence
        for number in [SIGINT, SIGTERM, SIGHUP] {
            // One that whoever started the program has it ignore, as nohup does, stays ignored.
            var before = sigaction()
            sigaction(number, nil, &before)
            if number == SIGHUP, unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [weak self] in self?.receive(number) }
            source.activate()
            sources.append(source)
        }
    }

    private func receive(_ number: Int32) {
        received = number
        signal(number, SIG_DFL)
        console.hurry()
        guard endsAtOnce > 0 else { return }
        console.farewell(sentence)
        _exit(Self.status(number))
    }

    var isRequested: Bool { queue.sync { received != nil } }

    /// What a shell expects of a program that a signal has ended: 128 and its number; `nil` while there was none.
    var exitStatus: Int32? { queue.sync { received.map(Self.status) } }

    private static func status(_ number: Int32) -> Int32 { 128 + number }

    /// - Throws: `StyleError.cancelled` once a signal has come.
    func check() throws {
        if isRequested { throw StyleError.cancelled }
    }

    /// Runs what may take for ever and leaves nothing half done where it ends: compiling networks, waiting for standard
    /// input, or for whoever takes a picture from standard output. A signal ends the program at once.
    /// - Throws: `StyleError.cancelled`.
    func endingAtOnce<Result>(_ body: () throws -> Result) throws -> Result {
        try queue.sync {
            if received != nil { throw StyleError.cancelled }
            endsAtOnce += 1
        }
        defer { queue.sync { endsAtOnce -= 1 } }
        return try body()
    }
}
