#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Settings

/// Model files and manifests as bytes, read only when they are what they should be.
public enum ModelFile {
    /// Largest network file that is read, in bytes. The AnimeGAN family takes 4 to 20 MB.
    public static let maximumBytes = 200 << 20

    /// The file's bytes.
    ///
    /// Size and kind are looked at first, so that a pipe or a device cannot stall the program and a huge file cannot
    /// fill its memory.
    /// - Throws: `StyleError.modelUnreadable`.
    public static func contents(_ path: String, limit: Int = maximumBytes) throws -> Data {
        func unreadable(_ reason: Message) -> StyleError { .modelUnreadable(file: path, reason: reason) }
        guard path.lastPathPart.isText else { throw unreadable("its name is not UTF-8 and has to be another one") }
        guard let status = FileStatus(path) else { throw unreadable(absence(path)) }
        guard !status.isFolder else { throw unreadable("it is a folder") }
        guard status.isFile else { throw unreadable("it is a pipe or a device, not a file") }
        guard status.size <= limit else {
            throw unreadable("it has \(status.size >> 20) MB and \(limit >> 20) MB are the most")
        }
        guard let content = FileManager.default.contents(atPath: path) else { throw unreadable("you may not read it") }
        return content
    }

    /// Why there is nothing at `path`, whose name may come from a folder's list.
    private static func absence(_ path: String) -> Message {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
        return link == nil ? "there is no such file" : "it is a link that leads nowhere"
    }
}
