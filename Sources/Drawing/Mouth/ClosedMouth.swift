import Raster

/// The line between closed lips, as the painter finds it (`closed_line` of Models/training/painter/mouth.py): the
/// darkest path near the mesh's, and on to where that ends. A quiet smile lives in the corners, which lie further out
/// and higher than a mesh has them.
struct ClosedMouth {
    /// From the viewer's left.
    let line: [Point]
    /// Whether it is dark all along, as only closed lips are.
    let isClear: Bool

    /// Steps by which the line may run beyond either corner, and how far that is, in units.
    private static let extra = 14, beyond = 0.07
    /// Steps by which the line may lie beside the mesh's, in units, and how many of them; more where the mesh's lips
    /// are open.
    private static let step = 0.0125, reach = 4
    /// What bending costs the line.
    private static let stiffness = 0.12 / (step * step)
    /// How far the line may fall over its outer parts, in units, and columns of each: there meshes of a mouth that is
    /// turned a little fall to the lower lip.
    private static let fall = 0.03, outer = 9
    /// Darkness beside its surroundings, as a share of their lightness, that is no line and that surely is one.
    private static let darkness = (Float(0.02), Float(0.22))
    /// How dark the line goes on beyond the corners, and has to be in each third of a mouth: hands and things before
    /// it, and hair over it, have no line there; and in each of one that is closed lips for sure.
    private static let goesOn: Float = 0.35, least: Float = 0.42,
        clear: Float = 0.8

    /// - Returns: `nil` where no line is seen.
    init?(_ view: MouthView) {
        let response = Self.response(view), points = view.mesh.points
        let middle = zip(view.upper, view.lower).map { ($0 + $1) * 0.5 }
        let corners = (points[MeshPoints.mouthCorners[0]], points[MeshPoints.mouthCorners[1]])
        func end(_ corner: Point, _ inner: Point) -> [Point] {
            let off = corner - middle[MouthView.columns / 2]
            let out = corner + off * (Self.beyond * view.unit / max(off.length, 1e-6))
            return (0..<Self.extra).map { out + (inner - out) * (Double($0) / Double(Self.extra)) }
        }
        let whole =
            end(corners.0, middle[0]) + middle + end(corners.1, middle[middle.count - 1]).reversed()
        let steps = Self.reach + Int(max(view.opening, 0) / (2 * Self.step))
        var path = Ridge.snapped(
            whole, unit: view.unit, reach: Double(steps) * Self.step, places: steps, stiffness: Self.stiffness
        ) { view.value(response, $0) }
        let dark = path.map { view.value(response, $0) }
        let inner = Array(dark[Self.extra..<dark.count - Self.extra])
        let third = inner.count / 3
        let means = (0..<3).map { inner[$0 * third..<($0 + 1) * third].reduce(0, +) / Float(third) }
        guard let faintest = means.min(), faintest >= Self.least else { return nil }
        isClear = faintest > Self.clear
        func run(_ values: [Float]) -> Int { values.firstIndex { $0 < Self.goesOn } ?? values.count }
        let first = run(dark[..<Self.extra].reversed()), last = run(Array(dark[(dark.count - Self.extra)...]))
        let down = view.axes.down
        func raise(_ range: Range<Int>, to place: Point) {
            for index in range { path[index] = path[index] - down * max(dot(path[index] - place, down), 0) }
        }
        let start = Self.extra, end = path.count - Self.extra - 1, most = down * (Self.fall * view.unit)
        raise(start..<start + Self.outer, to: path[start + Self.outer] + most)
        raise(end - Self.outer + 1..<end + 1, to: path[end - Self.outer] + most)
        // Folds below a corner are none of its line.
        raise(0..<Self.extra, to: path[Self.extra])
        raise(path.count - Self.extra..<path.count, to: path[path.count - Self.extra - 1])
        line = Array(path[Self.extra - first..<path.count - Self.extra + last])
    }

    /// How surely each place of the window lies on a dark line, 0…1.
    private static func response(_ view: MouthView) -> Plane {
        let near = view.light.blurred(sigma: 0.008 * view.unit), wide = view.light.blurred(sigma: 0.06 * view.unit)
        return view.window.plane(
            zip(near.values, wide.values).map { smoothstep(darkness.0, darkness.1, ($1 - $0) / max($1, 8)) })
    }
}
