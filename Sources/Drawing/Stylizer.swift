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
        let options = try options.validated()
        try PictureLimits.check(width: photograph.width, height: photograph.height)
        var clock = StageClock()

        try progress(StageProgress(.detect, 0))
        let scene = try clock.measure(.detect) { try Scene(TransparencyFill.opaque(photograph)) }
        let detection = try clock.measure(.detect) { try detect(in: scene, options) }

        try progress(StageProgress(.align, 0))
        let faces = detection.faces.excluding(options.excludedFaces)
        let squares = try clock.measure(.align) { try align(faces, in: scene, options) }
        // Faces that the user left out are no reason to draw the whole instead of them.
        let drawsWhole = options.region != .faces || (squares.isEmpty && faces.count == detection.faces.count)
        let whole =
            drawsWhole ? try clock.measure(.align) { try wholeCanvas(scene, squares.map(\.face), options) } : nil
        let canvases = (whole.map { [$0] } ?? []) + squares.map(\.canvas)
        var paintings = try clock.measure(.stylize) { try paint(canvases, progress) }

        try progress(StageProgress(.tone, 0))
        clock.measure(.tone) {
            paintings = zip(canvases, paintings).map { $0.toned($1, options: options) }
        }
        let painted = zip(squares, paintings.suffix(squares.count)).map { $0.painted($1) }
        let pasteBack = PasteBack(
            photograph: photograph, whole: drawsWhole ? paintings.first : nil, faces: painted, options: options)
        return Drawing(
            pasteBack: pasteBack, faces: squares.map(\.face), notices: detection.notices, timings: clock.timings)
    }

    private func paint(_ canvases: [Canvas], _ progress: ProgressHandler) throws -> [Painting] {
        let total = Double(canvases.reduce(0) { $0 + $1.photograph.pixels.count })
        let runner = TiledRunner(generator: generator)
        var done = 0.0
        return try canvases.map { canvas in
            let share = Double(canvas.photograph.pixels.count) / total
            defer { done += share }
            return try runner.paint(canvas.input, meshes: canvas.meshes) {
                try progress(StageProgress(.stylize, done + $0 * share))
            }
        }
    }
}
