import Engine
import Models
import Settings

/// The installed styles, with a sentence for what is missing.
extension StyleEngine {
    /// - Throws: `StyleError` when no style is installed.
    func firstStyle() throws -> ModelManifest {
        guard let first = catalog.models.first else { throw noStyles("cel") }
        return first.manifest
    }

    /// - Throws: `StyleError`, `PlugInError.unknownStyle`.
    func style(_ id: String) throws -> ModelManifest {
        let models = catalog.models
        guard !models.isEmpty else { throw noStyles(id) }
        guard let model = models.first(where: { $0.manifest.id == id }) else {
            throw catalog.problem(with: id).map { $0 as Error } ?? PlugInError.unknownStyle(id: id, known: models.map(\.manifest.id))
        }
        return model.manifest
    }

    /// The manifest that cannot be used explains an empty catalogue better than its absence.
    private func noStyles(_ id: String) -> StyleError {
        catalog.problems.first ?? .modelMissing(name: id, searched: catalog.folders)
    }
}
