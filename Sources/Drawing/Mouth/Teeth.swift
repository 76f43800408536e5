import Raster

/// The teeth that an open mouth shows, as a band below the upper lip. Places along it are columns of `MouthView`.
struct Teeth {
    /// First and last column.
    let span: ClosedRange<Double>
    /// How far below the upper lip's border they begin and end in each column, in units.
    let top, bottom: [Double]
    /// Lower border of the upper lip and upper border of the lower one, one point for each column.
    let upperLip, lowerLip: [Point]
    /// Lab of the photographed teeth.
    let colour: SIMD3<Float>

    /// Heights below the upper lip's border at which each column is looked at, in units.
    private static let heights = (-20...80).map { 0.005 * Double($0) }
    /// How much lightness, redness and yellowness tell teeth from lips.
    private static let weights = SIMD3<Float>(0.6, 1, 0.3)
    /// Columns that must show teeth, and how many between two such may show none.
    private static let leastColumns = 12, mostMissing = 4
    /// Teeth are lighter than this share of the skin's lightness, farther from the lips than this, as weighted, and
    /// less red; in a photograph without colour they are lighter than lips.
    private static let leastLight: Float = 0.5, leastContrast: Float = 8, leastRedness: Float = 6
    /// Width of mouths over whose share one is opened too wide for a band to fill it: there a tongue is seen.
    private static let gaping = 0.42
    /// How far below the mesh's upper lip teeth begin below gums and not below the lip, in units, and how far that lip
    /// is then: meshes have it too high in a wide smile.
    private static let gum = (height: 0.09, lip: 0.035)
    /// Share of columns with a dark gap below the teeth from which on one is drawn, height of such a gap, in units, and
    /// the part of it that is drawn: lower teeth are not, which it mostly shows.
    private static let cavity = (share: 0.4, height: 0.02, depth: 0.6)

    /// What a place between the lips shows.
    private struct Grid {
        /// Column by column.
        let colours: [[SIMD3<Float>]]
        let gap: [Double]
        /// Lightness of the lightest places.
        let light: Float

        func isInside(_ column: Int, _ row: Int) -> Bool {
            heights[row] > -0.01 && heights[row] < gap[column] + 0.01
        }
    }

    /// - Parameter lips: the photograph's Lab of the lips.
    /// - Returns: `nil` where no teeth are seen for sure.
    init?(_ view: MouthView, lips: SIMD3<Float>) {
        let width = (view.upper[MouthView.columns - 1] - view.upper[0]).length / view.unit
        guard (view.gap.max() ?? 0) < Self.gaping * width, let grid = Self.grid(view),
            let colour = Self.colour(grid), colour.x > Self.leastLight * view.skin.x
        else { return nil }
        let off = (colour - lips) * Self.weights, contrast = (off * off).sum()
        let paler = view.colourful > 0.5 ? lips.y - colour.y : colour.x - lips.x
        guard contrast.squareRoot() > Self.leastContrast, paler > Self.leastRedness else { return nil }
        let runs = grid.colours.indices.map { column -> ClosedRange<Int>? in
            let isTooth = grid.colours[column].map { place -> Bool in
                let along = ((place - lips) * Self.weights * off).sum() / contrast
                return smoothstep(0.3, 0.7, along) * smoothstep(0.45, 0.65, place.x / grid.light) > 0.5
            }
            return Self.run(isTooth, column, grid)
        }
        guard let columns = Self.group(runs) else { return nil }
        func fit(_ row: (ClosedRange<Int>) -> Int, above: Double, slant: Double) -> Parabola? {
            Parabola(
                columns.compactMap { column in
                    runs[column].map { (Self.side(column), Self.heights[row($0)]) }
                }, above: above, slant: slant)
        }
        // A slanted band would make the smile crooked: that of the head is the lip's own.
        guard let ends = fit(\.upperBound, above: 1, slant: 0.7), let begins = fit(\.lowerBound, above: 0, slant: 0.3)
        else { return nil }
        let most = (view.gap.max() ?? 0) + 0.04
        let sides = (0..<MouthView.columns).map(Self.side)
        let below = sides.map { min(max(ends($0), 0.02), most) }
        let hasGum = begins(0) > Self.gum.height
        let lifts = sides.map { side in
            (hasGum ? Self.gum.lip : min(max(begins(side) - 0.012, 0), Self.gum.height)) * (1 - power(abs(side), 3))
        }
        self.colour = colour
        upperLip = zip(view.upper, lifts).map { $0 + view.axes.down * ($1 * view.unit) }
        lowerLip = Self.lowerLip(view, grid, columns, below)
        bottom = zip(below, lifts).map { $0 - $1 }
        top = zip(sides, lifts).map { hasGum ? max(begins($0) - $1, 0) : 0 }
        // Teeth in the shade of the corners are teeth too.
        let last = Double(MouthView.columns - 1)
        span = 0.4 * Double(columns.lowerBound)...last - 0.4 * (last - Double(columns.upperBound))
    }

    /// −1 at the left corner of the mouth, 1 at the right.
    private static func side(_ column: Int) -> Double { 2 * Double(column) / Double(MouthView.columns - 1) - 1 }

    private static func grid(_ view: MouthView) -> Grid? {
        let planes = [view.light, view.a, view.b].map { $0.blurred(sigma: 0.008 * view.unit) }
        let colours = view.upper.map { start in
            heights.map { height -> SIMD3<Float> in
                let place = start + view.axes.down * (height * view.unit)
                return SIMD3(
                    view.value(planes[0], place), view.value(planes[1], place), view.value(planes[2], place))
            }
        }
        var lights: [Float] = []
        for (column, gap) in zip(colours, view.gap) {
            for (height, colour) in zip(heights, column) where height > -0.01 && height < gap + 0.01 {
                lights.append(colour.x)
            }
        }
        guard let light = lights.quantile(0.92), light > 1 else { return nil }
        return Grid(colours: colours, gap: view.gap, light: light)
    }

    /// Of the light and least red places.
    private static func colour(_ grid: Grid) -> SIMD3<Float>? {
        var found: [SIMD3<Float>] = []
        for column in grid.colours.indices {
            for row in heights.indices where grid.isInside(column, row) {
                let colour = grid.colours[column][row]
                if colour.x > 0.6 * grid.light { found.append(colour) }
            }
        }
        func redness(_ colour: SIMD3<Float>) -> Float { colour.y - 0.25 * colour.x }
        guard let limit = found.map(redness).quantile(0.4) else { return nil }
        return found.filter { redness($0) <= limit }.medianColour
    }

    /// The rows of the longest run of teeth between the lips.
    private static func run(_ isTooth: [Bool], _ column: Int, _ grid: Grid) -> ClosedRange<Int>? {
        var best: (rows: ClosedRange<Int>, inside: Int)?, start: Int?
        for row in 0...isTooth.count {
            let isOne = row < isTooth.count && isTooth[row]
            if isOne, start == nil { start = row }
            guard !isOne, let first = start else { continue }
            let inside = (first..<row).filter { heights[$0] >= 0 && heights[$0] <= grid.gap[column] }.count
            if inside > best?.inside ?? 0 { best = (first...row - 1, inside) }
            start = nil
        }
        guard let best, best.inside >= 2, heights[best.rows.upperBound] < grid.gap[column] + 0.05,
            best.rows.count > 4
        else { return nil }
        return best.rows
    }

    /// The longest row of columns with teeth.
    private static func group(_ runs: [ClosedRange<Int>?]) -> ClosedRange<Int>? {
        var best: ClosedRange<Int>?, now: ClosedRange<Int>?
        for column in runs.indices where runs[column] != nil {
            if let open = now, column - open.upperBound <= mostMissing {
                now = open.lowerBound...column
            } else {
                now = column...column
            }
            if let now, now.count > best?.count ?? 0 { best = now }
        }
        guard let best, best.count >= leastColumns else { return nil }
        return best
    }

    /// Meshes have the lower lip's border below its wet part. It lies below the teeth, or below a dark gap there.
    private static func lowerLip(
        _ view: MouthView, _ grid: Grid, _ columns: ClosedRange<Int>, _ bottom: [Double]
    ) -> [Point] {
        let open = columns.filter { column in
            let below = heights.indices.filter {
                heights[$0] > bottom[column] + 0.012 && heights[$0] < view.gap[column] - 0.012
            }
            let dark = below.filter { grid.colours[column][$0].x < 0.5 * grid.light }.count
            return 0.005 * Double(dark) > cavity.height
        }.count
        let isOpen = Double(open) > cavity.share * Double(columns.count)
        let shares = view.upper.indices.map { column -> Double in
            let place = min(max(column, columns.lowerBound), columns.upperBound)
            let rest = isOpen ? cavity.depth * max(view.gap[place] - bottom[place], 0) : 0
            return min(max((bottom[place] + max(rest, 0.016)) / max(view.gap[place], 1e-3), 0.3), 1.12)
        }
        return view.upper.indices.map { column in
            let near = (-6...6).map { shares[min(max(column + $0, 0), shares.count - 1)] }
            let share = near.reduce(0, +) / Double(near.count)
            return view.upper[column] + view.axes.down * (share * view.gap[column] * view.unit)
        }
    }
}
