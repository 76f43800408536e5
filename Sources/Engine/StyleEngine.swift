import COpenVINO
import Drawing
import Glibc
import Models
import Raster
import Settings

/// Puts the installed parts together: what GIMP, the command line and the tests share. Safe to call from several
/// threads.
public final class StyleEngine: Sendable {
    /// Where the parts lie.
    public let installation: Installation
    /// The style models found when this was created, without those that an earlier trial found unusable.
    public let catalog: ModelCatalog
    private let libraries: InstalledLibraries
    private let loader: OpenVINOLoader
    private let trial: ModelTrial

    /// - Parameter digest: computes a file's sha256, against which a model is checked before it is used.
    public init(installation: Installation, digest: @escaping ModelCatalog.Digest) {
        self.installation = installation
        let trial = ModelTrial(program: installation.program, folder: "\(installation.cacheFolder)/tried")
        catalog = ModelCatalog(
            folders: [installation.modelFolder], dropIns: [installation.userModelFolder], digest: digest
        )
        .leavingOut(trial.knownProblem)
        self.trial = trial
        libraries = InstalledLibraries(
            folder: installation.programFolder, cacheFolder: installation.cacheFolder, digest: digest)
        loader = OpenVINOLoader(
            cacheFolder: installation.cacheFolder, checksums: PartChecksums.of(installation))
    }

    /// The face detector. It always computes in float32, so that landmarks do not depend on the precision.
    /// - Throws: `StyleError.modelUnreadable`.
    public func detector() throws -> FaceDetector {
        try MTCNN(folder: installation.detectorFolder, loader: loader)
    }

    /// Finds the mesh of each face; in float32 too.
    /// - Throws: `StyleError.modelUnreadable`.
    public func meshFinder() throws -> FaceMeshFinder {
        try FaceMeshFinder(folder: installation.meshFolder, hair: installation.hairNetwork, loader: loader)
    }

    /// Everything one call of `stylize` needs. A model that the user added is tried first, once, in a process of its
    /// own.
    /// - Parameter style: a model's id.
    /// - Throws: `StyleError.modelMissing`, `.modelChecksum`, `.modelUnreadable`.
    public func stylizer(style: String, precision: Precision) throws -> Stylizer {
        let model = try catalog.model(style)
        try MemoryBudget.check(pixels: 0, drawn: 0)
        try libraries.check()
        try trial.check(model)
        // What finds faces is made ready while the generator is.
        let finders = Background {
            (try self.detector(), model.manifest.guides == nil ? nil : try self.meshFinder())
        }
        defer { finders.wait() }
        let generator = try generator(model, precision), (detector, meshes) = try finders.value()
        return Stylizer(detector: detector, generator: generator, meshes: meshes)
    }

    private func generator(_ model: InstalledModel, _ precision: Precision) throws -> Generator {
        Generator(manifest: model.manifest, network: try loader.network(of: model, precision: precision))
    }

    /// The catalogue once every model that the user added has been tried; takes some seconds for each that is new.
    public func triedCatalog() -> ModelCatalog {
        catalog.leavingOut { model in
            do {
                try trial.check(model)
                return nil
            } catch {
                return error as? StyleError
            }
        }
    }

    /// Loads and compiles all networks of `style`, so that a later `stylizer` returns at once; call it on another
    /// thread while the host starts. Errors are left for `stylizer` to throw.
    public func preload(style: String, precision: Precision) {
        _ = try? stylizer(style: style, precision: precision)
    }

    /// What a program started with `ModelTrial.argument`, a model's id and a word does: draws once with the model,
    /// confined, and ends. It prints the word when it drew; otherwise why it could not.
    public func runTrial(style: String, word: String) -> Never {
        let failure = trialFailure(style: style)
        let answer = Array((failure.map { "\($0)" } ?? word).utf8)
        _ = write(1, answer, answer.count)
        // No clean-up: whatever the model left the engine in may not survive it.
        _exit(failure == nil ? 0 : 1)
    }

    private func trialFailure(style: String) -> Message? {
        // The engine gets time to load it first, whatever it is; then how much it may take is known.
        guard copenvino_confine_process(ModelTrial.memoryLimit, UInt32(ModelTrial.secondsToLoad)) else {
            return "it could not be tried safely"
        }
        do {
            let generator = try generator(catalog.model(style), .float32)
            guard copenvino_limit_processor_time(ModelTrial.processorSeconds(generator)) else {
                return "it could not be tried safely"
            }
            let side = generator.largestSide
            _ = try generator.paint(
                Bitmap(width: side, height: side) { x, y in
                    SIMD4(Float(x % 256) / 255, Float(y % 256) / 255, Float((x + y) % 64) / 63, 1)
                })
            return nil
        } catch let StyleError.modelUnreadable(_, reason) {
            return reason
        } catch let StyleError.network(reason) {
            return reason
        } catch StyleError.modelChecksum {
            return "it is not the file that the sha256 of its manifest belongs to"
        } catch {
            return Message(verbatim: "\(error)")
        }
    }
}
