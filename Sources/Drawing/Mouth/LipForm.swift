import Raster

/// What a plate of one tone lacks to be this mouth's lips: their light and dark as the photograph has them, low in
/// contrast and soft, and borders that are as soft as theirs.
struct LipForm {
    /// Coverage of both lips with what is seen between them, 0…1: crisp for lips that are made up, and else fading to
    /// the skin.
    let cover: [Float]
    /// Lab by which places differ from the lips' tone.
    let tones: [SIMD3<Float>]

    /// Of the Gaussians that tones and borders are smoothed by, in units.
    private static let softness = 0.022, fading = 0.022
    /// Smoothed coverage at which lips that are not made up begin and are there in full.
    private static let border: (Float, Float) = (0.22, 0.85)
    /// Share of the photograph's own differences that is drawn, and the largest, Lab units.
    private static let amount: Float = 0.6, largest = SIMD3<Float>(9, 4, 4)

    init(_ mouth: Mouth) {
        let view = mouth.view, window = view.window, places = view.lips
        let between = mouth.teeth == nil ? window.empty : places.between
        let flesh = window.plane(zip(places.whole, between).map { max($0 - $1, 0) > 0.6 ? 1 : 0 })
        let planes = [view.light, view.a, view.b].map {
            $0.smoothed(within: flesh, sigma: Self.softness * view.unit).values
        }
        let lips = mouth.lips
        tones = places.whole.indices.map { index in
            let off = SIMD3(planes[0][index], planes[1][index], planes[2][index]) - lips
            return (off * Self.amount).clamped(lowerBound: -Self.largest, upperBound: Self.largest)
        }
        let madeUp = LipColour.madeUp(lips - (mouth.beside ?? view.skin))
        let soft = window.plane(places.whole).blurred(sigma: Self.fading * view.unit).values
        cover = zip(places.whole, soft).map { whole, soft in
            whole * (madeUp + (1 - madeUp) * smoothstep(Self.border.0, Self.border.1, soft))
        }
    }
}
