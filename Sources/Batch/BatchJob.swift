#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Files
import Glibc
import Settings

/// One photograph of a batch and where its drawing goes.
public struct BatchJob: Equatable, Sendable {
    /// The photograph's path.
    public let input: String
    /// The drawing's path.
    public let output: String
    /// Short name, for messages.
    public let name: String

    /// Drawings appear whole or not at all, so one that exists is finished.
    public var isDone: Bool { FileManager.default.fileExists(atPath: output) }

    /// A job for each photograph; names that would collide are kept apart.
    ///
    /// - Parameters:
    ///   - photographs: short name and path of each, in order.
    ///   - folder: for the drawings; it need not exist.
    ///   - format: extension of the drawings; `nil` keeps each photograph's own, or png where that cannot be written.
    /// - Throws: `StyleError.unwritableFile` when `folder` is a file, `.invalidOption` when it is one that photographs
    ///   lie in.
    public static func list(_ photographs: [(name: String, path: String)], into folder: String, format: String?) throws
        -> [BatchJob]
    {
        if FileManager.default.fileExists(atPath: folder), !isFolder(folder) {
            throw StyleError.unwritableFile(path: folder, reason: "it is not a folder")
        }
        let target = resolved(folder)
        var taken: Set<String> = []
        return try photographs.map { name, path in
            guard resolved(path.parentFolder) != target else {
                throw StyleError.invalidOption(
                    name: "the output folder", value: folder, allowed: "a folder other than that of the photographs")
            }
            let dot = name.lastIndex(of: ".") ?? name.endIndex
            let own = String(name[dot...].dropFirst())
            let type = format ?? (FileFormat(fileName: name) == nil ? "png" : own)
            var drawing = "\(name[..<dot]).\(type)"
            // Two photographs may differ in their extension alone.
            if !taken.insert(drawing).inserted {
                drawing = "\(name).\(type)"
                taken.insert(drawing)
            }
            return BatchJob(input: path, output: "\(folder)/\(drawing)", name: name)
        }
    }

    /// Makes the folder of the drawing and takes away what a batch that was killed left of this drawing.
    func prepareFolder() {
        let folder = output.parentFolder
        // When this fails, saving says why.
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let process = OutputFile.process(writing: name, for: output), kill(process, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}

extension String {
    /// The path without its last part.
    var parentFolder: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}
