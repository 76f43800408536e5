/// Draws photographs: detect → align → stylise → tone → paste back. Safe to call from several threads.
public struct Stylizer: Sendable {
    public let detector: FaceDetector
    public let generator: Generator
    /// Largest photograph that is taken, in pixels.
    public static let maximumPixels = 100_000_000
    /// Smallest side of a photograph that is taken, in pixels.
    public static let minimumSide = 8

    public init(detector: FaceDetector, generator: Generator) {
        self.detector = detector
        self.generator = generator
    }

    /// - Parameters:
    ///   - photograph: at least 8×8 pixels.
    ///   - progress: told of each step; throws to cancel.
    /// - Throws: `StyleError`.
    public func stylize(_ photograph: Bitmap, options: StyleOptions, progress: ProgressHandler = { _ in }) throws -> StyleResult {
        var options = try options.validated()
        options.toneSteps = options.toneSteps ?? generator.manifest.defaults.toneSteps
        try Self.checkSize(photograph)
        var clock = StageClock()

        try progress(StageProgress(.detect, 0))
        let scene = clock.measure(.detect) { Pyramid(TransparencyFill.opaque(photograph)) }
        let detection = try clock.measure(.detect) { try detect(in: scene, options) }

        try progress(StageProgress(.align, 0))
        let squares = clock.measure(.align) { align(detection.faces, in: scene, options) }
        let whole = clock.measure(.align) {
            options.region != .faces || squares.isEmpty ? workingCanvas(scene, squares.map(\.face), options) : nil
        }
        let canvases = (whole.map { [$0] } ?? []) + squares.map(\.canvas)
        var drawings = try clock.measure(.stylize) { try draw(canvases, progress) }

        try progress(StageProgress(.tone, 0))
        clock.measure(.tone) {
            drawings = zip(canvases, drawings).map { $0.toned($1, options: options) }
        }

        try progress(StageProgress(.pasteBack, 0))
        let picture = clock.measure(.pasteBack) {
            let faces = zip(squares, drawings.suffix(squares.count)).map { PaintedFace(face: $0.face, toSquare: $0.toSquare, template: $0.template, painting: $1) }
            return PasteBack(photograph: photograph, whole: whole == nil ? nil : drawings.first, faces: faces, options: options).render()
        }
        try progress(StageProgress(.pasteBack, 1))
        return StyleResult(picture: picture, faces: squares.map(\.face), notices: detection.notices, timings: clock.timings)
    }

    /// - Throws: `StyleError.pictureTooSmall` or `.pictureTooLarge`.
    public static func checkSize(_ photograph: Bitmap) throws {
        let (width, height) = (photograph.width, photograph.height)
        guard min(width, height) >= minimumSide else {
            throw StyleError.pictureTooSmall(width: width, height: height, minimum: minimumSide)
        }
        guard width * height <= maximumPixels else {
            throw StyleError.pictureTooLarge(width: width, height: height, maximumPixels: maximumPixels)
        }
    }

    // MARK: - Stages

    /// A face turned into the model's pose.
    private struct Square {
        let face: Face
        let template: FaceTemplate
        let toSquare: SimilarityTransform
        let canvas: Canvas
    }

    /// The smallest face drawn apart when the options name none: 1/32 of the photograph's longer side, at least 24 pixels.
    private func minimumFaceSize(_ photograph: Bitmap, _ options: StyleOptions) -> Double {
        options.minimumFaceSize ?? max(24, Double(photograph.longSide) / 32)
    }

    private func detect(in scene: Pyramid, _ options: StyleOptions) throws -> (faces: [Face], notices: [Notice]) {
        guard options.region != .photo else { return ([], []) }
        let minimum = minimumFaceSize(scene.levels[0], options)
        // Smaller faces are looked for too, so that the user hears of them instead of wondering.
        let all = try detector.faces(in: scene.levels[0], minimumSize: max(20, minimum * 0.8))
        let large = all.filter { min($0.box.width, $0.box.height) >= minimum }
        if all.isEmpty { return ([], [.noFace]) }
        let small = all.count - large.count
        return (large, small > 0 ? [.facesTooSmall(count: small, minimumSize: minimum)] : [])
    }

    private func align(_ faces: [Face], in scene: Pyramid, _ options: StyleOptions) -> [Square] {
        faces.compactMap { face in
            let template = generator.template(interOcularDistance: face.landmarks.interOcularDistance)
            let side = Int(template.size)
            guard let fit = SimilarityTransform.estimate(from: face.landmarks, to: template.landmarks),
                  let back = fit.transform.inverse else { return nil }
            let picture = scene.warped(width: side, height: side, by: back, boundary: .mirror)
            let landmarks = face.landmarks.map(fit.transform.apply)
            return Square(face: face, template: template, toSquare: fit.transform, canvas: Canvas(picture, faces: [landmarks], options: options))
        }
    }

    /// The photograph at the model's working size: never enlarged, except that tiny pictures get 512 pixels to be drawn in.
    private func workingCanvas(_ scene: Pyramid, _ faces: [Face], _ options: StyleOptions) -> Canvas {
        let photograph = scene.levels[0]
        let target = min(max(photograph.longSide, 512), generator.manifest.workingSize)
        let scale = Double(target) / Double(photograph.longSide)
        let width = max(Self.minimumSide, Int((Double(photograph.width) * scale).rounded()))
        let height = max(Self.minimumSide, Int((Double(photograph.height) * scale).rounded()))
        let (scaleX, scaleY) = (Double(width) / Double(photograph.width), Double(height) / Double(photograph.height))
        let landmarks = faces.map { face in face.landmarks.map { Point(x: $0.x * scaleX, y: $0.y * scaleY) } }
        return Canvas(areaResampled(photograph, width: width, height: height), faces: landmarks, options: options)
    }

    private func draw(_ canvases: [Canvas], _ progress: ProgressHandler) throws -> [Painting] {
        let total = Double(canvases.reduce(0) { $0 + $1.photograph.pixels.count })
        let runner = TiledRunner(generator: generator)
        var done = 0.0
        return try canvases.map { canvas in
            let share = Double(canvas.photograph.pixels.count) / total
            defer { done += share }
            return try runner.paint(canvas.input) { try progress(StageProgress(.stylize, done + $0 * share)) }
        }
    }
}
