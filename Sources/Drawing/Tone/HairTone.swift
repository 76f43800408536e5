import Raster

/// Gives hair tones as a draughtsman mixes them: of a clearer hue, a little lighter, and with a calmer band of light.
///
/// A drawing that follows the photograph has the mean of glossy and shaded strands, which looks duller than they do,
/// and beside skin that is lifted it looks darker: blond hair brown, and red hair too. Black, white and gray hair stay
/// what they are.
struct HairTone: ToneCorrection {
    /// The amount up to which a style has all of this freedom.
    private static let usual: Float = 0.7
    /// Likelihoods of hair at which a place counts as none, and wholly.
    private static let covered = (none: Float(0.3), whole: Float(0.75))
    /// Hair that is measured, and the least of it, in squared units of the face: a shaven head has less.
    private static let sure: Float = 0.8, leastArea = 0.3
    /// Chroma of the photograph's hair, in Lab, below which it is gray and above which it has a hue; light from the sky
    /// on black hair is none. And chroma of what is drawn that is vivid enough, not at all and wholly.
    private static let hue = (gray: Float(4), clear: Float(9)), vivid = (none: Float(14), whole: Float(38))
    /// How much stronger a dull hue becomes.
    private static let stronger: Float = 0.5
    /// Lightness that all hair is lifted by, and that fair and red hair is lifted by in addition, in Lab; and the share
    /// of the skin's up to which that goes.
    private static let lift = (all: Float(3), fair: Float(12), ofSkin: Float(0.9))
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
        /// What is added to a dull hue, as a share of it.
        private let stronger: Float

        init?(_ mesh: FaceMesh, _ skin: SkinModel?, in shift: ToneShift) {
            guard let hair = mesh.hair else { return nil }
            let axes = FaceAxes(mesh), mouth = mesh.points(MeshPoints.mouthCorners).mean
            guard axes.unit.isFinite, axes.unit > 1e-6 else { return nil }
            var cover = [Float](repeating: 0, count: shift.drawn.values.count)
            var (seen, drawn): ([SIMD3<Float>], [Float]) = ([], [])
            for index in cover.indices {
                let place = shift.centre(index)
                let likelihood = hair(place) * Self.isNoBeard(place, mouth, axes)
                cover[index] = smoothstep(HairTone.covered.none, HairTone.covered.whole, likelihood)
                guard likelihood > HairTone.sure, dot(place - mouth, axes.down) < axes.unit else { continue }
                seen.append(shift.source.values[index])
                drawn.append(shift.drawn.values[index].x)
            }
            let area = Double(seen.count * shift.factor * shift.factor) / (axes.unit * axes.unit)
            guard area > HairTone.leastArea, let own = seen.medianColour, let middle = drawn.median else { return nil }
            self.cover = cover
            self.middle = middle
            let yellow = max(own.z, 0), chroma = (own.y * own.y + yellow * yellow).squareRoot()
            let isColoured = smoothstep(HairTone.hue.gray, HairTone.hue.clear, chroma)
            let isFair = smoothstep(14, 40, middle) * (1 - smoothstep(60, 75, middle))
            let wanted = (HairTone.lift.all + HairTone.lift.fair * isFair) * (0.3 + 0.7 * isColoured)
            let room = HairTone.lift.ofSkin * (skin?.drawnMean.x ?? 100) - middle
            lift = min(wanted, max(room, 0))
            kept = 1 - HairTone.calmer.dark - HairTone.calmer.fair * isFair * isColoured
            stronger = HairTone.stronger * isColoured
        }

        /// 0 on the chin and about the mouth, 1 away from them: beards have a stage of their own.
        private static func isNoBeard(_ place: Point, _ mouth: Point, _ axes: FaceAxes) -> Float {
            let off = place - mouth
            let (u, v) = (dot(off, axes.right) / (0.75 * axes.unit), dot(off, axes.down) / (0.6 * axes.unit))
            let square = Float(u * u + v * v)
            return 1 - exponential(-square * square)
        }

        /// The tone (Lab) that hair is drawn in where it would be `drawn` so.
        func tone(_ drawn: SIMD3<Float>) -> SIMD3<Float> {
            let off = drawn.x - middle
            // The gaps between strands stay dark.
            let body = smoothstep(3, max(0.6 * middle, 4), drawn.x)
            let share = off > 0 ? 1 - calmer.light * smoothstep(5, 30, off) : 1 + (kept - 1) * body
            let chroma = Lab.chroma(drawn)
            let gain = 1 + stronger * (1 - smoothstep(vivid.none, vivid.whole, chroma))
            return SIMD3(middle + share * off + lift * body, gain * drawn.y, gain * drawn.z)
        }
    }
}
