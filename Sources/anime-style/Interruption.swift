import Dispatch
import Glibc
import Settings

/// Turns Ctrl-C and SIGTERM into a request to stop between two steps, so that no half-written file is left; a second
/// one ends the program at once.
///
/// `@unchecked Sendable` holds because all that changes is read and written on `queue`, and the sources are set up
/// once.
final class Interruption: @unchecked Sendable {
    private let queue = DispatchQueue(label: "gimp-anime-style.interruption")
    private var sources: [DispatchSourceSignal] = []
    private var received: Int32?
    private var isPreparing = false
    private let console: Console

    /// - Parameter console: told when the program ends at once.
    init(_ console: Console) {
        self.console = console
        for number in [SIGINT, SIGTERM] {
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
        // Compiling networks takes a while and leaves nothing behind.
        guard isPreparing else { return }
        console.clearProgress()
        console.error("\(StyleError.cancelled)")
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

    /// Runs what has no steps in between and nothing to be kept whole: a signal ends the program at once.
    func whilePreparing<Result>(_ body: () throws -> Result) throws -> Result {
        try check()
        queue.sync { isPreparing = true }
        defer { queue.sync { isPreparing = false } }
        return try body()
    }
}
