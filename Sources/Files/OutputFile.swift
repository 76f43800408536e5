import Glibc
import Settings

/// A file that appears whole or not at all.
package struct OutputFile {
    private let givenPath: String
    private let path: String
    /// Beside the target, hidden; written by the encoder.
    private let temporaryPath: String

    /// - Throws: `StyleError.unwritableFile`, `.fileExists`.
    init(path: String, overwrite: Bool) throws {
        givenPath = path
        func unwritable(_ reason: Message) -> StyleError { .unwritableFile(path: path, reason: reason) }
        var target = path.hasPrefix("/") ? path : "./\(path)"
        // A symbolic link keeps pointing at the file that is replaced.
        if let real = realpath(target, nil) {
            target = String(cString: real)
            free(real)
        }
        var status = stat()
        let exists = stat(target, &status) == 0
        guard !exists || status.st_mode & S_IFMT != S_IFDIR else { throw unwritable("it is a folder") }
        guard let slash = target.lastIndex(of: "/") else { throw unwritable("it has no folder") }
        let folder = String(target[...slash])
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw unwritable("its folder does not exist")
        }
        guard access(folder, W_OK) == 0 else { throw unwritable("its folder is write-protected") }
        if !overwrite, exists { throw StyleError.fileExists(path: path) }
        self.path = target
        temporaryPath = "\(folder)\(Self.temporaryPrefix(target))\(getpid()).part"
    }

    /// Start of the temporary file's name, up to the id of the process that writes it.
    private static func temporaryPrefix(_ target: String) -> String {
        let name = target.lastIndex(of: "/").map { target[target.index(after: $0)...] } ?? target[...]
        return ".\(name.prefix(200))."
    }

    /// The process that writes, or wrote, a file called `name` on the way to `target`; `nil` for any other file.
    package static func process(writing name: String, for target: String) -> pid_t? {
        let prefix = temporaryPrefix(target)
        guard name.hasPrefix(prefix), name.hasSuffix(".part") else { return nil }
        return pid_t(name.dropFirst(prefix.count).dropLast(".part".count)).flatMap { $0 > 0 ? $0 : nil }
    }

    /// Makes the temporary file, which has the rights of the file that it will replace.
    /// - Returns: its descriptor, to be closed by the caller.
    /// - Throws: `StyleError.unwritableFile`.
    func create() throws -> Int32 {
        // Nobody else alive has this process's id, so what lies there is a leftover or a trap; links are not followed.
        unlink(temporaryPath)
        let descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw unwritable("the folder takes no new files") }
        var status = stat()
        if stat(path, &status) == 0 { fchmod(descriptor, status.st_mode & 0o777) }
        return descriptor
    }

    /// Moves the finished file into place.
    func commit() throws {
        guard rename(temporaryPath, path) == 0 else {
            throw unwritable(Message(verbatim: String(cString: strerror(errno))))
        }
    }

    func discard() { unlink(temporaryPath) }

    func unwritable(_ reason: Message) -> StyleError { .unwritableFile(path: givenPath, reason: reason) }
}
