#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Glibc
import Settings

/// Where compiled networks are kept between runs: one folder for each network's content below `root`.
///
/// The engine's own cache tells files apart by path, size and the time in whole seconds, so that a model replaced by
/// one of the same size can be mistaken for the old one. It also believes whatever lies there; a network with a flipped
/// bit draws wrong pictures. So each process gets a folder of its own that holds those entries alone that are the
/// user's and match their checksums, and what it adds comes to the others when it is whole.
struct CompileCache {
    let root: String
    /// The engine adds a file for each place and time of the same model, so one for each installation; older ones go.
    private static let mostFiles = 6
    private static let ending = ".blob", sumEnding = ".sum"
    private static let workPrefix = ".use-"

    /// What one process compiles with.
    struct Lease {
        /// For the engine.
        let path: String
        fileprivate let own: String

        /// Hands on what the engine has added and takes the folder away.
        func finish() {
            for name in CompileCache.names(path) where name.hasSuffix(CompileCache.ending) {
                let entry = "\(own)/\(name)"
                guard FileStatus(entry) == nil,
                    let content = FileManager.default.contents(atPath: "\(path)/\(name)")
                else { continue }
                chmod("\(path)/\(name)", 0o600)
                let sum = Data(CompileCache.text(of: content).utf8)
                // An entry counts once its checksum is there.
                guard
                    (try? sum.write(to: URL(fileURLWithPath: entry + CompileCache.sumEnding), options: .atomic)) != nil
                else { continue }
                rename("\(path)/\(name)", entry)
            }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// A folder with the sound entries of this content; folders of earlier contents of a file of the same name are
    /// removed. `nil` when nothing can be kept, or when the folder is another user's.
    func lease(forFile file: String, content: Data) -> Lease? {
        let name = file.lastPathPart
        let own = "\(root)/\(name)-\(Self.text(of: content))"
        guard Self.makePrivate(root) else { return nil }
        if FileStatus(own) == nil {
            for other in Self.names(root) where Self.isFolder(other, ofName: name) {
                try? FileManager.default.removeItem(atPath: "\(root)/\(other)")
            }
        }
        removeAbandoned()
        let work = "\(root)/\(Self.workPrefix)\(String(UInt64.random(in: .min ... .max), radix: 16))"
        guard Self.makePrivate(own), mkdir(work, 0o700) == 0 else { return nil }
        for entry in soundEntries(own) { link("\(own)/\(entry)", "\(work)/\(entry)") }
        return Lease(path: work, own: own)
    }

    /// Makes a folder for this user alone, or makes one that is this user's so; a link that somebody else has put there
    /// is not followed.
    private static func makePrivate(_ path: String) -> Bool {
        var link = stat()
        guard lstat(path, &link) != 0 || link.st_uid == geteuid() else { return false }
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard let status = FileStatus(path), status.isFolder, status.owner == geteuid() else { return false }
        return status.rights & 0o022 == 0 || chmod(path, 0o700) == 0
    }

    /// Names of the entries that can be believed; the others, and the oldest beyond a number, are removed.
    private func soundEntries(_ folder: String) -> [String] {
        let all = Self.names(folder).filter { $0.hasSuffix(Self.ending) }
        let sound = all.filter { Self.isSound("\(folder)/\($0)") }
        func date(_ entry: String) -> Date {
            (try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(entry)"))?[.modificationDate] as? Date
                ?? .distantPast
        }
        let kept = sound.map { ($0, date($0)) }.sorted { $0.1 > $1.1 }.prefix(Self.mostFiles).map(\.0)
        for entry in all where !kept.contains(entry) {
            unlink("\(folder)/\(entry)")
            unlink("\(folder)/\(entry)\(Self.sumEnding)")
        }
        return kept
    }

    /// Whether a file or folder is this user's and nobody else may write to it.
    static func isPrivate(_ status: FileStatus) -> Bool { status.owner == geteuid() && status.rights & 0o022 == 0 }

    private static func isSound(_ entry: String) -> Bool {
        guard let status = FileStatus(entry), status.isFile, isPrivate(status),
            let sum = FileManager.default.contents(atPath: entry + sumEnding),
            let content = FileManager.default.contents(atPath: entry)
        else { return false }
        return sum == Data(text(of: content).utf8)
    }

    /// Folders of processes that were killed.
    private func removeAbandoned() {
        for name in Self.names(root) where name.hasPrefix(Self.workPrefix) {
            let path = "\(root)/\(name)"
            let made = (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            if let made, made < Date(timeIntervalSinceNow: -24 * 3600) {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }

    fileprivate static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func isFolder(_ folder: String, ofName name: String) -> Bool {
        guard folder.hasPrefix("\(name)-") else { return false }
        return folder.dropFirst(name.count + 1).allSatisfy(\.isHexDigit)
    }

    fileprivate static func text(of content: Data) -> String { String(checksum(content), radix: 16) }

    /// Tells contents apart, by eight bytes at a time: each step is a one-to-one mapping, so that two contents of one
    /// size that differ in one of these differ in their sums. It is no protection against an attacker.
    static func checksum(_ content: Data) -> UInt64 {
        content.withUnsafeBytes { bytes in
            func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
                let product = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
                return product ^ product >> 32
            }
            var hash = UInt64(bytes.count) ^ 0x9E37_79B9_7F4A_7C15
            let words = bytes.count / 8
            for index in 0..<words {
                hash = mixed(hash, bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            for index in words * 8..<bytes.count { hash = mixed(hash, UInt64(bytes[index])) }
            return hash
        }
    }
}
