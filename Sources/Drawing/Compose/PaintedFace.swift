import Models
import Raster

/// A face drawn in its own square, and the way back.
public struct PaintedFace: Sendable {
    /// In the photograph.
    public private(set) var face: Face
    /// From photograph coordinates to those of the square.
    public private(set) var toSquare: SimilarityTransform
    /// The drawing's halvings from the first one on that is used, which is `firstLevel`.
    private var levels: [Bitmap]
    private var firstLevel: Int
    /// Of the square, in pixels.
    let side: Double
    private var undecided: UndecidedDrawing?
    private var finished: FinishedFace?
    let lineTint: SIMD3<Float>
    let mask: FeatherMask

    /// - Parameter template: the pose of the square, which says where the head is.
    public init(face: Face, toSquare: SimilarityTransform, template: FaceTemplate, painting: Painting) {
        mask = FeatherMask(template: template, mesh: face.mesh?.map(toSquare))
        self.face = face
        self.toSquare = toSquare
        let pyramid = Pyramid(painting.pixels, smallest: 32)
        firstLevel = pyramid.level(forShrink: toSquare.scale)
        levels = Array(pyramid.levels[firstLevel...])
        side = Double(painting.pixels.width)
        // What is shrunk was decided before, so that it can be averaged. Small faces then take little memory.
        undecided = toSquare.scale < 1 ? painting.undecided : nil
        lineTint = painting.lineTint
    }

    /// The same for a copy of the photograph that is `factor` times as small.
    func shrunk(by factor: Double) -> PaintedFace {
        guard factor != 1 else { return self }
        var result = self
        result.face = face.scaled(by: 1 / factor)
        result.toSquare = SimilarityTransform(scale: factor).then(toSquare)
        result.finished = nil
        return result
    }

    // MARK: - Sampling

    /// Reads the drawing at places of the square.
    func withSampler<Result>(_ body: (DrawingSampler) throws -> Result) throws -> Result {
        let index = max(Pyramid.level(forShrink: toSquare.scale, of: firstLevel + levels.count), firstLevel)
        let scale = 1 / Float(1 << index), magnification = 1 / toSquare.scale
        return try levels[index - firstLevel].withSampler(.clamp) { pixels in
            try PasteBack.withLateDecision(undecided, magnification: magnification) { late in
                try body(
                    DrawingSampler(pixels, scaleX: scale, scaleY: scale, magnification: magnification, late: late))
            }
        }
    }

    /// The drawing at the photograph's own pixels, where it was finished.
    func withFinished<Result>(_ body: (FinishedFace.Reader?) throws -> Result) rethrows -> Result {
        guard let finished else { return try body(nil) }
        return try finished.pixels.withSharedBuffer {
            try body(FinishedFace.Reader(pixels: $0, columns: finished.columns, rows: finished.rows))
        }
    }

    // MARK: - Finishing

    /// The face decided at each pixel of the photograph that shows it, after which the maps that it is decided from are
    /// not needed any more: a tenth of the memory, so that a photograph may have many large faces. What would take more
    /// stays as it is.
    ///
    /// - Parameter beyondHead: whether the square counts as far as it goes, not the head alone.
    /// - Throws: what reading the photograph throws.
    func finished(over photograph: any RowSource, beyondHead: Bool) throws -> PaintedFace {
        guard let undecided, let (columns, rows) = footprint(photograph, beyondHead: beyondHead) else { return self }
        let held = undecided.storedPixels * MemoryLayout<SIMD4<Float>>.stride
        guard columns.count * rows.count * MemoryLayout<FinishedFace.Pixel>.stride < held else { return self }
        var pixels = [FinishedFace.Pixel](repeating: .zero, count: columns.count * rows.count)
        let step = Bands.height(width: columns.count)
        let isFinished = try withSampler { sample -> Bool in
            // Taken out of the sampler once, since it is too large to be copied for each pixel.
            guard let late = sample.late else { return false }
            for first in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
                let band = first..<min(first + step, rows.upperBound)
                let before = try photograph.read(rows: band, columns: columns)
                let start = (first - rows.lowerBound) * columns.count
                before.pixels.withSharedBuffer { before in
                    pixels.withSharedMutableBuffer { pixels in
                        parallelFor(band.count) { line in
                            let row = PhotographRow(
                                pixels: before, start: line * columns.count, y: first + line, columns: columns)
                            let target = start + line * columns.count
                            finish(pixels[target..<target + columns.count], late, over: row, beyondHead: beyondHead)
                        }
                    }
                }
            }
            return true
        }
        guard isFinished else { return self }
        var result = self
        result.undecided = nil
        result.finished = FinishedFace(columns: columns, rows: rows, pixels: pixels)
        // Smaller copies of the photograph are drawn from smaller levels.
        if levels.count > 1 { (result.levels, result.firstLevel) = (Array(levels.dropFirst()), firstLevel + 1) }
        return result
    }

    private func finish(
        _ pixels: UnsafeMutableBufferPointer<FinishedFace.Pixel>, _ late: LateDecision,
        over photograph: PhotographRow, beyondHead: Bool
    ) {
        let (map, mask) = (toSquare, self.mask)
        for x in photograph.columns {
            let place = map.apply(Point(x: Double(x) + 0.5, y: Double(photograph.y) + 0.5))
            let (u, v) = (Float(place.x), Float(place.y))
            guard beyondHead ? mask.borderRamp(u, v) > 0 : mask.counts(u, v) else { continue }
            pixels[x - photograph.columns.lowerBound] = FinishedFace.packed(late(u, v, photograph: photograph[x]))
        }
    }

    /// Pixels of the photograph where the face counts.
    private func footprint(_ photograph: any RowSource, beyondHead: Bool) -> (columns: Range<Int>, rows: Range<Int>)? {
        guard let back = toSquare.inverse else { return nil }
        var places = [Point(x: 0, y: 0), Point(x: side, y: 0), Point(x: 0, y: side), Point(x: side, y: side)]
        if !beyondHead {
            // A cell's corners are beyond whatever of the head lies in it.
            let step = side / 64
            places = (0..<64 * 64).flatMap { cell -> [Point] in
                let (x, y) = (Double(cell % 64) * step, Double(cell / 64) * step)
                guard mask.value(Float(x + step / 2), Float(y + step / 2)) > 0 else { return [] }
                return [Point(x: x - step, y: y - step), Point(x: x + 2 * step, y: y + 2 * step)].flatMap {
                    [$0, Point(x: $0.x, y: 2 * y + step - $0.y)]
                }
            }
        }
        let corners = places.map(back.apply)
        let columns = PasteBack.span(corners.map(\.x), photograph.width),
            rows = PasteBack.span(corners.map(\.y), photograph.height)
        return columns.isEmpty || rows.isEmpty ? nil : (columns, rows)
    }
}

/// A face's flat colour, and line coverage in `w`, at pixels of the photograph.
struct FinishedFace: Sendable {
    typealias Pixel = SIMD4<UInt16>

    let columns: Range<Int>
    let rows: Range<Int>
    let pixels: [Pixel]

    /// - Parameter colour: 0…1, as all that is decided late.
    @inline(__always)
    static func packed(_ colour: SIMD4<Float>) -> Pixel {
        // Number by number: the standard library's conversions of whole vectors are generic calls.
        let scaled = clamped01(colour.finiteOrZero) * 65535 + 0.5
        return Pixel(UInt16(scaled.x), UInt16(scaled.y), UInt16(scaled.z), UInt16(scaled.w))
    }

    struct Reader: Sendable {
        let pixels: SharedBuffer<Pixel>
        let columns: Range<Int>
        let rows: Range<Int>

        /// `nil` where the face does not count.
        @inline(__always)
        func callAsFunction(_ x: Int, _ y: Int) -> SIMD4<Float>? {
            guard columns.contains(x), rows.contains(y) else { return nil }
            let pixel = pixels[(y - rows.lowerBound) * columns.count + x - columns.lowerBound]
            return SIMD4(Float(pixel.x), Float(pixel.y), Float(pixel.z), Float(pixel.w)) * (1 / 65535)
        }
    }
}
