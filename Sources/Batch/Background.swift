import Dispatch

/// A value computed on another thread from now on.
public final class Background<Value>: @unchecked Sendable {
    private let group = DispatchGroup()
    private var outcome: Result<Value, Error>?

    public init(_ body: @escaping () throws -> Value) {
        DispatchQueue.global().async(group: group) { self.outcome = Result(catching: body) }
    }

    /// Waits until it is done; to be called before the program may exit, since libraries must not be torn down in use.
    public func wait() { group.wait() }

    /// Waits for the value.
    public func value() throws -> Value {
        group.wait()
        guard let outcome else { throw CancellationError() }
        return try outcome.get()
    }
}
