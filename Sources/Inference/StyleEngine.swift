import AnimeCore

/// Puts the installed parts together: what GIMP, the command line and the tests share. Safe to call from several threads.
public final class StyleEngine: Sendable {
    public let installation: Installation
    /// The style models found when this was created.
    public let catalog: ModelCatalog
    private let loader: OpenVINOLoader

    /// - Parameter digest: computes a file's sha256, against which a model is checked before it is used.
    public init(installation: Installation, digest: @escaping ModelCatalog.Digest) {
        self.installation = installation
        catalog = ModelCatalog(folders: installation.modelFolders, digest: digest)
        loader = OpenVINOLoader(cacheFolder: installation.cacheFolder)
    }

    /// The face detector. It always computes in float32, so that landmarks do not depend on the precision.
    /// - Throws: `StyleError.modelUnreadable`.
    public func detector() throws -> FaceDetector {
        try MTCNN(folder: installation.detectorFolder, loader: loader)
    }

    /// Everything one call of `stylize` needs.
    /// - Parameter style: a model's id.
    /// - Throws: `StyleError.modelMissing`, `.modelChecksum`, `.modelUnreadable`.
    public func stylizer(style: String, precision: Precision) throws -> Stylizer {
        let model = try catalog.model(style)
        let network = try loader.network(file: model.path, precision: precision)
        return try Stylizer(detector: detector(), generator: Generator(manifest: model.manifest, network: network))
    }

    /// Loads and compiles all networks of `style`, so that a later `stylizer` returns at once; call it on another thread while the host
    /// starts. Errors are left for `stylizer` to throw.
    public func preload(style: String, precision: Precision) {
        _ = try? stylizer(style: style, precision: precision)
    }
}
