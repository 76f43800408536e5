import Dispatch
import Synchronization

/// A value computed on another thread from now on, whose end can be waited for piecemeal. The work must not call a host
/// that listens to the main thread only.
public final class Background<Value: Sendable>: Sendable {
    private let group = DispatchGroup()
    private let outcome = Mutex<Result<Value, Error>?>(nil)

    /// Starts `body`.
    public init(_ body: @escaping @Sendable () throws -> Value) {
        DispatchQueue.global(qos: .userInitiated).async(group: group) {
            let result = Result(catching: body)
            self.outcome.withLock { $0 = result }
        }
    }

    /// Waits until it is done; to be called before the program may exit, since libraries must not be torn down in use.
    public func wait() { group.wait() }

    /// Waits at most `milliseconds`; true when it is done.
    public func isFinished(within milliseconds: Int) -> Bool {
        group.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
    }

    /// Waits for what `body` returned or threw.
    public func value() throws -> Value {
        group.wait()
        guard let outcome = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try outcome.get()
    }
}
