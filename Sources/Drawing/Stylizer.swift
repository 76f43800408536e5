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
        var (drawn, pixels) = (DrawnParts(photograph, plan, isPreview: memory != nil), 0.0)
        var waiting: [Sketch] = [], done = memory?.nothingDone
        // One part after the other, so that no more than one large canvas is held.
        var order = PartOrder(parts, of: scene.size, visible: visible)
        while let part = order.next() {
            let isLast = order.isEmpty
            if isLast, memory == nil { scene = scene.withoutLevels }
            let share = Double(part.pixels) / total
            let sketch = try sketch(part, plan, style: style, scene, &memory, &clock) {
                try progress(StageProgress(.stylize, pixels / total + $0 * share))
                // What follows the last step is toning.
                if drawsOnce, isLast, $0 == 1 { generator.rest() }
            }
            waiting.append(sketch)
            pixels += Double(part.pixels)
            // Two faces are toned side by side; who watches gets each one as soon as it is there.
            guard visible != nil || waiting.count > 1 || !order.hasFaces else { continue }
            for (part, toned) in clock.measure(.tone, { Sketch.toned(&waiting, options: plan.options) }) {
                try drawn.add(toned.painting, part)
                done?.add(toned)
            }
            if let area = order.completed() { try visible?.show(drawn.drawing(clock.timings), area) }
        }
        try progress(StageProgress(.tone, 1))
        if let done { memory?.keep(done) }
        return drawn.drawing(clock.timings)
    }

    /// - Parameter isKept: whether it outlives the call; less is held of such a one, as something else is drawn
    ///   meanwhile.
    private static func scene(_ photograph: any RowSource, isKept: Bool) throws -> Scene {
        try Scene(
            TransparencyFill.opaque(photograph), mostHeld: isKept ? Scene.mostHeldPixels / 4 : Scene.mostHeldPixels)
    }

    /// One part of a plan, from its canvas to what the network draws of it, as far as `memory` does not have it.
    private func sketch(
        _ part: Plan.Part, _ plan: Plan, style: String, _ scene: Scene, _ memory: inout DrawingMemory?,
        _ clock: inout StageClock, step: (Double) throws -> Void
    ) throws -> Sketch {
        let key = plan.tonedKey(part, style: style)
        if let kept = memory?.toned(key) { return Sketch(part, kept) }
        let canvas = try clock.measure(.align) { try self.canvas(of: part, plan, in: scene) }
        let painting: Painting
        if let kept = memory?.paintings.painting(key.painting) {
            painting = kept
        } else {
            painting = try clock.measure(.stylize) {
                try TiledRunner(generator: generator).paint(canvas.input, meshes: canvas.meshes, step: step)
            }
            memory?.paintings.insert(painting.withoutPicture, for: key.painting)
        }
        try step(1)
        return Sketch(part, key, canvas, painting)
    }
}
