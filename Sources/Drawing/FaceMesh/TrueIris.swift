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

    /// - Parameter skin: Lab of the photograph's skin.
    init(skin: SIMD3<Float>) {
        self.skin = skin
        colourful = smoothstep(Self.grey, Self.colour, (skin.y * skin.y + skin.z * skin.z).squareRoot())
    }

    /// R'G'B' for irises that the photograph does not show well.
    var unseen: SIMD4<Float> { Lab.toRGB(Self.darkBrown * SIMD3(1, colourful, colourful)) }

    /// R'G'B' for an iris that the photograph shows in this R'G'B'.
    func colour(_ seen: SIMD4<Float>) -> SIMD4<Float> { Lab.toRGB(drawn(Lab.from(seen))) }

    /// Lab for an iris that the photograph shows in this Lab.
    func drawn(_ seen: SIMD3<Float>) -> SIMD3<Float> {
        let light = seen.x
        guard colourful >= 0.5 else { return SIMD3(min(max(light, 20), 48), seen.y, seen.z) }
        let share = light / max(skin.x, 8)
        let a = seen.y - 0.25 * (skin.y - 14), b = seen.z - 0.25 * (skin.z - 15)
        // Dark irises hardly show their hue in a photograph: the darker, the bluer it must be to be believed.
        let cool = smoothstep(1.42, 1.5, 10 * (share - 0.25) + 0.25 * (3 - b))
        let lit = smoothstep(0.25, 0.36, share) * smoothstep(16, 22, light)
        let green = smoothstep(6, 3, a) * smoothstep(5, 8, b) * lit * (1 - cool)
        let warm = max(0, 1 - cool - green), vivid = smoothstep(0, 12, -b)
        func lightness(_ start: Float, _ range: ClosedRange<Float>) -> Float {
            min(max(0.6 * light + start, range.lowerBound), range.upperBound)
        }
        return warm * SIMD3(lightness(8, 16...34), 10 + 2 * lit, 14 + 9 * lit)
            + cool * SIMD3(lightness(20, 34...50), -2 - 2 * vivid, -6 - 10 * vivid)
            + green * SIMD3(lightness(15, 30...46), -3, 17)
    }
}
