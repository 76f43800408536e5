import CCodec
import Glibc
import Settings

/// A picture on its way to a descriptor that is no file, such as a pipe: it is made in a file without a name and goes
/// out whole. For one thread at a time.
final class StreamFile: PictureTarget {
    private let name: String
    private let output: Int32
    private var descriptor: Int32 = -1

    /// - Parameters:
    ///   - output: stays open.
    ///   - name: for messages.
    init(output: Int32, name: String) {
        self.output = output
        self.name = name
    }

    deinit { discard() }

    func create() throws -> Int32 {
        descriptor = codec_temporary_file()
        guard descriptor >= 0 else { throw StyleError.noTemporaryRoom }
        return descriptor
    }

    func commit() throws {
        lseek(descriptor, 0, SEEK_SET)
        guard FileCopy.all(from: descriptor, to: output) else {
            throw unwritable(FileFault.reason(errno))
        }
        discard()
    }

    func discard() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    func unwritable(_ reason: Message) -> StyleError { .unwritableFile(path: name, reason: reason) }
}

/// A picture that stays in memory as the bytes of its file. For one thread at a time.
final class MemoryFile: PictureTarget {
    /// Once it is finished.
    private(set) var bytes: [UInt8] = []
    private var descriptor: Int32 = -1

    deinit { discard() }

    func create() throws -> Int32 {
        descriptor = codec_temporary_file()
        guard descriptor >= 0 else { throw StyleError.noTemporaryRoom }
        return descriptor
    }

    func commit() throws {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size > 0 else { throw unwritable(FileFault.reason(errno)) }
        var read = 0
        bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            while let start = buffer.baseAddress, read < buffer.count {
                let part = pread(descriptor, start + read, buffer.count - read, off_t(read))
                guard part > 0 else { break }
                read += part
            }
            count = read
        }
        guard read == Int(size) else { throw unwritable(FileFault.reason(errno)) }
        discard()
    }

    func discard() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    func unwritable(_ reason: Message) -> StyleError { .unwritableFile(path: "a picture in memory", reason: reason) }
}

/// Where an encoder's file goes.
protocol PictureTarget: AnyObject {
    /// The descriptor that the encoder writes to; it stays the target's.
    /// - Throws: `StyleError`.
    func create() throws -> Int32
    /// Lets the finished file appear.
    /// - Throws: `StyleError`.
    func commit() throws
    /// Takes away what is not finished.
    func discard()
    func unwritable(_ reason: Message) -> StyleError
}
