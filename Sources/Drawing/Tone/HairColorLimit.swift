import Raster

/// Bounds how far the drawing may move the colour of hair: its hue and chroma shift against the photograph, in the
/// region above and beside the face that does not look like the face's skin.
package struct HairColorLimit: ToneCorrection {
    /// Chroma shift (distance in the a, b plane) that is let through when the limit is fully on, in Lab units.
    private static let allowance: Float = 6

    private let heads: [ToneFace]
    private let amount: Float

    /// - Parameters:
    ///   - faces: of the painting.
    ///   - amount: 0 (off) … 1 (hair keeps its colour to within the allowance).
    /// - Returns: `nil` when there is nothing to limit.
    init?(faces: [ToneFace], amount: Double) {
        guard amount > 0, !faces.isEmpty else { return nil }
        heads = faces
        self.amount = Float(amount)
    }

    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float> {
        let (p, lab) = (shift.centre(index), shift.source.values[index])
        let weight = heads.reduce(Float(0)) { strongest, head in
            let ring = Self.region(p, head.landmarks)
            return ring > 0 ? max(strongest, ring * (1 - (head.skin?.likelihood(lab) ?? 0))) : strongest
        }
        guard weight > 0 else { return .zero }
        let moved = SIMD2(drawn.y - lab.y, drawn.z - lab.z)
        let back = (shortened(moved, to: Self.allowance) - moved) * weight * amount
        return SIMD3(0, back.x, back.y)
    }

    /// 1 where hair grows: a ring around the face, open below the mouth. The face's own axes are used, so a tilted head
    /// keeps its hair.
    package static func region(_ p: Point, _ landmarks: Landmarks) -> Float {
        let across = landmarks.rightEye - landmarks.leftEye
        let unit = across.length
        guard unit > 1e-6 else { return 0 }
        let eyes = (landmarks.leftEye + landmarks.rightEye) * 0.5
        let d = p - eyes
        let x = Float((d.x * across.x + d.y * across.y) / (unit * unit))
        let y = Float((d.y * across.x - d.x * across.y) / (unit * unit))
        let face = (x * x / 1.2 + (y - 0.5) * (y - 0.5) / 1.7).squareRoot()
        let head = (x * x / 4.4 + (y - 0.1) * (y - 0.1) / 6.5).squareRoot()
        return smoothstep(0.85, 1.1, face) * (1 - smoothstep(0.85, 1.05, head))
            * (1 - smoothstep(1.2, 2.2, y) * (1 - smoothstep(0.9, 1.2, abs(x))))
    }
}
