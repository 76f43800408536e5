import Engine
import Files
import Models
import Settings

/// The installed styles, with a sentence for what is missing.
extension StyleEngine {
    /// The parts installed for this plug-in.
    static func installed() -> StyleEngine {
        StyleEngine(installation: .current(), digest: { FileDigest.sha256($0) })
    }

    /// - Throws: `StyleError` when no style is installed.
    func firstStyle() throws -> ModelManifest { try catalog.first().manifest }

    /// - Throws: `StyleError`.
    func style(_ id: String) throws -> ModelManifest {
        let models = catalog.models
        if let model = models.first(where: { $0.manifest.id == id }) { return model.manifest }
        // The manifest that cannot be used explains an empty catalogue better than its absence.
        guard !models.isEmpty else {
            throw catalog.problems.first ?? StyleError.modelMissing(name: id, searched: catalog.folders)
        }
        throw catalog.problem(with: id) ?? StyleError.unknownStyle(name: id, known: models.map(\.manifest.id))
    }

    /// The style that a call is for: the one it names, else the first.
    /// - Throws: `StyleError`.
    func style(of given: GivenSettings) throws -> ModelManifest {
        guard let id = given.style else { return try firstStyle() }
        return try style(id)
    }
}
