import AnimeCore
import CGegl
import Glibc

/// A file that appears whole or not at all.
struct OutputFile {
    private let givenPath: String
    private let path: String
    /// Beside the target, hidden; written by the encoder.
    let temporaryPath: String

    /// - Throws: `StyleError.unwritableFile`, `.fileExists`.
    init(path: String, overwrite: Bool) throws {
        givenPath = path
        func unwritable(_ reason: String) -> StyleError { .unwritableFile(path: path, reason: reason) }
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
        temporaryPath = "\(folder).\(target[target.index(after: slash)...].prefix(200)).\(getpid()).part"
    }

    /// Moves the finished file into place.
    func commit() throws {
        guard rename(temporaryPath, path) == 0 else {
            throw StyleError.unwritableFile(path: givenPath, reason: String(cString: strerror(errno)))
        }
    }

    func discard() { unlink(temporaryPath) }
}
