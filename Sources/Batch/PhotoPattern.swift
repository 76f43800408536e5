import Files
import Glibc
import Settings

/// Photographs named by a shell pattern, such as `~/photos/*.jpg`.
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
        if pattern.isEmpty || BatchJob.isFolder(pattern) { return (pattern, "*") }
        return (pattern.parentFolder, String(pattern.split(separator: "/").last ?? "*"))
    }

    /// All photographs that match, sorted by name, each with the path of its drawing.
    /// - Parameter format: as for `PhotoFolder`.
    /// - Throws: `StyleError`.
    public func jobs(into output: String, format: String?) throws -> [BatchJob] {
        if BatchJob.isFolder(pattern) {
            return try PhotoFolder(path: pattern, recursive: false).jobs(into: output, format: format)
        }
        let found = Self.matches(pattern).filter { PhotoFolder.isPhotograph($0) && !BatchJob.isFolder($0) }
        guard !found.isEmpty else {
            throw StyleError.unreadableFile(path: pattern, reason: "no picture is named like that")
        }
        return try BatchJob.list(
            found.map { (String($0.split(separator: "/").last ?? $0[...]), $0) }, into: output, format: format)
    }

    private static func matches(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, GLOB_TILDE, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { index in result.gl_pathv[index].map { String(cString: $0) } }
    }
}
