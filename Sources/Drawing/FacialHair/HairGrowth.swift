import Raster

/// Whether short hairs show on the lower face: skin is rougher there than on the cheeks, hair takes its red from it,
/// and it is not lighter than they are. Shade has one of these signs, hardly all at one place.
///
/// Medians over whole zones miss it: stubble leaves out the middle of many chins, and where light falls on a chin it is
/// no darker than a cheek.
struct HairGrowth {
    /// How surely chin and jaw are unshaven, 0…1.
    let sureness: Float
    /// How surely the upper lip then is, 0…1.
    let lip: Float

    /// How far from the face's outline and from the lips skin is measured, in units: their edges are rough too.
    private static let inner = (outline: 0.07, lips: 0.05)
    /// Roughness over that of the cheeks, share of their red that is missing, and of their lightness.
    private static let signs = (
        rough: (low: Float(1.2), high: Float(2)), red: (low: Float(0.05), high: Float(0.25)),
        dark: (low: Float(-0.12), high: Float(0.05))
    )
    /// Share of the cheeks' lightness from which on something else than single hairs takes it: in deep shade noise is
    /// rough and red fades.
    private static let deep = (low: Float(0.32), high: Float(0.42))
    /// Mean of chin and sides from which on it may be hair, and surely is.
    private static let sure = (low: Float(0.14), high: Float(0.24))
    /// Mean of the upper lip from which on it is as unshaven.
    private static let onLip = (low: Float(0.12), high: Float(0.35))
    /// The sparser side of the jaw over the denser one: light from one side roughens one of them.
    private static let even = (low: Float(0.25), high: Float(0.5))
    /// Of cheeks that are smoother than this a picture shows no pores, and what is rough beside them are blocks of its
    /// compression.
    private static let plain = (low: Float(0.005), high: Float(0.007))
    /// Red of the cheeks (Lab's a) that some can be missing from.
    private static let coloured = (low: Float(6), high: Float(9))

    /// - Returns: `nil` where too little of the face is seen.
    init?(_ face: LowerFace, _ signs: HairSigns) {
        let unit = face.unit, cheeks = signs.zones.cheeks
        let inside = face.oval.eroded(by: .disc(face.pixels(Self.inner.outline)))
        let open = inside - face.lips.dilated(by: .disc(face.pixels(Self.inner.lips)))
        let place = face.window.shape(face.beardPlace(lift: (0, 0), drop: 0), above: 0.5) & open
        let near = face.light.blurred(sigma: 0.02 * unit), wide = face.light.blurred(sigma: 0.05 * unit)
        let fine = face.plane { abs(face.light.values[$0] - near.values[$0]) / max(wide.values[$0], 8) }
        // Within the skin: beyond it the values go on.
        let sum = face.plane { open[$0] ? fine.values[$0] : 0 }.blurred(sigma: 0.04 * unit)
        let weight = open.plane.blurred(sigma: 0.04 * unit)
        let rough = face.plane { sum.values[$0] / (weight.values[$0] + 1e-3) }
        let red = face.a.blurred(sigma: 0.025 * unit)
        guard place.count > 200, let usual = rough.values(in: cheeks & inside).median,
            let rosy = red.values(in: cheeks).median
        else { return nil }
        let likely = face.plane { index in
            guard place[index] else { return 0 }
            let (limits, missing) = (Self.signs, 1 - red.values[index] / max(rosy, 5))
            let dark = 1 - signs.light.values[index]
            return smoothstep(limits.rough.low, limits.rough.high, rough.values[index] / max(usual, 0.003))
                * smoothstep(limits.red.low, limits.red.high, missing)
                * smoothstep(limits.dark.low, limits.dark.high, dark)
                * smoothstep(Self.deep.high, Self.deep.low, dark)
        }
        let (height, side) = (face.height.values, face.side.values)
        func share(_ isThere: (Int) -> Bool) -> Float {
            let found = likely.values(in: face.shape { place[$0] && isThere($0) })
            return found.count > 40 ? found.reduce(0, +) / Float(found.count) : 0
        }
        let chin = share { height[$0] > 0.7 && abs(side[$0]) < 0.4 }
        let sides = [-1, 1].map { (sign: Float) in share { height[$0] > 0.25 && sign * side[$0] > 0.4 } }
        lip = smoothstep(Self.onLip.low, Self.onLip.high, share { height[$0] < 0.35 && abs(side[$0]) < 0.4 })
        let most = max(sides[0], sides[1], 1e-3)
        sureness =
            smoothstep(Self.sure.low, Self.sure.high, (chin * (sides[0] + sides[1]) / 2).squareRoot())
            * smoothstep(Self.even.low, Self.even.high, min(sides[0], sides[1]) / most)
            * smoothstep(Self.plain.low, Self.plain.high, usual)
            * smoothstep(Self.coloured.low, Self.coloured.high, rosy)
    }
}
