import Raster

/// A face in a painting, and what its skin looks like: fitted once for all corrections of its tone.
struct ToneFace: Sendable {
    /// In the painting's coordinates.
    let landmarks: Landmarks
    /// `nil` when the face has no pixel in the coarse copy.
    let skin: SkinModel?

    init(_ landmarks: Landmarks, in shift: ToneShift) {
        self.landmarks = landmarks
        skin = SkinModel(shift, landmarks: landmarks)
    }

    /// The face that a mesh is of; `nil` when none has its nose there.
    static func of(_ mesh: FaceMesh, among faces: [ToneFace]) -> ToneFace? {
        let nose = mesh.points[MeshPoints.noseTip]
        let nearest = faces.min { ($0.landmarks.nose - nose).length < ($1.landmarks.nose - nose).length }
        guard let nearest, (nearest.landmarks.nose - nose).length < nearest.landmarks.interOcularDistance else {
            return nil
        }
        return nearest
    }
}

/// What the skin of one face looks like in the photograph, learned from its cheeks, nose and forehead.
package struct SkinModel: Sendable {
    /// Mean Lab of the photograph's skin.
    let mean: SIMD3<Float>
    /// Mean Lab of the same places in the drawing.
    let drawnMean: SIMD3<Float>
    private let lightnessSpread: Float
    private let chromaSpread: Float

    /// - Parameters:
    ///   - landmarks: in the painting's coordinates.
    /// - Returns: `nil` when the face has no pixel in the coarse copy.
    package init?(_ shift: ToneShift, landmarks: Landmarks) {
        let weights = shift.source.values.indices.map { Self.cheekWeight(shift.centre($0), landmarks) }
        guard var centre = Self.mean(shift.source.values, weights) else { return nil }
        // A second pass without what differs most drops moustaches, shadows and strands of hair.
        let kept = zip(shift.source.values, weights).map { $1 * exponential(-Self.squared(($0 - centre) / 14) / 2) }
        guard let refined = Self.mean(shift.source.values, kept), let drawn = Self.mean(shift.drawn.values, kept) else {
            return nil
        }
        centre = refined
        mean = centre
        drawnMean = drawn
        let spread = Self.mean(shift.source.values.map { ($0 - centre) * ($0 - centre) }, kept) ?? .zero
        lightnessSpread = max(14, 2.2 * spread.x.squareRoot())
        chromaSpread = max(6, 1.8 * max(spread.y, spread.z).squareRoot())
    }

    /// How much a colour of the photograph looks like this skin, 0…1.
    package func likelihood(_ lab: SIMD3<Float>) -> Float {
        let d = (lab - mean) / SIMD3(lightnessSpread, chromaSpread, chromaSpread)
        return exponential(-Self.squared(d) / 2)
    }

    /// 1 on the cheeks, the nose and the lower forehead, 0 on eyes and mouth and outside the face.
    private static func cheekWeight(_ p: Point, _ landmarks: Landmarks) -> Float {
        let eyes = (landmarks.leftEye + landmarks.rightEye) * 0.5,
            mouth = (landmarks.leftMouth + landmarks.rightMouth) * 0.5
        let middle = eyes + (mouth - eyes) * 0.4
        return (1 - far(p, from: middle, 0.95, landmarks)) * besideFeatures(p, landmarks, mouth: 0.45)
    }

    /// 0 on the eyes and within `mouth` inter-ocular distances of the mouth's middle, 1 away from them.
    static func besideFeatures(_ p: Point, _ landmarks: Landmarks, mouth radius: Double) -> Float {
        let mouth = (landmarks.leftMouth + landmarks.rightMouth) * 0.5
        return far(p, from: landmarks.leftEye, 0.32, landmarks) * far(p, from: landmarks.rightEye, 0.32, landmarks)
            * far(p, from: mouth, radius, landmarks)
    }

    /// 0 to 1 around `radius` inter-ocular distances from `place`.
    private static func far(_ p: Point, from place: Point, _ radius: Double, _ landmarks: Landmarks) -> Float {
        smoothstep(0.8, 1.2, Float((p - place).length / (radius * max(landmarks.interOcularDistance, 1e-6))))
    }

    private static func mean(_ values: [SIMD3<Float>], _ weights: [Float]) -> SIMD3<Float>? {
        let total = weights.reduce(0, +)
        guard total > 1e-3 else { return nil }
        return zip(values, weights).reduce(SIMD3<Float>.zero) { $0 + $1.0 * $1.1 } / total
    }

    private static func squared(_ v: SIMD3<Float>) -> Float { (v * v).sum() }
}
