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

    /// The drawing of the whole at the photograph's resolution: flat colour at (x + 0.5, y + 0.5), `w` the lines, and
    /// its ink.
    struct Base {
        let sample: DrawingSampler
        let ink: LineInk

        @inline(__always)
        func flat(_ x: Int, _ y: Int, over photograph: SIMD4<Float>) -> SIMD4<Float> {
            sample(Float(x) + 0.5, Float(y) + 0.5, photograph: photograph)
        }
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

    /// Calls `body` with one band after the other, from the top, and with what `draw` makes of it.
    ///
    /// - Parameter height: rows of a band; `nil` for what suits the picture.
    func forEachBand<Drawn>(
        ofHeight height: Int?, _ draw: (Band, Base?, [Layer]) -> Drawn, _ body: (Band, Drawn) throws -> Void
    ) throws {
        try withSamplers { base, layers in
            try photograph.forEachBand(ofHeight: height) { first, rows in
                let band = Band(firstRow: first, photograph: rows)
                try body(band, draw(band, base, layers))
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
            let (scaleX, scaleY) = (
                Float(whole.pixels.width) / Float(photograph.width),
                Float(whole.pixels.height) / Float(photograph.height)
            )
            return try whole.pixels.withSampler(.clamp) { pixels in
                try Self.withLateDecision(whole.undecided, magnification: 1 / Double(scaleX)) { late in
                    let sample = DrawingSampler(
                        pixels, scaleX: scaleX, scaleY: scaleY, magnification: 1 / Double(scaleX), late: late)
                    return try body(
                        Base(sample: sample, ink: LineInk(tint: whole.lineTint, strength: options.lineStrength)), layers
                    )
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
        let side = face.side
        let corners = [Point(x: 0, y: 0), Point(x: side, y: 0), Point(x: 0, y: side), Point(x: side, y: side)].map(
            back.apply)
        return try face.withSampler { sample in
            try face.withFinished { finished in
                let layer = Layer(
                    sample: sample, finished: finished, map: face.toSquare, mask: face.mask,
                    ink: LineInk(tint: face.lineTint, strength: options.lineStrength),
                    rows: Self.span(corners.map(\.y), photograph.height),
                    columns: Self.span(corners.map(\.x), photograph.width))
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

    static func span(_ values: [Double], _ count: Int) -> Range<Int> {
        let low = min(max((values.min() ?? 0).rounded(.down), 0), Double(count))
        let high = min(max((values.max() ?? 0).rounded(.up), low), Double(count))
        return Int(low)..<Int(high)
    }

    func composed(_ band: Band, _ base: Base?, _ layers: [Layer]) -> Bitmap {
        guard let base else { return compose(band, layers) { _, _, before in before } }
        return compose(band, layers) { x, y, before in base.ink(base.flat(x, y, over: before)) }
    }

    private func compose(_ band: Band, _ layers: [Layer], base: @Sendable (Int, Int, SIMD4<Float>) -> SIMD4<Float>)
        -> Bitmap
    {
        var result = Bitmap(width: band.photograph.width, height: band.photograph.height)
        let strength = Float(options.strength)
        band.photograph.pixels.withSharedBuffer { original in
            result.forEachRow { line, row in
                let y = band.firstRow + line
                let active = layers.filter { $0.rows.contains(y) }
                for index in row.indices {
                    let x = band.firstColumn + index
                    let before = original[line * row.count + index]
                    var colour = base(x, y, before)
                    if let face = faces(active, over: before, x, y, beyondHeads: false) {
                        colour += (face.drawing - colour) * face.coverage
                    }
                    // Where nothing was drawn the photograph's own bits go out, even outside 0…1.
                    guard colour != before else {
                        row[index] = before
                        continue
                    }
                    colour = clamped01(colour.finiteOrZero)
                    let from = before.finiteOrZero
                    var mixed = from + (colour - from) * strength
                    mixed.w = before.w
                    row[index] = mixed
                }
            }
        }
        return result
    }

    /// The faces at one pixel: Σ wᵢcᵢ / Σ wᵢ.
    struct FaceMixture {
        var flat: SIMD4<Float>
        var drawing: SIMD4<Float>
        /// Largest weight of a head, 0…1.
        var coverage: Float
        /// 1 on a head and in a square, falling to 0 along the square's edge.
        var inside: Float
    }

    /// - Parameter beyondHeads: whether the rest of a face's square counts too.
    @inline(__always)
    func faces(_ layers: [Layer], over photograph: SIMD4<Float>, _ x: Int, _ y: Int, beyondHeads: Bool) -> FaceMixture?
    {
        var (sum, total) = (FaceMixture(flat: .zero, drawing: .zero, coverage: 0, inside: 0), Float(0))
        for layer in layers where layer.columns.contains(x) {
            let p = layer.map.apply(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
            let (u, v) = (Float(p.x), Float(p.y))
            let (weight, border) = (layer.mask.value(u, v), layer.mask.borderRamp(u, v))
            // Beyond its head a drawing counts so little that it does not show where another one's head is.
            let share = beyondHeads ? max(weight, 1e-4 * border) : weight
            guard share > 0 else { continue }
            var painted = layer.finished?(x, y) ?? layer.sample(u, v, photograph: photograph)
            sum.drawing += layer.ink(painted) * share
            painted.w = layer.ink.coverage(painted)
            sum.flat += painted * share
            sum.coverage = max(sum.coverage, weight)
            sum.inside = max(sum.inside, weight > 0 ? 1 : border)
            total += share
        }
        guard total > 0 else { return nil }
        sum.flat /= total
        sum.drawing /= total
        return sum
    }
}
