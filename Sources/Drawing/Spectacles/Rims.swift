import Raster

/// Both rims of a pair of glasses.
struct Rims {
    /// What both lenses are taken for.
    let shape: LensShape
    private let lenses: [LensFrame]

    /// Points of a rim, from the temple over the top, and every how many of them are asked while shapes are tried.
    static let count = 96, step = 2
    /// Point of a rim where the bridge begins.
    static let inner = 40
    /// Those of its inner side, of its bottom and, at the ends of a turn, of its outer side.
    static let innerSide = Array(36..<60), bottom = Array(60..<84), outerSide = Array(84..<96) + Array(0..<12)
    /// By how well rims have to lie on dark lines to be glasses.
    private static let leastFit: Float = 0.3
    /// How far rims are looked for from their fitted shape, in units, and what it costs to be there and to bend.
    struct Search {
        let reach: Double
        let away: Float
        let stiffness: Double

        /// Both rims together in a photograph, which has brows and lids too, and in a drawing without those.
        static let photographed = Search(reach: 0.13, away: 0.25, stiffness: 900)
        static let drawn = Search(reach: 0.17, away: 0.1, stiffness: 700)
        /// Each by itself from there.
        static let apart = Search(reach: 0.05, away: 0.2, stiffness: 1800)
    }
    /// Places across a line that are tried, to either side.
    private static let places = 14

    /// - Returns: `nil` where no such rims are.
    init?(_ region: EyeRegion, likeness: Plane) {
        lenses = (0...1).map { LensFrame(region, index: $0) }
        let wide = likeness.blurred(sigma: 0.02 * region.unit)
        guard let (shape, fit) = Self.best(lenses, wide, region), fit >= Self.leastFit else { return nil }
        self.shape = shape
    }

    /// The shape of both lenses that lies best on dark lines, and how well it does.
    private static func best(_ lenses: [LensFrame], _ dark: Plane, _ region: EyeRegion) -> (LensShape, Float)? {
        let window = region.window
        let turns = LensShape.exponents.map { exponent in
            stride(from: 0, to: count, by: step).map { LensShape.unitPoint(Double($0) / Double(count), exponent) }
        }
        var found: (shape: LensShape, score: Float, likely: Double)?
        dark.values.withUnsafeBufferPointer { values in
            LensShape.forEach { shape, exponent in
                var sum: Float = 0
                for lens in lenses {
                    for point in turns[exponent] {
                        let place = lens.place(shape, point)
                        let column = min(max(Int(place.x) - window.x, 0), window.width - 1)
                        let row = min(max(Int(place.y) - window.y, 0), window.height - 1)
                        sum += values[row * window.width + column]
                    }
                }
                let score = sum / Float(2 * turns[exponent].count), likely = Double(score) + shape.likelihood
                if likely > found?.likely ?? -.infinity { found = (shape, score, likely) }
            }
        }
        return found.map { ($0.shape, $0.score) }
    }

    /// Both rims as closed lines on what is dark, 0…1: no lens is quite a superellipse. First both together, so that
    /// one lens shows what hair or glare hide of the other, then each by itself.
    func lines(on dark: Plane, by together: Search, _ region: EyeRegion) -> [[Point]] {
        let unit = region.unit, soft = dark.blurred(sigma: 0.012 * unit)
        let fitted = lenses.map { lens in
            (0..<Self.count).map {
                lens.line(shape, LensShape.unitPoint(Double($0) / Double(Self.count), shape.exponent))
            }
        }
        func gains(_ plane: Plane, _ index: Int, moved: [Double], _ reach: Double, _ away: Float) -> [[Float]] {
            fitted[index].indices.map { point in
                let (place, across) = fitted[index][point]
                return Self.offsets(reach).map { offset in
                    let share = Float(offset / reach)
                    return region.value(plane, place + across * ((moved[point] + offset) * unit))
                        - away * share * share
                }
            }
        }
        let still = [Double](repeating: 0, count: Self.count)
        let both = lenses.indices.map { gains(soft, $0, moved: still, together.reach, together.away) }
        let common = zip(both[0], both[1]).map { zip($0, $1).map { 0.5 * ($0 + $1) } }
        let moved = Ridge.shifts(
            common, offsets: Self.offsets(together.reach), stiffness: together.stiffness, isClosed: true)
        return lenses.indices.map { index in
            let own = Ridge.shifts(
                gains(dark, index, moved: moved, Search.apart.reach, Search.apart.away),
                offsets: Self.offsets(Search.apart.reach),
                stiffness: Search.apart.stiffness, isClosed: true)
            return fitted[index].indices.map { point in
                fitted[index][point].place + fitted[index][point].across * ((moved[point] + own[point]) * unit)
            }
        }
    }

    private static func offsets(_ reach: Double) -> [Double] {
        (-places...places).map { reach * Double($0) / Double(places) }
    }
}

/// A superellipse that a lens is taken for; lengths in units.
struct LensShape {
    let halfWidth, halfHeight: Double
    /// How far its middle lies outwards of and below the eye's.
    let outwards, below: Double
    /// 2 is round, 5 nearly a rectangle.
    let exponent: Double

    static let exponents = [2.0, 2.8, 4.5]
    private static let halfWidths = (0..<7).map { 0.30 + 0.035 * Double($0) }
    private static let halfHeights = (0..<8).map { 0.17 + 0.035 * Double($0) }
    private static let outwards = (0..<5).map { -0.06 + 0.04 * Double($0) }
    private static let belows = (0..<7).map { -0.06 + 0.035 * Double($0) }
    /// Rims do not meet over the nose.
    private static let mostInwards = 0.42

    /// All shapes that are tried, each with the index of its exponent.
    static func forEach(_ body: (_ shape: LensShape, _ exponent: Int) -> Void) {
        for halfWidth in halfWidths {
            for outwards in outwards where halfWidth - outwards < mostInwards {
                for halfHeight in halfHeights {
                    for below in belows {
                        for (index, exponent) in exponents.enumerated() {
                            let shape = LensShape(
                                halfWidth: halfWidth, halfHeight: halfHeight, outwards: outwards, below: below,
                                exponent: exponent)
                            body(shape, index)
                        }
                    }
                }
            }
        }
    }

    /// The larger of equals, since bags and lids lie within; and pupils lie a little above the middle of a lens.
    var likelihood: Double { 0.15 * halfWidth + 0.10 * halfHeight - 0.4 * abs(below - 0.05) }

    /// A point of the superellipse with half axes 1, x outwards and y down, at a share of the turn from the temple over
    /// the top.
    static func unitPoint(_ share: Double, _ exponent: Double) -> Point {
        let angle = 2 * .pi * share, (x, y) = (cosine(angle), -sine(angle))
        func shaped(_ value: Double) -> Double { (value < 0 ? -1 : 1) * power(abs(value), 2 / exponent) }
        return Point(x: shaped(x), y: shaped(y))
    }
}

/// Where one lens lies in the picture: about the eye, outwards from the nose. Of a turned head the far lens is as much
/// narrower as the eye is.
private struct LensFrame {
    private let centre: Point
    /// A unit outwards and down, in pixels.
    private let outwards, down: Point

    init(_ region: EyeRegion, index: Int) {
        let mesh = region.mesh
        let widths = MeshPoints.upperLid.map { (mesh.points[$0[0]] - mesh.points[$0[$0.count - 1]]).length }
        let narrow = min(1, widths[index] / max(widths[1 - index], 1e-3))
        centre = mesh.points(MeshPoints.upperLid[index] + MeshPoints.lowerLid[index]).mean
        outwards = region.axes.right * ((index == 0 ? -1 : 1) * narrow * region.unit)
        down = region.axes.down * region.unit
    }

    /// The place of a shape's point.
    func place(_ shape: LensShape, _ point: Point) -> Point {
        centre + outwards * (shape.outwards + shape.halfWidth * point.x)
            + down * (shape.below + shape.halfHeight * point.y)
    }

    /// The same with the unit vector across the rim there, away from the middle: that of an ellipse, since those of
    /// near rectangles cross in their corners.
    func line(_ shape: LensShape, _ point: Point) -> (place: Point, across: Point) {
        let across = outwards * (point.x / shape.halfWidth) + down * (point.y / shape.halfHeight)
        return (place(shape, point), across * (1 / max(across.length, 1e-6)))
    }
}
