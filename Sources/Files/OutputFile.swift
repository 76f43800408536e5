import CGegl
import Glibc
import Settings

/// A file that appears whole or not at all.
package struct OutputFile {
    private let givenPath: String
    private let path: String
    /// Beside the target, hidden; written by the encoder.
    let temporaryPath: String

    /// - Throws: `StyleError.unwritableFile`, `.fileExists`.
    init(path: String, overwrite: Bool) throws {
        givenPath = path
        func unwritable(_ reason: Message) -> StyleError { .unwritableFile(path: path, reason: reason) }
        var target = absolutePath(path)
        // A symbolic link keeps pointing at the file that is replaced.
        if let real = realpath(target, nil) {
            target = String(cString: real)
            free(real)
        }
        guard g_file_test(target, G_FILE_TEST_IS_DIR) == 0 else { throw unwritable("it is a folder") }
        guard let slash = target.lastIndex(of: "/") else { throw unwritable("it has no folder") }
        let folder = String(target[...slash])
        guard g_file_test(folder, G_FILE_TEST_IS_DIR) != 0 else { throw unwritable("its folder does not exist") }
        guard access(folder, W_OK) == 0 else { throw unwritable("its folder is write-protected") }
        if !overwrite, g_file_test(target, G_FILE_TEST_EXISTS) != 0 { throw StyleError.fileExists(path: path) }
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

    /// Moves the finished file into place.
    func commit() throws {
        guard rename(temporaryPath, path) == 0 else {
            throw StyleError.unwritableFile(path: givenPath, reason: Message(verbatim: String(cString: strerror(errno))))
        }
    }

    func discard() { unlink(temporaryPath) }
}
