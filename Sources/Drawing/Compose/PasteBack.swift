import Models
import Raster
import Settings

/// Puts drawings back into the photograph: each pixel is computed once from the photograph, the drawing of the whole
/// and the faces that cover it, so nothing depends on the order of faces.
package struct PasteBack: Sendable {
    let photograph: any RowSource
    /// The drawing of the whole photograph at working size; `nil` keeps the photograph around faces.
    let whole: Painting?
    let faces: [PaintedFace]
    let options: StyleOptions

    package init(photograph: any RowSource, whole: Painting?, faces: [PaintedFace], options: StyleOptions) {
        self.photograph = photograph
        self.whole = whole
        self.faces = faces
        self.options = options
    }

    /// A face as the row loop needs it.
    struct Layer {
        let sample: DrawingSampler
        let finished: FinishedFace.Reader?
        let map: SimilarityTransform
        let mask: FeatherMask
        let ink: LineInk
        let rows: Range<Int>
        let columns: Range<Int>
    }

    /// The finished picture: Σ wᵢcᵢ / Σ wᵢ where faces overlap, with coverage max wᵢ over the base; alpha as it was.
    package func render() throws -> Bitmap {
        let whole = try photograph.readAll()
        return try withSamplers { base, layers in composed(Band(firstRow: 0, photograph: whole), base, layers) }
    }

    /// Some rows of the photograph, from one edge to the other where nothing else is said.
    struct Band: Sendable {
        let firstRow: Int
        var firstColumn = 0
        let photograph: Bitmap
    }

    /// Some rows and columns of the finished picture, to the bit as in the whole of it.
    func render(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        let part = try photograph.read(rows: rows, columns: columns)
        let band = Band(firstRow: rows.lowerBound, firstColumn: columns.lowerBound, photograph: part)
        return try withSamplers { base, layers in composed(band, base, layers) }
    }

    /// Calls `body` with one band after the other, from the top, and with what `draw` makes of it. While `body` has one
    /// band, the next one is drawn, since hosts take bands on one thread.
    ///
    /// - Parameter height: rows of a band; `nil` for what suits the picture.
    func forEachBand<Drawn: Sendable>(
        ofHeight height: Int?, _ draw: @escaping @Sendable (Band, Base?, [Layer]) -> Drawn,
        _ body: (Band, Drawn) throws -> Void
    ) throws {
        let (photograph, height) = (self.photograph, height ?? Bands.height(width: self.photograph.width))
        try withSamplers { base, layers in
            func drawn(from first: Int) -> Background<(Band, Drawn)> {
                Background {
                    let rows = first..<min(first + height, photograph.height)
                    let band = Band(firstRow: first, photograph: try photograph.read(rows: rows))
                    return (band, draw(band, base, layers))
                }
            }
            var next = drawn(from: 0)
            // The samplers' memory is lent as long as this closure runs.
            defer { next.wait() }
            for first in stride(from: 0, to: photograph.height, by: height) {
                let (band, picture) = try next.value()
                if first + height < photograph.height { next = drawn(from: first + height) }
                try body(band, picture)
            }
        }
    }

    /// Opens samplers on the drawing of the whole, where there is one, and on each face.
    func withSamplers<Result>(_ body: (Base?, [Layer]) throws -> Result) throws -> Result {
        // A fixed order makes sums repeat to the byte whatever order the faces came in.
        let ordered = faces.sorted {
            ($0.face.box.y, $0.face.box.x, $0.face.score) < ($1.face.box.y, $1.face.box.x, $1.face.score)
        }
        return try withLayers(ordered[...], []) { layers in
            guard let whole else { return try body(nil, layers) }
            let (width, height) = (whole.pixels.width, whole.pixels.height)
            let (scaleX, scaleY) = (
                Float(width) / Float(photograph.width), Float(height) / Float(photograph.height)
            )
            return try whole.pixels.withSampler(.clamp) { pixels in
                try Self.withLateDecision(whole.undecided, magnification: 1 / Double(scaleX)) { late in
                    let sample = DrawingSampler(
                        pixels, scaleX: scaleX, scaleY: scaleY, magnification: 1 / Double(scaleX), late: late)
                    let base = Base(
                        sample, columns: EnlargedAxis(count: width, length: photograph.width),
                        rows: EnlargedAxis(count: height, length: photograph.height),
                        ink: LineInk(tint: whole.lineTint, strength: options.lineStrength))
                    return try body(base, layers)
                }
            }
        }
    }

    /// Opens a sampler on each face in turn, then calls `body` with all of them.
    private func withLayers<Result>(
        _ rest: ArraySlice<PaintedFace>, _ layers: [Layer], _ body: ([Layer]) throws -> Result
    ) throws -> Result {
        guard let face = rest.first else { return try body(layers) }
        guard let back = face.toSquare.inverse else { return try withLayers(rest.dropFirst(), layers, body) }
        let area = Self.area(ofSquare: face.side, back, width: photograph.width, height: photograph.height)
        return try face.withSampler { sample in
            try face.withFinished { finished in
                let layer = Layer(
                    sample: sample, finished: finished, map: face.toSquare, mask: face.mask,
                    ink: LineInk(tint: face.lineTint, strength: options.lineStrength),
                    rows: area.rows, columns: area.columns)
                return try withLayers(rest.dropFirst(), layers + [layer], body)
            }
        }
    }

    /// What is enlarged is decided at its new size; what is shrunk was decided before, so that it can be averaged.
    static func withLateDecision<Result>(
        _ drawing: UndecidedDrawing?, magnification: Double, _ body: (LateDecision?) throws -> Result
    ) throws -> Result {
        guard let drawing, magnification > 1 else { return try body(nil) }
        return try drawing.withLateDecision(factor: magnification, body)
    }

    /// Columns and rows of a picture beyond which a square in it does not reach.
    ///
    /// - Parameters:
    ///   - side: of the square, in its own pixels.
    ///   - back: from the square's coordinates to the picture's.
    static func area(ofSquare side: Double, _ back: SimilarityTransform, width: Int, height: Int)
        -> (columns: Range<Int>, rows: Range<Int>)
    {
        let corners = [Point(x: 0, y: 0), Point(x: side, y: 0), Point(x: 0, y: side), Point(x: side, y: side)].map(
            back.apply)
        return (span(corners.map(\.x), width), span(corners.map(\.y), height))
    }

    static func span(_ values: [Double], _ count: Int) -> Range<Int> {
        let low = min(max((values.min() ?? 0).rounded(.down), 0), Double(count))
        let high = min(max((values.max() ?? 0).rounded(.up), low), Double(count))
        return Int(low)..<Int(high)
    }

    func composed(_ band: Band, _ base: Base?, _ layers: [Layer]) -> Bitmap {
        var result = Bitmap(width: band.photograph.width, height: band.photograph.height)
        // The base is too large to be copied for each pixel.
        let (ink, strength) = (base?.ink, Float(options.strength))
        band.photograph.pixels.withSharedBuffer { original in
            result.forEachRow { line, row in
                let photograph = band.row(line, original)
                let faces = FaceRow(layers, over: photograph, beyondHeads: false)
                base?.draw(into: row, over: photograph) { !faces.covers($0) }
                for x in faces.columns {
                    let before = photograph[x], index = x - band.firstColumn
                    var colour = before
                    if let ink, !faces.covers(x) { colour = ink(row[index]) }
                    if let face = faces[x] { colour += (face.drawing - colour) * face.coverage }
                    row[index] = mixed(colour, before, strength)
                }
                for columns in [
                    photograph.columns.lowerBound..<faces.columns.lowerBound,
                    faces.columns.upperBound..<photograph.columns.upperBound,
                ] {
                    guard let ink else {
                        for x in columns { row[x - band.firstColumn] = photograph[x] }
                        continue
                    }
                    for x in columns {
                        let index = x - band.firstColumn
                        row[index] = mixed(ink(row[index]), photograph[x], strength)
                    }
                }
            }
        }
        return result
    }

    @inline(__always)
    private func mixed(_ colour: SIMD4<Float>, _ before: SIMD4<Float>, _ strength: Float) -> SIMD4<Float> {
        // Where nothing was drawn the photograph's own bits go out, even outside 0…1.
        guard colour != before else { return before }
        let from = before.finiteOrZero
        var mixed = from + (clamped01(colour.finiteOrZero) - from) * strength
        mixed.w = before.w
        return mixed
    }
}
