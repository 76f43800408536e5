import Drawing
import Models
import Raster
import Settings

/// One way to draw a photograph whose geometry is measured.
public struct Variant: Sendable {
    /// How the photograph comes to the generator.
    public enum Mode: String, Sendable, CaseIterable, Codable {
        /// The whole photograph squashed to the model's face size, whatever its proportions, drawn by the bare network
        /// and stretched back.
        case squashed
        /// The whole photograph at its own proportions, as `Region.photo` draws it.
        case unaligned
        /// Each face aligned and drawn at its canonical size, as `Region.faces` draws it.
        case aligned
    }

    /// For tables; unique among the variants of one style.
    public let name: String
    /// How the photograph comes to the generator.
    public let mode: Mode
    let generator: Generator
    /// Finds the meshes that guide the generator; `nil` draws without.
    let meshes: FaceMeshFinder?

    /// Draws with `generator`; `name` is for tables.
    public init(name: String, mode: Mode, generator: Generator, meshes: FaceMeshFinder? = nil) {
        self.meshes = meshes
        self.name = name
        self.mode = mode
        self.generator = generator
    }

    /// What the product does by default with this model, at full strength.
    static func options(_ manifest: ModelManifest, region: Region) -> StyleOptions {
        var options = manifest.settings.options
        options.region = region
        options.strength = 1
        return options
    }

    /// - Parameter faces: of the photograph, as the detector found them.
    /// - Returns: a drawing of the photograph's size.
    /// - Throws: `StyleError`.
    func draw(_ photograph: Bitmap, faces: [Face]) throws -> Bitmap {
        switch mode {
        case .squashed:
            let side = generator.manifest.face.size
            let painting = try generator.paint(areaResampled(photograph, width: side, height: side))
            return try PasteBack(
                photograph: photograph, whole: painting, faces: [],
                options: Self.options(generator.manifest, region: .photo)
            ).render()
        case .unaligned:
            return try draw(photograph, faces: [], Self.options(generator.manifest, region: .photo))
        case .aligned:
            return try draw(photograph, faces: faces, Self.options(generator.manifest, region: .faces))
        }
    }

    func draw(_ photograph: Bitmap, faces: [Face], _ options: StyleOptions) throws -> Bitmap {
        try Stylizer(detector: KnownFaces(faces: faces), generator: generator, meshes: meshes).stylize(
            photograph, options: options
        ).picture
    }
}

/// Faces that were detected before, so that a photograph is searched once and not for each drawing.
private struct KnownFaces: FaceDetector {
    let faces: [Face]

    func faces(in scene: Scene, minimumSize: Double) throws -> [Face] {
        faces.filter { min($0.box.width, $0.box.height) >= minimumSize }
    }
}
