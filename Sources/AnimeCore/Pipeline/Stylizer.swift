/// Draws photographs: detect → align → stylise → tone → paste back. Safe to call from several threads.
public struct Stylizer: Sendable {
    public let detector: FaceDetector
    public let generator: Generator
    /// Largest photograph that is taken, in pixels: 100 megapixels need about 5 GB of memory.
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
        let options = try options.validated()
        try Self.checkSize(photograph)
        var clock = StageClock()
        let scene = Pyramid(TransparencyFill.opaque(photograph))

        try progress(StageProgress(.detect, 0))
        let detection = try clock.measure(.detect) { try detect(in: scene, options) }
        try progress(StageProgress(.align, 0))
        let squares = clock.measure(.align) { align(detection.faces, in: scene) }

        let drawsWhole = options.region != .faces || squares.isEmpty
        let work = clock.measure(.align) { drawsWhole ? workingPicture(scene) : nil }
        var drawn = try clock.measure(.stylize) { try draw(work, squares, progress) }
        try progress(StageProgress(.tone, 0))
        clock.measure(.tone) { tone(&drawn, work, squares, options) }

        try progress(StageProgress(.pasteBack, 0))
        let picture = clock.measure(.pasteBack) {
            let faces = zip(squares, drawn.faces).map { PaintedFace(face: $0.face, toSquare: $0.toSquare, painting: $1) }
            return PasteBack(photograph: photograph, whole: drawn.whole, faces: faces,
                             mask: FeatherMask(template: generator.template), options: options).render()
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

    /// The smallest face drawn apart when the options name none: 1/32 of the photograph's longer side, at least 24 pixels.
    static func automaticMinimumFaceSize(_ photograph: Bitmap) -> Double {
        max(24, Double(photograph.longSide) / 32)
    }

    // MARK: - Stages

    private struct Square {
        let face: Face
        let toSquare: SimilarityTransform
        let picture: Bitmap
    }

    private struct Drawn {
        var whole: Painting?
        var faces: [Painting]
    }

    private func detect(in scene: Pyramid, _ options: StyleOptions) throws -> (faces: [Face], notices: [Notice]) {
        guard options.region != .photo else { return ([], []) }
        let photograph = scene.levels[0]
        let minimum = options.minimumFaceSize ?? Self.automaticMinimumFaceSize(photograph)
        // Smaller faces are looked for too, so that the user hears of them instead of wondering.
        let all = try detector.faces(in: photograph, minimumSize: max(20, minimum * 0.6))
        let large = all.filter { min($0.box.width, $0.box.height) >= minimum }
        if all.isEmpty { return ([], [.noFace]) }
        let small = all.count - large.count
        return (large, small > 0 ? [.facesTooSmall(count: small, minimumSize: minimum)] : [])
    }

    private func align(_ faces: [Face], in scene: Pyramid) -> [Square] {
        let template = generator.template
        let side = generator.manifest.face.size
        return faces.compactMap { face in
            guard let fit = SimilarityTransform.estimate(from: face.landmarks, to: template.landmarks),
                  let back = fit.transform.inverse else { return nil }
            let picture = scene.warped(width: side, height: side, by: back, boundary: .mirror)
            return Square(face: face, toSquare: fit.transform, picture: picture)
        }
    }

    /// The photograph at the model's working size: never enlarged, except that tiny pictures get 512 pixels to be drawn in.
    private func workingPicture(_ scene: Pyramid) -> Bitmap {
        let photograph = scene.levels[0]
        let workingSize = generator.manifest.workingSize
        let target = min(max(photograph.longSide, 512), workingSize)
        let scale = Double(target) / Double(photograph.longSide)
        guard scale != 1 else { return photograph }
        let width = max(8, Int((Double(photograph.width) * scale).rounded()))
        let height = max(8, Int((Double(photograph.height) * scale).rounded()))
        return scale < 1 ? areaResampled(photograph, width: width, height: height)
            : scene.warped(width: width, height: height, by: SimilarityTransform(scale: 1 / scale), boundary: .clamp)
    }

    private func draw(_ work: Bitmap?, _ squares: [Square], _ progress: ProgressHandler) throws -> Drawn {
        let pixels = Double((work?.pixels.count ?? 0) + squares.reduce(0) { $0 + $1.picture.pixels.count })
        var done = 0.0
        var drawn = Drawn(whole: nil, faces: [])
        if let work {
            let share = Double(work.pixels.count) / pixels
            drawn.whole = try TiledRunner(generator: generator).paint(work) { try progress(StageProgress(.stylize, $0 * share)) }
            done += share
        }
        for square in squares {
            try progress(StageProgress(.stylize, done))
            drawn.faces.append(try generator.paint(square.picture))
            done += Double(square.picture.pixels.count) / pixels
        }
        return drawn
    }

    private func tone(_ drawn: inout Drawn, _ work: Bitmap?, _ squares: [Square], _ options: StyleOptions) {
        if let whole = drawn.whole, let work {
            drawn.whole = KeepColors.apply(whole, source: work, amount: options.keepColors)
        }
        drawn.faces = zip(drawn.faces, squares).map { KeepColors.apply($0, source: $1.picture, amount: options.keepColors) }
    }
}

/// Adds up wall-clock time by stage.
private struct StageClock {
    private var seconds: [Stage: Double] = [:]

    mutating func measure<Result>(_ stage: Stage, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        let result = try body()
        let elapsed = (ContinuousClock.now - start).components
        seconds[stage, default: 0] += Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        return result
    }

    var timings: [StageTiming] {
        Stage.allCases.compactMap { stage in seconds[stage].map { StageTiming(stage: stage, seconds: $0) } }
    }
}
