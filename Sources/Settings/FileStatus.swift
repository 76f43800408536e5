#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the file system says about a file, symbolic links followed.
public struct FileStatus: Sendable {
    /// In bytes.
    public let size: Int
    /// A regular file.
    public let isFile: Bool
    /// A folder.
    public let isFolder: Bool
    /// Changes when the file does: its number and the time of its last change.
    public let version: String
    /// The user's number whose file it is.
    public let owner: UInt32
    /// Who may do what with it, as chmod(2) numbers it.
    public let rights: UInt32

    /// Seconds since its last change.
    public let age: Int

    /// `nil` when there is no such file.
    public init?(_ path: String) {
        var status = stat()
        guard path.withPath({ stat($0, &status) }) == 0 else { return nil }
        size = Int(status.st_size)
        isFile = status.st_mode & S_IFMT == S_IFREG
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        #if canImport(Darwin)
        let changed = status.st_mtimespec
        #else
        let changed = status.st_mtim
        #endif
        age = Int(time(nil)) - Int(changed.tv_sec)
        owner = UInt32(status.st_uid)
        rights = UInt32(status.st_mode & 0o7777)
        version = "\(status.st_ino) \(size) \(changed.tv_sec) \(changed.tv_nsec)"
    }

    /// The names in a folder by their bytes (see `String.init(path:)`), in no order; `nil` when it cannot be listed,
    /// and errno says why.
    package static func names(in folder: String) -> [String]? {
        guard let folder = folder.withPath({ opendir($0) }) else { return nil }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2E], name != [0x2E, 0x2E] { names.append(String(path: name)) }
        }
        return names
    }
}
