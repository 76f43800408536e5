#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CGimp
import Settings

/// What the plug-in keeps for its user beside GIMP's own files, from one session to the next.
enum UserFolder {
    /// In the folder of the running GIMP's profile.
    static var path: String { "\(gimp_directory().map { String(cString: $0) } ?? ".")/gimp-anime-style" }

    /// - Returns: `nil` when nothing of that name and type was kept.
    static func read<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value? {
        FileManager.default.contents(atPath: "\(path)/\(name)").flatMap { try? CheckedJSON.decode(type, from: $0) }
    }

    /// Keeps `value` in place of what had that name; what cannot be written is forgotten with the session.
    static func keep(_ value: some Encodable, _ name: String) {
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard let data = try? JSONEncoder().encode(value) else { return }
        try? data.write(to: URL(fileURLWithPath: "\(path)/\(name)"), options: .atomic)
    }
}
