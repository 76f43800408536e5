import Glibc

/// Bytes from one descriptor to another.
package enum FileCopy {
    /// From where `source` stands to its end.
    /// - Returns: whether `target` took all of it; else errno says why.
    static func all(from source: Int32, to target: Int32) -> Bool {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(source, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return count == 0 }
            guard put(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: target) else { return false }
        }
    }

    /// Whether `target` took all of `bytes`; else errno says why.
    package static func put(_ bytes: UnsafeRawBufferPointer, to target: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(target, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            if count == 0 { errno = EIO }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
