import Files
import Glibc
import Settings

/// Photographs named by a shell pattern, such as `~/photos/*.jpg`. A path that exists is that path, whatever characters
/// it has; endings match in capitals too.
public struct PhotoPattern {
    /// As the user gave it.
    public let pattern: String

    /// - Parameter pattern: a folder stands for all photographs in it.
    public init(_ pattern: String) { self.pattern = pattern }

    /// - Parameter names: shell pattern of the file names; an asterisk or nothing takes all photographs.
    public init(folder: String, names: String) {
        pattern = folder.isEmpty || names.isEmpty || names == "*" ? folder : "\(folder)/\(names)"
    }

    /// The folder, and the pattern of the file names in it.
    public var parts: (folder: String, names: String) {
        if pattern.isEmpty || Folder.exists(expanded) { return (pattern, "*") }
        return (pattern.parentFolder, pattern.lastPathPart)
    }

    /// All photographs that match, sorted by name, each with the path of its drawing. Where the pattern names several
    /// folders the drawings lie in folders of the same names.
    /// - Parameter format: as for `PhotoFolder`.
    /// - Throws: `StyleError`.
    public func jobs(into output: String, format: String?) throws -> BatchList {
        let path = expanded
        if Folder.exists(path) {
            return try PhotoFolder(path: path, recursive: false).jobs(into: output, format: format)
        }
        if FileStatus(path) != nil {
            return try BatchList([(path.lastPathPart, path)], into: output, format: format)
        }
        let split = Self.split(path)
        let found = Self.matches(split.folder, split.rest).filter { !Folder.exists($0.path) }
        let photographs = found.filter { PhotoFolder.isPhotograph($0.name) }
        guard !photographs.isEmpty else {
            throw StyleError.unreadableFile(path: pattern, reason: "no picture is named like that")
        }
        return try BatchList(
            photographs, into: output, format: format,
            leftOut: found.map(\.name).filter { !PhotoFolder.isPhotograph($0) })
    }

    /// With the user's own folder for a tilde, unless there is something called like that.
    private var expanded: String {
        guard pattern == "~" || pattern.hasPrefix("~/"), FileStatus(pattern) == nil, let home = getenv("HOME") else {
            return pattern
        }
        return String(path: home) + pattern.dropFirst()
    }

    /// The longest part from the start that is a folder, with a slash at its end or empty, and what follows it.
    private static func split(_ path: String) -> (folder: String, rest: String) {
        var folder = path
        while !folder.isEmpty {
            let parent = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
            folder = String(decoding: parent.utf8.dropLast(parent.lastPathPart.utf8.count), as: UTF8.self)
            if folder.isEmpty || Folder.exists(folder) { break }
        }
        return (folder, path.path(behind: folder))
    }

    private static func matches(_ folder: String, _ rest: String) -> [(name: String, path: String)] {
        let escaped = folder.map { "*?[]\\~".contains($0) ? "\\\($0)" : String($0) }.joined()
        var result = glob_t()
        defer { globfree(&result) }
        let flags = folder.isEmpty ? GLOB_TILDE : 0
        guard (escaped + withAnyCase(rest)).withPath({ glob($0, flags, nil, &result) }) == 0 else { return [] }
        let paths = (0..<Int(result.gl_pathc)).compactMap { index in result.gl_pathv[index].map { String(path: $0) } }
        return paths.compactMap { path in
            let name = path.hasPrefix("/") && folder.isEmpty ? path.lastPathPart : path.path(behind: folder)
            // A drawing may not leave the folder of the drawings.
            return name.split(separator: "/").contains("..") ? nil : (name, path)
        }
    }

    /// The pattern with the letters of its ending in small and in capital.
    private static func withAnyCase(_ pattern: String) -> String {
        guard let dot = pattern.lastIndex(of: ".") else { return pattern }
        let ending = pattern[pattern.index(after: dot)...]
        guard ending.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return pattern }
        return pattern[...dot]
            + ending.map { $0.isLetter ? "[\($0.lowercased())\($0.uppercased())]" : "\($0)" }.joined()
    }
}
