import Dispatch

/// A value computed on another thread from now on.
final class Background<Value>: @unchecked Sendable {
    private let group = DispatchGroup()
    private var outcome: Result<Value, Error>?

    init(_ body: @escaping () throws -> Value) {
        DispatchQueue.global().async(group: group) { self.outcome = Result(catching: body) }
    }

    /// Waits until it is done; to be called before the program may exit, since libraries must not be torn down in use.
    func wait() { group.wait() }

    /// Waits for the value.
    func value() throws -> Value {
        group.wait()
        guard let outcome else { throw CancellationError() }
        return try outcome.get()
    }
}

/// Wall-clock seconds since it was made.
struct Stopwatch {
    private let start = DispatchTime.now().uptimeNanoseconds

    var seconds: Double { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
}
