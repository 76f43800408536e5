import CCodec
import Glibc
import Settings

/// A file that appears whole or not at all, in place of the file that a symbolic link points to if the path is one.
/// For one thread at a time.
package final class OutputFile: PictureTarget {
    let path: String
    private let name: String
    private let overwrite: Bool
    private let isPicture: Bool
    /// Opened once, so that the folder stays the same whatever happens to its path.
    private let folder: Int32
    private let rights: stat?
    private var descriptor: Int32 = -1
    /// Empty while the file has no name.
    private var temporaryName = [CChar](repeating: 0, count: Int(NEW_FILE_NAME_SIZE))

    /// - Parameter isPicture: for messages.
    /// - Throws: `StyleError.unwritableFile`, or `.unwritableDocument` where it is none, `.fileExists`.
    init(path: String, overwrite: Bool, isPicture: Bool = true) throws {
        self.path = path
        self.overwrite = overwrite
        self.isPicture = isPicture
        func unwritable(_ reason: Message) -> StyleError { Self.unwritable(path, isPicture, reason) }
        let target = try Self.target(path, unwritable)
        var status = stat()
        let exists = target.withPath { stat($0, &status) } == 0
        rights = exists ? status : nil
        // A pipe that somebody waits at would be replaced.
        guard !exists || status.st_mode & S_IFMT == S_IFREG else { throw unwritable(FileFault.kind(status.st_mode)) }
        name = target.lastPathPart
        guard !name.isEmpty else { throw unwritable("it has no folder") }
        guard name.pathBytes.count <= NAME_MAX else { throw unwritable(FileFault.reason(ENAMETOOLONG)) }
        let parent = target.parentFolder
        folder = parent.withPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard folder >= 0 else { throw unwritable(Self.folderFault(errno, parent)) }
        do {
            guard faccessat(folder, ".", W_OK | X_OK, 0) == 0 else { throw unwritable(Folder.writeProtection(errno)) }
            if !overwrite, exists { throw StyleError.fileExists(path: path) }
        } catch {
            close(folder)
            throw error
        }
    }

    deinit {
        discard()
        close(folder)
    }

    private static func unwritable(_ path: String, _ isPicture: Bool, _ reason: Message) -> StyleError {
        isPicture ? .unwritableFile(path: path, reason: reason) : .unwritableDocument(path: path, reason: reason)
    }

    func unwritable(_ reason: Message) -> StyleError { Self.unwritable(path, isPicture, reason) }

    /// A symbolic link keeps pointing at the file that is replaced.
    private static func target(_ path: String, _ unwritable: (Message) -> StyleError) throws -> String {
        if let real = path.withPath({ realpath($0, nil) }) {
            defer { free(real) }
            return String(path: real)
        }
        if FileFault.linkTarget(path) != nil { throw unwritable(FileFault.reason(errno, at: path)) }
        return path
    }

    private static func folderFault(_ code: Int32, _ folder: String) -> Message {
        switch code {
        case ENOENT: return "its folder does not exist"
        case EACCES, EPERM: return "its folder may not be entered"
        default: return FileFault.reason(code)
        }
    }

    /// Makes the file, which has the rights of the one that it will replace. It has no name as long as the file system
    /// can do without, so that nothing is left of a process that is killed.
    /// - Returns: its descriptor, which stays this object's.
    /// - Throws: `StyleError.unwritableFile`.
    func create() throws -> Int32 { try create(nameless: true) }

    /// - Parameter nameless: `false` does as on a file system that cannot.
    func create(nameless: Bool) throws -> Int32 {
        let problem = new_file_create(folder, nameless, &temporaryName, &descriptor)
        guard problem == 0 else { throw unwritable(FileFault.reason(problem)) }
        if let rights {
            // Only root may give files away; others may at least choose among their own groups.
            if fchown(descriptor, rights.st_uid, rights.st_gid) != 0 {
                _ = fchown(descriptor, uid_t.max, rights.st_gid)
            }
            fchmod(descriptor, rights.st_mode & 0o777)
        }
        return descriptor
    }

    /// Gives the finished file its name.
    /// - Throws: `StyleError.fileExists` when another file came to have it meanwhile, `.unwritableFile`.
    func commit() throws {
        let problem = name.withPath { new_file_publish(folder, descriptor, temporaryName, $0, overwrite) }
        switch problem {
        case 0: temporaryName[0] = 0
        case EEXIST: throw StyleError.fileExists(path: path)
        default: throw unwritable(FileFault.reason(problem))
        }
        discard()
    }

    /// Takes away what is not finished; does nothing to what is.
    func discard() {
        guard descriptor >= 0 else { return }
        if temporaryName[0] != 0 { unlinkat(folder, temporaryName, 0) }
        temporaryName[0] = 0
        close(descriptor)
        descriptor = -1
    }

    /// Writes a small file, which is no picture, at once.
    /// - Throws: `StyleError.unwritableDocument`, `.fileExists`.
    package static func write(_ bytes: [UInt8], to path: String, overwrite: Bool) throws {
        let file = try OutputFile(path: path, overwrite: overwrite, isPicture: false)
        let descriptor = try file.create()
        guard bytes.withUnsafeBytes({ FileCopy.put($0, to: descriptor) }) else {
            throw file.unwritable(FileFault.reason(errno))
        }
        try file.commit()
    }

    /// Why no file can be made in a folder that exists, found out by making one, which is gone at once; `nil` when one
    /// can.
    static func refusal(in path: String) -> Message? {
        let folder = path.withPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard folder >= 0 else { return FileFault.reason(errno) }
        defer { close(folder) }
        var name = [CChar](repeating: 0, count: Int(NEW_FILE_NAME_SIZE)), descriptor: Int32 = -1
        let problem = new_file_create(folder, true, &name, &descriptor)
        guard problem == 0 else {
            // What does not exist is the file, and it cannot.
            return problem == ENOENT ? "no file can be made there" : FileFault.reason(problem)
        }
        if name[0] != 0 { unlinkat(folder, name, 0) }
        close(descriptor)
        return nil
    }

    /// What `write` would complain about before it writes anything, or a picture's writer would.
    /// - Throws: `StyleError.unwritableDocument`, or `.unwritableFile` for a picture, `.fileExists`.
    package static func check(_ path: String, overwrite: Bool, isPicture: Bool = false) throws {
        _ = try OutputFile(path: path, overwrite: overwrite, isPicture: isPicture)
    }

    /// Takes away what killed processes left in a folder where files need a name from the beginning: what is older than
    /// a minute and in nobody's use.
    package static func removeLeftovers(in path: String) {
        let names = ((try? Folder.names(path)) ?? []).filter {
            $0.hasPrefix(NEW_FILE_PREFIX) && $0.hasSuffix(NEW_FILE_SUFFIX)
        }
        guard !names.isEmpty else { return }
        let folder = path.withPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard folder >= 0 else { return }
        defer { close(folder) }
        for name in names {
            var status = stat()
            let isOld =
                name.withPath { fstatat(folder, $0, &status, AT_SYMLINK_NOFOLLOW) } == 0
                && status.st_mtim.tv_sec < time(nil) - 60
            guard isOld, name.withPath({ new_file_is_abandoned(folder, $0) }) else { continue }
            _ = name.withPath { unlinkat(folder, $0, 0) }
        }
    }
}
