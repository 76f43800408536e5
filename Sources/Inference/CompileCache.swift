#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where compiled networks are kept between runs: one folder for each network's content below `root`.
///
/// The engine's own cache tells files apart by path, size and the time in whole seconds, so that a model replaced by one of the same
/// size can be mistaken for the old one.
struct CompileCache {
    let root: String

    /// The folder for this content, made when needed; folders of earlier contents of a file of the same name are removed. `nil` when
    /// it cannot be written.
    func folder(forFile file: String, content: Data) -> String? {
        let manager = FileManager.default
        let name = String(file[(file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex)...])
        let own = "\(name)-\(String(Self.fingerprint(content), radix: 16))"
        let path = "\(root)/\(own)"
        if !manager.fileExists(atPath: path) {
            for other in (try? manager.contentsOfDirectory(atPath: root)) ?? [] where Self.isFolder(other, ofName: name) {
                try? manager.removeItem(atPath: "\(root)/\(other)")
            }
            try? manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        return manager.isWritableFile(atPath: path) ? path : nil
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
