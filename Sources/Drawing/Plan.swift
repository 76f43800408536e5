import Models
import Raster
import Settings

/// Columns and rows.
struct PixelSize: Equatable, Sendable {
    let width: Int
    let height: Int

    var longSide: Int { max(width, height) }
    var pixels: Int { width * height }

    /// Rounded, and no side shorter than a network takes.
    func scaled(by factor: Double) -> PixelSize {
        func side(_ length: Int) -> Int { max(PictureLimits.minimumSide, Int((Double(length) * factor).rounded())) }
        return PixelSize(width: side(width), height: side(height))
    }
}

extension Scene {
    var size: PixelSize { PixelSize(width: width, height: height) }
}

/// What is to be drawn of a photograph and in which poses. Final picture, preview and batch are drawn by plans that
/// are made alike.
struct Plan: Sendable {
    /// Places in pixels of the picture that is drawn: the photograph itself or a copy of it.
    let options: StyleOptions
    /// Faces that are large enough, those left out too, best score first.
    let found: [Face]
    let notices: [Notice]
    /// Faces that are drawn apart, as they are turned. Landmarks that are all in one place give no pose; such a face
    /// is drawn with the rest.
    let poses: [FacePose]
    /// Whether the photograph is drawn as a whole.
    let drawsWhole: Bool

    /// - Parameter template: of the square that a face is drawn in.
    init(_ detection: Stylizer.Detection, _ options: StyleOptions, template: (Face) -> FaceTemplate) {
        let faces = detection.faces.excluding(options.excludedFaces)
        (self.options, found, notices) = (options, detection.faces, detection.notices)
        poses = faces.compactMap { FacePose($0, template: template($0)) }
        // Faces that the user left out are no reason to draw the whole instead of them.
        drawsWhole = options.region != .faces || (poses.isEmpty && faces.count == detection.faces.count)
    }

    /// Those that are drawn apart.
    var faces: [Face] { poses.map(\.face) }

    /// One picture that the generator is given.
    enum Part: Sendable {
        /// The photograph at this size.
        case whole(PixelSize)
        case face(FacePose)

        /// Of its canvas.
        var pixels: Int {
            switch self {
            case let .whole(size): size.pixels
            case let .face(pose): Int(pose.template.size * pose.template.size)
            }
        }
    }

    /// In the order in which they are drawn.
    ///
    /// - Parameter whole: the size at which the whole is drawn.
    func parts(whole: PixelSize) -> [Part] { (drawsWhole ? [.whole(whole)] : []) + poses.map(Part.face) }

    /// What the generator's drawing of `part` depends on.
    func key(_ part: Part, style: String) -> PaintingCache.Key {
        let subject: PaintingCache.Subject =
            switch part {
            case let .whole(size): .whole(size)
            case let .face(pose): .face(pose.face, side: Int(pose.template.size))
            }
        return PaintingCache.Key(style: style, options: options.deciding(upTo: .painting), subject: subject)
    }

    /// What the corrected drawing of `part` depends on.
    func tonedKey(_ part: Part, style: String) -> TonedPainting.Key {
        let faces = if case let .face(pose) = part { [pose.face] } else { self.faces }
        return TonedPainting.Key(
            painting: key(part, style: style), faces: faces, options: options.deciding(upTo: .tone))
    }
}

/// A drawing with its tones corrected, and all that it depends on.
struct TonedPainting: Sendable {
    struct Key: Equatable, Sendable {
        let painting: PaintingCache.Key
        let faces: [Face]
        /// With usual values where tones do not depend on them.
        let options: StyleOptions
    }

    let key: Key
    let painting: Painting
}

/// What was computed of one picture and may hold again in another call: its halvings, its faces by minimum size, the
/// generator's drawings by what the generator sees, corrected drawings by the options for tones.
struct DrawingMemory: Sendable {
    var scene: Scene?
    var detection: (minimum: Double, result: Stylizer.Detection)?
    var paintings: PaintingCache
    /// Of the last call.
    var toned: [TonedPainting] = []

    /// - Parameter capacity: pixels of drawings that are kept, at 16 bytes each.
    init(scene: Scene? = nil, capacity: Int) {
        self.scene = scene
        paintings = PaintingCache(capacity: capacity)
    }

    func toned(_ key: TonedPainting.Key) -> TonedPainting? { toned.first { $0.key == key } }
}

extension Stylizer {
    func plan(_ detection: Detection, _ options: StyleOptions) -> Plan {
        Plan(detection, options) { generator.template(interOcularDistance: $0.landmarks.interOcularDistance) }
    }

    /// Size that the whole of a picture is drawn at: never enlarged, except that tiny ones get 512 pixels to be drawn
    /// in.
    ///
    /// - Parameter longest: its longer side at most, in pixels; `nil` for the model's own.
    func workingSize(_ picture: PixelSize, longest: Int? = nil) -> PixelSize {
        let wanted = min(max(picture.longSide, 512), longest ?? generator.manifest.workingSize)
        return picture.scaled(by: Double(wanted) / Double(picture.longSide))
    }

    /// - Parameter scene: the picture that the plan is for, without transparency.
    func canvas(of part: Plan.Part, _ plan: Plan, in scene: Scene) throws -> Canvas {
        switch part {
        case let .whole(size): try wholeCanvas(scene, plan.faces, plan.options, size: size)
        case let .face(pose): try pose.canvas(in: scene, options: plan.options)
        }
    }
}
