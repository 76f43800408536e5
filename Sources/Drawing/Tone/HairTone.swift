import Raster

/// Gives hair tones as a draughtsman mixes them: the photograph's own, a little lighter, with a calmer band of light.
///
/// A drawing that follows the photograph has the mean of glossy and shaded strands, which looks duller than they do,
/// and beside skin that is lifted it looks darker: blond hair brown, and red hair too. So both are drawn lighter and of
/// a clearer hue. Brown hair is not: with more light and colour it would be ginger, and another person's.
struct HairTone: ToneCorrection {
    /// The amount up to which a style has all of this freedom.
    private static let usual: Float = 0.7
    /// Hair that is measured, and the least of it, in squared units of the face: a shaven head has less.
    private static let sure: Float = 0.8, leastArea = 0.3
    /// Of the photograph's hair, in Lab: chroma below which it is gray, and above which it has a hue; light from the
    /// sky on black hair is none.
    private static let hue = (gray: Float(4), clear: Float(9))
    /// Lightness, and hue in degrees, at which hair is not fair, and wholly.
    private static let fair = (lightness: SIMD2<Float>(22, 40), hue: SIMD2<Float>(46, 68))
    /// Chroma, lightness, and hue in degrees, at which it is not red, and wholly.
    private static let red = (chroma: SIMD2<Float>(18, 26), lightness: SIMD2<Float>(14, 22), hue: SIMD2<Float>(75, 60))
    /// By how much lighter than the photograph's all hair is drawn, fair hair in addition, and red hair, in Lab; and
    /// the share of the skin's up to which that goes.
    private static let lighter = (all: Float(4), fair: Float(11), red: Float(6), ofSkin: Float(0.9))
    /// How far that moves what the network drew, in Lab: down and up.
    private static let most = (down: Float(-8), up: Float(16))
    /// The chroma of hair over the photograph's, since with the same one a lighter tone looks greyer; and what is added
    /// to that in fair and in red hair.
    private static let clearer = (all: Float(1.12), fair: Float(0.4), red: Float(0.2))
    /// How far that changes the drawn chroma.
    private static let gains: ClosedRange<Float> = 0.6...1.5
    /// How much of the contrast is taken: of what is darker than the middle tone, in fair hair in addition, and of the
    /// brightest lights.
    private static let calmer = (dark: Float(0.15), fair: Float(0.3), light: Float(0.3))

    private let heads: [Head]
    private let amount: Float

    /// - Parameters:
    ///   - meshes: of the painting, with their hair.
    ///   - faces: of the painting, with their skin.
    ///   - held: how far hair is held to the photograph's colour, 0…1.
    /// - Returns: `nil` when there is nothing to do.
    init?(meshes: [FaceMesh], faces: [ToneFace], heldToPhotograph held: Double, in shift: ToneShift) {
        amount = min(1, (1 - Float(held)) / (1 - Self.usual))
        heads = amount > 0 ? meshes.compactMap { Head($0, ToneFace.of($0, among: faces)?.skin, in: shift) } : []
        if heads.isEmpty { return nil }
    }

    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float> {
        var strongest = (cover: Float(0), head: Head?.none)
        for head in heads where head.cover[index] > strongest.cover { strongest = (head.cover[index], head) }
        guard let head = strongest.head else { return .zero }
        return (head.tone(drawn) - drawn) * strongest.cover * amount
    }

    /// The hair of one head.
    private struct Head {
        /// Of each coarse pixel, 0…1.
        let cover: [Float]
        /// Lightness of the drawn hair's middle tone.
        private let middle: Float
        private let lift: Float
        /// Share of the contrast of what is darker that stays.
        private let kept: Float
        /// What the chroma is multiplied by.
        private let gain: Float

        init?(_ mesh: FaceMesh, _ skin: SkinModel?, in shift: ToneShift) {
            guard let hair = HeadHair(mesh) else { return nil }
            var cover = [Float](repeating: 0, count: shift.drawn.values.count)
            var (seen, drawn): ([SIMD3<Float>], [SIMD3<Float>]) = ([], [])
            for index in cover.indices {
                let place = shift.centre(index)
                let likelihood = hair(place)
                cover[index] = HeadHair.cover(likelihood)
                guard likelihood > HairTone.sure, !hair.isBelowTheMouth(place) else { continue }
                seen.append(shift.source.values[index])
                drawn.append(shift.drawn.values[index])
            }
            let area = Double(seen.count * shift.factor * shift.factor) / (hair.unit * hair.unit)
            guard area > HairTone.leastArea, let own = seen.medianColour, let tone = drawn.medianColour else {
                return nil
            }
            self.cover = cover
            middle = tone.x
            let chroma = Lab.chroma(own)
            let (fair, red) = (Self.fairness(own), Self.redness(own))
            let room = HairTone.lighter.ofSkin * (skin?.drawnMean.x ?? 100) - middle
            let lighter = HairTone.lighter.all + HairTone.lighter.fair * fair + HairTone.lighter.red * red
            lift = min(max(min(own.x + lighter - middle, max(room, 0)), HairTone.most.down), HairTone.most.up)
            kept = 1 - HairTone.calmer.dark - HairTone.calmer.fair * fair
            let clearer = HairTone.clearer.all + max(HairTone.clearer.fair * fair, HairTone.clearer.red * red)
            let clear = clearer * chroma / max(Lab.chroma(tone), 1)
            let isColoured = smoothstep(HairTone.hue.gray, HairTone.hue.clear, chroma)
            gain = 1 + isColoured * (min(max(clear, HairTone.gains.lowerBound), HairTone.gains.upperBound) - 1)
        }

        /// In degrees, −180…180.
        private static func hue(_ lab: SIMD3<Float>) -> Float {
            let degrees = 360 * turn(lab.z, lab.y)
            return degrees > 180 ? degrees - 360 : degrees
        }

        /// How blond the photograph's hair (Lab) is, 0…1.
        private static func fairness(_ own: SIMD3<Float>) -> Float {
            let (lightness, degrees) = (HairTone.fair.lightness, HairTone.fair.hue)
            return smoothstep(HairTone.hue.gray, HairTone.hue.clear, Lab.chroma(own))
                * smoothstep(lightness.x, lightness.y, own.x) * smoothstep(degrees.x, degrees.y, hue(own))
        }

        /// How red it is, 0…1.
        private static func redness(_ own: SIMD3<Float>) -> Float {
            let (chroma, lightness, degrees) = (HairTone.red.chroma, HairTone.red.lightness, HairTone.red.hue)
            return smoothstep(chroma.x, chroma.y, Lab.chroma(own)) * smoothstep(lightness.x, lightness.y, own.x)
                * smoothstep(degrees.x, degrees.y, hue(own)) * smoothstep(0, 20, hue(own))
        }

        /// The tone (Lab) that hair is drawn in where it would be `drawn` so.
        func tone(_ drawn: SIMD3<Float>) -> SIMD3<Float> {
            let off = drawn.x - middle
            // The gaps between strands stay dark.
            let body = smoothstep(3, max(0.6 * middle, 4), drawn.x)
            let share = off > 0 ? 1 - calmer.light * smoothstep(5, 30, off) : 1 + (kept - 1) * body
            return SIMD3(middle + share * off + lift * body, gain * drawn.y, gain * drawn.z)
        }
    }
}
