#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Settings

/// The photographs of a folder.
public struct PhotoFolder {
    /// Without a slash at the end.
    public let path: String
    /// Whether folders within it count.
    public let recursive: Bool

    /// docs/formats.md has what is read.
    private static let extensions: Set<String> = [
        "png", "jpg", "jpeg", "jpe", "jfif", "webp", "tif", "tiff", "gif", "bmp", "heic", "heif", "avif", "jxl", "jp2",
        "j2k",
        "tga", "pnm", "ppm", "pgm",
    ]

    /// - Throws: `StyleError.unreadableFile` when it is no folder.
    public init(path: String, recursive: Bool) throws {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
        self.recursive = recursive
        guard BatchJob.isFolder(self.path) else {
            throw StyleError.unreadableFile(path: path, reason: "it is not a folder")
        }
    }

    /// All photographs, sorted by name, each with the path of its drawing.
    /// - Parameters:
    ///   - format: extension of the drawings; `nil` keeps each photograph's own, or png where that cannot be written.
    /// - Throws: `StyleError`.
    public func jobs(into output: String, format: String?) throws -> [BatchJob] {
        let target = BatchJob.resolved(output)
        guard BatchJob.resolved(path) != target else {
            throw StyleError.invalidOption(
                name: "the output folder", value: output, allowed: "a folder other than that of the photographs")
        }
        return try BatchJob.list(names(leavingOut: target).map { ($0, "\(path)/\($0)") }, into: output, format: format)
    }

    /// Paths of all photographs, sorted by name.
    /// - Throws: `StyleError.unreadableFile` when there is none.
    public func photographs() throws -> [String] { try names(leavingOut: "").map { "\(path)/\($0)" } }

    /// Whether a file's name says that it is a picture that can be read.
    static func isPhotograph(_ name: String) -> Bool {
        extensions.contains(name[(name.lastIndex(of: ".") ?? name.endIndex)...].dropFirst().lowercased())
    }

    private func names(leavingOut target: String) throws -> [String] {
        let names = files(below: "", leavingOut: target)
        guard !names.isEmpty else {
            throw StyleError.unreadableFile(path: path, reason: "the folder holds no pictures")
        }
        return names
    }

    private func files(below prefix: String, leavingOut target: String) -> [String] {
        let here = prefix.isEmpty ? path : "\(path)/\(prefix)"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: here)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
        return names.flatMap { name -> [String] in
            let below = prefix.isEmpty ? name : "\(prefix)/\(name)"
            let full = "\(path)/\(below)"
            if BatchJob.isFolder(full) {
                let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: full)) != nil
                return recursive && !isLink && BatchJob.resolved(full) != target
                    ? files(below: below, leavingOut: target) : []
            }
            return Self.isPhotograph(name) ? [below] : []
        }
    }
}
