import Glibc
import Settings

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
    /// For messages.
    var path: String { get }
    func unwritable(_ reason: Message) -> StyleError
}

extension PictureTarget {
    func unwritable(_ reason: Message) -> StyleError { .unwritableFile(path: path, reason: reason) }
}

/// A target whose file is made without a name, and goes with it.
protocol UnnamedTarget: PictureTarget {
    /// While the encoder writes.
    var file: SampleFile? { get set }
}

extension UnnamedTarget {
    func create() throws -> Int32 {
        let made = try SampleFile()
        file = made
        return made.descriptor
    }

    func discard() { file = nil }
}

/// A picture on its way to a descriptor that is no file, such as a pipe: it is made in a file without a name and goes
/// out whole. For one thread at a time.
final class StreamFile: UnnamedTarget {
    var file: SampleFile?
    let path: String
    private let output: Int32

    /// - Parameters:
    ///   - output: stays open.
    ///   - name: for messages.
    init(output: Int32, name: String) {
        self.output = output
        path = name
    }

    func commit() throws {
        guard let file else { return }
        lseek(file.descriptor, 0, SEEK_SET)
        guard FileCopy.all(from: file.descriptor, to: output) else {
            throw unwritable(FileFault.reason(errno))
        }
        discard()
    }

    func unwritable(_ reason: Message) -> StyleError { .unwritableStream(name: path, reason: reason) }
}

/// A picture that stays in memory as the bytes of its file. For one thread at a time.
final class MemoryFile: UnnamedTarget {
    var file: SampleFile?
    /// Once it is finished.
    private(set) var bytes: [UInt8] = []
    let path = "a picture in memory"

    func commit() throws {
        guard let file else { return }
        let size = lseek(file.descriptor, 0, SEEK_END)
        guard size > 0 else { throw unwritable(FileFault.reason(errno)) }
        var isWhole = false
        bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            isWhole = file.read(UnsafeMutableRawBufferPointer(buffer), at: 0)
            count = isWhole ? Int(size) : 0
        }
        guard isWhole else { throw unwritable(FileFault.reason(errno)) }
        discard()
    }
}
