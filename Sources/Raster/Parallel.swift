import Dispatch

/// Runs `body(0)` … `body(count - 1)`, in any order, on all cores; returns when all are done.
public func parallelFor(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { escapable in
        DispatchQueue.concurrentPerform(iterations: count, execute: escapable)
    }
}
