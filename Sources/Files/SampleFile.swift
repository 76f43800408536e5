import CCodec
import Glibc
import Settings

/// Bytes in a file that is in no folder and goes with this object, so that large pictures take no memory. Safe to use
/// from several threads.
public final class SampleFile: Sendable {
    /// Stays this object's.
    let descriptor: Int32

    /// An empty file.
    /// - Throws: `StyleError.noTemporaryRoom`, `.tooManyOpenFiles`.
    public init() throws {
        descriptor = codec_temporary_file()
        guard descriptor >= 0 else { throw FileFault.noTemporaryFile(errno) }
    }

    /// - Parameter descriptor: closed with this object.
    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// - Throws: `StyleError.noTemporaryRoom`.
    public func write(_ bytes: UnsafeRawBufferPointer, at place: Int) throws {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor, UnsafeRawBufferPointer(rebasing: bytes[done...]).baseAddress, bytes.count - done,
                off_t(place + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw StyleError.noTemporaryRoom }
            done += count
        }
    }

    /// Fills `bytes` with what was written at `place`.
    /// - Returns: whether all of it is there.
    public func read(_ bytes: UnsafeMutableRawBufferPointer, at place: Int) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = pread(
                descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[done...]).baseAddress, bytes.count - done,
                off_t(place + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}
