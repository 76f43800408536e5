import Raster
import Settings

/// What a preview shows.
public struct PreviewRequest: Equatable, Sendable {
    /// The style's id.
    public var style: String
    /// In pixels of the photograph, not of the copy that is drawn.
    public var options: StyleOptions
    /// Whether the preview is magnified, so that the small copy would look blurred.
    public var isMagnified: Bool

    /// A wish for this preview.
    public init(style: String, options: StyleOptions, isMagnified: Bool) {
        self.style = style
        self.options = options
        self.isMagnified = isMagnified
    }

    /// Whether the two differ in nothing but how large they are shown.
    public func isSameDrawing(as other: PreviewRequest) -> Bool { style == other.style && options == other.options }
}

/// One state of a preview on its way to the final one.
public struct PreviewPicture: Sendable {
    /// The size of `PreviewRenderer.copy` or of `PreviewRenderer.smallCopy`.
    public let picture: Bitmap
    /// All faces that are large enough, those left out too, in pixels of the photograph, best score first; `nil` while
    /// they are looked for.
    public let faces: [Face]?
    /// What the user should know.
    public let notices: [Notice]
    /// Drawn as the photograph itself would be.
    public let isFinal: Bool
}

/// Draws a small copy of one photograph again and again while options change, through the same stages as `Stylizer`.
///
/// What still holds is kept: faces by minimum size, the networks' drawings by style, precision and lighting, corrected
/// drawings by the options for tones. So strength and lines cost one pass over the pixels, skin, hair and colours a
/// little more, and only the rest runs a network. Used by one thread at a time.
public final class PreviewRenderer {
    /// How much of the networks' work is done.
    public enum Quality: Sendable {
        /// The whole at a small size, faces at the model's usual size; better drawings that are there already are
        /// taken.
        case draft
        /// Everything at the sizes that the photograph itself is drawn at.
        case final
    }

    /// Longer side of the copy that an unmagnified preview shows, in pixels.
    public static let smallSide = 640
    /// Longer side that a draft of the whole is drawn at, in pixels.
    private static let draftSide = 512
    /// While faces are drawn the preview is shown again after this many seconds.
    private static let interval = Duration.milliseconds(250)

    /// The photograph, shrunk.
    public let copy: Bitmap
    /// The photograph for unmagnified previews.
    public let smallCopy: Bitmap
    /// Pixels of the photograph for each pixel of the copy.
    private let factor: Double
    private let scene: Scene
    /// How much of each pixel is selected, at both sizes; `nil` for all.
    private let selection: (copy: Plane, small: Plane)?
    private var detection: (minimum: Double, result: Stylizer.Detection)?
    private var paintings = PaintingCache(capacity: 16_000_000)
    /// The drawings of the last call with their tones corrected.
    private var toned: [TonedPainting] = []

    /// - Parameters:
    ///   - copy: the photograph, shrunk.
    ///   - longSide: of the photograph itself, in pixels.
    ///   - selection: how much of each pixel of the copy is to be drawn, 0…1; `nil` for all.
    public init(copy: Bitmap, longSide: Int, selection: Plane? = nil) throws {
        self.copy = copy
        factor = Double(longSide) / Double(copy.longSide)
        scene = try Scene(TransparencyFill.opaque(copy))
        smallCopy = copy.shrunk(toLongSide: Self.smallSide)
        self.selection = selection.map { ($0, $0.shrunk(toLongSide: Self.smallSide)) }
    }

    /// Draws what `request` asks for.
    ///
    /// - Parameters:
    ///   - check: called between steps; throws to stop.
    ///   - show: takes the picture; while a draft's faces are drawn also earlier ones that lack some of them.
    /// - Throws: `StyleError`, and what `check` throws.
    public func draw(
        _ request: PreviewRequest, with stylizer: Stylizer, quality: Quality, check: () throws -> Void,
        show: (PreviewPicture) -> Void
    ) throws {
        try check()
        let options = try scaled(request.options, stylizer)
        let target = request.isMagnified || quality == .final ? copy : smallCopy
        var shown: ContinuousClock.Instant?
        if detection == nil, quality == .draft, options.region == .both {
            // The first picture does not wait for the faces.
            let plan = Plan(
                style: request.style, options: options, stylizer: stylizer, quality: quality, found: [], notices: [],
                faces: [])
            let picture = try compose(paintWhole(plan, check).painting, [], over: target, options)
            show(PreviewPicture(picture: picture, faces: nil, notices: [], isFinal: false))
            shown = .now
            try check()
        }

        let detection = try detect(options, stylizer)
        let plan = Plan(
            style: request.style, options: options, stylizer: stylizer, quality: quality, found: detection.faces,
            notices: detection.notices, faces: detection.faces.excluding(options.excludedFaces))
        func give(_ whole: TonedPainting?, _ faces: [(FacePose, Painting)], isFinal: Bool) throws {
            let picture = try compose(whole?.painting, faces, over: target, plan.options)
            show(
                PreviewPicture(
                    picture: picture, faces: plan.found.map { $0.scaled(by: factor) }, notices: notices(plan),
                    isFinal: isFinal))
        }

        try check()
        let whole = plan.drawsWhole ? try paintWhole(plan, check) : nil
        var done = whole.map { [$0] } ?? []
        var faces: [(FacePose, Painting)] = []
        for face in plan.faces {
            guard let pose = pose(of: face, plan) else { continue }
            let waits = quality == .draft && !paintings.contains(plan.key(.face(face, side: Int(pose.template.size))))
            if waits, shown.map({ $0.duration(to: .now) > Self.interval }) ?? true {
                try give(whole, faces, isFinal: false)
                shown = .now
            }
            let drawn = try paint(face, pose, plan, check)
            done.append(drawn)
            faces.append((pose, drawn.painting))
        }
        toned = done
        try check()
        try give(whole, faces, isFinal: quality == .final)
    }

    // MARK: - What to draw

    /// One call's options in pixels of the copy, and what they mean for it.
    private struct Plan {
        let style: String
        let options: StyleOptions
        let stylizer: Stylizer
        let quality: Quality
        /// Faces that are large enough, those left out too, and what there is to say about them.
        let found: [Face]
        let notices: [Notice]
        /// Those that are drawn apart.
        let faces: [Face]

        var drawsWhole: Bool { options.region != .faces || found.isEmpty }

        func key(_ subject: PaintingCache.Subject) -> PaintingCache.Key {
            PaintingCache.Key(style: style, options: options.deciding(upTo: .painting), subject: subject)
        }
    }

    /// The options with places in pixels of the copy; the minimum size of faces stays as it is.
    private func scaled(_ options: StyleOptions, _ stylizer: Stylizer) throws -> StyleOptions {
        var options = try options.validated()
        options.excludedFaces = options.excludedFaces.map { $0 * (1 / factor) }
        return options
    }

    private func detect(_ options: StyleOptions, _ stylizer: Stylizer) throws -> Stylizer.Detection {
        guard options.region != .photo else { return Stylizer.Detection(faces: [], notices: []) }
        let longSide = Int((Double(copy.longSide) * factor).rounded())
        let minimum = Stylizer.minimumFaceSize(longSide: longSide, options) / factor
        if let detection, detection.minimum == minimum { return detection.result }
        let result = try stylizer.detect(in: scene, minimum: minimum)
        detection = (minimum, result)
        return result
    }

    /// In pixels of the photograph.
    private func notices(_ plan: Plan) -> [Notice] {
        plan.notices.map { notice in
            guard case let .facesTooSmall(count, minimumSize) = notice else { return notice }
            return .facesTooSmall(count: count, minimumSize: minimumSize * factor)
        }
    }

    // MARK: - Drawing

    /// A drawing with its tones corrected, and all that it depends on.
    private struct TonedPainting {
        struct Key: Equatable {
            let painting: PaintingCache.Key
            let faces: [Face]
            /// With usual values where tones do not depend on them.
            let options: StyleOptions

            init(_ painting: PaintingCache.Key, _ faces: [Face], _ options: StyleOptions) {
                (self.painting, self.faces, self.options) = (painting, faces, options.deciding(upTo: .tone))
            }
        }

        let key: Key
        let painting: Painting
    }

    private func paintWhole(_ plan: Plan, _ check: () throws -> Void) throws -> TonedPainting {
        let full = min(max(copy.longSide, 512), plan.stylizer.generator.manifest.workingSize)
        let isFull = plan.quality == .final || paintings.contains(plan.key(.whole(longSide: full)))
        let side = isFull ? full : min(full, Self.draftSide)
        return try paint(.whole(longSide: side), plan.faces, plan, check) {
            try plan.stylizer.wholeCanvas(scene, plan.faces, plan.options, size: side)
        }
    }

    /// The square that the photograph's own size asks for, or in drafts one of the model's usual size.
    private func pose(of face: Face, _ plan: Plan) -> FacePose? {
        let generator = plan.stylizer.generator
        let full = generator.template(interOcularDistance: face.landmarks.interOcularDistance * factor)
        let isFull = plan.quality == .final || paintings.contains(plan.key(.face(face, side: Int(full.size))))
        return FacePose(face, template: isFull ? full : generator.template(interOcularDistance: 0))
    }

    private func paint(_ face: Face, _ pose: FacePose, _ plan: Plan, _ check: () throws -> Void) throws -> TonedPainting
    {
        try paint(.face(face, side: Int(pose.template.size)), [face], plan, check) {
            try pose.canvas(in: scene, options: plan.options)
        }
    }

    private func paint(
        _ subject: PaintingCache.Subject, _ faces: [Face], _ plan: Plan, _ check: () throws -> Void,
        canvas: () throws -> Canvas
    ) throws -> TonedPainting {
        let key = plan.key(subject)
        let tonedKey = TonedPainting.Key(key, faces, plan.options)
        if let kept = toned.first(where: { $0.key == tonedKey }) { return kept }
        try check()
        let canvas = try canvas()
        let painting: Painting
        if let kept = paintings.painting(key) {
            painting = kept
        } else {
            painting = try TiledRunner(generator: plan.stylizer.generator).paint(canvas.input, meshes: canvas.meshes) {
                _ in try check()
            }
            paintings.insert(painting, for: key)
        }
        try check()
        return TonedPainting(key: tonedKey, painting: canvas.toned(painting, options: plan.options))
    }

    private func compose(
        _ whole: Painting?, _ faces: [(pose: FacePose, painting: Painting)], over target: Bitmap,
        _ options: StyleOptions
    ) throws -> Bitmap {
        let shrink = Double(copy.longSide) / Double(target.longSide)
        let placed = faces.map {
            PaintedFace(
                face: $0.pose.face.scaled(by: 1 / shrink),
                toSquare: SimilarityTransform(scale: shrink).then($0.pose.toSquare),
                template: $0.pose.template, painting: $0.painting)
        }
        let picture = try PasteBack(photograph: target, whole: whole, faces: placed, options: options).render()
        guard let selection else { return picture }
        return target.blended(with: picture, by: target.width == copy.width ? selection.copy : selection.small)
    }
}

private extension Face {
    /// The same face in a picture `factor` times as large.
    func scaled(by factor: Double) -> Face {
        Face(
            box: Box(x: box.x * factor, y: box.y * factor, width: box.width * factor, height: box.height * factor),
            landmarks: landmarks.map { $0 * factor }, score: score, mesh: mesh?.map(SimilarityTransform(scale: factor)))
    }
}

extension Bitmap {
    /// With a longer side of at most `longSide` pixels.
    public func shrunk(toLongSide longSide: Int) -> Bitmap {
        guard self.longSide > longSide else { return self }
        let scale = Double(longSide) / Double(self.longSide)
        return areaResampled(
            self, width: max(1, Int((Double(width) * scale).rounded())),
            height: max(1, Int((Double(height) * scale).rounded())))
    }

    /// `other` as far as `coverage` says, this picture elsewhere.
    func blended(with other: Bitmap, by coverage: Plane) -> Bitmap {
        var result = self
        result.forEachRow { y, row in
            for x in row.indices { row[x] += (other[x, y] - row[x]) * coverage[x, y] }
        }
        return result
    }
}

private extension Plane {
    func shrunk(toLongSide longSide: Int) -> Plane {
        let picture = Bitmap(width: width, height: height, pixels: values.map { SIMD4($0, 0, 0, 1) }).shrunk(
            toLongSide: longSide)
        return Plane(width: picture.width, height: picture.height, values: picture.pixels.map(\.x))
    }
}
