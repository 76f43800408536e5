import Raster

/// The outer borders of both lips: the mesh's, moved to where the photograph's lips end. Meshes know where lips are,
/// but not how full: they have thin ones too thick, and do not know of moustaches over them.
struct LipBorders {
    /// From the viewer's left, `MouthView.columns` points each.
    let upper, lower: [Point]

    /// How far inwards of the mesh's lips lie that are not told from skin: meshes have faint ones full. In units.
    private static let faint = 0.01
    /// What is looked at about a border, in units along down, and the fewest steps of it on either side of one.
    private static let heights = (-20...20).map { 0.005 * Double($0) }, margin = 6, near = 12
    /// Columns that are looked at; to their sides lips get too thin to be told from skin.
    private static let columns = 12..<49
    /// Where skin is looked at beyond a border, in units.
    private static let beyond = 0.09
    /// How far a border may be moved outwards and inwards, in units.
    private static let outwards = 0.015, inwards = 0.045
    /// How much lightness, redness and yellowness tell lips from skin, and by how much they have to.
    private static let weights = SIMD3<Float>(0.35, 1, 0.3), contrast: Float = 7.5
    /// Height of the step at a border, as a share of the contrast, from which on it is one; share of the columns that
    /// must show one, and the spread of half of them at most, in units.
    private static let step: Float = 0.35, leastShare = 0.7, spread: Float = 0.02

    /// - Parameter colour: the photograph's Lab at a place.
    init(_ mesh: FaceMesh, _ axes: FaceAxes, colour: (Point) -> SIMD3<Float>) {
        let count = MouthView.columns
        let outer = [
            curve(mesh.points(MeshPoints.upperLip), count: count),
            curve(mesh.points((MeshPoints.lips[10...] + [MeshPoints.lips[0]]).reversed()), count: count),
        ]
        let inner = [MeshPoints.mouthUpper, MeshPoints.mouthLower].map { curve(mesh.points($0), count: count) }
        let moved = zip(outer, zip(inner, [-1.0, 1])).map { border, other -> [Point] in
            let out = axes.down * (other.1 * axes.unit)
            let distance = Self.distance(border, other.0, out, colour) ?? -Self.faint
            return zip(border, steps(count)).map { point, step in
                point + out * (distance * (1 - power(abs(2 * step - 1), 4)))
            }
        }
        (upper, lower) = (moved[0], moved[1])
    }

    /// How far beyond the mesh's border the photograph's lies on the median, in units; `nil` where none is seen.
    private static func distance(
        _ border: [Point], _ inner: [Point], _ out: Point, _ colour: (Point) -> SIMD3<Float>
    ) -> Double? {
        guard let lip = columns.map({ colour((border[$0] + inner[$0]) * 0.5) }).medianColour,
            let skin = columns.map({ colour(border[$0] + out * beyond) }).medianColour
        else { return nil }
        let off = (lip - skin) * weights, square = (off * off).sum()
        guard square.squareRoot() > contrast else { return nil }
        let found = columns.compactMap { column -> Float? in
            let shares = heights.map { height in
                ((colour(border[column] + out * height) - skin) * weights * off).sum() / square
            }
            func mean(_ range: Range<Int>) -> Float { shares[range].reduce(0, +) / Float(range.count) }
            let steps = (margin..<shares.count - margin).map { row -> (height: Double, step: Float) in
                let within = mean(max(row - near, 0)..<row), beyond = mean(row..<min(row + near, shares.count))
                return (heights[row], within - beyond)
            }
            guard let best = steps.max(by: { $0.step < $1.step }), best.step > step else { return nil }
            return Float(best.height)
        }
        guard Double(found.count) >= leastShare * Double(columns.count), let middle = found.median,
            let low = found.quantile(0.25), let high = found.quantile(0.75), high - low <= spread
        else { return nil }
        return min(max(Double(middle), -inwards), outwards)
    }
}
