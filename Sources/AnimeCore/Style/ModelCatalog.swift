#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A model on disk: its manifest and where it lies.
public struct InstalledModel: Equatable, Sendable {
    public let manifest: ModelManifest
    /// Path of the ONNX file.
    public let path: String
}

/// The style models in one or more folders; earlier folders win where an id appears twice.
public struct ModelCatalog: Sendable {
    /// Computes the lower-case hexadecimal sha256 of a file; `nil` when it cannot be read.
    public typealias Digest = @Sendable (_ path: String) -> String?

    public let folders: [String]
    /// Models whose manifest is sound, sorted by id.
    public let models: [InstalledModel]
    /// One error for each manifest that is not.
    public let problems: [StyleError]
    private let digest: Digest

    /// Reads every `*.json` manifest in `folders`; a folder that does not exist counts as empty.
    public init(folders: [String], digest: @escaping Digest) {
        var found: [String: InstalledModel] = [:]
        var problems: [StyleError] = []
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in names.sorted() where name.hasSuffix(".json") {
                do {
                    let model = try Self.read(folder: folder, name: name)
                    if found[model.manifest.id] == nil { found[model.manifest.id] = model }
                } catch let error as StyleError {
                    problems.append(error)
                } catch {
                    problems.append(.modelUnreadable(file: "\(folder)/\(name)", reason: "its manifest is not valid JSON of the documented form"))
                }
            }
        }
        self.folders = folders
        models = found.values.sorted { $0.manifest.id < $1.manifest.id }
        self.problems = problems
        self.digest = digest
    }

    private static func read(folder: String, name: String) throws -> InstalledModel {
        let path = "\(folder)/\(name)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw StyleError.modelUnreadable(file: path, reason: "its manifest cannot be read")
        }
        let manifest = try JSONDecoder().decode(ModelManifest.self, from: data).validated(path: path)
        return InstalledModel(manifest: manifest, path: "\(folder)/\(manifest.file)")
    }

    /// The model called `id`, its file checked against the manifest's sha256.
    /// - Throws: `StyleError.modelMissing`, `.modelChecksum`.
    public func model(_ id: String) throws -> InstalledModel {
        guard let model = models.first(where: { $0.manifest.id == id }),
              FileManager.default.fileExists(atPath: model.path) else {
            throw StyleError.modelMissing(name: id, searched: folders)
        }
        if !model.manifest.sha256.isEmpty, digest(model.path) != model.manifest.sha256 {
            throw StyleError.modelChecksum(file: model.path)
        }
        return model
    }
}
