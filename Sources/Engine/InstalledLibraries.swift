#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Models
import Settings

/// The libraries beside the program against the checksums that were taken when they were installed. They are read once
/// for each change of one of them, since all of them take a third of a second.
struct InstalledLibraries {
    let folder: String
    let cacheFolder: String
    let digest: ModelCatalog.Digest

    /// As sha256sum writes it; a build that was not installed has none.
    private static let sums = "SHA256SUMS"
    /// Installations for several GIMPs share a cache, and each is remembered.
    private var kept: String { "libraries-" + String(CompileCache.checksum(Data(folder.utf8)), radix: 16) }

    /// - Throws: `StyleError.partDamaged` naming the first library that is not what it was.
    func check() throws {
        guard let content = FileManager.default.contents(atPath: "\(folder)/\(Self.sums)") else { return }
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: " ", maxSplits: 1).map { $0.drop { $0 == " " || $0 == "*" } }
        }
        let files = lines.compactMap { $0.count == 2 ? (sum: String($0[0]), path: "\(folder)/\($0[1])") : nil }
        let versions = files.map { "\($0.sum) \(FileStatus($0.path)?.version ?? "")" }.joined(separator: "\n")
        let key = Data(String(CompileCache.checksum(Data(versions.utf8)), radix: 16).utf8)
        let memory = "\(cacheFolder)/\(kept)"
        if let status = FileStatus(memory), CompileCache.isPrivate(status),
            FileManager.default.contents(atPath: memory) == key
        {
            return
        }
        for file in files where digest(file.path) != file.sum { throw StyleError.partDamaged(file: file.path) }
        try? FileManager.default.createDirectory(
            atPath: cacheFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? key.write(to: URL(fileURLWithPath: memory), options: .atomic)
    }
}
