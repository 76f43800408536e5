import Raster

/// The form of one face as its light shows it, low in contrast and soft: what a plate of one tone lacks to be this
/// person's face. Fine or hard shade and gloss are no part of it; those are shapes (`SkinShade`) or left out.
struct SkinForm {
    /// Lab over the plate's tone, in the window.
    let light: Plane, a: Plane, b: Plane

    /// Of the Gaussian that colour is smoothed by, in units.
    private static let softness = 0.08
    /// Lightness over the lit skin's that is drawn at most, darker and lighter, and the photograph's at which half of
    /// that is reached: what is low stays, what is strong is compressed; Lab units.
    private static let most = (darker: Float(90), lighter: Float(24)), half = (darker: Float(76), lighter: Float(21))
    /// By how much colour grows for each unit of dark, of its own, and the dark from which on it grows no more: grey
    /// shade looks like dirt, too, and in deep sockets more would be a sore red.
    private static let warmth: Float = 0.009, warmest: Float = 14
    /// Share of the turn of colour that is drawn, and how far it goes, Lab units.
    private static let turn: Float = 0.6, farthest: Float = 4
    /// Share of the dark of shade that its shape has drawn already.
    private static let drawn: Float = 0.25
    /// Heights below the nose's base, in units, between which it begins to go on beside the face as far as skin does:
    /// to the hair, not to the ears.
    private static let above: (Float, Float) = (-0.1, -0.3)
    /// Where necks begin, in units below the nose's base.
    private static let jaw: Float = 0.12
    /// Share of the dark that is drawn where stubble may be what makes it.
    private static let stubble: Float = 0.8
    /// Of the Gaussian that creases are smoothed by, and how near to features there are none, in units; the share of
    /// them that is drawn, and the most of that, Lab units.
    private static let crease = (
        fine: 0.012, beside: 0.03, share: Float(1.8), darker: Float(22), lighter: Float(8)
    )
    /// The amount of them on smooth skin.
    private static let onSmooth: Float = 0.33

    /// - Parameters:
    ///   - plate: whose skin it is.
    ///   - shade: of the face, which has made some of it dark already.
    ///   - age: how wrinkled the face is, 0…1.
    ///   - rim: where skin meets the head's hair, 0…1.
    init(_ plate: SkinPlate, _ shade: SkinShade?, age: Float, rim: Plane) {
        let face = plate.face, seen = plate.seen, unit = face.unit
        // Beside the face light is another's.
        let inner = face.oval.eroded(by: .disc(face.pixels(0.04))).plane.blurred(sigma: 0.05 * unit)
        let height = face.height.values, side = face.side.values
        let place = face.plane {
            max(inner.values[$0], smoothstep(Self.above.0, Self.above.1, height[$0]) * plate.whole.values[$0])
        }
        // Necks lie in the shade of the chin: as light as the face they would be a second one.
        let neck = face.shape { !face.oval[$0] && height[$0] > Self.jaw }.plane.blurred(sigma: 1)
        // What turns away from the light is dark up to the outline: without that a face is rounder than it is.
        let whole = face.oval.dilated(by: .disc(face.pixels(0.03))).plane.blurred(sigma: 0.02 * unit)
        let dim = face.plane { index in
            max(
                place.values[index], whole.values[index], rim.values[index],
                neck.values[index] * plate.whole.values[index])
        }
        let shaded = shade.map { shade in face.plane { smoothstep(-2, 2, shade.logit.values[$0]) } }
        let off = face.plane { plate.soft.values[$0] - seen.x }
        let dark = shaded.flatMap { shaded in
            off.values(in: face.shape { shaded.values[$0] > 0.5 && plate.plain.values[$0] > 0.5 && face.oval[$0] })
                .median
        }
        let depth = min(dark ?? 0, 0)
        let creases = Self.creases(plate), amount = min(Self.onSmooth + age, 1)
        let light = face.plane { index in
            let lower = smoothstep(-0.1, 0.05, height[index]) * smoothstep(0.8, 0.6, abs(side[index]))
            let bare = plate.isUnshaven ? 1 - lower : 1
            let fine = amount * creases.values[index] * place.values[index] * bare
            let own = fine + off.values[index] - Self.drawn * depth * (shaded?.values[index] ?? 0)
            guard own < 0 else {
                return Self.compressed(own, Self.most.lighter, Self.half.lighter) * place.values[index]
            }
            let hairless = Self.stubble + (1 - Self.stubble) * bare
            return Self.compressed(own, Self.most.darker, Self.half.darker) * dim.values[index] * hairless
        }
        func colour(_ channel: Plane, _ usual: Float, _ tone: Float) -> Plane {
            let soft = channel.smoothed(within: plate.plain, sigma: Self.softness * unit)
            return face.plane { index in
                let off = (soft.values[index] - usual) * Self.turn
                let warm = Self.warmth * min(max(-light.values[index], 0), Self.warmest) * tone
                return min(max(off, -Self.farthest), Self.farthest) * place.values[index] + warm
            }
        }
        self.light = light
        (a, b) = (colour(face.a, seen.y, plate.tone.y), colour(face.b, seen.z, plate.tone.z))
    }

    /// What is finer than the form on skin that is not beside features, L*.
    private static func creases(_ plate: SkinPlate) -> Plane {
        let face = plate.face, fine = face.light.smoothed(within: plate.plain, sigma: crease.fine * face.unit)
        let open = plate.plain.blurred(sigma: crease.beside * face.unit)
        return face.plane { index in
            let depth = crease.share * (fine.values[index] - plate.soft.values[index])
            let most = depth < 0 ? crease.darker : crease.lighter
            return most * depth / (abs(depth) + most) * smoothstep(0.75, 0.98, open.values[index])
        }
    }

    /// A difference of lightness as it is drawn: `most` is never reached, half of it at `half`.
    private static func compressed(_ difference: Float, _ most: Float, _ half: Float) -> Float {
        most * difference / (abs(difference) + half)
    }
}
