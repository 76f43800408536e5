#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Settings that the user gave a name.
public struct Preset<Value: Codable & Equatable>: Codable, Equatable {
    /// As the user wrote it, without spaces around.
    public var name: String
    /// The settings.
    public var value: Value
}

/// Named settings in a JSON file, sorted by name.
///
/// A missing file is an empty list. Entries that cannot be read are left out; a file of which nothing can be read is
/// kept under its name with `.broken` when the next one is written. Writing replaces the file in one step, so that a
/// crash leaves the old or the new one.
public struct PresetStore<Value: Codable & Equatable> {
    /// The file.
    public let path: String
    /// Sorted by name.
    public private(set) var presets: [Preset<Value>]
    private var isBroken: Bool

    private struct Content: Encodable {
        let schema = 1
        let presets: [Preset<Value>]
    }

    private struct ReadContent: Decodable {
        let presets: [Entry]
    }

    private struct Entry: Decodable {
        let preset: Preset<Value>?

        init(from decoder: Decoder) throws { preset = try? Preset<Value>(from: decoder) }
    }

    /// Reads the file at `path`, if there is one.
    public init(path: String) {
        self.path = path
        let data = FileManager.default.contents(atPath: path)
        let content = data.flatMap { try? CheckedJSON.decode(ReadContent.self, from: $0) }
        presets = Self.sorted(content?.presets.compactMap(\.preset) ?? [])
        isBroken = data != nil && content == nil
    }

    /// The settings of that name.
    public subscript(name: String) -> Value? { presets.first { $0.name == name }?.value }

    /// Adds a preset, or replaces the one of that name; spaces around the name do not count.
    ///
    /// - Returns: the name it has.
    /// - Throws: what the file system says when the file cannot be written, and the list is as before then.
    @discardableResult
    public mutating func save(_ value: Value, as name: String) throws -> String {
        let name = Self.trimmed(name)
        try write(presets.filter { $0.name != name } + [Preset(name: name, value: value)])
        return name
    }

    /// Gives the preset `old` another name; a preset that has that name is replaced.
    ///
    /// - Throws: what the file system says when the file cannot be written, and the list is as before then.
    public mutating func rename(_ old: String, to new: String) throws {
        guard let value = self[old] else { return }
        try write(presets.filter { $0.name != old && $0.name != new } + [Preset(name: new, value: value)])
    }

    /// - Throws: what the file system says when the file cannot be written, and the list is as before then.
    public mutating func remove(_ name: String) throws {
        try write(presets.filter { $0.name != name })
    }

    /// The name that a preset called `name` has: without spaces around it, `nil` when nothing is left.
    public static func usable(_ name: String) -> String? {
        let name = trimmed(name)
        return name.isEmpty ? nil : name
    }

    private mutating func write(_ new: [Preset<Value>]) throws {
        let new = Self.sorted(new)
        let files = FileManager.default
        if let slash = path.lastIndex(of: "/") {
            try files.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
        }
        if isBroken {
            try? files.removeItem(atPath: path + ".broken")
            try files.moveItem(atPath: path, toPath: path + ".broken")
            isBroken = false
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(Content(presets: new)).write(to: URL(fileURLWithPath: path), options: .atomic)
        presets = new
    }

    private static func sorted(_ presets: [Preset<Value>]) -> [Preset<Value>] {
        presets.sorted { ($0.name.lowercased(), $0.name) < ($1.name.lowercased(), $1.name) }
    }

    private static func trimmed(_ name: String) -> String {
        String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
