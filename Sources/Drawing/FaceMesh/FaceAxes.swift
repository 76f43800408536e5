import Raster

/// The measures of a face that its features are drawn in.
struct FaceAxes {
    /// The larger of the distance between the eyes and 0.9 of that from eyes to mouth, in pixels: of a turned head the
    /// former shrinks to nothing.
    let unit: Double
    /// Unit vector to the viewer's right.
    let right: Point
    /// Unit vector to the chin.
    let down: Point

    init(_ mesh: FaceMesh) {
        let eyes = (0...1).map { mesh.points(MeshPoints.upperLid[$0] + MeshPoints.lowerLid[$0]).mean }
        let mouth = mesh.points(MeshPoints.mouthCorners).mean
        let between = eyes[1] - eyes[0], length = mouth - eyes.mean
        unit = max(between.length, 0.9 * length.length)
        // A profile's eye line is unreliable; the midline is not.
        let sum =
            between * (1 / (between.length + 1e-6)) + Point(x: length.y, y: -length.x) * (1 / (length.length + 1e-6))
        right = sum * (1 / (sum.length + 1e-6))
        down = Point(x: -right.y, y: right.x)
    }
}

extension FaceMesh {
    /// Whether something can be found on the face: it is large enough and is seen from far enough in front.
    ///
    /// - Parameter leastUnit: in pixels.
    func isClear(_ axes: FaceAxes, from leastUnit: Double) -> Bool {
        axes.unit.isFinite && axes.unit >= leastUnit && isSeenInFront
            && points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
    }
}

/// One eye as it is drawn: grown about its own centre, an open one more than a narrow one, so that a squint or a smile
/// stays one.
struct DrawnEye {
    /// 40 points each, from the corner near the nose to the outer one.
    let upper: [Point]
    let lower: [Point]
    let iris: Point
    /// Half width and half height of the drawn iris, in pixels.
    let radii: (width: Double, height: Double)
    /// Height of the photograph's eye, in units.
    let opening: Double
    /// The highlight's centre along down from the iris's, in pixels.
    let glint: Double
    /// Corner to corner in the photograph, in units.
    let width: Double

    private static let growth = 1.14
    /// How much taller than the photograph's a narrow and a wide eye are drawn, and their openings in units.
    private static let taller = 0.88...1.08, narrow = 0.075, open = 0.155
    /// By how much the lids are flatter at the very corners, so that the white ends in points and does not bulge.
    private static let upperSlim = 0.15, lowerSlim = 0.45
    private static let irisWidth = 1.2, irisHeight = 1.2...1.5

    /// - Parameter index: 0 is the viewer's left eye.
    init(_ mesh: FaceMesh, _ axes: FaceAxes, index: Int) {
        let upper = curve(mesh.points(MeshPoints.upperLid[index])),
            lower = curve(mesh.points(MeshPoints.lowerLid[index]))
        let centre = (upper[0] + upper[39] + upper[20] + lower[20]) * 0.25
        let opening = dot(Array(lower[12..<28]).mean - Array(upper[12..<28]).mean, axes.down) / axes.unit
        let taller =
            Self.taller.lowerBound
            + (Self.taller.upperBound - Self.taller.lowerBound) * smooth(Self.narrow, Self.open, opening)
        let chord = upper[39] - upper[0], wide = dot(chord, axes.right)
        let slant = abs(wide) > 1e-6 ? min(max(dot(chord, axes.down) / wide, -1), 1) : 0
        func grown(_ lid: [Point]) -> [Point] {
            lid.map { point in
                let off = point - centre, across = dot(off, axes.right)
                // The line between the corners keeps its slant.
                let down = slant * across * Self.growth + (dot(off, axes.down) - slant * across) * taller
                return centre + axes.right * (across * Self.growth) + axes.down * down
            }
        }
        let above = slimmed(grown(upper), by: Self.upperSlim), below = slimmed(grown(lower), by: Self.lowerSlim)
        let ring = mesh.points(MeshPoints.iris[index]), middle = ring[0]
        let radius = ring.dropFirst().reduce(0) { $0 + ($1 - middle).length } / 4
        func height(_ lid: [Point]) -> Double {
            let nearest =
                lid.min { abs($0.x - middle.x) + abs($0.y - middle.y) < abs($1.x - middle.x) + abs($1.y - middle.y) }
                ?? middle
            return dot(nearest - middle, axes.down)
        }
        let least = Self.irisHeight.lowerBound * radius, most = Self.irisHeight.upperBound * radius
        let tall = min(max(-1.12 * height(above), height(below), least), most)
        (self.upper, self.lower, iris, self.opening) = (above, below, middle, opening)
        radii = (max(Self.irisWidth * radius, 1e-3), max(tall, 1e-3))
        // Under a low lid the highlight moves down and stays round.
        glint = max(-0.36 * radii.width, min(height(above) + 0.36 * radii.width, 0))
        width = (upper[39] - upper[0]).length / axes.unit
    }
}

extension CoverageWindow {
    /// Where both eyes are drawn.
    ///
    /// - Parameter mesh: in pixels of the picture that the window lies in.
    func drawnEyes(_ mesh: FaceMesh, _ axes: FaceAxes) -> ShapeMask {
        let eyes = (0...1).map { index in
            let eye = DrawnEye(mesh, axes, index: index)
            return shape(eye.upper + eye.lower.reversed(), above: 0.5)
        }
        return eyes[0] | eyes[1]
    }
}

/// A lid by `amount` nearer to the line from corner to corner at its ends, and unchanged in its middle.
private func slimmed(_ lid: [Point], by amount: Double) -> [Point] {
    guard let first = lid.first, let last = lid.last else { return lid }
    let chord = last - first
    let normal = Point(x: -chord.y, y: chord.x) * (1 / (chord.length + 1e-6))
    return zip(lid, steps(lid.count)).map { point, t in
        let end = max(abs(2 * t - 1) - 0.3, 0) / 0.7
        return point - normal * (amount * end * end * dot(point - first, normal))
    }
}
