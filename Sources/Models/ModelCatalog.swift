#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Settings

/// A model on disk: its manifest and where it lies.
public struct InstalledModel: Equatable, Sendable {
    /// Complete and checked.
    public let manifest: ModelManifest
    /// Path of the ONNX file.
    public let path: String
    /// Whether the user put it there: then nothing vouches for it.
    public let isDropIn: Bool
}

/// The style models that came with the program, and those that the user added.
public struct ModelCatalog: Sendable {
    /// Computes the lower-case hexadecimal sha256 of a file; `nil` when it cannot be read.
    public typealias Digest = @Sendable (_ path: String) -> String?

    /// All that were searched: the program's own, then the user's.
    public let folders: [String]
    /// Models that can be used as far as their manifests and graphs tell: those of the program, then those of the user,
    /// each sorted by id.
    public private(set) var models: [InstalledModel] = []
    /// One error for each manifest or model that cannot.
    public private(set) var problems: [StyleError] = []
    private var refused: [String: StyleError] = [:]
    /// Of the first folder that is there and cannot be listed.
    private let closed: StyleError?
    private let digest: Digest

    /// A folder that does not exist counts as empty. Where an id appears twice the first model has it and the second is
    /// a problem.
    ///
    /// - Parameters:
    ///   - folders: the program's own; every `*.json` there is a whole manifest.
    ///   - dropIns: the user's; every `*.onnx` there is a model, with or without a manifest.
    public init(folders: [String], dropIns: [String] = [], digest: @escaping Digest) {
        self.folders = folders + dropIns
        self.digest = digest
        problems = self.folders.compactMap(Self.fault)
        closed = problems.first
        for folder in folders {
            add(
                Self.names(folder, ".json").map { name in (name, { try Self.installed(folder: folder, manifest: name) })
                })
        }
        for folder in dropIns {
            let manifests = Self.names(folder, ".json")
            let claimed = Set(manifests.map { Self.networkName(folder: folder, manifest: $0) })
            let bare = Self.names(folder, ".onnx").filter { !claimed.contains($0) }
            add((manifests + bare).map { name in (name, { try Self.dropIn(folder: folder, name: name) }) })
        }
    }

    /// The model called `id`, its file checked against the manifest's sha256.
    /// - Throws: `StyleError.modelMissing`, `.unreadableFolder`, `.unknownStyle`, `.styleOutOfSight`, `.modelChecksum`,
    ///   `.modelUnreadable`, or why the model of this id cannot be used.
    public func model(_ id: String) throws -> InstalledModel {
        guard let model = models.first(where: { $0.manifest.id == id }),
            FileManager.default.fileExists(atPath: model.path)
        else {
            throw refused[id] ?? missing(id)
        }
        guard !model.manifest.sha256.isEmpty else { return model }
        guard let sum = digest(model.path) else {
            throw StyleError.modelUnreadable(file: model.path, reason: "you may not read it")
        }
        guard sum == model.manifest.sha256 else { throw StyleError.modelChecksum(file: model.path) }
        return model
    }

    private func missing(_ id: String) -> StyleError {
        let known = models.map(\.manifest.id)
        guard !known.isEmpty, !known.contains(id) else {
            return (known.isEmpty ? closed : nil) ?? .modelMissing(name: id, searched: folders)
        }
        guard case let .unreadableFolder(folder, reason)? = closed else { return .unknownStyle(name: id, known: known) }
        return .styleOutOfSight(name: id, known: known, folder: folder, reason: reason)
    }

    /// The model that is taken when none is named.
    /// - Throws: `StyleError` when there is none: the first problem explains an empty catalogue better than its
    ///   absence.
    public func first() throws -> InstalledModel {
        guard let first = models.first else { throw problems.first ?? .modelMissing(name: "any", searched: folders) }
        return first
    }

    /// Why the model of this id, or of a file of this name, is not among `models`; `nil` when nothing is known of it.
    public func problem(with id: String) -> StyleError? { refused[id] }

    /// Without the models for which `problem` gives an error, which is kept among the problems.
    public func leavingOut(_ problem: (InstalledModel) -> StyleError?) -> ModelCatalog {
        var result = self
        result.models = []
        for model in models {
            if let error = problem(model) {
                result.refuse(model.manifest.id, error)
            } else {
                result.models.append(model)
            }
        }
        return result
    }

    // MARK: - Reading

    private mutating func add(_ entries: [(name: String, read: () throws -> InstalledModel)]) {
        var found: [InstalledModel] = []
        for (name, read) in entries {
            let base = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
            do {
                let model = try read()
                if let other = (models + found).first(where: { $0.manifest.id == model.manifest.id }) {
                    let reason: Message = "its id “\(model.manifest.id)” is that of \(other.path); give it another name"
                    problems.append(.modelUnreadable(file: model.path, reason: reason))
                } else {
                    found.append(model)
                }
            } catch let error as StyleError {
                refuse(base, error)
            } catch {
                refuse(base, .modelUnreadable(file: name, reason: ModelManifest.malformed))
            }
        }
        models += found.sorted { $0.manifest.id < $1.manifest.id }
    }

    private mutating func refuse(_ id: String, _ error: StyleError) {
        problems.append(error)
        refused[id] = error
    }

    /// Why a folder that is there cannot be listed; `nil` when it can be, or is not there.
    private static func fault(_ folder: String) -> StyleError? {
        do {
            _ = try FileManager.default.contentsOfDirectory(atPath: folder)
            return nil
        } catch let error as CocoaError where error.code != .fileReadNoPermission {
            guard FileStatus(folder)?.isFolder == true else { return nil }
            // Such as too many open files: in the system's words.
            return .unreadableFolder(path: folder, reason: Message(verbatim: "\(error.underlying ?? error)"))
        } catch {
            return .unreadableFolder(path: folder, reason: "permission denied")
        }
    }

    private static func names(_ folder: String, _ suffix: String) -> [String] {
        let all = FileStatus.names(in: folder) ?? []
        return all.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.sorted()
    }

    private static func installed(folder: String, manifest name: String) throws -> InstalledModel {
        let path = "\(folder)/\(name)"
        let data = try ModelFile.contents(path, limit: DropInModel.maximumManifestBytes)
        let manifest = try ModelManifest.decoded(ModelManifest.self, from: data, path: path).validated(path: path)
        return InstalledModel(manifest: manifest, path: "\(folder)/\(manifest.file)", isDropIn: false)
    }

    private static func networkName(folder: String, manifest name: String) -> String {
        DropInModel.networkNamed(inManifest: "\(folder)/\(name)") ?? String(name.dropLast(".json".count)) + ".onnx"
    }

    private static func dropIn(folder: String, name: String) throws -> InstalledModel {
        let manifest = name.hasSuffix(".json") ? name : nil
        let network = manifest.map { networkName(folder: folder, manifest: $0) } ?? name
        let model = try DropInModel(folder: folder, manifest: manifest, network: network).manifest()
        return InstalledModel(manifest: model, path: "\(folder)/\(model.file)", isDropIn: true)
    }
}
