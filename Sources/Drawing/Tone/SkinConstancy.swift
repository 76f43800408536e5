import Raster

/// Keeps a person's skin colour and keeps it even: moves the drawing's skin by the difference of mean Lab between
/// photograph and drawing, clamped, weighted by how much a place looks like that skin (statistics transfer, Reinhard et
/// al. 2001, means only), and bounds how far the hue may stray from the photograph's at any single place.
///
/// A draughtsman lifts skin a little and takes the grey out of it. At the usual amount what lies within that is left
/// to the style, or every drawing would be pulled back to the photograph; from there to the full amount it shrinks to
/// none.
struct SkinConstancy: ToneCorrection {
    /// The amount up to which a style keeps all of its freedom, and at which what lies beyond is corrected in full.
    private static let usual: Float = 0.8
    /// What a drawing's skin may differ from the photograph's on the mean, in Lab units: darker, lighter (at most, and
    /// as a share of the photograph's lightness over that of dark skin, which has to stay dark; further in a lamp's
    /// light), how much weaker and stronger its colour is, and how far that turns.
    private static let freedom = (
        darker: Float(3), lighter: Float(5), ofLightness: Float(0.12), dark: Float(30), lampLit: Float(9),
        weaker: Float(4.5), stronger: Float(3), turned: Float(1.5)
    )
    /// Largest correction, in Lab units: enough for a cast, too little to turn a wrongly measured face green. Styles of
    /// much light lift dark skin by a dozen units of lightness, and it has to stay dark.
    private static let limit = (lightness: Float(14), chroma: Float(16))
    /// Chroma difference (distance in the a, b plane) from the photograph that skin may keep at any place, in Lab
    /// units, without and with a style's freedom.
    private static let allowance = (least: Float(5), most: Float(9))
    /// The correction reaches this many inter-ocular distances from the face: neck, ears and hands held to it.
    private static let reach: Float = 3.5

    /// Half width and half height of lips, in halves of the distance between the mouth's corners.
    private static let lips = (width: 1.1, height: 0.75)

    private let corrections: [Correction]
    private let amount: Float
    private let allowance: Float

    /// - Parameters:
    ///   - faces: of the painting.
    ///   - amount: 0 (the model's skin) … 0.8 (as far from the photograph's as drawings go) … 1 (the photograph's mean
    ///     skin).
    /// - Returns: `nil` when there is nothing to correct.
    init?(faces: [ToneFace], amount: Double) {
        let free = min(1, (1 - Float(amount)) / (1 - Self.usual))
        corrections = amount > 0 ? faces.compactMap { Correction($0, free: free) } : []
        self.amount = min(1, Float(amount) / Self.usual)
        allowance = Self.allowance.least + (Self.allowance.most - Self.allowance.least) * free
        if corrections.isEmpty { return nil }
    }

    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float> {
        let (p, lab) = (shift.centre(index), shift.source.values[index])
        var (sum, total, strongest) = (SIMD3<Float>.zero, Float(1e-6), Float(0))
        for correction in corrections {
            let weight = correction.weight(p, lab)
            sum += correction.shift * weight
            total += weight
            strongest = max(strongest, weight)
        }
        guard strongest > 0 else { return .zero }
        var shift = sum / total
        // What still differs from the photograph at this very place by more than a drawing's warmth is a blotch.
        let off = SIMD2(drawn.y + shift.y - lab.y, drawn.z + shift.z - lab.z)
        let back = shortened(off, to: allowance) - off
        shift += SIMD3(0, back.x, back.y)
        return shift * strongest * amount
    }

    private struct Correction {
        let shift: SIMD3<Float>
        private let skin: SkinModel
        private let landmarks: Landmarks
        private let radius: Float

        /// - Parameter free: 0…1 of a style's freedom.
        init?(_ face: ToneFace, free: Float) {
            guard let skin = face.skin else { return nil }
            let difference = skin.mean - skin.drawnMean
            let usual = min(freedom.lighter, freedom.ofLightness * max(skin.mean.x - freedom.dark, 0))
            let lighter = free * (usual + freedom.lampLit * SkinPlate.lampLight(skin.mean))
            let lightness = difference.x - min(max(difference.x, -lighter), free * freedom.darker)
            let off = SIMD2(difference.y, difference.z)
            let chroma = shortened(off - Self.free(off, of: skin.mean, share: free), to: limit.chroma)
            shift = SIMD3(min(max(lightness, -limit.lightness), limit.lightness), chroma.x, chroma.y)
            self.skin = skin
            landmarks = face.landmarks
            radius = Float(face.landmarks.interOcularDistance) * reach
        }

        /// What of a difference in the a, b plane is left to the style: along the skin's own colour more than across
        /// it, since skin of another hue is another person's.
        private static func free(_ off: SIMD2<Float>, of skin: SIMD3<Float>, share: Float) -> SIMD2<Float> {
            let along = SIMD2(skin.y, skin.z) / max(Lab.chroma(skin), 1), across = SIMD2(-along.y, along.x)
            // `off` is the way back to the photograph.
            let strength = min(max((off * along).sum(), -share * freedom.stronger), share * freedom.weaker)
            let turn = min(max((off * across).sum(), -share * freedom.turned), share * freedom.turned)
            return along * strength + across * turn
        }

        func weight(_ p: Point, _ lab: SIMD3<Float>) -> Float {
            let near = 1 - smoothstep(0.6, 1, Float((p - landmarks.nose).length) / max(radius, 1e-3))
            return near > 0 ? near * max(skin.likelihood(lab), lips(p, lab)) : 0
        }

        /// 0…1: how surely these are lips, which would be darker or lighter beside the skin if that moved alone.
        private func lips(_ p: Point, _ lab: SIMD3<Float>) -> Float {
            let red = LipColour.redness(of: lab, beside: skin.mean)
            guard red > 0 else { return 0 }
            let across = (landmarks.rightMouth - landmarks.leftMouth) * 0.5, down = Point(x: -across.y, y: across.x)
            let off = p - (landmarks.leftMouth + landmarks.rightMouth) * 0.5, extent = SkinConstancy.lips
            let place = Point(x: dot(off, across) / extent.width, y: dot(off, down) / extent.height)
            return red * smoothstep(1.25, 0.85, Float(place.length / max(dot(across, across), 1e-6)))
        }
    }
}
