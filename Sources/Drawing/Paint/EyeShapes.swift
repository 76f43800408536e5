import Raster

extension UndecidedDrawing {
    /// Gives catchlights, pupils and irises borders without the network's unevenness, which shows where a drawing is
    /// enlarged: ellipses that are fitted to what the network drew, an iris cut by the curves of its lids. What does
    /// not look like one, such as an eye half behind hair, stays as the network drew it.
    mutating func roundEyes(of meshes: [FaceMesh]) {
        guard marks.width == width, marks.height == height else { return }
        for mesh in meshes {
            let axes = FaceAxes(mesh)
            guard axes.unit.isFinite, axes.unit > 1e-3 else { continue }
            for ring in MeshPoints.iris { EyeShapes(mesh.points(ring), axes, in: marks)?.round(&marks) }
        }
    }
}

/// One eye's round parts.
private struct EyeShapes {
    /// About where the iris is drawn.
    private let usual: Ellipse
    private let columns: Range<Int>
    private let rows: Range<Int>

    /// Channels of `UndecidedDrawing.marks`.
    private enum Mark: Int { case highlight, pupil, iris }
    /// Irises with a smaller radius have too few pixels to be told by; in pixels of the drawing.
    private static let leastRadius = 2.5
    /// Of the drawn iris's width and height, and of the pupil's, to the photographed iris's radius, as the painter has
    /// them.
    private static let width = 1.2, height = 1.3, pupil = 0.47
    /// Share of its radius that a catchlight is smaller than the network's: large ones stare.
    private static let smaller = 0.18
    /// Logit for each pixel within a border: an edge of one pixel.
    private static let slope = 4.0
    /// Border points within an ellipse by this are a lid's, in pixels.
    private static let lidDepth = 0.8
    /// Least share that a shape has in common with what the network drew, of both together.
    private static let agreement = (round: 0.65, iris: 0.8)

    /// - Parameter ring: the iris's centre and four points of its border.
    /// - Returns: `nil` for irises that are too small or lie outside.
    init?(_ ring: [Point], _ axes: FaceAxes, in marks: Bitmap) {
        let radius = ring.dropFirst().reduce(0) { $0 + ($1 - ring[0]).length } / Double(max(ring.count - 1, 1))
        guard radius.isFinite, radius >= Self.leastRadius, ring[0].x.isFinite, ring[0].y.isFinite else { return nil }
        func span(_ middle: Double, _ count: Int) -> Range<Int> {
            let low = min(max((middle - 2.4 * radius).rounded(.down), 0), Double(count))
            return Int(low)..<Int(min(max((middle + 2.4 * radius).rounded(.up), low), Double(count)))
        }
        (columns, rows) = (span(ring[0].x, marks.width), span(ring[0].y, marks.height))
        guard columns.count > 4, rows.count > 4 else { return nil }
        usual = Ellipse(centre: ring[0], radii: (Self.width * radius, Self.height * radius), axes)
    }

    func round(_ marks: inout Bitmap) {
        let highlight = highlight(in: marks)
        if let pupil = pupil(in: marks, besides: highlight) { put(.pupil, pupil.depth, into: &marks) }
        if let highlight {
            let smaller = Self.smaller * highlight.radii.width
            put(.highlight, { highlight.depth($0) - smaller }, into: &marks)
        }
        if let iris = iris(in: marks) { put(.iris, iris, into: &marks) }
    }

    // MARK: - What is found

    private func highlight(in marks: Bitmap) -> Ellipse? {
        let border = border(of: .highlight, in: marks)
        guard border.count >= 8 else { return nil }
        let middle = border.mean
        let radius = max(border.reduce(0) { $0 + ($1 - middle).length } / Double(border.count), 1)
        var start = usual
        (start.centre, start.radii) = (middle, (radius, radius))
        let found = start.fitted(to: border, pull: SIMD4(0, 0, 0.3, 0.3))
        return share(of: found.depth, in: marks, .highlight) >= Self.agreement.round ? found : nil
    }

    /// Round under the highlight too, where the network leaves it out.
    private func pupil(in marks: Bitmap, besides highlight: Ellipse?) -> Ellipse? {
        let border = border(of: .pupil, in: marks).filter { (highlight?.depth($0) ?? -2) < -0.9 }
        guard border.count >= 6 else { return nil }
        var start = usual
        let radius = Self.pupil / Self.width * usual.radii.width
        start.radii = (radius, radius)
        let found = start.fitted(to: border, pull: SIMD4(0.02, 0.02, 0.1, 0.1))
        let share = share(of: found.depth, in: marks, .pupil) { (highlight?.depth($0) ?? -1) < 0 }
        return share >= Self.agreement.round ? found : nil
    }

    /// How far a place lies within the iris, in pixels.
    private func iris(in marks: Bitmap) -> ((Point) -> Double)? {
        let border = border(of: .iris, in: marks)
        guard border.count >= 16 else { return nil }
        let disc = usual.fitted(to: border, pull: SIMD4(0.01, 0.03, 0.02, 0.1))
        let covered = border.filter { disc.depth($0) > Self.lidDepth }
        let lids = [-1.0, 1].compactMap { LidCurve(covered, of: disc, side: $0) }
        let depth = { (point: Point) in lids.reduce(disc.depth(point)) { min($0, $1.depth(point)) } }
        return share(of: depth, in: marks, .iris) >= Self.agreement.iris ? depth : nil
    }

    /// Where a mark's logit is 0 between two neighbours.
    private func border(of mark: Mark, in marks: Bitmap) -> [Point] {
        var points: [Point] = []
        for y in rows {
            for x in columns {
                let here = marks[x, y][mark.rawValue]
                for (dx, dy) in [(1, 0), (0, 1)] where columns.contains(x + dx) && rows.contains(y + dy) {
                    let next = marks[x + dx, y + dy][mark.rawValue]
                    guard (here < 0) != (next < 0) else { continue }
                    let t = Double(here / (here - next))
                    points.append(
                        Point(x: Double(x) + 0.5 + t * Double(dx), y: Double(y) + 0.5 + t * Double(dy)))
                }
            }
        }
        return points
    }

    /// Pixels in both over pixels in either.
    private func share(
        of depth: (Point) -> Double, in marks: Bitmap, _ mark: Mark, where counts: (Point) -> Bool = { _ in true }
    ) -> Double {
        var (both, either) = (0, 0)
        for y in rows {
            for x in columns {
                let place = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
                guard counts(place) else { continue }
                let (drawn, shaped) = (marks[x, y][mark.rawValue] > 0, depth(place) > 0)
                both += drawn && shaped ? 1 : 0
                either += drawn || shaped ? 1 : 0
            }
        }
        return Double(both) / Double(max(either, 1))
    }

    private func put(_ mark: Mark, _ depth: (Point) -> Double, into marks: inout Bitmap) {
        for y in rows {
            for x in columns {
                let within = depth(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
                let logit = Float(Self.slope * min(max(within, -4), 20))
                // Far outside nothing shows; how surely it does not is the network's.
                marks[x, y][mark.rawValue] = within > -4 ? logit : min(marks[x, y][mark.rawValue], logit)
            }
        }
    }
}

/// The border that a lid gives an iris: a parabola over the iris's axes.
private struct LidCurve {
    private let disc: Ellipse
    private let side: Double
    private let curve: [Double]

    /// - Parameters:
    ///   - points: of the border, within the iris's disc.
    ///   - side: −1 for the upper lid, 1 for the lower one.
    /// - Returns: `nil` where no lid covers the disc.
    init?(_ points: [Point], of disc: Ellipse, side: Double) {
        let places = points.map(disc.place).filter { $0.along * side > 0 }
        guard places.count >= 6 else { return nil }
        var curve = [0.0, 0, 0]
        for round in 0..<6 {
            var equations = NormalEquations(3)
            // Few points say little of the curvature.
            equations.add([0, 1, 0], 0, weight: 1e-5 * Double(places.count))
            equations.add([0, 0, 1], 0, weight: 1e-3 * Double(places.count))
            for (across, along) in places {
                let row = [1, across, across * across]
                let off = zip(row, curve).reduce(-along) { $0 + $1.0 * $1.1 }
                let share = max(1 - (off / 1.2) * (off / 1.2), 0)
                equations.add(row, along, weight: round == 0 ? 1 : share * share + 1e-6)
            }
            guard let found = equations.solution() else { return nil }
            curve = found
        }
        (self.disc, self.side, self.curve) = (disc, side, curve)
    }

    /// How far a place lies on the iris's side, in pixels.
    func depth(_ point: Point) -> Double {
        let (across, along) = disc.place(point)
        let edge = curve[0] + curve[1] * across + curve[2] * across * across
        let slope = curve[1] + 2 * curve[2] * across
        return side * (edge - along) / (1 + slope * slope).squareRoot()
    }
}
