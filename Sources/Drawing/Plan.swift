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
    /// Faces that are drawn apart, as they are turned. Landmarks that are all in one place give no pose; such a face
    /// is drawn with the rest.
    let poses: [FacePose]
    /// Whether the photograph is drawn as a whole.
    let drawsWhole: Bool
    /// Pixels that the whole is drawn with for each of the picture along a side; `nil` when it is not drawn.
    let wholeScale: Double?
    /// Longer side of the picture.
    private let longSide: Int
    private let detection: Stylizer.Detection
    /// Faces without a pose.
    private let unposed: [Face]

    /// - Parameters:
    ///   - size: of the picture.
    ///   - whole: the size at which it is drawn as a whole, if it is.
    ///   - template: of the square that a face is drawn in.
    init(
        _ detection: Stylizer.Detection, _ options: StyleOptions, of size: PixelSize, whole: PixelSize,
        template: (Face) -> FaceTemplate
    ) {
        let faces = detection.faces.excluding(options.excludedFaces)
        (self.options, self.detection, found) = (options, detection, detection.faces)
        let posed = faces.map { ($0, FacePose($0, template: template($0))) }
        poses = posed.compactMap(\.1)
        unposed = posed.filter { $0.1 == nil }.map(\.0)
        // Faces that the user left out are no reason to draw the whole instead of them.
        drawsWhole = options.region != .faces || (poses.isEmpty && faces.count == detection.faces.count)
        longSide = size.longSide
        wholeScale = drawsWhole ? Double(whole.longSide) / Double(size.longSide) : nil
    }

    /// What the user should know.
    ///
    /// - Parameter selection: of the picture; `nil` where all of it is selected. What becomes of faces that are not
    ///   nobody sees.
    func notices(of selection: SelectedPart? = nil) -> [Notice] {
        guard options.region != .photo else { return [] }
        func count(_ faces: [Face]) -> Int {
            guard let selection else { return faces.count }
            return faces.filter { selection.hasMiddle(of: $0.box) }.count
        }
        if detection.faces.isEmpty, detection.small.isEmpty {
            return [selection == nil ? .noFace : .noFaceSelected(isDrawn: drawsWhole)]
        }
        var notices: [Notice] = []
        if let selection, !drawsWhole, !poses.isEmpty, !poses.contains(where: selection.shows) {
            notices.append(.noFaceSelected(isDrawn: false))
        }
        let small = count(detection.small), refused = count(detection.refused + unposed)
        if small > 0 {
            notices.append(.facesTooSmall(count: small, minimumSize: detection.minimum, areDrawn: drawsWhole))
        }
        if refused > 0 { notices.append(.facesRefused(count: refused, areDrawn: drawsWhole)) }
        return notices
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

    /// How lines about the borders of faces change; `nil` where there is nothing to meet.
    func lines(_ part: Part) -> LineMeeting? {
        guard let wholeScale else { return nil }
        switch part {
        case let .whole(size):
            guard !poses.isEmpty else { return nil }
            return LineMeeting(poses, wholeOfScale: Double(size.longSide) / Double(longSide))
        case let .face(pose): return LineMeeting(pose, besideWhole: wholeScale)
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
        return key(of: subject, style: style)
    }

    func key(of subject: PaintingCache.Subject, style: String) -> PaintingCache.Key {
        PaintingCache.Key(style: style, options: deciding(upTo: .painting), subject: subject)
    }

    /// What the corrected drawing of `part` depends on.
    func tonedKey(_ part: Part, style: String) -> TonedPainting.Key {
        let faces = if case let .face(pose) = part { [pose.face] } else { self.faces }
        return TonedPainting.Key(
            painting: key(part, style: style), faces: faces, lines: lines(part), options: deciding(upTo: .tone))
    }

    /// What decides a part besides its size.
    private func deciding(upTo last: Setting.Step) -> StyleOptions {
        var options = options.deciding(upTo: last)
        options.detail = StyleOptions().detail
        return options
    }
}

/// A drawing with its tones corrected, and all that it depends on.
struct TonedPainting: Sendable {
    struct Key: Equatable, Sendable {
        let painting: PaintingCache.Key
        let faces: [Face]
        let lines: LineMeeting?
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
    private var toned: [TonedPainting] = []

    /// - Parameter capacity: pixels of drawings before and after correction that are kept, at 16 bytes each.
    init(scene: Scene? = nil, capacity: Int) {
        self.scene = scene
        paintings = PaintingCache(capacity: capacity)
    }

    /// A call's corrected drawings, as far as there is room for them.
    struct Done {
        fileprivate var room: Int
        fileprivate var drawings: [TonedPainting] = []

        mutating func add(_ drawing: TonedPainting) {
            let pixels = drawing.painting.storedPixels
            guard pixels <= room else { return }
            room -= pixels
            drawings.append(drawing)
        }
    }

    var nothingDone: Done { Done(room: 2 * paintings.capacity) }

    /// Keeps a call's drawings in place of those of the call before.
    mutating func keep(_ done: Done) { toned = done.drawings }

    /// Forgets all drawings.
    mutating func forgetDrawings() { (toned, paintings) = ([], PaintingCache(capacity: paintings.capacity)) }

    func toned(_ key: TonedPainting.Key) -> TonedPainting? { toned.first { $0.key == key } }
}

extension Stylizer {
    /// - Parameter size: of the picture that is drawn.
    func plan(_ detection: Detection, _ options: StyleOptions, size: PixelSize) -> Plan {
        Plan(detection, options, of: size, whole: workingSize(size, detail: options.detail)) {
            template(interOcularDistance: $0.landmarks.interOcularDistance, in: size, options)
        }
    }

    /// Drawn pixels of a face for each of the whole along a side, at most: beyond that its lines would be so much finer
    /// than those around it that two hands show.
    private static let finest = 2.0

    /// The square that a face is drawn in.
    ///
    /// - Parameters:
    ///   - distance: between its eyes, in pixels of the picture.
    ///   - size: of the picture.
    func template(interOcularDistance distance: Double, in size: PixelSize, _ options: StyleOptions) -> FaceTemplate {
        guard options.region != .faces else { return generator.template(interOcularDistance: distance) }
        let whole = workingSize(size, detail: options.detail)
        let scale = Double(whole.longSide) / Double(size.longSide)
        return generator.template(interOcularDistance: distance * min(1, Self.finest * scale))
    }

    /// Pixels of the largest whole that is drawn, each of which takes about 200 bytes meanwhile.
    private static let mostPixels = 16e6

    /// Size that the whole of a picture is drawn at, whatever its proportions: never enlarged, except that tiny ones
    /// get 512 pixels to be drawn in.
    ///
    /// - Parameters:
    ///   - detail: `StyleOptions.detail`.
    ///   - most: pixels at most, for drafts.
    func workingSize(_ picture: PixelSize, detail: Double, most: Double = .infinity) -> PixelSize {
        let (longSide, own) = (Double(picture.longSide), Double(picture.pixels))
        let enlarged = max(1, 512 / longSide), side = Double(generator.manifest.workingSize)
        guard generator.manifest.tiling.allowed else { return picture.scaled(by: min(enlarged, side / longSide)) }
        let usual = side * side
        // Equal steps of the setting are equal factors of the area.
        let factor = detail < 0.5 ? 4 : max(1, own / usual)
        let wanted = usual * Double(power(Float(factor), Float(2 * detail - 1)))
        let area = min(wanted, most, Self.mostPixels, own * enlarged * enlarged)
        return picture.scaled(by: (area / own).squareRoot())
    }

    /// - Parameter scene: the picture that the plan is for, without transparency.
    func canvas(of part: Plan.Part, _ plan: Plan, in scene: Scene) throws -> Canvas {
        switch part {
        case let .whole(size): try wholeCanvas(scene, plan, size: size)
        case let .face(pose): try pose.canvas(in: scene, options: plan.options, lines: plan.lines(part))
        }
    }
}
