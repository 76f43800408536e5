import Raster

/// Enlarges a drawing's flat colour, effects and logits and decides there.
struct LateDecision {
    private let flat, shade, light, marks, irises, correction: Sampler
    private let guide: (photograph: Sampler, share: Sampler)?
    private let rule: EnlargedRule
    private let marked: MarkedBlocks.Reader
    /// Whether all maps but marks and irises have the drawing's size, so that they are read at the same indices.
    private let areAlike: Bool

    /// What the maps that are read at each place show there.
    private struct Place {
        var flat, shade, light, correction: SIMD4<Float>
        var guide: (photograph: SIMD4<Float>, share: SIMD4<Float>)?
    }

    /// R'G'B' without lines, and line coverage in `w`, at (u, v) of the drawing.
    ///
    /// - Parameter photograph: its pixel there; one that is not opaque guides nothing.
    func callAsFunction(_ u: Float, _ v: Float, photograph: SIMD4<Float>) -> SIMD4<Float> {
        let hasMarks = marked.contains(u, v)
        return decided(
            place(u, v, isGuided: photograph.w >= 1), photograph, marks: hasMarks ? marks(u, v) : MarkedBlocks.none,
            irises: hasMarks ? irises.bilinear(u, v) : .zero)
    }

    @inline(__always)
    private func place(_ u: Float, _ v: Float, isGuided: Bool) -> Place {
        guard areAlike, let taps = SharedTaps(u, v, of: flat) else { return placeNearEdge(u, v, isGuided: isGuided) }
        var place = Place(
            flat: taps.cubic(flat), shade: taps.cubic(shade), light: taps.cubic(light),
            correction: taps.linear(correction))
        if isGuided, let guide { place.guide = (taps.cubic(guide.photograph), taps.linear(guide.share)) }
        return place
    }

    private func placeNearEdge(_ u: Float, _ v: Float, isGuided: Bool) -> Place {
        var place = Place(
            flat: flat(u, v), shade: shade(u, v), light: light(u, v), correction: correction.bilinear(u, v))
        if isGuided, let guide { place.guide = (guide.photograph(u, v), guide.share.bilinear(u, v)) }
        return place
    }

    /// Differences from the small photograph below this are the camera's noise and the weave of cloth, which flat
    /// colour does not follow even along an edge. Computed, since a stored one would be asked at each pixel whether it
    /// is there yet.
    private static var grain: SIMD4<Float> { SIMD4(repeating: 0.03) }

    @inline(__always)
    private func decided(_ place: Place, _ photograph: SIMD4<Float>, marks: SIMD4<Float>, irises: SIMD4<Float>)
        -> SIMD4<Float>
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

    /// What decides along one row of the enlarged drawing: its maps mixed to one row, one after the other in memory.
    struct Row {
        private let rule: LateDecision
        private let memory: SharedMutableBuffer<SIMD4<Float>>
        /// Columns of the drawing that are there.
        private let columns: Range<Int>
        private let hasMarks: Bool
        private let v: Float

        /// Order of the maps in memory, behind which lies what shows in each block of columns.
        private enum Map: Int, CaseIterable {
            case flat, shade, light, photograph, correction, share, marks, irises, shown
        }

        /// Columns of a block.
        private static var block: Int { 8 }
        /// Shares below this change nothing that shows.
        private static var leastShare: Float { 1e-6 }
        /// Of a place where it does not show.
        private static var nothing: SIMD4<Float> { SIMD4(0, 0, 0, -1e30) }

        fileprivate static var mapCount: Int { Map.allCases.count }

        /// - Parameter memory: `mapCount` · `columns.count` pixels.
        fileprivate init(
            _ decision: LateDecision, at place: EnlargedAxis.Place, columns: Range<Int>,
            _ memory: SharedMutableBuffer<SIMD4<Float>>
        ) {
            rule = decision
            (self.memory, self.columns) = (memory, columns)
            v = Float(place.pixel) + place.share + 0.5
            let marked = decision.marked.readable(columns)
            hasMarks = decision.marked.hasSome(v) && !marked.isEmpty
            func mix(_ map: Map, _ sampler: Sampler, isCubic: Bool, in part: Range<Int>) {
                sampler.mixRow(
                    at: place, columns: part, isCubic: isCubic, into: memory,
                    from: map.rawValue * columns.count + part.lowerBound - columns.lowerBound)
            }
            mix(.flat, decision.flat, isCubic: true, in: columns)
            mix(.shade, decision.shade, isCubic: true, in: columns)
            mix(.light, decision.light, isCubic: true, in: columns)
            mix(.correction, decision.correction, isCubic: false, in: columns)
            if let guide = decision.guide {
                mix(.photograph, guide.photograph, isCubic: true, in: columns)
                mix(.share, guide.share, isCubic: false, in: columns)
            }
            findShown()
            guard hasMarks else { return }
            mix(.marks, decision.marks, isCubic: true, in: marked)
            mix(.irises, decision.irises, isCubic: false, in: marked)
        }

        /// Finds in which blocks shade, light and guide do anything; in most of a picture they do not.
        private func findShown() {
            let (shade, light, share, shown) = (start(.shade), start(.light), start(.share), start(.shown))
            for first in stride(from: 0, to: columns.count, by: Self.block) {
                // A cubic reads one column before a place and two behind it.
                let read = max(first - 1, 0)..<min(first + Self.block + 2, columns.count)
                var (shades, lights) = (
                    (memory[shade + first], memory[shade + first]), (memory[light + first], memory[light + first])
                )
                var most = SIMD4<Float>.zero
                for column in read {
                    shades = (lower(shades.0, memory[shade + column]), upper(shades.1, memory[shade + column]))
                    lights = (lower(lights.0, memory[light + column]), upper(lights.1, memory[light + column]))
                }
                if rule.guide != nil {
                    for column in read { most = upper(most, memory[share + column]) }
                }
                memory[shown + first / Self.block] = SIMD4(
                    rule.rule.shades(between: shades.0.w, shades.1.w) ? 1 : 0,
                    rule.rule.lights(between: lights.0.w, lights.1.w) ? 1 : 0,
                    max(most.x, most.y, most.z) > Self.leastShare ? 1 : 0, 0)
            }
        }

        /// As `LateDecision` does at (x, the row).
        @inline(__always)
        func callAsFunction(_ x: EnlargedAxis.Place, photograph: SIMD4<Float>) -> SIMD4<Float> {
            let shown = memory[start(.shown) &+ (x.pixel &- columns.lowerBound) / Self.block]
            var place = Place(
                flat: cubic(.flat, x), shade: shown.x > 0 ? cubic(.shade, x) : Self.nothing,
                light: shown.y > 0 ? cubic(.light, x) : Self.nothing, correction: linear(.correction, x))
            if shown.z > 0, photograph.w >= 1 { place.guide = (cubic(.photograph, x), linear(.share, x)) }
            let isMarked = hasMarks && rule.marked.contains(Float(x.pixel) + x.share + 0.5, v)
            return rule.decided(
                place, photograph, marks: isMarked ? cubic(.marks, x) : MarkedBlocks.none,
                irises: isMarked ? linear(.irises, x) : .zero)
        }

        /// From four pixels.
        @inline(__always)
        private func cubic(_ map: Map, _ x: EnlargedAxis.Place) -> SIMD4<Float> {
            let index = place(map, x)
            var sum = memory[index &- 1] * x.cubic[0]
            sum += memory[index] * x.cubic[1]
            sum += memory[index &+ 1] * x.cubic[2]
            sum += memory[index &+ 2] * x.cubic[3]
            return sum
        }

        /// From two pixels.
        @inline(__always)
        private func linear(_ map: Map, _ x: EnlargedAxis.Place) -> SIMD4<Float> {
            let index = place(map, x), before = memory[index]
            return before + (memory[index &+ 1] - before) * x.share
        }

        /// Index in memory, within it as long as `x` is one of the columns.
        @inline(__always)
        private func place(_ map: Map, _ x: EnlargedAxis.Place) -> Int {
            start(map) &+ x.pixel &- columns.lowerBound
        }

        @inline(__always)
        private func start(_ map: Map) -> Int { map.rawValue &* columns.count }
    }

    /// Calls `body` with what decides along the row at `place`.
    ///
    /// - Parameter columns: of the drawing, that will be read.
    func withRow(at place: EnlargedAxis.Place, columns: Range<Int>, _ body: (Row) -> Void) {
        withScratch(Row.mapCount * columns.count) { body(Row(self, at: place, columns: columns, $0)) }
    }
}

extension UndecidedDrawing {
    /// Calls `body` with what decides this drawing where it is enlarged `factor` times.
    func withLateDecision<Result>(factor: Double, _ body: (LateDecision) throws -> Result) throws -> Result {
        let rule = self.rule.enlarged(factor)
        let blocks = MarkedBlocks(marks, rule, in: marked, width: width, height: height)
        let maps = [flat, shade, light, correction, marks, irises] + (guide.map { [$0.photograph, $0.share] } ?? [])
        func open(_ rest: ArraySlice<Bitmap>, _ samplers: [Sampler]) throws -> Result {
            guard let map = rest.first else {
                return try blocks.withReader { try body(LateDecision(samplers, rule, $0)) }
            }
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
    fileprivate init(_ samplers: [Sampler], _ rule: EnlargedRule, _ marked: MarkedBlocks.Reader) {
        (flat, shade, light, correction) = (samplers[0], samplers[1], samplers[2], samplers[3])
        (marks, irises) = (samplers[4], samplers[5])
        guide = samplers.count > 6 ? (samplers[6], samplers[7]) : nil
        (self.rule, self.marked) = (rule, marked)
        let whole = samplers[0], alike = samplers[..<4] + samplers.dropFirst(6)
        areAlike = alike.allSatisfy {
            ($0.width, $0.height, $0.stride, $0.skipped) == (whole.width, whole.height, whole.width, 0)
        }
    }
}
