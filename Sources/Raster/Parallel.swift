import Dispatch

/// Runs `body(0)` … `body(count - 1)`, in any order, on all cores; returns when all are done.
public func parallelFor(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { escapable in
        DispatchQueue.concurrentPerform(iterations: count, execute: escapable)
    }
}

/// What two functions return that run side by side.
///
/// - Parameters:
///   - first: runs on another core where there is one, and finds all cores again for loops within it.
///   - second: runs on this thread.
package func both<First: Sendable, Second>(
    _ first: @escaping @Sendable () -> First, _ second: () -> Second
) -> (First, Second) {
    let other = Background(first), result = second()
    return ((try? other.value()) ?? first(), result)
}
