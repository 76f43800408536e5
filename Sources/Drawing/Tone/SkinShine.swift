import Raster

/// Draws shine on skin as a lighter tone of that skin, where a drawing that follows the photograph leaves a grey patch.
///
/// By the dichromatic reflection model (Shafer 1985) shine lies between the skin's colour and that of the light, taken
/// as white. Where the photograph is so coloured, the drawing gets part of the skin's chroma back and loses no
/// lightness. What is still the photograph stays.
struct SkinShine: ToneCorrection {
    /// Largest correction, in Lab units.
    private static let limit = (lightness: Float(8), chroma: Float(12))
    /// How much of the skin's chroma a highlight loses on its way to white; the photograph's loses all.
    private static let fade: Float = 0.4
    /// Distance in the a, b plane from the line between skin and white that still counts as shine, in Lab units.
    private static let spread: Float = 12
    /// Highlights may be this much darker than in the photograph, in Lab units.
    private static let darker: Float = 3
    /// By how much less chroma than the drawn skin's a place is grey: not at all, wholly. What is drawn as skin stays
    /// flat.
    private static let greyFrom: (none: Float, whole: Float) = (1, 4)
    /// ΔE*ab from the photograph from which on a place counts as drawn: not at all, wholly.
    private static let drawnFrom: (none: Float, whole: Float) = (0.3, 1.2)

    private let faces: [(skin: SkinModel, landmarks: Landmarks)]
    private let amount: Float

    /// - Parameters:
    ///   - faces: of the painting.
    ///   - amount: 0 (none) … 1 (all).
    /// - Returns: `nil` when there is nothing to correct.
    init?(faces: [ToneFace], amount: Double) {
        self.faces = amount > 0 ? faces.compactMap { face in face.skin.map { ($0, face.landmarks) } } : []
        self.amount = Float(amount)
        if self.faces.isEmpty { return nil }
    }

    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float> {
        let (p, lab) = (shift.centre(index), shift.source.values[index])
        let isDrawn = smoothstep(
            Self.drawnFrom.none, Self.drawnFrom.whole, ((drawn - lab) * (drawn - lab)).sum().squareRoot())
        guard isDrawn > 0 else { return .zero }
        var strongest = (weight: Float(0), change: SIMD3<Float>.zero)
        for (skin, landmarks) in faces {
            let whiteness = min(max((lab.x - skin.mean.x) / max(100 - skin.mean.x, 1), 0), 1)
            let chroma = SIMD2(skin.mean.y, skin.mean.z)
            let off = SIMD2(lab.y, lab.z) - chroma * (1 - whiteness)
            let weight =
                smoothstep(0.05, 0.2, whiteness) * exponential(-(off * off).sum() / (2 * Self.spread * Self.spread))
                * Self.region(p, landmarks)
            guard weight > strongest.weight else { continue }
            let own = SIMD2(skin.drawnMean.y, skin.drawnMean.z), length = max((own * own).sum().squareRoot(), 1e-3)
            let grey = smoothstep(
                Self.greyFrom.none, Self.greyFrom.whole, length - (SIMD2(drawn.y, drawn.z) * own).sum() / length)
            strongest = (
                weight, grey * Self.change(drawn, photograph: lab, chroma: chroma * (1 - Self.fade * whiteness))
            )
        }
        return strongest.change * strongest.weight * isDrawn * amount
    }

    /// From `drawn` to at least the given chroma in its direction, and to little less than the photograph's lightness.
    private static func change(_ drawn: SIMD3<Float>, photograph: SIMD3<Float>, chroma: SIMD2<Float>) -> SIMD3<Float> {
        let wanted = (chroma * chroma).sum().squareRoot()
        let direction = chroma / max(wanted, 1e-3)
        let missing = wanted - (SIMD2(drawn.y, drawn.z) * direction).sum()
        let lighter = min(max(photograph.x - darker - drawn.x, 0), limit.lightness)
        let added = direction * min(max(missing, 0), limit.chroma)
        return SIMD3(lighter, added.x, added.y)
    }

    /// 1 on forehead, nose and cheeks, 0 on eyes and mouth, at the temples and beyond: hair and walls may be white.
    static func region(_ p: Point, _ landmarks: Landmarks) -> Float {
        let unit = max(landmarks.interOcularDistance, 1e-6)
        let eyes = (landmarks.leftEye + landmarks.rightEye) * 0.5,
            mouth = (landmarks.leftMouth + landmarks.rightMouth) * 0.5
        let down = (mouth - eyes) * (1 / max((mouth - eyes).length, 1e-6))
        let d = (p - eyes - down * (0.05 * unit)) * (1 / unit)
        let (along, across) = (d.x * down.x + d.y * down.y, d.x * down.y - d.y * down.x)
        let inside =
            1 - smoothstep(0.8, 1.1, Float((along * along / (1.1 * 1.1) + across * across / (0.8 * 0.8)).squareRoot()))
        return inside * SkinModel.besideFeatures(p, landmarks, mouth: 0.4)
    }
}
