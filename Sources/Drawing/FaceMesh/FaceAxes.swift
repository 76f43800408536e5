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

/// One eye as it is drawn: grown about its own centre.
struct DrawnEye {
    /// 40 points each, from the corner near the nose to the outer one.
    let upper: [Point]
    let lower: [Point]
    let iris: Point
    /// Half width and half height of the drawn iris, in pixels.
    let radii: (width: Double, height: Double)
    /// Height of the photograph's eye, in units.
    let opening: Double
    /// Corner to corner in the photograph, in units.
    let width: Double

    private static let growth = 1.12
    private static let irisWidth = 1.16, irisHeight = 1.16...1.5

    /// - Parameter index: 0 is the viewer's left eye.
    init(_ mesh: FaceMesh, _ axes: FaceAxes, index: Int) {
        let upper = curve(mesh.points(MeshPoints.upperLid[index])),
            lower = curve(mesh.points(MeshPoints.lowerLid[index]))
        let centre = (upper[0] + upper[39] + upper[20] + lower[20]) * 0.25
        let opening = dot(Array(lower[12..<28]).mean - Array(upper[12..<28]).mean, axes.down) / axes.unit
        // In proportion: a squint stays one.
        let taller = min(max(1.08 + 0.9 * opening, 1.13), 1.28)
        func grown(_ lid: [Point]) -> [Point] {
            lid.map { point in
                let off = point - centre
                return centre + axes.right * (dot(off, axes.right) * Self.growth) + axes.down
                    * (dot(off, axes.down) * taller)
            }
        }
        let (above, below) = (grown(upper), grown(lower))
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
        width = (upper[39] - upper[0]).length / axes.unit
    }
}
