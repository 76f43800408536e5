import Dispatch
import Engine
import Evaluation
import Glibc
import Settings

/// Turns Ctrl-C and SIGTERM into a request to stop between two steps, so that no half-written file is left; a second
/// one ends the program at once.
///
/// `@unchecked Sendable` holds because all that changes is read and written on `queue`, and the sources are set up once.
final class Interruption: @unchecked Sendable {
    private let queue = DispatchQueue(label: "gimp-anime-style.interruption")
    private var sources: [DispatchSourceSignal] = []
    private var requested = false

    init() {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [weak self] in
                self?.requested = true
                signal(number, SIG_DFL)
            }
            source.activate()
            sources.append(source)
        }
    }

    var isRequested: Bool { queue.sync { requested } }

    /// - Throws: `StyleError.cancelled` once a signal has come.
    func check() throws {
        if isRequested { throw StyleError.cancelled }
    }
}
