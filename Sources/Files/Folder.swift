import Glibc
import Settings

/// Folders by the bytes of their names; see `String.init(path:)`.
package enum Folder {
    /// Whether there is a folder at `path`, symbolic links followed.
    package static func exists(_ path: String) -> Bool { FileStatus(path)?.isFolder ?? false }

    /// Whether `path` itself is a symbolic link.
    package static func isLink(_ path: String) -> Bool { FileFault.linkTarget(path) != nil }

    /// The names in a folder, sorted by their bytes.
    /// - Throws: `StyleError.unreadableFolder`.
    package static func names(_ path: String) throws -> [String] {
        guard let names = FileStatus.names(in: path) else {
            throw StyleError.unreadableFolder(path: path, reason: FileFault.reason(errno, at: path))
        }
        return names.map { (name: $0, bytes: $0.pathBytes) }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            .map(\.name)
    }

    /// Makes a folder and those above it that are missing.
    /// - Throws: `StyleError.unwritableFolder`.
    package static func make(_ path: String) throws {
        if exists(path) { return }
        guard !path.isEmpty else {
            throw StyleError.unwritableFolder(path: path, reason: FileFault.reason(0, at: path))
        }
        let parent = path.parentFolder
        if parent != path, parent != "." { try make(parent) }
        // Another process may make it at the same time.
        guard path.withPath({ mkdir($0, 0o777) }) != 0, errno != EEXIST || !exists(path) else { return }
        let reason = errno == EEXIST ? notAFolder(path) : FileFault.reason(errno)
        throw StyleError.unwritableFolder(path: path, reason: reason)
    }

    /// Whether `make` and new files in the folder can be hoped for, before any work is done.
    /// - Throws: `StyleError.unwritableFolder`.
    package static func checkWritable(_ path: String) throws {
        guard !path.isEmpty else {
            throw StyleError.unwritableFolder(path: path, reason: FileFault.reason(0, at: path))
        }
        var place = path
        while FileStatus(place) == nil, FileFault.linkTarget(place) == nil, place.parentFolder != place {
            place = place.parentFolder
        }
        guard exists(place) else { throw StyleError.unwritableFolder(path: path, reason: notAFolder(place)) }
        guard place.withPath({ access($0, W_OK | X_OK) }) == 0 else {
            throw StyleError.unwritableFolder(path: path, reason: FileFault.reason(errno))
        }
        // Whatever rights say, some file systems take no files at all.
        if let reason = OutputFile.refusal(in: place) {
            throw StyleError.unwritableFolder(path: path, reason: reason)
        }
    }

    /// Why `path`, at which there is something, cannot be used as a folder.
    private static func notAFolder(_ path: String) -> Message {
        if FileStatus(path) == nil { return FileFault.reason(ENOENT, at: path) }
        return "\(path) is not a folder"
    }

    static func writeProtection(_ code: Int32) -> Message {
        code == EROFS ? "its folder is on a read-only file system" : "its folder is write-protected"
    }

    /// The path without symbolic links and dots, as far as it exists.
    package static func resolved(_ path: String) -> String {
        if let real = path.withPath({ realpath($0, nil) }) {
            defer { free(real) }
            return String(path: real)
        }
        let parent = path.parentFolder
        guard parent != path else { return path }
        let above = resolved(parent)
        return above == "/" ? "/\(path.lastPathPart)" : "\(above)/\(path.lastPathPart)"
    }
}
