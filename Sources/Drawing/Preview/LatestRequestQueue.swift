import Dispatch
import Settings
import Synchronization

/// Serves requests one at a time on a thread of its own; only the latest counts. A request replaces one that waits, and
/// ends the turn of one that is served as soon as that asks `Turn.check()`.
///
/// The lock guards the few words of `State` and is never held while a request is served, so `submit` returns at once on
/// any thread.
public final class LatestRequestQueue<Request: Sendable>: Sendable {
    private struct State: Sendable {
        var waiting: Request?
        /// Number of the latest request.
        var latest = 0
        var isServing = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    private let thread = DispatchQueue(label: "gimp-anime-style.latest-request", qos: .userInitiated)
    private let serve: @Sendable (Request, Turn) -> Void

    /// The right of one request to be served.
    public struct Turn: Sendable {
        fileprivate let isOver: @Sendable () -> Bool
        fileprivate let ends: @Sendable (DispatchTime) -> Bool

        /// - Throws: `StyleError.cancelled` once a newer request has come or the queue was closed.
        public func check() throws {
            if isOver() { throw StyleError.cancelled }
        }

        /// Waits; returns early and throws as `check()` does when the turn ends meanwhile.
        public func pause(seconds: Double) throws {
            if ends(.now() + seconds) { throw StyleError.cancelled }
        }
    }

    /// - Parameter serve: called on the queue's thread, never twice at a time.
    public init(serve: @escaping @Sendable (Request, Turn) -> Void) {
        self.serve = serve
    }

    /// Makes `request` the one to be served.
    public func submit(_ request: Request) {
        let starts = state.withLock { state in
            guard !state.isClosed else { return false }
            state.waiting = request
            state.latest += 1
            defer { state.isServing = true }
            return !state.isServing
        }
        arrival.signal()
        if starts { thread.async { self.serveAll() } }
    }

    /// Ends the turn that is being served; later requests are ignored.
    public func close() {
        state.withLock { state in
            state.isClosed = true
            state.waiting = nil
            state.latest += 1
        }
        arrival.signal()
    }

    private func serveAll() {
        while let (request, number) = next() {
            serve(request, turn(number))
        }
    }

    private func next() -> (Request, Int)? {
        state.withLock { state in
            guard let request = state.waiting else {
                state.isServing = false
                return nil
            }
            state.waiting = nil
            return (request, state.latest)
        }
    }

    private func turn(_ number: Int) -> Turn {
        Turn(
            isOver: { self.isOver(number) },
            ends: { deadline in
                // Arrivals of older requests may have left signals behind.
                while !self.isOver(number) {
                    if self.arrival.wait(timeout: deadline) == .timedOut { return self.isOver(number) }
                }
                return true
            })
    }

    private func isOver(_ number: Int) -> Bool { state.withLock { $0.latest != number } }
}
