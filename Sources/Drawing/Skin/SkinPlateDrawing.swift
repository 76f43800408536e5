import Raster

extension SkinPlate {
    /// A logit that shows nothing.
    private static let never: Float = -8
    /// How near skin and hair lie where they meet, in units.
    private static let hairlineReach = 0.03
    /// How far from the face's outline its line is looked for, and about a place there is skin, in units.
    private static let chinReach = 0.09, chinSkin = 0.04
    /// What a line between face and neck, drawn as soft shade, adds to the factor 1 of R, G, B: ink is a second chin.
    private static let chinLine = SIMD4<Float>(-0.56, -0.66, -0.66, 0)
    /// By how much a neck is darker than lit skin that needs no shade, Lab units.
    private static let neckIsDark: Float = 14
    /// How far beyond the face's outline deep shade is looked for, and of the Gaussians that tell it and what lies
    /// about it, in units.
    private static let deepReach = 0.2, deepSoft = 0.02, deepWide = 0.1
    /// Lightness of lit skin from which on the rest of a face is in shade, not in the dark.
    private static let lit: (Float, Float) = (22, 32)
    /// Share of the colour that grey necks lack that they get, and of the lit skin's lightness below which they have
    /// less.
    private static let recoloured: Float = 0.85, dark: Float = 0.6
    /// By how much the last of the skin before hair is darkened at most, L*.
    private static let darkest: Float = 18
    /// Of the Gaussian that tells the tone of the network's skin at a place, in units.
    private static let local = 0.05

    /// Draws it.
    ///
    /// - Parameter age: how wrinkled the face is, 0…1.
    func draw(into drawing: inout UndecidedDrawing, age: Float = 0) {
        let rim = meeting, shade = SkinShade(self, drawing), form = SkinForm(self, shade, age: age, rim: rim)
        let neckEffect = shade?.effect(on: seen) ?? .zero, pixels = face.pixels(of: drawing, scale: scale)
        let uneven = unevenness, height = face.height, chin = self.chin, deep = deepShade
        // Lips that are hardly redder than skin are told from it by their shade.
        let lips = face.lips.dilated(by: .disc(1)).plane.blurred(sigma: 1)
        let lineMiddle = drawing.rule.enlarged(1).middle
        drawing.changeAtOnce { flat, dark, bright in
            pixels.forEachAtOnce { index, x, y in
                let rim = rim.bilinear(x, y), chin = chin.bilinear(x, y)
                let line = chin * smoothstep(-2, 1.5, flat[index].w - lineMiddle)
                // With a line above the face it is a mask, and hair a cap.
                let hushed = max(chin, rim * smoothstep(-0.1, -0.4, height.bilinear(x, y)))
                if hushed > 0.01 { flat[index].w = flat[index].w.hushed(by: hushed) }
                defer { flat[index] *= 1 + Self.chinLine * line }
                let grey = neck.bilinear(x, y)
                if grey > 0.01 { recolour(&flat[index], grey) }
                darken(&flat[index], deep.bilinear(x, y), seen: face.light.bilinear(x, y))
                let all = max(whole.bilinear(x, y), within.bilinear(x, y))
                guard max(all, rim) > 0.01 else { return }
                let skin = plain.bilinear(x, y)
                let found = colour(flat[index], form, uneven, all: all, skin: skin, rim: rim, x, y)
                flat[index] = found.colour
                // Gloss is a part of the form, as is what the network alone has of shade.
                let calm = max(min(1.3 * skin, 1), found.amid * (1 - lips.bilinear(x, y)))
                bright[index].w += (min(bright[index].w, Self.never) - bright[index].w) * calm
                guard let shade else { return }
                // Where the neck's form is as dark already it is drawn once.
                let missing = smoothstep(Self.neckIsDark, 0, -form.light.bilinear(x, y))
                flat[index] *= 1 + neckEffect * (shade.neck.bilinear(x, y) * skin * missing)
                let below = smoothstep(0, 0.2, height.bilinear(x, y))
                dark[index] = Self.shade(
                    dark[index], shade.effect, shade.logit.bilinear(x, y), share: calm, fading: below)
            }
        }
    }

    /// Shade of the network's that gives way to the face's.
    ///
    /// - Parameters:
    ///   - own: the network's, effect and logit.
    ///   - effect: the face's.
    ///   - logit: the face's.
    ///   - share: how far it gives way, 0…1.
    ///   - fading: how far its effect fades instead of being cut off where its logit falls below 0, 0…1: on a neck
    ///     that would be a border where the face ends; beside hair the network's shade is hair's.
    static func shade(
        _ own: SIMD4<Float>, _ effect: SIMD4<Float>, _ logit: Float, share: Float, fading: Float
    ) -> SIMD4<Float> {
        let fading = fading * smoothstep(-3, 0, own.w) * smoothstep(0, -3, logit)
        var result = own + (effect - own) * share
        result += (own * (1 - share) - result) * fading
        result.w = own.w + (logit - own.w) * (share * (1 - fading * smoothstep(1, 0.9, share)))
        return result
    }

    /// Where the face's outline lies between two parts of skin, face and neck, 0…1.
    private var chin: Plane {
        let reach = face.pixels(Self.chinReach), height = face.height.values
        let ring = face.oval.dilated(by: .disc(reach)) - face.oval.eroded(by: .disc(reach))
        let sigma = Self.chinSkin * face.unit, near = ring.plane.blurred(sigma: sigma / 2)
        let skin = face.plane { index in
            // Necks lie in shade, walls are of another hue.
            let off = (flat[index] - drawn) * SIMD3(0.5, 2.5, 2.5)
            return smoothstep(44, 24, (off * off).sum().squareRoot())
        }.blurred(sigma: sigma)
        return face.plane { index in
            near.values[index] * smoothstep(0.15, 0.3, height[index]) * smoothstep(0.55, 0.8, skin.values[index])
        }
    }

    /// Where a face turned away from the light is so dark that the network drew no skin there, 0…1.
    private var deepShade: Plane {
        let height = face.height.values, sure = smoothstep(Self.lit.0, Self.lit.1, seen.x)
        // Folds of an ear are dark, too, but what lies about them is not.
        let wide = face.light.blurred(sigma: Self.deepWide * face.unit)
        let near = face.oval.dilated(by: .disc(face.pixels(Self.deepReach))) - face.features
        let soft = near.plane.blurred(sigma: Self.local * face.unit)
        let light = face.light.blurred(sigma: Self.deepSoft * face.unit)
        return face.plane { index in
            guard height[index] < 0 else { return 0 }
            let deep = smoothstep(0.45, 0.3, light.values[index] / seen.x) * smoothstep(0, -0.2, height[index])
            let around = smoothstep(0.5, 0.35, wide.values[index] / seen.x)
            return sure * soft.values[index] * deep * around * (1 - whole.values[index])
        }
    }

    /// Makes a colour as dark as the face is there: left as it is, it is a grey seam between face and hair.
    ///
    /// - Parameters:
    ///   - deep: `deepShade` there.
    ///   - light: the photograph's, L*.
    private func darken(_ colour: inout SIMD4<Float>, _ deep: Float, seen light: Float) {
        guard deep > 0.01 else { return }
        let lab = Lab.from(clamped01(colour)), share = max(light / seen.x, 0.08)
        let excess = smoothstep(2, 12, lab.x - share * tone.x), line = colour.w
        guard excess > 0 else { return }
        colour = clamped01(Lab.toRGB(lab + (share * tone - lab) * (deep * excess)))
        colour.w = line
    }

    /// Gives a neck the face's hue: networks draw it grey in shade.
    ///
    /// - Parameter share: how far, 0…1.
    private func recolour(_ colour: inout SIMD4<Float>, _ share: Float) {
        let lab = Lab.from(clamped01(colour)), line = colour.w
        // As the plate has it in its shade.
        let wanted = tone * smoothstep(0, Self.dark, lab.x / tone.x)
        let missing = smoothstep(0, 6, Lab.chroma(wanted) - Lab.chroma(lab))
        guard missing > 0 else { return }
        var after = lab + (wanted - lab) * (Self.recoloured * share * missing)
        after.x = lab.x
        colour = clamped01(Lab.toRGB(after))
        colour.w = line
    }

    /// Where skin meets the head's hair, 0…1.
    private var meeting: Plane {
        guard let likelihoods else { return face.plane { _ in 0 } }
        let reach = Self.hairlineReach * face.unit
        let hairy = face.plane { HeadHair.cover(likelihoods.values[$0]) }.blurred(sigma: reach)
        let skin = whole.blurred(sigma: reach)
        func near(_ place: Plane, _ index: Int) -> Float { smoothstep(0.02, 0.12, place.values[index]) }
        return face.plane { near(skin, $0) * near(hairy, $0) * smoothstep(0, 0.5, self.reach.values[$0]) }
    }

    /// What becomes of the flat colour `before` at a place of the window.
    ///
    /// - Parameters:
    ///   - uneven: `unevenness`.
    ///   - all: `whole` there.
    ///   - skin: `plain` there.
    ///   - rim: `meeting` there.
    /// - Returns: also how much the place is skin amid features, 0…1.
    private func colour(
        _ before: SIMD4<Float>, _ form: SkinForm, _ uneven: [Plane], all: Float, skin: Float, rim: Float,
        _ x: Double, _ y: Double
    ) -> (colour: SIMD4<Float>, amid: Float) {
        let lab = Lab.from(clamped01(before)), shift = tone - drawn
        let turned = SIMD3(form.light.bilinear(x, y), form.a.bilinear(x, y), form.b.bilinear(x, y))
        // The form goes on in the skin between features, not in them.
        let between = likeSkin(lab)
        let here = SIMD3(uneven[0].bilinear(x, y), uneven[1].bilinear(x, y), uneven[2].bilinear(x, y))
        let beside = max(all - skin, 0)
        var after = lab + (tone + turned - lab) * skin + (shift + (turned - here) * between) * beside
        after += rest(of: lab, shift + turned - here) * max(rim - all, 0)
        var colour = clamped01(Lab.toRGB(after))
        colour.w = before.w
        return (colour, between * beside)
    }

    /// What the last of the network's skin before hair, which would be a pale rim, is changed by.
    ///
    /// - Parameters:
    ///   - lab: its colour, which may be mixed with hair's, or be hair, an ear or a wall.
    ///   - change: what skin there would be changed by.
    private func rest(of lab: SIMD3<Float>, _ change: SIMD3<Float>) -> SIMD3<Float> {
        let share = lab.x / drawn.x, off = lab - drawn * min(max(share, 0.3), 1.15)
        let isSkin =
            smoothstep(0.25, 0.7, share) * smoothstep(1.35, 1.2, share)
            * smoothstep(12, 6, (off.y * off.y + off.z * off.z).squareRoot())
        var change = change
        change.x = max(change.x - max(lab.x - drawn.x, 0), -Self.darkest)
        return change * isSkin
    }

    /// How much a colour of the drawing (Lab) is near its skin's, 0…1.
    private func likeSkin(_ lab: SIMD3<Float>) -> Float {
        let off = lab - drawn
        return smoothstep(26, 12, (off * off).sum().squareRoot())
    }

    /// By how much the network's skin about each place is off its tone, L*, a* and b*: left there, brows and eyes would
    /// lie in rings of it on the plate.
    private var unevenness: [Plane] {
        let weight = face.plane { max(whole.values[$0], within.values[$0]) * likeSkin(flat[$0]) }
        return (0..<3).map { channel in
            face.plane { flat[$0][channel] - drawn[channel] }.smoothed(within: weight, sigma: Self.local * face.unit)
        }
    }
}
