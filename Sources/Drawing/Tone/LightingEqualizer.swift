import Raster

/// Evens out the light before drawing, so that a face half in shadow is drawn as one face, and puts the light back
/// after.
///
/// The light is the base layer of Lab lightness (Durand & Dorsey 2002), separated by a guided filter (He, Sun & Tang
/// 2013) on a coarse copy: it is smooth within a face and keeps to the borders of great contrasts, so that neither
/// patches on a cheek nor halos about a head come from it. What is darker than skin in daylight is lifted towards that,
/// what is lighter is lowered a little; detail stays.
struct LightingEqualizer: Sendable {
    /// Lightness that light is evened towards; fixed, so that a face drawn apart meets the whole.
    private static let target: Float = 65
    /// Shares of the way there that shadow and light go.
    private static let (lift, lowering): (Float, Float) = (0.6, 0.15)
    /// Below it things are dark themselves, as hair is, and are lifted less.
    private static let dark: Float = 25
    /// Radius of the filter's window, as a share of the coarse copy's longer side.
    private static let reach = 0.2
    /// Contrasts well below this are detail on one surface, those above are borders; in Lab units.
    private static let border: Float = 20

    /// Change of lightness made at each coarse pixel, in Lab units.
    private let change: [Float]
    private let coarse: (width: Int, height: Int)
    /// The picture with its light evened out; same size and alpha.
    let picture: Bitmap

    /// - Parameter amount: 0 (the light as it is) … 1 (fully equalised).
    init(_ source: Bitmap, amount: Double) {
        var plain = Painting(pixels: source, lineTint: .zero)
        let tone = ToneShift(source: source, painting: plain)
        let (width, height) = (tone.source.width, tone.source.height)
        let difference = Self.base(tone.source.values.map { $0.x }, width, height).map { base in
            let share = base < Self.target ? Self.lift * min(1, max(0, base) / Self.dark) : Self.lowering
            return (Self.target - base) * share * Float(amount)
        }
        change = difference
        coarse = (width, height)
        tone.apply([LightShift(change: difference, scale: 1)], to: &plain)
        picture = plain.pixels
    }

    /// Gives a drawing of `picture` the photograph's light again.
    ///
    /// - Parameter degree: 0 (keep the even light) … 1 (all of the photograph's light).
    func undo(_ painting: inout Painting, degree: Double) {
        let tone = ToneShift(source: picture, painting: painting)
        guard tone.drawn.width == coarse.width, tone.drawn.height == coarse.height else { return }
        tone.apply([LightShift(change: change, scale: -Float(degree))], to: &painting)
    }

    /// The light in `lightness` (0…100), without the detail on it.
    static func base(_ lightness: [Float], _ width: Int, _ height: Int) -> [Float] {
        let radius = max(1, Int(Double(max(width, height)) * reach))
        let moments = Bitmap(width: width, height: height, pixels: lightness.map { SIMD4($0, $0 * $0, 0, 0) })
            .boxMeans(radius: radius)
        var line = moments
        for index in line.pixels.indices {
            let (mean, square) = (moments.pixels[index].x, moments.pixels[index].y)
            let variance = max(0, square - mean * mean), slope = variance / (variance + border * border)
            line.pixels[index] = SIMD4(slope, mean * (1 - slope), 0, 0)
        }
        return zip(line.boxMeans(radius: radius).pixels, lightness).map { $0.x * $1 + $0.y }
    }
}

/// A known change of lightness.
private struct LightShift: ToneCorrection {
    let change: [Float]
    let scale: Float

    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float> {
        SIMD3(change[index] * scale, 0, 0)
    }
}
