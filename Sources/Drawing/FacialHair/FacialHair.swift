import Raster

/// Beard or stubble of one face, found in the photograph that is drawn.
///
/// A network of this size smears beards and leaves out stubble, since telling them from shade takes measures of the
/// whole face. So they are found as the painter finds them that it learned from, and drawn into its drawing before
/// anything is decided: shapes in the layers whose borders are decided at the result's size, lines on top.
struct FacialHair {
    enum Kind {
        case beard(Beard)
        case stubble(Stubble)
    }

    let kind: Kind
    /// Of the photograph at `scale`.
    let face: LowerFace
    /// Pixels of the window for each of the drawing.
    let scale: Double

    /// - Parameters:
    ///   - face: in the photograph.
    ///   - signs: of hair on it.
    ///   - scale: pixels of its window for each of the drawing.
    /// - Returns: `nil` where there is no hair, or where it could not be told.
    init?(_ face: LowerFace, _ signs: HairSigns, scale: Double) {
        let beard = Beard(face, signs)
        if let beard, !beard.isMoustache {
            kind = .beard(beard)
        } else if let stubble = Stubble.drawn(face, signs) {
            // The moustache of an unshaven face is its denser part.
            kind = .stubble(stubble)
        } else if let beard {
            kind = .beard(beard)
        } else {
            return nil
        }
        (self.face, self.scale) = (face, scale)
    }

    /// Of those whose hair covers the skin.
    var beard: Beard? {
        if case let .beard(beard) = kind { beard } else { nil }
    }

    /// Draws it into a drawing of the photograph in the drawing's `tones`.
    func draw(into drawing: inout UndecidedDrawing, _ tones: DrawnTones) {
        switch kind {
        case let .beard(beard): draw(beard, tones, into: &drawing)
        case let .stubble(stubble): draw(stubble, tones, into: &drawing)
        }
    }
}

// MARK: - Stubble

extension FacialHair {
    /// Coverage of which nothing and of which all is drawn: a closed shape, whose border is soft.
    private static let border = (low: Float(0.05), high: Float(0.7))
    /// How much it darkens skin at most, over its own dark.
    private static let mostDarkened: Float = 1.1
    /// What is a single hair: smaller than `wide`, in units, and not than `fine`, in pixels; the share of its lightness
    /// that is drawn, and by how much it is darker or lighter at most.
    private static let hair = (fine: 0.8, wide: 0.03, share: Float(0.9), darker: Float(12), lighter: Float(5))
    /// Share of the skin's hue, over that of what it lies on.
    private static let sameHue: Float = 0.8
    /// Reach over which the form that it lies on is measured, in units: by pixels it would flatten a chin.
    private static let formReach = 0.05
    /// Lightness over its own of the darkest that is left of what was drawn there.
    private static let least: Float = 0.8
    /// Lightness over that one of what is not lifted to it and of what is: a switch at one would leave blotches.
    private static let lifted = (none: Float(1.2), all: Float(0.8))

    private func draw(_ stubble: Stubble, _ tones: DrawnTones, into drawing: inout UndecidedDrawing) {
        let lips = face.lips.dilated(by: .square(1)).plane.blurred(sigma: 1)
        let around = form(of: drawing), hairs = self.hairs
        var flat = drawing.flat.takePixels()
        face.forEachPixel(of: drawing, scale: scale) { index, x, y in
            let place = smoothstep(Self.border.low, Self.border.high, stubble.coverage.bilinear(x, y))
            let covered = place * (1 - lips.bilinear(x, y))
            guard covered > 0.004 else { return }
            let before = flat[index], under = Lab.from(clamped01(before)), dark = stubble.drop.bilinear(x, y)
            // Where the face's form is as dark already it stays: twice as dark would be a muzzle, or a moustache.
            let form = around.bilinear(x, y), missing = max(form - tones.skin.x * (1 - dark), 0)
            let darker = min(missing / max(form, 1), Self.mostDarkened * dark)
            var tone = under * SIMD3(1 - darker, stubble.chroma, stubble.chroma)
            // Of the skin's hue: light that is yellow would be green when it is darker.
            let usual = tones.skin * (Lab.chroma(tone) / max(Lab.chroma(tones.skin), 1))
            tone += SIMD3(0, Self.sameHue, Self.sameHue) * (usual - tone)
            // What the network drew of the nose's shade there is no moustache.
            let least = Self.least * tones.skin * (1 - dark)
            let lifted = smoothstep(Self.lifted.none, Self.lifted.all, under.x / max(least.x, 1))
            tone += (least - tone) * lifted
            tone.x += hairs.bilinear(x, y)
            flat[index] = Lab.toRGB(under + (tone - under) * covered)
            flat[index].w = before.w
        }
        drawing.flat = Bitmap(width: drawing.width, height: drawing.height, pixels: flat)
    }

    /// By how much single hairs and gaps between them differ from the tint in lightness: without any of them it is
    /// dirt.
    var hairs: Plane {
        let fine = face.light.blurred(sigma: Self.hair.fine)
        let wide = face.light.blurred(sigma: Self.hair.wide * face.unit)
        return face.plane {
            min(max(Self.hair.share * (fine.values[$0] - wide.values[$0]), -Self.hair.darker), Self.hair.lighter)
        }
    }

    /// Lightness of the drawn skin, of the face alone, without what is small.
    private func form(of drawing: UndecidedDrawing) -> Plane {
        let light = face.sampled(drawing.flat, scale: scale).map { Lab.lightness($0) }, open = face.oval - face.lips
        return face.plane { light[$0] }.smoothed(within: open.plane, sigma: Self.formReach * face.unit)
    }
}

// MARK: - Beard

extension FacialHair {
    /// Of a shape's border: by how much its logit falls for each pixel, and where it falls no more.
    private static let steepness: Float = 5, steepest: Float = 9
    /// The same of the deeper tone, for a spread of lightness.
    private static let depthSteepness: Float = 18
    /// Lightness of the deeper tone over the painter's: beside skin it has to be seen.
    private static let deeper = (dark: Float(0.80), white: Float(0.96))
    /// Share of the deeper tone's depth that is drawn, since the photograph's own light and dark are drawn too.
    private static let deepened: Float = 0.4
    /// The share of those that is drawn, and by how much they are darker or lighter at most, L*.
    private static let bearded = (share: Float(0.75), darker: Float(14), lighter: Float(14))
    /// How far strands reach over the border, in pixels.
    private static let ragged: Float = 1.4
    /// By how much strands of what the network drew are darker and lighter than that.
    private static let combed = (dark: Float(0.25), light: Float(0.22))
    /// By how much darker than skin is what it smears, in Lab units.
    private static let smear: Float = 5
    /// Share of a beard that the network has to have drawn as dark for its drawing to stay, and how dark that is, from
    /// the skin's lightness to the beard's.
    private static let drawn = (share: 0.75, depth: Float(0.8))

    private func draw(_ beard: Beard, _ tones: DrawnTones, into drawing: inout UndecidedDrawing) {
        hush(beard, in: &drawing)
        var tone = tones.drawn(beard.tone)
        // White as the drawing's whites it would be a mask.
        if beard.isWhite { tone.x = min(tone.x, beard.tone.x) }
        guard !isDrawn(beard, as: tone, tones) else { return comb(beard, in: &drawing) }
        let deep =
            tone
            * SIMD3(
                (beard.isWhite ? Self.deeper.white : Self.deeper.dark) * beard.deepTone.x / max(beard.tone.x, 1), 1, 1)
        let skin = upper(Lab.toRGB(tones.skin), SIMD4(repeating: 0.02))
        // Both are factors of the skin below, as the drawing's own shade and light are.
        let (own, deeper) = (Lab.toRGB(tone), Lab.toRGB(deep))
        var further = Self.deepened * (deeper - own) / skin
        further.w = 0
        let form = self.form(of: beard)
        // A pixel of room, in which lips have their border.
        let lips = face.lips.plane.blurred(sigma: 1)
        // The border's slope has to go on for some pixels, so that it is enlarged evenly; and a ridge that stays below
        // 0 would come up between pixels.
        let depths = beard.border.values
        let core = face.shape { depths[$0] > 0.5 }.dilated(by: .disc(4)).plane
        let around = smeared(beard)
        let middle = beard.shape.eroded(by: .disc(face.pixels(0.035))).plane.blurred(sigma: 0.012 * face.unit)
        let rim = face.plane { Self.ragged * (1 - middle.values[$0]) }
        let (width, height) = (drawing.width, drawing.height)
        var flat = drawing.flat.takePixels(), shade = drawing.shade.takePixels(), light = drawing.light.takePixels()
        face.forEachPixel(of: drawing, scale: scale) { index, x, y in
            let edge = beard.border.bilinear(x, y) + rim.bilinear(x, y) * beard.strands.bilinear(x, y)
            let within = min(edge, 2.5 * (0.25 - lips.bilinear(x, y)))
            let pixel = flat[index], smeared = around.bilinear(x, y)
            if smeared > 0.02, Lab.lightness(pixel) < tones.skin.x - Self.smear {
                flat[index] += (skin - pixel) * smeared
                flat[index].w = pixel.w
            }
            guard core.bilinear(x, y) > 0 else {
                shade[index].w = max(shade[index].w, .hushed)
                return
            }
            let border = min(Self.steepness * within, Self.steepest), opacity = beard.opacity.bilinear(x, y)
            let before = shade[index]
            // Where it borders on the drawing's own shade no logit falls, so that its colour has to.
            let share = before.w > border ? min(max(within + 0.5, 0), 1) : 1
            var here = Lab.toRGB(tone + SIMD3(form.bilinear(x, y), 0, 0)) / skin - 1
            here.w = 0
            shade[index] += (here * opacity - before) * share
            shade[index].w = Self.joined(border, before.w)
            if within >= -0.5 {
                let depth = beard.isMoustache ? -Self.steepest : Self.depthSteepness * beard.depth.bilinear(x, y)
                light[index] = further * opacity
                light[index].w = min(max(depth, -Self.steepest), border)
            }
            // What the network drew of the beard gives way to skin, but for its lines.
            flat[index] += (skin - flat[index]) * smoothstep(0.7, 1.25, within) * (beard.isWhite ? 0.5 : 1)
            flat[index].w = pixel.w
        }
        drawing.flat = Bitmap(width: width, height: height, pixels: flat)
        drawing.shade = Bitmap(width: width, height: height, pixels: shade)
        drawing.light = Bitmap(width: width, height: height, pixels: light)
    }

    /// By how much a beard's places are lighter or darker than its tone: light on it, and its strands.
    private func form(of beard: Beard) -> Plane {
        let soft = face.light.blurred(sigma: Self.hair.fine)
        return face.plane {
            min(max(Self.bearded.share * (soft.values[$0] - beard.tone.x), -Self.bearded.darker), Self.bearded.lighter)
        }
    }

    /// The logit of a beard together with that of the drawing's shade: where one begins as the other ends, no skin
    /// shows between (a polynomial smooth maximum, Quilez 2013).
    private static func joined(_ beard: Float, _ shade: Float) -> Float {
        let reach: Float = 16, common = max(beard, shade), gap = reach - abs(beard - shade)
        // Where neither is near, both stay as they are.
        guard beard > -6, shade > -4, gap > 0 else { return common }
        return common + gap * gap / (4 * reach)
    }

    /// Where on the face, about the shape, the network may have smeared the beard, 0…1.
    private func smeared(_ beard: Beard) -> Plane {
        guard !beard.isWhite else { return face.plane { _ in 0 } }
        let lips = face.lips.dilated(by: .square(2))
        let near = beard.shape.dilated(by: .disc(face.pixels(0.16))) & face.oval
        let free = face.shape { near[$0] && !lips[$0] && face.height.values[$0] > 0.08 }
        return free.plane.blurred(sigma: 0.03 * face.unit)
    }

    /// Whether the network's own drawing has the beard: then its shape, which may go on below the jaw, is better.
    private func isDrawn(_ beard: Beard, as tone: SIMD3<Float>, _ tones: DrawnTones) -> Bool {
        guard !beard.isWhite else { return false }
        let limit = tones.skin.x + Self.drawn.depth * (tone.x - tones.skin.x)
        let inside = beard.shape.eroded(by: .square(1))
        let dark = tones.light.values(in: inside).filter { $0 < limit }.count
        return Double(dark) > Self.drawn.share * Double(inside.count)
    }

    /// Gives the network's own even drawing of a beard strands, darker and lighter ones.
    private func comb(_ beard: Beard, in drawing: inout UndecidedDrawing) {
        let inside = beard.shape.eroded(by: .disc(face.pixels(0.03))).plane.blurred(sigma: 0.02 * face.unit)
        var flat = drawing.flat.takePixels()
        face.forEachPixel(of: drawing, scale: scale) { index, x, y in
            let share = inside.bilinear(x, y)
            guard share > 0.01 else { return }
            let strand = beard.strands.bilinear(x, y), pixel = flat[index]
            let dark = Self.combed.dark * smoothstep(0.35, 0.75, strand)
            let light = Self.combed.light * smoothstep(0.55, 0.95, -strand)
            flat[index] = clamped01(pixel * (1 + share * (light - dark)))
            flat[index].w = pixel.w
        }
        drawing.flat = Bitmap(width: drawing.width, height: drawing.height, pixels: flat)
    }

    /// Takes lines out of a beard, which has none but those of mouth and nose: its tones part it from the skin. That of
    /// the jaw goes too where the beard goes on below it.
    private func hush(_ beard: Beard, in drawing: inout UndecidedDrawing) {
        let mouth = face.lips.dilated(by: .disc(face.pixels(0.06)))
        let base = face.shape { face.height.values[$0] < 0.05 }
        let grown =
            isLong(beard)
            ? beard.shape.dilated(by: .disc(face.pixels(0.10))) : beard.shape.eroded(by: .disc(face.pixels(0.04)))
        let quiet = (grown - mouth - base).plane.blurred(sigma: 1.5)
        var flat = drawing.flat.takePixels()
        face.forEachPixel(of: drawing, scale: scale) { index, x, y in
            let share = 0.9 * quiet.bilinear(x, y)
            guard share > 0.01 else { return }
            flat[index].w = flat[index].w.hushed(by: share)
        }
        drawing.flat = Bitmap(width: drawing.width, height: drawing.height, pixels: flat)
    }

    /// Whether what lies below the chin has the beard's lightness.
    private func isLong(_ beard: Beard) -> Bool {
        guard !beard.isWhite else { return false }
        let jaw = Array(curve(face.mesh.points(MeshPoints.jaw), count: 80)[28..<52])
        func lowered(_ distance: Double) -> [Point] { jaw.map { $0 + face.axes.down * (distance * face.unit) } }
        let below = face.window.shape(lowered(0.08) + lowered(0.22).reversed(), above: 0.5)
        guard let light = face.light.values(in: below).median else { return false }
        return light < beard.tone.x + 0.3 * (face.skin.x - beard.tone.x)
    }
}
