import Raster

/// Enlarges a drawing's flat colour, effects and logits and decides there.
struct LateDecision {
    private let flat, shade, light, marks, irises, correction: Sampler
    private let guide: (photograph: Sampler, share: Sampler)?
    private let rule: EnlargedRule
    private let marked: MarkedBlocks

    /// R'G'B' without lines, and line coverage in `w`, at (u, v) of the drawing.
    ///
    /// - Parameter photograph: its pixel there; one that is not opaque guides nothing.
    func callAsFunction(_ u: Float, _ v: Float, photograph: SIMD4<Float>) -> SIMD4<Float> {
        var place = DecisionRule.Place(
            flat: flat(u, v), shade: shade(u, v), light: light(u, v), marks: SIMD4(repeating: -99), irises: .zero)
        if let guide, photograph.w >= 1 {
            let coverage = place.flat.w
            place.flat += guide.share.bilinear(u, v) * (clamped01(photograph.finiteOrZero) - guide.photograph(u, v))
            place.flat.w = coverage
        }
        if marked.contains(u, v) {
            place.marks = marks(u, v)
            place.irises = irises.bilinear(u, v)
        }
        let decided = rule(place)
        var colour = clamped01(decided + correction.bilinear(u, v))
        colour.w = decided.w
        return colour
    }
}

extension UndecidedDrawing {
    /// Calls `body` with what decides this drawing where it is enlarged `factor` times.
    func withLateDecision<Result>(factor: Double, _ body: (LateDecision) throws -> Result) throws -> Result {
        let rule = self.rule.enlarged(factor), blocks = MarkedBlocks(marks, rule)
        let maps = [flat, shade, light, marks, irises, correction] + (guide.map { [$0.photograph, $0.share] } ?? [])
        func open(_ rest: ArraySlice<Bitmap>, _ samplers: [Sampler]) throws -> Result {
            if let map = rest.first {
                return try map.withSampler(.clamp) { try open(rest.dropFirst(), samplers + [$0]) }
            }
            return try body(LateDecision(samplers, rule, blocks))
        }
        return try open(maps[...], [])
    }
}

extension LateDecision {
    /// - Parameter samplers: of the maps in the order of `withLateDecision`.
    fileprivate init(_ samplers: [Sampler], _ rule: EnlargedRule, _ marked: MarkedBlocks) {
        (flat, shade, light) = (samplers[0], samplers[1], samplers[2])
        (marks, irises, correction) = (samplers[3], samplers[4], samplers[5])
        guide = samplers.count > 6 ? (samplers[6], samplers[7]) : nil
        (self.rule, self.marked) = (rule, marked)
    }
}

/// Blocks of a drawing in which highlights, pupils or irises show; most have none.
struct MarkedBlocks {
    private static let side = 8
    private let columns: Int
    private let rows: Int
    private let active: [Bool]

    fileprivate init(_ marks: Bitmap, _ rule: EnlargedRule) {
        let (columns, rows) = ((marks.width + Self.side - 1) / Self.side, (marks.height + Self.side - 1) / Self.side)
        var found = [Bool](repeating: false, count: columns * rows)
        for y in 0..<marks.height {
            for x in 0..<marks.width where rule.hasMarks(marks[x, y]) {
                found[y / Self.side * columns + x / Self.side] = true
            }
        }
        // What a block shows depends on pixels of its neighbours too.
        active = found.indices.map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            for y in max(0, row - 1)...min(rows - 1, row + 1) {
                for x in max(0, column - 1)...min(columns - 1, column + 1) where found[y * columns + x] { return true }
            }
            return false
        }
        (self.columns, self.rows) = (columns, rows)
    }

    @inline(__always)
    func contains(_ u: Float, _ v: Float) -> Bool {
        let column = min(max(Int(u), 0) / Self.side, columns - 1), row = min(max(Int(v), 0) / Self.side, rows - 1)
        return active[row * columns + column]
    }
}
