import Dispatch

/// A call on another thread whose end can be waited for piecemeal. Its work must not call GIMP, which listens to the
/// main thread only.
final class BackgroundTask<Value>: @unchecked Sendable {
    private let finished = DispatchSemaphore(value: 0)
    // Written before the semaphore is signalled and read after it was waited for.
    private var outcome: Result<Value, Error>?

    init(_ work: @escaping () throws -> Value) {
        DispatchQueue.global(qos: .userInitiated).async {
            self.outcome = Result(catching: work)
            self.finished.signal()
        }
    }

    /// Waits at most `milliseconds`; true when the work is done.
    func isFinished(within milliseconds: Int) -> Bool {
        guard finished.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return false }
        finished.signal()
        return true
    }

    /// Waits for the end; what the work returned or threw.
    func value() throws -> Value {
        repeat {} while !isFinished(within: 1000)
        guard let outcome else { throw CancellationError() }
        return try outcome.get()
    }
}
