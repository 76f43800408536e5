import Models
import Raster

/// How much of a drawn face counts at a place of its square: 1 over the head with its hair, falling smoothly to 0
/// before the square's edge. All lengths are multiples of the template's inter-ocular distance, so the feather grows
/// with the face. With a mesh the head has the shape of the face's outline, grown by hair and chin, wherever the head
/// is turned.
public struct FeatherMask: Equatable, Sendable {
    private let centre: SIMD2<Float>
    private let halfWidth: Float
    private let above: Float
    private let below: Float
    private let size: Float
    /// Reach of the full mask from the centre at equal steps of angle, clockwise from the right; empty without a mesh.
    private let outline: [Float]
    /// The shortest and the longest of them.
    private let reach: Reach

    private struct Reach: Equatable {
        let least, most: Float
    }

    /// Reach of the full mask from the face's centre, in inter-ocular distances: a head with its hair (about 1.5 to
    /// each side, 2.1 up) and the chin and neck (1.6 down).
    private static let reach = (side: Float(1.55), up: Float(2.1), down: Float(1.6))
    /// The same over the reach of the face's outline, which ends at forehead, cheeks and chin.
    private static let growth = (side: 1.4, up: 1.8, down: 1.1)
    /// Where the mask has fallen to 0, as a multiple of `reach`.
    private static let outer: Float = 1.45
    /// Width of the ramp at the square's edge, as a share of its side.
    private static let border: Float = 0.06
    private static let directions = 72

    /// - Parameter mesh: in the square; `nil` takes the mean head.
    public init(template: FaceTemplate, mesh: FaceMesh? = nil) {
        let unit = Float(template.landmarks.interOcularDistance)
        let eyes = (template.landmarks.leftEye + template.landmarks.rightEye) * 0.5
        let mouth = (template.landmarks.leftMouth + template.landmarks.rightMouth) * 0.5
        let middle = Point(x: eyes.x, y: eyes.y + (mouth.y - eyes.y) / 3)
        halfWidth = Self.reach.side * unit
        above = Self.reach.up * unit
        below = Self.reach.down * unit
        size = Float(template.size)
        let shape = mesh.flatMap { Self.outline($0.points(MeshPoints.oval), below: middle.y) }
        outline = shape?.radii ?? []
        reach = Reach(least: outline.min() ?? 0, most: outline.max() ?? 0)
        centre = shape?.centre ?? SIMD2(Float(middle.x), Float(middle.y))
    }

    /// The grown outline about a centre within it at height `y`; `nil` when the outline does not go around one.
    private static func outline(_ oval: [Point], below y: Double) -> (centre: SIMD2<Float>, radii: [Float])? {
        let middle = Point(x: oval.mean.x, y: y)
        let radii = (0..<directions).map { step -> Double? in
            let angle = 2 * .pi * Double(step) / Double(directions)
            let (c, s) = (cosine(angle), sine(angle))
            let crossings = oval.indices.compactMap { index -> Double? in
                let a = oval[index] - middle, b = oval[(index + 1) % oval.count] - middle
                // Where the edge crosses the ray: both ends' distances from it have different signs.
                let (p, q) = (a.y * c - a.x * s, b.y * c - b.x * s)
                guard (p <= 0) != (q <= 0) else { return nil }
                let t = p / (p - q)
                let along = (a.x + t * (b.x - a.x)) * c + (a.y + t * (b.y - a.y)) * s
                return along > 0 ? along : nil
            }
            let vertical = s < 0 ? growth.up : growth.down
            return crossings.max().map { $0 * (growth.side * c * c + vertical * s * s) }
        }
        let found = radii.compactMap { $0 }
        guard found.count == directions, found.allSatisfy({ $0.isFinite && $0 > 1 }) else { return nil }
        return (SIMD2(Float(middle.x), Float(middle.y)), found.map(Float.init))
    }

    /// The mask at (x, y) of the template's square: 0…1.
    @inline(__always)
    public func value(_ x: Float, _ y: Float) -> Float {
        let border = borderRamp(x, y)
        return border > 0 ? head(x, y) * border : 0
    }

    /// Whether the mask is above 0 there.
    @inline(__always)
    func counts(_ x: Float, _ y: Float) -> Bool {
        guard borderRamp(x, y) > 0 else { return false }
        let (dx, dy) = (x - centre.x, y - centre.y), square = dx * dx + dy * dy
        // Most places need no angle.
        if !outline.isEmpty, square <= reach.least * reach.least { return true }
        return head(x, y) > 0
    }

    /// The same whatever the square's edge.
    @inline(__always)
    func head(_ x: Float, _ y: Float) -> Float {
        if !outline.isEmpty {
            // Most places need no angle.
            let (dx, dy) = (x - centre.x, y - centre.y), length = (dx * dx + dy * dy).squareRoot()
            if length <= reach.least { return 1 }
            if length >= Self.outer * reach.most { return 0 }
        }
        return 1 - smoothstep(1, Self.outer, distance(x, y))
    }

    /// Of a place of the square from the head's middle, 1 where the full mask ends.
    @inline(__always)
    func distance(_ x: Float, _ y: Float) -> Float {
        let (x, y) = (x - centre.x, y - centre.y)
        guard outline.isEmpty else { return outlineDistance(x, y) }
        let dx = x / halfWidth
        let dy = y / (y < 0 ? above : below)
        return (dx * dx + dy * dy).squareRoot()
    }

    /// The same where only distances between two count: those that are surely nearer or farther are 0 or without end.
    @inline(__always)
    func distance(_ x: Float, _ y: Float, within range: (near: Float, far: Float)) -> Float {
        if !outline.isEmpty {
            // Most places need no angle. Rounding moves no distance as far as over the margin.
            let (dx, dy) = (x - centre.x, y - centre.y), length = (dx * dx + dy * dy).squareRoot()
            if length < 0.999 * range.near * reach.least { return 0 }
            if length > 1.001 * range.far * reach.most { return .infinity }
        }
        return distance(x, y)
    }

    /// Corners of a box about all places within `distance`.
    func square(_ distance: Float) -> [Point] {
        let (up, down, side) = outline.isEmpty ? (above, below, halfWidth) : (reach.most, reach.most, reach.most)
        let (left, right) = (Double(centre.x - side * distance), Double(centre.x + side * distance))
        let (top, bottom) = (Double(centre.y - up * distance), Double(centre.y + down * distance))
        return [
            Point(x: left, y: top), Point(x: right, y: top), Point(x: left, y: bottom), Point(x: right, y: bottom),
        ]
    }

    private func outlineDistance(_ x: Float, _ y: Float) -> Float {
        let place = turn(y, x) * Float(Self.directions)
        let index = Int(place), share = place - Float(index)
        let (a, b) = (outline[index % Self.directions], outline[(index + 1) % Self.directions])
        return (x * x + y * y).squareRoot() / (a + (b - a) * share)
    }

    /// 0 outside the square, 1 inside, a ramp along its edge.
    @inline(__always)
    func borderRamp(_ x: Float, _ y: Float) -> Float {
        smoothstep(0, Self.border * size, min(min(x, y), min(size - x, size - y)))
    }
}
