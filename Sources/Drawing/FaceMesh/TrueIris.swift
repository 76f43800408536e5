import Raster

/// Colours that irises are drawn in, as the painter has them (`Models/training/painter/eyes.py`, `true_colour`): clear,
/// of a hue that irises have, and dark brown when unsure.
struct TrueIris {
    /// Lab of the photograph's skin, which shows the colour of its light.
    private let skin: SIMD3<Float>
    /// 0 for a photograph without colour, 1 for others.
    private let colourful: Float

    /// The commonest colour there is, Lab.
    private static let darkBrown = SIMD3<Float>(26, 9, 13)
    /// Chroma of skin in a photograph without colour, and from which on it has its own.
    private static let grey: Float = 2, colour: Float = 6
    /// How far in a and b a white may lie from what skin leads to expect: beyond it is no white, but sky or a lid.
    private static let whiteReach: Float = 8

    /// - Parameter skin: Lab of the photograph's skin.
    init(skin: SIMD3<Float>) {
        self.skin = skin
        colourful = smoothstep(Self.grey, Self.colour, Lab.chroma(skin))
    }

    /// R'G'B' for irises that the photograph does not show well.
    var unseen: SIMD4<Float> { Lab.toRGB(Self.darkBrown * SIMD3(1, colourful, colourful)) }

    /// Lab of an eye's white in the light that this skin is in; medians over 60 portraits.
    var usualWhite: SIMD3<Float> { SIMD3(0.9 * skin.x, 5 + 0.25 * (skin.y - 14), 6 + 0.35 * (skin.z - 15)) }

    /// An iris without the colour of its light.
    struct Own: Equatable {
        /// Its lightness to that of skin and white, about 0.1…0.8.
        let share: Float
        /// a and b of Lab from those that a grey as dark has in this light.
        let a, b: Float

        /// Distance in a and b.
        func distance(_ other: Own) -> Float {
            ((a - other.a) * (a - other.a) + (b - other.b) * (b - other.b)).squareRoot()
        }
    }

    /// - Parameters:
    ///   - seen: Lab of the photograph's iris.
    ///   - white: Lab of the white beside it; `nil` where none is seen.
    func own(_ seen: SIMD3<Float>, white: SIMD3<Float>?) -> Own {
        let usual = usualWhite, white = white ?? usual
        let off = (white - usual).clamped(
            lowerBound: SIMD3(repeating: -Self.whiteReach), upperBound: SIMD3(repeating: Self.whiteReach))
        let cast = usual + off, ratio = seen.x / max(white.x, 8)
        return Own(
            share: 0.5 * (seen.x / max(skin.x, 8) + ratio), a: seen.y - min(ratio, 1) * cast.y,
            b: seen.z - min(ratio, 1) * cast.z)
    }

    /// Lab for an iris that the photograph shows in this Lab; the parameters as in `own`.
    func drawn(_ seen: SIMD3<Float>, white: SIMD3<Float>?) -> SIMD3<Float> {
        let light = seen.x
        guard colourful >= 0.5 else { return SIMD3(min(max(light, 20), 48), seen.y, seen.z) }
        let own = own(seen, white: white), (a, b) = (own.a, own.b)
        // Dark irises hardly show their hue in a photograph: the darker, the bluer it must be to be believed.
        let shows = smoothstep(13, 19, light)
        let cool = shows * smoothstep(1.15, 1.45, 10 * (own.share - 0.25) - 0.35 * (0.6 * a + 0.8 * b))
        let lit = shows * smoothstep(0.27, 0.40, own.share)
        let clear = max(cool, lit * smoothstep(5.5, 2.5, a) * smoothstep(1, 4, b))
        let blue = smoothstep(0, 9, -b), green = smoothstep(0, 10, b)
        func lightness(_ start: Float, _ least: Float, _ most: Float) -> Float {
            min(max(0.6 * light + start, least), most)
        }
        let olive = smoothstep(3, -1, a) * smoothstep(2, 5, b), amber = lit * smoothstep(6, 15, b)
        let brown = SIMD3<Float>(
            lightness(8, 20, 34), 10 - 3 * olive + 2 * lit * smoothstep(3, 6, a), 13 + 10 * amber)
        let red = 3 * smoothstep(0, 3.5, a) * green - 3 * smoothstep(0, 5, -a) * (1 - 0.5 * blue)
        let cold = SIMD3<Float>(
            lightness(20 - 5 * green, 32 - 2 * green, 50 - 4 * green), red - 2, 21.5 * green - 12 * blue - 4.5)
        return brown + clear * (cold - brown)
    }
}
