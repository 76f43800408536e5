import Models
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

/// Draws one photograph again and again while options change, by the same plans as `Stylizer`: drafts on a small copy,
/// what is final on the photograph itself, so that nothing has to be drawn again for the result.
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
    /// Longer side that a draft of the whole is drawn at, in pixels; more in a panorama.
    private static let draftSide = 512.0
    private static let draftPixels = draftSide * draftSide / 4
    /// While faces are drawn the preview is shown again after this many seconds.
    private static let interval = Duration.milliseconds(250)

    /// The photograph, shrunk.
    public let copy: Bitmap
    /// The photograph for unmagnified previews.
    public let smallCopy: Bitmap
    /// Pixels of the photograph for each pixel of the copy.
    private let factor: Double
    /// How much of each pixel is selected, at both sizes; `nil` for all.
    private let selection: (copy: Plane, small: Plane)?
    /// The photograph itself, from which the final quality is drawn then; `nil` until it is there: the copy stands in
    /// for it.
    public var photograph: (any RowSource)?
    /// What is known of the copy and of the photograph.
    private var drafts: DrawingMemory?
    private var finals: DrawingMemory? = DrawingMemory(capacity: 12_000_000)
    /// The photograph as the last call of final quality drew it.
    public private(set) var drawing: Drawing?

    /// - Parameters:
    ///   - copy: the photograph, shrunk.
    ///   - longSide: of the photograph itself, in pixels.
    ///   - selection: how much of each pixel of the copy is to be drawn, 0…1; `nil` for all.
    public init(copy: Bitmap, longSide: Int, selection: Plane? = nil) throws {
        self.copy = copy
        factor = Double(longSide) / Double(copy.longSide)
        drafts = try DrawingMemory(scene: Scene(TransparencyFill.opaque(copy)), capacity: 8_000_000)
        smallCopy = copy.shrunk(toLongSide: Self.smallSide)
        self.selection = selection.map { ($0, $0.shrunk(toLongSide: Self.smallSide)) }
    }

    /// Draws what `request` asks for.
    ///
    /// - Parameters:
    ///   - visible: what is looked at in the photograph's own pixels; it is drawn and shown before the rest.
    ///   - check: called between steps; throws to stop.
    ///   - show: takes the picture; while a draft's faces are drawn also earlier ones that lack some of them.
    /// - Throws: `StyleError`, and what `check` throws.
    public func draw(
        _ request: PreviewRequest, with stylizer: Stylizer, quality: Quality, visible: VisiblePart? = nil,
        check: () throws -> Void, show: (PreviewPicture) -> Void
    ) throws {
        try check()
        let target = request.isMagnified || quality == .final ? copy : smallCopy
        drawing = nil
        if let photograph, quality == .final || remembers(request, stylizer) {
            let drawing = try stylizer.draw(
                photograph, style: request.style, options: request.options, &finals, visible: visible
            ) { _ in try check() }
            try check()
            let picture = try selected(drawing.picture(over: target), over: target)
            if quality == .final {
                self.drawing = drawing
                drafts?.forgetDrawings()
            }
            return show(
                PreviewPicture(
                    picture: picture, faces: drawing.plan.found,
                    notices: drawing.plan.notices(of: selectedPart?.of(pictureTimes: factor)),
                    isFinal: quality == .final))
        }
        try drawCopy(request, stylizer, quality, target, check, show)
    }

    /// Whether the photograph needs no network any more for this.
    private func remembers(_ request: PreviewRequest, _ stylizer: Stylizer) -> Bool {
        guard let finals, let scene = finals.scene, let options = try? request.options.validated() else { return false }
        var detection = Stylizer.Detection()
        if options.region != .photo {
            guard let known = finals.detection, known.minimum == Stylizer.minimumFaceSize(options) else { return false }
            detection = known.result
        }
        let plan = stylizer.plan(detection, options, size: scene.size)
        let parts = plan.parts(whole: stylizer.workingSize(scene.size, detail: options.detail))
        return parts.allSatisfy { finals.paintings.contains(plan.key($0, style: request.style)) }
    }

    // MARK: - The copy

    /// One call on the copy.
    private struct Call {
        let style: String
        let stylizer: Stylizer
        let quality: Quality
        let scene: Scene
        let check: () throws -> Void
    }

    private func drawCopy(
        _ request: PreviewRequest, _ stylizer: Stylizer, _ quality: Quality, _ target: Bitmap,
        _ check: () throws -> Void,
        _ show: (PreviewPicture) -> Void
    ) throws {
        let options = try scaled(request.options)
        guard let scene = drafts?.scene else { return }
        try withoutActuallyEscaping(check) { check in
            let call = Call(style: request.style, stylizer: stylizer, quality: quality, scene: scene, check: check)
            var shown: ContinuousClock.Instant?
            let minimum = Stylizer.minimumFaceSize(options)
            if drafts?.detection == nil, quality == .draft, options.region == .both {
                // The first picture does not wait for the faces.
                let plan = plan(Stylizer.Detection(), options, call) { _ in template(nil, call, options) }
                let picture = try compose(paintWhole(plan, call).painting, [], over: target, options)
                show(PreviewPicture(picture: picture, faces: nil, notices: [], isFinal: false))
                shown = .now
                try check()
            }
            // The photograph shows smaller faces than its copy.
            if options.region != .photo, let known = finals?.detection, known.minimum == minimum {
                drafts?.detection = (minimum / factor, known.result.scaled(by: 1 / factor))
            }
            let detection = try stylizer.detect(in: scene, options, minimum: minimum / factor, &drafts)
            let plan = plan(detection, options, call) { template($0, call, options) }
            try check()
            try draw(plan, call, over: target, shown, show)
        }
    }

    private func plan(
        _ detection: Stylizer.Detection, _ options: StyleOptions, _ call: Call, template: (Face) -> FaceTemplate
    ) -> Plan {
        let size = call.scene.size
        return Plan(
            detection, options, of: size, whole: call.stylizer.workingSize(size, detail: options.detail),
            template: template)
    }

    private func draw(
        _ plan: Plan, _ call: Call, over target: Bitmap, _ lastShown: ContinuousClock.Instant?,
        _ show: (PreviewPicture) -> Void
    ) throws {
        var shown = lastShown
        func give(_ whole: TonedPainting?, _ faces: [PaintedFace], isFinal: Bool) throws {
            let picture = try compose(whole?.painting, faces, over: target, plan.options)
            show(
                PreviewPicture(
                    picture: picture, faces: plan.found.map { $0.scaled(by: factor) }, notices: notices(plan),
                    isFinal: isFinal))
        }
        let whole = plan.drawsWhole ? try paintWhole(plan, call) : nil
        var done = drafts?.nothingDone
        if let whole { done?.add(whole) }
        var faces: [PaintedFace] = []
        for pose in plan.poses {
            let waits =
                call.quality == .draft && drafts?.paintings.contains(plan.key(.face(pose), style: call.style)) != true
            if waits, shown.map({ $0.duration(to: .now) > Self.interval }) ?? true {
                try give(whole, faces, isFinal: false)
                shown = .now
            }
            let drawn = try paint(.face(pose), plan, call)
            done?.add(drawn)
            faces.append(pose.painted(drawn.painting))
        }
        if let done { drafts?.keep(done) }
        try call.check()
        try give(whole, faces, isFinal: call.quality == .final)
    }

    /// The options with places in pixels of the copy; the minimum size of faces stays as it is.
    private func scaled(_ options: StyleOptions) throws -> StyleOptions {
        var options = try options.validated()
        options.excludedFaces = options.excludedFaces.map { $0 * (1 / factor) }
        return options
    }

    /// In pixels of the photograph.
    private func notices(_ plan: Plan) -> [Notice] {
        plan.notices(of: selectedPart).map { notice in
            guard case let .facesTooSmall(count, minimumSize, areDrawn) = notice else { return notice }
            return .facesTooSmall(count: count, minimumSize: minimumSize * factor, areDrawn: areDrawn)
        }
    }

    /// The square that the photograph's own size asks for, or in drafts one of the model's usual size; better drawings
    /// that are there already are taken.
    private func template(_ face: Face?, _ call: Call, _ options: StyleOptions) -> FaceTemplate {
        let generator = call.stylizer.generator
        guard let face else { return generator.usualTemplate }
        let full = call.stylizer.template(
            interOcularDistance: face.landmarks.interOcularDistance * factor, in: call.scene.size.scaled(by: factor),
            options)
        let subject = PaintingCache.Subject.face(face, side: Int(full.size))
        let key = plan(Stylizer.Detection(), options, call) { _ in full }.key(of: subject, style: call.style)
        return call.quality == .final || drafts?.paintings.contains(key) == true
            || full.size <= generator.usualTemplate.size
            ? full : generator.usualTemplate
    }

    private func paintWhole(_ plan: Plan, _ call: Call) throws -> TonedPainting {
        let size = call.scene.size, detail = plan.options.detail
        let full = call.stylizer.workingSize(size, detail: detail)
        let isFull =
            call.quality == .final || drafts?.paintings.contains(plan.key(.whole(full), style: call.style)) == true
        let side = Self.draftSide / Double(size.longSide)
        let most = max(Self.draftPixels, side * side * Double(size.pixels))
        let draft = call.stylizer.workingSize(size, detail: detail, most: most)
        return try paint(.whole(isFull ? full : draft), plan, call)
    }

    private func paint(_ part: Plan.Part, _ plan: Plan, _ call: Call) throws -> TonedPainting {
        let key = plan.tonedKey(part, style: call.style)
        if let kept = drafts?.toned(key) { return kept }
        try call.check()
        let canvas = try call.stylizer.canvas(of: part, plan, in: call.scene)
        var painting: Painting
        if let kept = drafts?.paintings.painting(key.painting) {
            painting = kept
        } else {
            painting = try TiledRunner(generator: call.stylizer.generator).paint(canvas.input, meshes: canvas.meshes) {
                _ in try call.check()
            }
            drafts?.paintings.insert(painting.withoutPicture, for: key.painting)
        }
        try call.check()
        canvas.tone(&painting, options: plan.options)
        return TonedPainting(key: key, painting: painting)
    }

    private func compose(_ whole: Painting?, _ faces: [PaintedFace], over target: Bitmap, _ options: StyleOptions)
        throws -> Bitmap
    {
        let shrink = Double(copy.longSide) / Double(target.longSide)
        let placed = faces.map { $0.shrunk(by: shrink) }
        return selected(
            try PasteBack(photograph: target, whole: whole, faces: placed, options: options).render(), over: target)
    }

    /// Of the copy; `nil` when everything is selected.
    private var selectedPart: SelectedPart? {
        guard let selection = selection?.copy else { return nil }
        return SelectedPart(width: selection.width, height: selection.height) { area in
            let values = area.rows.flatMap { y in area.columns.map { selection[$0, y] } }
            return Plane(width: area.columns.count, height: area.rows.count, values: values)
        }
    }

    private func selected(_ picture: Bitmap, over target: Bitmap) -> Bitmap {
        guard let selection else { return picture }
        return target.blended(with: picture, by: target.width == copy.width ? selection.copy : selection.small)
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

    /// `other` as far as `coverage` says, this picture elsewhere; all of one size.
    public func blended(with other: Bitmap, by coverage: Plane) -> Bitmap {
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
        return Plane(width: picture.width, height: picture.height, values: picture.pixels.map { $0.x })
    }
}
