import Raster

/// The unshaven part of a face as an even tint in two depths; Models/training/painter/beard.py is the reference.
struct Stubble {
    /// 0…1.
    let coverage: Plane
    /// How much darker it is there than cheeks, 0…1.
    let drop: Plane
    /// Its chroma over the skin's.
    let chroma: Float

    /// How much darker than cheeks stubble is painted at least.
    private static let leastDrop: Float = 0.09
    /// Less sure signs are of shade.
    private static let leastSure: Float = 0.4

    /// - Returns: `nil` where the face is shaven, or where nothing tells.
    init?(_ face: LowerFace, _ signs: HairSigns) {
        let (zones, light) = (signs.zones, signs.light)
        guard min(zones.lip.count, zones.chin.count, zones.left.count, zones.right.count, zones.cheeks.count) >= 40
        else { return nil }
        let drops = zones.all.map { min(max(1 - JawZones.middle(light, $0, otherwise: 1), 0), 0.7) }
        let sure = Self.sureness(face, signs, drops)
        guard sure >= Self.leastSure else { return nil }
        let unit = face.unit
        let place = face.window.plane(face.window.polygon(face.beardPlace(lift: (0, 0), drop: 0)))
        // An even tint whose edge fades: a hard one would look like a bib, patches like a muzzle.
        let limited = face.plane { min(light.values[$0], 1.2) }
        let wide = limited.blurred(sigma: 0.05 * unit)
        let grown = face.plane { index in
            place.values[index] * (0.65 + 0.35 * smoothstep(0.02, 0.14, 1 - wide.values[index]))
        }
        let soft = grown.blurred(sigma: 0.07 * unit), oval = face.window.polygon(face.mesh.points(MeshPoints.oval))
        coverage = face.plane { sure * soft.values[$0] * oval[$0] }
        let tones = zones.all.map { JawZones.middle(signs.chroma, $0, otherwise: 1) }
        self.chroma = min(max(Self.mean(tones), 0.8), 1)
        drop = Self.twoDepths(face, limited, face.shape { place.values[$0] > 0.5 }, usual: Self.mean(drops))
    }

    private init(coverage: Plane, drop: Plane, chroma: Float) {
        (self.coverage, self.drop, self.chroma) = (coverage, drop, chroma)
    }

    private static func mean(_ values: [Float]) -> Float { values.reduce(0, +) / Float(max(values.count, 1)) }

    /// 0…1 by texture, which tells it from shade, and by tone.
    private static func sureness(_ face: LowerFace, _ signs: HairSigns, _ drops: [Float]) -> Float {
        let (zones, rough) = (signs.zones, signs.roughness), least = min(rough[2], rough[3])
        func product(_ signs: [(low: Float, high: Float, value: Float)]) -> Float {
            signs.reduce(1) { $0 * smoothstep($1.low, $1.high, $1.value) }
        }
        // Light from above leaves chin and jaw dark, hair does not leave out the lip.
        let sure = product([
            (1.9, 2.4, rough[0]), (1.1, 1.4, rough[1]), (1.45, 1.6, least), (0.04, 0.10, mean(drops)),
            (0.30, 0.12, mean(Array(drops[1...])) - drops[0]), (0.0, 0.06, drops[0]),
            // Lips' own pores, or hair before a jaw, make one of them rough, a beard both.
            (6.6, 7.4, rough[0] * least),
        ])
        // Of a blurred picture little texture is left. There hair takes the red from lip and jaw, and darkens the lip.
        let red = zones.all.map { JawZones.middle(face.a, $0, otherwise: 0) }
        let cheeks = JawZones.middle(face.a, zones.cheeks, otherwise: 0)
        guard cheeks > 8 else { return sure }
        let blurred = product([
            (1.2, 1.5, rough[0]), (0.18, 0.28, drops[0]), (0.55, 0.45, drops[0]),
            (0.785, 0.74, red[0] / cheeks), (0.92, 0.82, mean(Array(red[1...])) / cheeks),
            (4.0, 2.5, max(rough[2], rough[3]) / max(least, 1e-3)),
        ])
        return max(sure, blurred)
    }

    /// How much darker than cheeks stubble is, as two areas of one depth each: moustache and goatee are the denser one.
    ///
    /// - Parameters:
    ///   - light: lightness over that of the cheeks, at most 1.2.
    ///   - usual: how much darker it is on the mean.
    private static func twoDepths(_ face: LowerFace, _ light: Plane, _ place: ShapeMask, usual: Float) -> Plane {
        let sigma = 0.02 * face.unit, soft = light.blurred(sigma: sigma)
        let dark = face.plane { min(max(1 - soft.values[$0], 0), 0.6) }
        let values = dark.values(in: place)
        guard values.count >= 50 else { return face.plane { _ in usual } }
        let border = values.otsu
        var thin = values.filter { $0 <= border }.median ?? usual
        var dense = values.filter { $0 > border }.median ?? usual
        // Lighter than this it would not be seen in a small picture.
        thin = max(thin, (0.6 + 0.25 * smoothstep(0.15, 0.3, usual)) * usual, leastDrop)
        // A goatee is a shape in thin stubble; all of a thick one is of nearly one tone.
        dense = min(max(dense, usual, thin + 0.02), thin + 0.12 + 0.21 * smoothstep(0.24, 0.12, thin))
        let edge = 0.15 * max(dense - thin, 0.02), smooth = dark.blurred(sigma: sigma)
        return face.plane { thin + (dense - thin) * smoothstep(border - edge, border + edge, smooth.values[$0]) }
    }
}

// MARK: - As it is drawn

extension Stubble {
    /// How much darker than cheeks it is drawn at least: the painter's own, which cannot be seen in a small picture,
    /// and what is found by single hairs; and at most.
    private static let seen = (least: Float(0.14), hairs: Float(0.12), most: Float(0.25))
    /// Lightness of skin from which on that is less, since all is lighter.
    private static let fair: Float = 65
    /// By how much the upper lip may be darker than chin and jaw: the rest of it is the shade of the nose.
    private static let moustache: Float = 0.1
    /// Chroma over the skin's: hair is greyer, but grey about a mouth looks like a muzzle.
    private static let chromas: ClosedRange<Float> = 0.92...0.97
    /// How much darker than cheeks counts, at most, and the share of what is seen in the depth that is drawn.
    private static let deepest: Float = 0.45, follows: Float = 0.85

    /// The painter's, and what single hairs tell that medians over whole zones miss.
    ///
    /// - Returns: `nil` where the face is shaven, or where nothing tells.
    static func drawn(_ face: LowerFace, _ signs: HairSigns) -> Stubble? {
        let own = Stubble(face, signs), growth = HairGrowth(face, signs)
        guard own != nil || growth.map({ $0.sureness >= leastSure }) == true else { return nil }
        let drops = signs.zones.all.map { min(max(1 - JawZones.middle(signs.light, $0, otherwise: 1), 0), 0.7) }
        let mouth = mouthHeight(face)
        let grown = growth.map { coverage(face, $0, mouth: mouth) }
        let most = max(mean(Array(drops[1...])) + moustache, seen.hairs + 0.03)
        // In light and shade alike: what light does is drawn as such.
        let lighter = min(1, fair / max(face.skin.x, 1)), least = seen.hairs * lighter
        let even = min(max(mean(drops) + 0.06, seen.hairs), seen.most) * lighter
        // One shape of nearly one tone that is darker where the photograph's is, as along the jaw.
        let here = face.plane { min(max(1 - signs.light.values[$0], 0), deepest) }.blurred(sigma: 0.022 * face.unit)
        let drop = face.plane { index in
            let usual = own.map { max($0.drop.values[index], seen.least) * lighter } ?? even
            let followed = usual + follows * (min(here.values[index], 2.3 * usual) - usual)
            // In light as well it has to be seen, else the shape has a hole.
            let found = max(followed, min(usual, least))
            return face.height.values[index] < mouth ? min(found, most) : found
        }
        let tones = signs.zones.all.map { JawZones.middle(signs.chroma, $0, otherwise: 1) }
        return Stubble(
            coverage: face.plane { max(own?.coverage.values[$0] ?? 0, grown?.values[$0] ?? 0) },
            drop: drop.blurred(sigma: 0.014 * face.unit),
            chroma: min(max(mean(tones), chromas.lowerBound), chromas.upperBound))
    }

    /// Of what single hairs tell: chin and jaw as one even shape, and the upper lip where it has some.
    private static func coverage(_ face: LowerFace, _ growth: HairGrowth, mouth: Float) -> Plane {
        let place = face.window.plane(face.window.polygon(face.beardPlace(lift: (0, 0), drop: 0)))
        let oval = face.window.polygon(face.mesh.points(MeshPoints.oval))
        let soft = face.plane { index in
            // On its sides it grows higher up.
            let below = face.height.values[index] + 0.3 * abs(face.side.values[index]) - mouth
            return place.values[index] * growth.sureness * max(growth.lip, smoothstep(0.04, 0.24, below))
        }
        .blurred(sigma: 0.07 * face.unit)
        return face.plane { soft.values[$0] * oval[$0] }
    }

    /// How far below the nose's base the mouth's corners lie, in units.
    private static func mouthHeight(_ face: LowerFace) -> Float {
        let off = face.mesh.points(MeshPoints.mouthCorners).mean - face.mesh.points[MeshPoints.noseBase]
        return Float(dot(off, face.axes.down) / face.unit)
    }
}
