import Batch
import Synchronization

/// Carries what a batch tells from the thread that draws to the main thread, the one that may talk to GIMP, and the
/// wish to stop back.
final class BatchMailbox: Sendable {
    private struct Content {
        var events: [BatchEvent] = []
        var isCancelled = false
    }

    private let content = Mutex(Content())

    var isCancelled: Bool { content.withLock { $0.isCancelled } }

    func cancel() { content.withLock { $0.isCancelled = true } }

    /// Called on any thread. Of progress, only the latest is kept.
    func put(_ event: BatchEvent) {
        content.withLock { content in
            if case .drawing = event, case .drawing? = content.events.last { content.events.removeLast() }
            content.events.append(event)
        }
    }

    /// What came since the last call, in order.
    func take() -> [BatchEvent] {
        content.withLock { content in
            defer { content.events = [] }
            return content.events
        }
    }
}
