import Models
import Raster

/// How much of a drawn face counts at a place of its square: 1 over the head with its hair, falling smoothly to 0 before
/// the square's edge. All lengths are multiples of the template's inter-ocular distance, so the feather grows with the face.
public struct FeatherMask: Equatable, Sendable {
    private let centre: SIMD2<Float>
    private let halfWidth: Float
    private let above: Float
    private let below: Float
    private let size: Float

    /// Reach of the full mask from the face's centre, in inter-ocular distances: a head with its hair (about 1.5 to each
    /// side, 2.1 up) and the chin and neck (1.6 down).
    private static let reach = (side: Float(1.55), up: Float(2.1), down: Float(1.6))
    /// Where the mask has fallen to 0, as a multiple of `reach`.
    private static let outer: Float = 1.45
    /// Width of the ramp at the square's edge, as a share of its side.
    private static let border: Float = 0.06

    public init(template: FaceTemplate) {
        let unit = Float(template.landmarks.interOcularDistance)
        let eyes = (template.landmarks.leftEye + template.landmarks.rightEye) * 0.5
        let mouth = (template.landmarks.leftMouth + template.landmarks.rightMouth) * 0.5
        centre = SIMD2(Float(eyes.x), Float(eyes.y + (mouth.y - eyes.y) / 3))
        halfWidth = Self.reach.side * unit
        above = Self.reach.up * unit
        below = Self.reach.down * unit
        size = Float(template.size)
    }

    /// The mask at (x, y) of the template's square: 0…1.
    @inline(__always)
    public func value(_ x: Float, _ y: Float) -> Float {
        let border = borderRamp(x, y)
        guard border > 0 else { return 0 }
        let dx = (x - centre.x) / halfWidth
        let dy = (y - centre.y) / (y < centre.y ? above : below)
        let distance = (dx * dx + dy * dy).squareRoot()
        let head = 1 - smoothstep(1, Self.outer, distance)
        return head * border
    }

    /// 0 outside the square, 1 inside, a ramp along its edge.
    @inline(__always)
    func borderRamp(_ x: Float, _ y: Float) -> Float {
        smoothstep(0, Self.border * size, min(min(x, y), min(size - x, size - y)))
    }
}
