import Raster
import Settings

/// Draws photographs: detect → align → stylise → tone → paste back. Safe to call from several threads.
public struct Stylizer: Sendable {
    /// Finds the faces.
    public let detector: FaceDetector
    /// Draws.
    public let generator: Generator
    /// `nil` draws every face by its five landmarks.
    public let meshes: FaceMeshFinder?
    /// Whether no other photograph is to follow soon: then each network gives its memory back once it has done its
    /// part, some 200 MB before the drawing is toned and put together.
    public var drawsOnce = false

    /// Draws with these parts.
    public init(detector: FaceDetector, generator: Generator, meshes: FaceMeshFinder? = nil) {
        self.meshes = meshes
        self.detector = detector
        self.generator = generator
    }

    /// Draws a photograph that is in memory, where the result will be too.
    ///
    /// - Parameters:
    ///   - photograph: at least 8×8 pixels.
    ///   - progress: told of each step; throws to cancel.
    /// - Throws: `StyleError`.
    public func stylize(_ photograph: Bitmap, options: StyleOptions, progress: ProgressHandler = { _ in }) throws
        -> StyleResult
    {
        let drawing = try draw(photograph, options: options, progress: progress)
        try progress(StageProgress(.pasteBack, 0))
        var clock = StageClock()
        let picture = try clock.measure(.pasteBack) { try drawing.picture() }
        try progress(StageProgress(.pasteBack, 1))
        return StyleResult(
            picture: picture, faces: drawing.faces, notices: drawing.notices, timings: drawing.timings + clock.timings)
    }

    /// All stages but the last: what it returns can still be put together in several ways.
    ///
    /// - Parameters as those of `stylize`; the photograph is read by bands, and again by what puts the drawing
    ///   together.
    /// - Throws: `StyleError`, and what reading the photograph throws.
    public func draw(_ photograph: any RowSource, options: StyleOptions, progress: ProgressHandler = { _ in }) throws
        -> Drawing
    {
        var nothing: DrawingMemory?
        return try draw(photograph, style: "", options: options, &nothing, progress: progress)
    }

    /// The same, with what an earlier call has left of this photograph.
    ///
    /// - Parameters:
    ///   - style: the generator's name in `memory`.
    ///   - visible: what is drawn and shown before the rest.
    func draw(
        _ photograph: any RowSource, style: String, options: StyleOptions, _ memory: inout DrawingMemory?,
        visible: VisiblePart? = nil, progress: ProgressHandler
    ) throws -> Drawing {
        let options = try options.validated()
        try PictureLimits.check(width: photograph.width, height: photograph.height)
        let size = PixelSize(width: photograph.width, height: photograph.height)
        try MemoryBudget.check(pixels: size.pixels, drawn: workingSize(size, detail: options.detail).pixels)
        var clock = StageClock()

        try progress(StageProgress(.detect, 0))
        var scene = try clock.measure(.detect) { try memory?.scene ?? Self.scene(photograph, isKept: memory != nil) }
        memory?.scene = scene
        let minimum = Self.minimumFaceSize(options)
        let detection = try clock.measure(.detect) { try detect(in: scene, options, minimum: minimum, &memory) }
        if drawsOnce {
            meshes?.rest()
            detector.rest()
        }

        try progress(StageProgress(.align, 0))
        let plan = plan(detection, options, size: scene.size)
        let parts = plan.parts(whole: workingSize(scene.size, detail: options.detail))
        let total = Double(parts.reduce(0) { $0 + $1.pixels })
        var (whole, faces, pixels) = (Painting?.none, [PaintedFace](), 0.0), done = memory?.nothingDone
        func drawing() -> Drawing {
            let pasteBack = PasteBack(photograph: photograph, whole: whole, faces: faces, options: options)
            return Drawing(pasteBack: pasteBack, plan: plan, timings: clock.timings)
        }
        // One part after the other, so that no more than one canvas is held.
        var order = PartOrder(parts, of: scene.size, visible: visible)
        while let part = order.next() {
            let isLast = order.isEmpty
            if isLast, memory == nil { scene = scene.withoutLevels }
            let share = Double(part.pixels) / total
            let drawn = try draw(part, plan, style: style, scene, &memory, &clock) {
                try progress(StageProgress(.stylize, pixels / total + $0 * share))
                // What follows the last step is toning.
                if drawsOnce, isLast, $0 == 1 { generator.rest() }
            }
            pixels += Double(part.pixels)
            switch part {
            case let .whole(size):
                // What is enlarged is decided late, from its maps alone; only previews show a smaller copy too.
                let isEnlarged = memory == nil && size.width < photograph.width
                whole = isEnlarged ? drawn.painting.withoutPicture : drawn.painting
            case let .face(pose):
                let face = pose.painted(drawn.painting)
                faces.append(try face.finished(over: photograph, beyondHead: !plan.drawsWhole))
            }
            done?.add(drawn)
            if let area = order.completed() { try visible?.show(drawing(), area) }
        }
        try progress(StageProgress(.tone, 1))
        if let done { memory?.keep(done) }
        return drawing()
    }

    /// - Parameter isKept: whether it outlives the call; less is held of such a one, as something else is drawn
    ///   meanwhile.
    private static func scene(_ photograph: any RowSource, isKept: Bool) throws -> Scene {
        try Scene(
            TransparencyFill.opaque(photograph), mostHeld: isKept ? Scene.mostHeldPixels / 4 : Scene.mostHeldPixels)
    }

    /// One part of a plan, from its canvas to its corrected drawing, as far as `memory` does not have it.
    private func draw(
        _ part: Plan.Part, _ plan: Plan, style: String, _ scene: Scene, _ memory: inout DrawingMemory?,
        _ clock: inout StageClock, step: (Double) throws -> Void
    ) throws -> TonedPainting {
        let key = plan.tonedKey(part, style: style)
        if let kept = memory?.toned(key) { return kept }
        let canvas = try clock.measure(.align) { try self.canvas(of: part, plan, in: scene) }
        var painting: Painting
        if let kept = memory?.paintings.painting(key.painting) {
            painting = kept
        } else {
            painting = try clock.measure(.stylize) {
                try TiledRunner(generator: generator).paint(canvas.input, meshes: canvas.meshes, step: step)
            }
            memory?.paintings.insert(painting.withoutPicture, for: key.painting)
        }
        try step(1)
        clock.measure(.tone) { canvas.tone(&painting, options: plan.options) }
        return TonedPainting(key: key, painting: painting)
    }
}
