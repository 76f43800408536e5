import Raster

/// Enlarges a drawing's flat colour, effects and logits and decides there.
struct LateDecision {
    private let flat, shade, light, marks, irises, correction: Sampler
    private let guide: (photograph: Sampler, share: Sampler)?
    private let rule: EnlargedRule
    private let marked: MarkedBlocks

    /// What the maps that are read at each place show there.
    private struct Place {
        var flat, shade, light, correction: SIMD4<Float>
        var guide: (photograph: SIMD4<Float>, share: SIMD4<Float>)?
    }

    /// R'G'B' without lines, and line coverage in `w`, at (u, v) of the drawing.
    ///
    /// - Parameter photograph: its pixel there; one that is not opaque guides nothing.
    func callAsFunction(_ u: Float, _ v: Float, photograph: SIMD4<Float>) -> SIMD4<Float> {
        var place = Place(
            flat: flat(u, v), shade: shade(u, v), light: light(u, v), correction: correction.bilinear(u, v))
        if let guide, photograph.w >= 1 { place.guide = (guide.photograph(u, v), guide.share.bilinear(u, v)) }
        let hasMarks = marked.contains(u, v)
        return decided(
            place, photograph, marks: hasMarks ? marks(u, v) : MarkedBlocks.none,
            irises: hasMarks ? irises.bilinear(u, v) : .zero)
    }

    /// Differences from the small photograph below this are the camera's noise and the weave of cloth, which flat
    /// colour does not follow even along an edge.
    private static let grain = SIMD4<Float>(repeating: 0.03)

    @inline(__always)
    private func decided(_ place: Place, _ photograph: SIMD4<Float>, marks: SIMD4<Float>, irises: SIMD4<Float>)
        -> SIMD4<
            Float
        >
    {
        var flat = place.flat
        if let guide = place.guide {
            let off = clamped01(photograph.finiteOrZero) - guide.photograph
            flat += guide.share * (off - lower(upper(off, -Self.grain), Self.grain))
            flat.w = place.flat.w
        }
        let decided = rule(
            DecisionRule.Place(flat: flat, shade: place.shade, light: place.light, marks: marks, irises: irises))
        var colour = clamped01(decided + place.correction)
        colour.w = decided.w
        return colour
    }

    // MARK: - Along a row

    /// What decides along one row of the enlarged drawing.
    struct Row {
        private let decision: LateDecision
        private let flat, shade, light, correction, marks, irises: MixedRow
        private let guide: (photograph: MixedRow, share: MixedRow)?
        private let hasMarks: Bool
        private let v: Float

        /// - Parameter memory: `mapCount` · `columns.count` pixels.
        fileprivate init(
            _ decision: LateDecision, at place: EnlargedAxis.Place, columns: Range<Int>,
            _ memory: SharedMutableBuffer<SIMD4<Float>>
        ) {
            var start = 0
            func mixed(_ map: Sampler, isCubic: Bool, in part: Range<Int>? = nil) -> MixedRow {
                defer { start += columns.count }
                return MixedRow(
                    of: map, at: place, columns: part ?? columns, isCubic: isCubic, in: memory, from: start)
            }
            self.decision = decision
            v = Float(place.pixel) + place.share + 0.5
            let marked = decision.marked.readable(columns)
            hasMarks = decision.marked.hasSome(v) && !marked.isEmpty
            (flat, shade) = (mixed(decision.flat, isCubic: true), mixed(decision.shade, isCubic: true))
            (light, correction) = (mixed(decision.light, isCubic: true), mixed(decision.correction, isCubic: false))
            guide = decision.guide.map { (mixed($0.photograph, isCubic: true), mixed($0.share, isCubic: false)) }
            marks = hasMarks ? mixed(decision.marks, isCubic: true, in: marked) : flat
            irises = hasMarks ? mixed(decision.irises, isCubic: false, in: marked) : flat
        }

        /// As `LateDecision` does at (x, the row).
        @inline(__always)
        func callAsFunction(_ x: EnlargedAxis.Place, photograph: SIMD4<Float>) -> SIMD4<Float> {
            var place = Place(
                flat: flat.cubic(x), shade: shade.cubic(x), light: light.cubic(x), correction: correction.linear(x))
            if let guide, photograph.w >= 1 { place.guide = (guide.photograph.cubic(x), guide.share.linear(x)) }
            let isMarked = hasMarks && decision.marked.contains(Float(x.pixel) + x.share + 0.5, v)
            return decision.decided(
                place, photograph, marks: isMarked ? marks.cubic(x) : MarkedBlocks.none,
                irises: isMarked ? irises.linear(x) : .zero)
        }
    }

    private static let mapCount = 8

    /// Calls `body` with what decides along the row at `place`.
    ///
    /// - Parameter columns: of the drawing, that will be read.
    func withRow(at place: EnlargedAxis.Place, columns: Range<Int>, _ body: (Row) -> Void) {
        var memory = [SIMD4<Float>](repeating: .zero, count: Self.mapCount * columns.count)
        memory.withSharedMutableBuffer { body(Row(self, at: place, columns: columns, $0)) }
    }
}

extension UndecidedDrawing {
    /// Calls `body` with what decides this drawing where it is enlarged `factor` times.
    func withLateDecision<Result>(factor: Double, _ body: (LateDecision) throws -> Result) throws -> Result {
        let rule = self.rule.enlarged(factor)
        let blocks = MarkedBlocks(marks, rule, in: marked, width: width, height: height)
        let maps = [flat, shade, light, correction, marks, irises] + (guide.map { [$0.photograph, $0.share] } ?? [])
        func open(_ rest: ArraySlice<Bitmap>, _ samplers: [Sampler]) throws -> Result {
            guard let map = rest.first else { return try body(LateDecision(samplers, rule, blocks)) }
            if let marked, (4...5).contains(samplers.count), map.width == marked.width {
                return try map.withSampler(.clamp, at: (marked.x, marked.y), of: (width, height)) {
                    try open(rest.dropFirst(), samplers + [$0])
                }
            }
            return try map.withSampler(.clamp) { try open(rest.dropFirst(), samplers + [$0]) }
        }
        return try open(maps[...], [])
    }
}

extension LateDecision {
    /// - Parameter samplers: of the maps in the order of `withLateDecision`.
    fileprivate init(_ samplers: [Sampler], _ rule: EnlargedRule, _ marked: MarkedBlocks) {
        (flat, shade, light, correction) = (samplers[0], samplers[1], samplers[2], samplers[3])
        (marks, irises) = (samplers[4], samplers[5])
        guide = samplers.count > 6 ? (samplers[6], samplers[7]) : nil
        (self.rule, self.marked) = (rule, marked)
    }
}
