import Files
import Settings

/// The photographs of a folder.
public struct PhotoFolder {
    /// Without a slash at the end.
    public let path: String
    /// Whether folders within it count.
    public let recursive: Bool

    /// docs/formats.md has what is read.
    private static let endings: Set<String> = [
        "png", "apng", "jpg", "jpeg", "jpe", "jfif", "jif", "pjpeg", "pjp", "webp", "tif", "tiff", "gif", "bmp", "dib",
        "heic", "heif", "hif", "heics", "avif", "avifs", "jxl", "jp2", "j2k", "j2c", "jpc", "jpf", "jpx", "tga", "icb",
        "vda", "vst", "pnm", "ppm", "pgm", "pbm", "pam",
    ]

    /// - Throws: `StyleError.unreadableFolder` when it is no folder.
    public init(path: String, recursive: Bool) throws {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
        self.recursive = recursive
        guard let status = FileStatus(self.path) else {
            // Says why: it does not exist, or it is a link that leads nowhere.
            _ = try Folder.names(self.path)
            return
        }
        guard status.isFolder else { throw StyleError.unreadableFolder(path: path, reason: "it is not a folder") }
    }

    /// All photographs, sorted by name, each with the path of its drawing.
    /// - Parameters:
    ///   - format: extension of the drawings; `nil` keeps each photograph's own, or png where that cannot be written.
    /// - Throws: `StyleError`.
    public func jobs(into output: String, format: String?) throws -> BatchList {
        let target = Folder.resolved(output)
        guard Folder.resolved(path).pathBytes != target.pathBytes else {
            throw StyleError.drawingsAmongPhotographs(folder: output)
        }
        let found = try search(leavingOut: target)
        return try BatchList(
            found.photographs.map { ($0, self.path(below: $0)) }, into: output, format: format, leftOut: found.others,
            hidden: found.hidden, problems: found.problems)
    }

    /// Paths of all photographs, sorted by name.
    /// - Throws: `StyleError.noPhotographs` when there is none.
    public func photographs() throws -> [String] { try search(leavingOut: "").photographs.map(path(below:)) }

    /// Whether a file's name says that it is a picture that can be read.
    static func isPhotograph(_ name: String) -> Bool {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
        return endings.contains(name[name.index(after: dot)...].lowercased())
    }

    // MARK: - Searching

    private struct Found {
        var photographs: [String] = [], others: [String] = [], hidden: [String] = []
        var problems: [StyleError] = []
    }

    /// - Parameter name: below the folder.
    public func path(below name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    private func search(leavingOut target: String) throws -> Found {
        var found = Found()
        try add(Folder.names(path), below: "", to: &found, leavingOut: target)
        if let problem = found.problems.first, found.photographs.isEmpty { throw problem }
        guard !found.photographs.isEmpty else { throw StyleError.noPhotographs(folder: path) }
        return found
    }

    private func add(_ names: [String], below prefix: String, to found: inout Found, leavingOut target: String) throws {
        for name in names {
            let below = prefix + name, full = path(below: below)
            if name.hasPrefix(".") {
                let isMeant = Folder.exists(full) ? recursive && !Folder.isLink(full) : Self.isPhotograph(name)
                if isMeant { found.hidden.append(below) }
            } else if !Folder.exists(full) {
                if Self.isPhotograph(name) { found.photographs.append(below) } else { found.others.append(below) }
            } else if recursive, !Folder.isLink(full), Folder.resolved(full).pathBytes != target.pathBytes {
                do {
                    try add(Folder.names(full), below: "\(below)/", to: &found, leavingOut: target)
                } catch let error as StyleError {
                    found.problems.append(error)
                }
            }
        }
    }
}
