import Glibc
import Settings

/// Why the system refuses a file, in words that say what is so.
enum FileFault {
    /// - Parameter code: errno's value.
    static func reason(_ code: Int32) -> Message {
        switch code {
        case ENOENT: return "it does not exist"
        case ENOTDIR: return "a part of its path is a file, not a folder"
        case EACCES, EPERM: return "permission denied"
        case ELOOP: return "it is a link that leads to itself"
        case EROFS: return "its file system is read-only"
        case ENOSPC, EDQUOT: return "the disk is full"
        case ENAMETOOLONG: return "its name is too long"
        case EISDIR: return "it is a folder"
        case EBADF: return "it is closed"
        default: return Message(verbatim: String(cString: strerror(code)))
        }
    }

    /// What something is that is no file with bytes in it.
    /// - Parameter mode: as stat(2) has it.
    static func kind(_ mode: mode_t) -> Message {
        switch mode & S_IFMT {
        case S_IFDIR: return "it is a folder"
        case S_IFIFO: return "it is a pipe"
        case S_IFSOCK: return "it is a socket"
        default: return "it is a device"
        }
    }

    /// Why there is no temporary file, which has no name.
    /// - Parameter code: errno's value.
    static func noTemporaryFile(_ code: Int32) -> StyleError {
        [EMFILE, ENFILE].contains(code) ? .tooManyOpenFiles : .noTemporaryRoom
    }

    /// Why there is nothing at `path`; a link that leads nowhere is named as one.
    static func reason(_ code: Int32, at path: String) -> Message {
        if path.isEmpty { return "its path is empty" }
        guard code == ENOENT, let target = linkTarget(path) else { return reason(code) }
        return "it is a link to \(target), which does not exist"
    }

    /// Where the symbolic link `path` points; `nil` when it is none.
    static func linkTarget(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = path.withPath { readlink($0, &target, target.count - 1) }
        guard length >= 0 else { return nil }
        return String(path: target.prefix(length).map { UInt8(bitPattern: $0) })
    }
}
