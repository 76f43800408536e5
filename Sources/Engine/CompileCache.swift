#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where compiled networks are kept between runs: one folder for each network's content below `root`.
///
/// The engine's own cache tells files apart by path, size and the time in whole seconds, so that a model replaced by
/// one of the same size can be mistaken for the old one.
struct CompileCache {
    let root: String
    /// The engine adds a file for each place and time of the same model, so one for each installation; older ones go.
    private static let mostFiles = 6

    /// The folder for this content, made when needed; folders of earlier contents of a file of the same name are
    /// removed. `nil` when it cannot be written.
    func folder(forFile file: String, content: Data) -> String? {
        let manager = FileManager.default
        let name = String(file[(file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex)...])
        let own = "\(name)-\(String(Self.fingerprint(content), radix: 16))"
        let path = "\(root)/\(own)"
        if !manager.fileExists(atPath: path) {
            for other in (try? manager.contentsOfDirectory(atPath: root)) ?? [] where Self.isFolder(other, ofName: name)
            {
                try? manager.removeItem(atPath: "\(root)/\(other)")
            }
            try? manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        removeOldest(in: path)
        return manager.isWritableFile(atPath: path) ? path : nil
    }

    private func removeOldest(in folder: String) {
        let manager = FileManager.default
        let files = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).map { "\(folder)/\($0)" }
        guard files.count > Self.mostFiles else { return }
        let dated = files.map {
            ($0, (try? manager.attributesOfItem(atPath: $0))?[.modificationDate] as? Date ?? .distantPast)
        }
        for (file, _) in dated.sorted(by: { $0.1 > $1.1 }).dropFirst(Self.mostFiles) {
            try? manager.removeItem(atPath: file)
        }
    }

    private static func isFolder(_ folder: String, ofName name: String) -> Bool {
        guard folder.hasPrefix("\(name)-") else { return false }
        return folder.dropFirst(name.count + 1).allSatisfy(\.isHexDigit)
    }

    /// FNV-1a, 64 bits: tells versions of a file apart; it is no protection against an attacker.
    static func fingerprint(_ content: Data) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        content.withUnsafeBytes { bytes in
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }
}
