import CCodec
import Glibc
import Settings

/// Which pieces of work in a folder are being done, known to all processes that write there, on other machines too
/// where the folder's file system passes locks on. A piece is a byte of a file of locks; what a process has taken is
/// free again when it ends, however it ends. The last one takes the file away. For one thread at a time.
package final class SharedWork {
    private let path: String
    private var descriptor: Int32

    /// - Parameter folder: exists. Where it takes no locks every piece is free.
    package init(folder: String) {
        path = "\(folder)/.anime-style.lock"
        descriptor = Self.open(path)
    }

    deinit {
        guard descriptor >= 0 else { return }
        // Nobody else has taken anything: who comes now makes a new file.
        if new_file_lock(descriptor, 0, 0) == 0, isCurrent { _ = path.withPath { unlink($0) } }
        close(descriptor)
    }

    private static func open(_ path: String) -> Int32 {
        path.withPath { Glibc.open($0, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666) }
    }

    /// Whether the file is still the one of that name.
    private var isCurrent: Bool {
        var own = stat(), there = stat()
        return fstat(descriptor, &own) == 0 && path.withPath { lstat($0, &there) } == 0
            && own.st_ino == there.st_ino && own.st_dev == there.st_dev
    }

    private static func place(_ piece: String) -> Int64 { Int64(NameHash.number(piece.pathBytes) >> 2) }

    /// - Returns: whether `piece` was free and is taken now.
    package func take(_ piece: String) -> Bool {
        for _ in 0..<100 {
            guard descriptor >= 0 else { return true }
            if new_file_lock(descriptor, Self.place(piece), 1) == EAGAIN { return false }
            if isCurrent { return true }
            // The last of the others has taken the file away since it was opened.
            close(descriptor)
            descriptor = Self.open(path)
        }
        return true
    }

    /// Gives back what was taken.
    package func give(_ piece: String) {
        if descriptor >= 0 { _ = new_file_unlock(descriptor, Self.place(piece), 1) }
    }
}
