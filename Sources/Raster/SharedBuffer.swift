/// An array's memory, read by many threads at once.
///
/// `@unchecked Sendable` holds because `withSharedBuffer` alone makes one, and an array that lends its memory is not
/// written meanwhile.
public struct SharedBuffer<Element: Sendable>: @unchecked Sendable {
    @usableFromInline let memory: UnsafeBufferPointer<Element>

    @inlinable
    init(_ memory: UnsafeBufferPointer<Element>) { self.memory = memory }

    /// Number of elements.
    @inlinable
    public var count: Int { memory.count }

    /// Element `index`, 0 ..< `count`; not checked in optimised code.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Element { memory[index] }
}

/// An array's memory, written by many threads at once.
///
/// `@unchecked Sendable` holds as long as no two threads use the same index, which is why only loops over rows take
/// one: each of their turns writes its own row.
public struct SharedMutableBuffer<Element: Sendable>: @unchecked Sendable {
    @usableFromInline let memory: UnsafeMutableBufferPointer<Element>

    @inlinable
    init(_ memory: UnsafeMutableBufferPointer<Element>) { self.memory = memory }

    /// Element `index`, within the array; not checked in optimised code.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Element {
        get { memory[index] }
        nonmutating set { memory[index] = newValue }
    }

    /// The elements of `range`, within the array.
    @inlinable
    public subscript(range: Range<Int>) -> UnsafeMutableBufferPointer<Element> {
        UnsafeMutableBufferPointer(rebasing: memory[range])
    }
}

/// Lends memory for `count` pixels, which holds no values before, as long as `body` runs.
@inlinable
package func withScratch<Result>(_ count: Int, _ body: (SharedMutableBuffer<SIMD4<Float>>) throws -> Result) rethrows
    -> Result
{
    try withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: count) { try body(SharedMutableBuffer($0)) }
}

extension Array where Element: Sendable {
    /// An array whose elements `fill` writes, on as many threads as it likes; its memory is touched once.
    ///
    /// - Parameter fill: has to set each of `count` elements, which hold no values before. Elements have to be plain
    ///   numbers, which may be overwritten and forgotten as they are.
    @inlinable
    package init(count: Int, fill: (SharedMutableBuffer<Element>) throws -> Void) rethrows {
        try self.init(unsafeUninitializedCapacity: count) { memory, filled in
            try fill(SharedMutableBuffer(UnsafeMutableBufferPointer(rebasing: memory[..<count])))
            filled = count
        }
    }

    /// Lends the array's memory to `body`, which may read it on several threads.
    @inlinable
    public func withSharedBuffer<Result>(_ body: (SharedBuffer<Element>) throws -> Result) rethrows -> Result {
        try withUnsafeBufferPointer { try body(SharedBuffer($0)) }
    }

    /// Lends the array's memory to `body`, which may write it on several threads, each index on one of them.
    @inlinable
    public mutating func withSharedMutableBuffer<Result>(_ body: (SharedMutableBuffer<Element>) throws -> Result)
        rethrows -> Result
    {
        try withUnsafeMutableBufferPointer { try body(SharedMutableBuffer($0)) }
    }
}
