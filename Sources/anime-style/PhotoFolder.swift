import AnimeCore
import GeglImage
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One photograph of a batch and where its drawing goes.
struct BatchJob: Equatable {
    let input: String
    let output: String
    /// Path below the batch's folder, for messages.
    let name: String

    /// Drawings appear whole or not at all, so one that exists is finished.
    var isDone: Bool { FileManager.default.fileExists(atPath: output) }
}

/// The photographs of a folder.
struct PhotoFolder {
    let path: String
    let recursive: Bool

    private static let extensions: Set<String> = ["png", "jpg", "jpeg", "webp", "tif", "tiff", "gif", "bmp"]

    /// - Throws: `StyleError.unreadableFile` when it is no folder or holds no picture.
    init(path: String, recursive: Bool) throws {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        self.path = String(trimmed)
        self.recursive = recursive
        guard Self.isFolder(self.path) else { throw StyleError.unreadableFile(path: path, reason: "it is not a folder") }
    }

    /// All photographs, sorted by name, each with the path of its drawing.
    /// - Parameters:
    ///   - format: extension of the drawings; `nil` keeps each photograph's own, or png where that cannot be written.
    /// - Throws: `StyleError`.
    func jobs(into output: String, format: String?) throws -> [BatchJob] {
        let source = Self.resolved(path), target = Self.resolved(output)
        guard source != target else {
            throw StyleError.invalidOption(name: "the output folder", value: output, allowed: "a folder other than that of the photographs")
        }
        if FileManager.default.fileExists(atPath: output), !Self.isFolder(output) {
            throw StyleError.unwritableFile(path: output, reason: "it is not a folder")
        }
        let names = try names(leavingOut: target)
        var taken: Set<String> = []
        return names.map { name in
            let dot = name.lastIndex(of: ".") ?? name.endIndex
            let own = String(name[dot...].dropFirst())
            let type = format ?? (FileFormat(fileName: name) == nil ? "png" : own)
            var drawing = "\(name[..<dot]).\(type)"
            // Two photographs may differ in their extension alone.
            if !taken.insert(drawing).inserted {
                drawing = "\(name).\(type)"
                taken.insert(drawing)
            }
            return BatchJob(input: "\(path)/\(name)", output: "\(output)/\(drawing)", name: name)
        }
    }

    /// Paths of all photographs, sorted by name.
    /// - Throws: `StyleError.unreadableFile` when there is none.
    func photographs() throws -> [String] { try names(leavingOut: "").map { "\(path)/\($0)" } }

    private func names(leavingOut target: String) throws -> [String] {
        let names = files(below: "", leavingOut: target)
        guard !names.isEmpty else { throw StyleError.unreadableFile(path: path, reason: "the folder holds no pictures") }
        return names
    }

    private func files(below prefix: String, leavingOut target: String) -> [String] {
        let here = prefix.isEmpty ? path : "\(path)/\(prefix)"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: here)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
        return names.flatMap { name -> [String] in
            let below = prefix.isEmpty ? name : "\(prefix)/\(name)"
            let full = "\(path)/\(below)"
            if Self.isFolder(full) {
                let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: full)) != nil
                return recursive && !isLink && Self.resolved(full) != target ? files(below: below, leavingOut: target) : []
            }
            let dot = name.lastIndex(of: ".") ?? name.endIndex
            return Self.extensions.contains(name[dot...].dropFirst().lowercased()) ? [below] : []
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    private static func resolved(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path }
}
