import Raster

/// Skin of one face as one even plate with one shade, as the painter lays it.
///
/// A network of this size smears the deep side of a face into hair and neck, greys dark skin and fades its shade from
/// place to place, since where skin ends, and how dark this face's shade is, takes measures of the whole face. So both
/// are taken here and drawn into what the network gave, before anything is decided. Models/training/painter/skin.py
/// and shade.py are what it follows.
struct SkinPlate {
    let face: LowerFace
    /// Pixels of the window for each of the drawing.
    let scale: Double
    /// How much a place is skin, 0…1: without brows, eyes, nostrils and mouth, and with what skin lies among them.
    let plain: Plane, whole: Plane
    /// The photograph's lightness as the form of the face has it, without what is fine, Lab.
    let soft: Plane
    /// Lab of the lit skin: in the photograph, as the network drew it, and as it is to be.
    let seen: SIMD3<Float>, drawn: SIMD3<Float>, tone: SIMD3<Float>
    /// Whether the lower face may be dark from hair, beside shade.
    let isUnshaven: Bool
    /// How likely a place is one of the head's hair, 0…1, where that is known.
    private let likelihoods: Plane?
    /// The drawing's flat colour in the window, Lab.
    let flat: [SIMD3<Float>]

    /// Of the Gaussian that leaves a face its form alone, in units.
    private static let softness = 0.036
    /// By how much lit skin may be lighter or darker than its own median, Lab units.
    private static let near: Float = 12
    /// A logit that shows nothing.
    private static let never: Float = -8
    /// Share of the cheeks that has to be drawn as skin.
    private static let leastShare = 0.35
    /// Roughness of the lip, over that of the cheeks, from which on there may be hair on it.
    static let rough: Float = 1.5
    /// What of the drawing about a beard is left to that, in units.
    private static let aroundBeard = 0.1
    /// Of a face with something before its mouth, the heights below the nose's base between which the plate ends, in
    /// units.
    private static let aboveHands = (none: Float(0.02), all: Float(-0.16))
    /// How near skin and hair lie where they meet, in units.
    private static let hairlineReach = 0.03
    /// By how much a neck is darker than lit skin that needs no shade, Lab units.
    private static let neckIsDark: Float = 14
    /// Of the Gaussian that tells the tone of the network's skin at a place, in units.
    private static let local = 0.05

    /// - Parameters:
    ///   - face: in the photograph.
    ///   - signs: of hair on it; what is rough may be a beard that is only hinted at.
    ///   - hair: what of it is known, and drawn on the skin later.
    ///   - scale: pixels of its window for each of the drawing.
    /// - Returns: `nil` where the drawing has no skin on the cheeks.
    init?(_ face: LowerFace, _ signs: HairSigns, hair: FacialHair?, _ drawing: UndecidedDrawing, scale: Double) {
        flat = face.sampled(drawing.flat, scale: scale).map { Lab.from(clamped01($0)) }
        let (flat, height, side) = (self.flat, face.height.values, face.side.values)
        let cheeks = face.shape {
            face.oval[$0] && !face.features[$0] && height[$0] > -1 && height[$0] < 0.1 && abs(side[$0]) < 0.8
        }
        guard let usual = cheeks.values.indices.filter({ cheeks[$0] }).map({ flat[$0] }).medianColour else {
            return nil
        }
        let lit = cheeks.values.indices.filter { cheeks[$0] && abs(flat[$0].x - usual.x) < Self.near }
        guard lit.count >= 100, Double(lit.count) > Self.leastShare * Double(cheeks.count),
            let drawn = lit.map({ flat[$0] }).medianColour,
            let seen = lit.map({ SIMD3(face.light.values[$0], face.a.values[$0], face.b.values[$0]) }).medianColour,
            drawn.x > 8, seen.x > 4
        else { return nil }
        (self.face, self.scale, self.seen, self.drawn) = (face, scale, seen, drawn)
        tone = Self.tone(drawn, seen: seen)
        let rows = Int((Double(drawing.flat.height) * scale).rounded())
        let columns = Int((Double(drawing.flat.width) * scale).rounded())
        likelihoods = face.mesh.hair.map { hair in face.plane { hair(face.window.centre($0)) } }
        let place = SkinPlace(
            face, signs, hair, likelihoods, flat, drawn: drawn, seen: seen, in: (columns, rows))
        isUnshaven = hair != nil && hair?.beard?.isMoustache != true
        let covered = hair?.beard.map { $0.shape.dilated(by: .disc(face.pixels(Self.aroundBeard))) }
        // What lies before a mouth may be skin too, but not this face's.
        func open(_ index: Int) -> Float {
            face.mesh.isMouthCovered ? smoothstep(Self.aboveHands.none, Self.aboveHands.all, height[index]) : 1
        }
        whole = face.plane { covered?[$0] == true ? 0 : place.whole($0) * open($0) }.blurred(sigma: 1)
        // What light does under a nose is a part of its form.
        let features = (face.features - face.noseBase).plane.blurred(sigma: 1.5), all = whole
        plain = face.plane { all.values[$0] * (1 - smoothstep(0.2, 0.6, features.values[$0])) }
        soft = face.light.smoothed(within: plain, sigma: Self.softness * face.unit)
    }

    /// Lab of the lit skin as it is to be: as drawn, but no greyer than the photograph's, and not in the dark of an
    /// evening's lamp.
    ///
    /// - Parameters:
    ///   - drawn: the network's, Lab.
    ///   - seen: the photograph's at the same places, Lab.
    static func tone(_ drawn: SIMD3<Float>, seen: SIMD3<Float>) -> SIMD3<Float> {
        // More than that is a lamp's colour.
        let wanted = min(0.95 * Lab.chroma(seen), 38), missing = min(max(wanted - Lab.chroma(drawn), 0), 7)
        let stronger = 1 + missing / max(Lab.chroma(drawn), 1) * smoothstep(2, 6, Lab.chroma(drawn))
        return SIMD3(drawn.x + 10 * lampLight(seen), drawn.y * stronger, drawn.z * stronger)
    }

    /// 0…1: how surely skin (Lab) is in little light of a lamp or an evening: none has that much colour for its
    /// lightness.
    static func lampLight(_ skin: SIMD3<Float>) -> Float {
        smoothstep(0.85, 1.25, Lab.chroma(skin) / max(skin.x, 5))
    }

    /// Draws it.
    ///
    /// - Parameter age: how wrinkled the face is, 0…1.
    func draw(into drawing: inout UndecidedDrawing, age: Float = 0) {
        let shade = SkinShade(self, drawing), form = SkinForm(self, shade, age: age)
        let neckEffect = shade?.effect(on: seen) ?? .zero, pixels = face.pixels(of: drawing, scale: scale)
        let uneven = unevenness, hairline = self.hairline
        drawing.changeAtOnce { flat, dark, bright in
            pixels.forEachAtOnce { index, x, y in
                let all = whole.bilinear(x, y), border = hairline.bilinear(x, y)
                if border > 0.01 { flat[index].w = flat[index].w.hushed(by: border) }
                guard all > 0.01 else { return }
                let skin = plain.bilinear(x, y), share = min(1.3 * skin, 1), own = dark[index]
                let found = colour(flat[index], form, uneven, all: all, skin: skin, x, y)
                flat[index] = found.colour
                if let shade {
                    // Where the neck's form is as dark already it is drawn once.
                    let missing = smoothstep(Self.neckIsDark, 0, -form.light.bilinear(x, y))
                    flat[index] *= 1 + neckEffect * (shade.neck.bilinear(x, y) * skin * missing)
                }
                // Gloss is a part of the form.
                let calm = max(share, found.amid)
                bright[index].w += (min(bright[index].w, Self.never) - bright[index].w) * calm
                guard let shade else { return }
                dark[index] += (shade.effect - own) * share
                dark[index].w = own.w + (shade.logit.bilinear(x, y) - own.w) * share
            }
        }
    }

    /// Where skin meets hair above the face, 0…1: with a line there a face is a mask, and hair a cap.
    private var hairline: Plane {
        guard let likelihoods else { return face.plane { _ in 0 } }
        let reach = Self.hairlineReach * face.unit, height = face.height.values
        let hairy = face.plane { HeadHair.cover(likelihoods.values[$0]) }.blurred(sigma: reach)
        let skin = whole.blurred(sigma: reach)
        func near(_ place: Plane, _ index: Int) -> Float { smoothstep(0.02, 0.12, place.values[index]) }
        return face.plane { near(skin, $0) * near(hairy, $0) * smoothstep(-0.1, -0.4, height[$0]) }
    }

    /// What becomes of the flat colour `before` at a place of the window.
    ///
    /// - Parameters:
    ///   - uneven: `unevenness`.
    ///   - all: `whole` there.
    ///   - skin: `plain` there.
    /// - Returns: also how much the place is skin amid features, 0…1.
    private func colour(
        _ before: SIMD4<Float>, _ form: SkinForm, _ uneven: [Plane], all: Float, skin: Float, _ x: Double, _ y: Double
    ) -> (colour: SIMD4<Float>, amid: Float) {
        let lab = Lab.from(clamped01(before)), shift = tone - drawn
        let turned = SIMD3(form.light.bilinear(x, y), form.a.bilinear(x, y), form.b.bilinear(x, y))
        // The form goes on in the skin between features, not in them.
        let between = likeSkin(lab)
        let here = SIMD3(uneven[0].bilinear(x, y), uneven[1].bilinear(x, y), uneven[2].bilinear(x, y))
        let beside = max(all - skin, 0)
        let after = lab + (tone + turned - lab) * skin + (shift + (turned - here) * between) * beside
        var colour = clamped01(Lab.toRGB(after))
        colour.w = before.w
        return (colour, between * beside)
    }

    /// How much a colour of the drawing (Lab) is near its skin's, 0…1.
    private func likeSkin(_ lab: SIMD3<Float>) -> Float {
        let off = lab - drawn
        return smoothstep(26, 12, (off * off).sum().squareRoot())
    }

    /// By how much the network's skin about each place is off its tone, L*, a* and b*: left there, brows and eyes would
    /// lie in rings of it on the plate.
    private var unevenness: [Plane] {
        let weight = face.plane { whole.values[$0] * likeSkin(flat[$0]) }
        return (0..<3).map { channel in
            face.plane { flat[$0][channel] - drawn[channel] }.smoothed(within: weight, sigma: Self.local * face.unit)
        }
    }
}

/// What tells skin in a drawing and its photograph.
private struct SkinPlace {
    private let face: LowerFace, flat: [SIMD3<Float>], drawn: SIMD3<Float>, seen: SIMD3<Float>
    private let inner: Plane, light: Plane, a: Plane, b: Plane
    /// How near a place is to the face, 0…1: beyond it the plate ends, softly, on what may be skin still.
    private let around: Plane
    private let isColourful: Bool, isRough: Bool, isBald: Bool, hasBeard: Bool
    /// How much a place is no hair, 0…1, where that is known.
    private let bare: Plane?
    /// How surely a bare head has no hair at its sides either, 0…1.
    private let shaven: Float

    /// How far the plate takes to end on skin, in units.
    private static let end = 0.12

    init(
        _ face: LowerFace, _ signs: HairSigns, _ hair: FacialHair?, _ likelihoods: Plane?, _ flat: [SIMD3<Float>],
        drawn: SIMD3<Float>, seen: SIMD3<Float>, in picture: (width: Int, height: Int)
    ) {
        (self.face, self.flat, self.drawn, self.seen) = (face, flat, drawn, seen)
        let sigma = 0.02 * face.unit
        let hard = face.oval.plane.blurred(sigma: sigma), soft = Self.endingSoftly(face.oval, at: -Self.end, face)
        inner = face.plane { index in
            // Skin goes on above the mesh, below short hair, which is no skin to go on in.
            let forehead = smoothstep(-0.8, -1, face.height.values[index])
            return hard.values[index] + (soft.values[index] - hard.values[index]) * forehead
        }
        (light, a, b) = (face.light.blurred(sigma: sigma), face.a.blurred(sigma: sigma), face.b.blurred(sigma: sigma))
        isColourful = Lab.chroma(seen) > 8
        isRough = signs.roughness[0] >= SkinPlate.rough && hair == nil
        hasBeard = hair?.beard?.isMoustache == false
        // Of somebody who has hair it begins not far above the mesh's forehead.
        let top = face.mesh.points[MeshPoints.oval[0]] - face.axes.down * (0.36 * face.unit), unit = face.unit
        let crown = face.window.shape(
            face.window.map { 0.12 - ($0 - top).length / unit + 0.5 }, above: 0.5)
        let skin = crown.values.indices.filter { crown[$0] }
        let alike = skin.filter { index in
            let off = flat[index] - drawn
            return (off * off).sum().squareRoot() < 9
        }
        isBald = skin.count > 50 && Double(alike.count) > 0.9 * Double(skin.count)
        around = Self.around(face, reach: isBald ? 0.9 : 0.45, in: picture)
        bare = likelihoods.map { hair in face.plane { smoothstep(0.5, 0.25, hair.values[$0]) } }
        let area = Float(likelihoods?.values.filter { $0 > 0.6 }.count ?? 0) / Float(unit * unit)
        // Hair that begins high is seen above the forehead.
        let above = crown.values.indices.filter { crown[$0] }.map { likelihoods?.values[$0] ?? 0 }.max() ?? 0
        shaven = isBald && likelihoods != nil ? smoothstep(0.65, 0.55, area) * smoothstep(0.35, 0.25, above) : 0
    }

    /// 0…1 at a pixel of the window, features not left out.
    func whole(_ index: Int) -> Float {
        let colour = flat[index], share = colour.x / drawn.x
        // Shade has the hue of the lit skin.
        let expected = drawn * min(max(share, 0.3), 1.15)
        let off = SIMD2(colour.y - expected.y, colour.z - expected.z), away = (off * off).sum().squareRoot()
        let height = face.height.values[index]
        // What may be hair that was not sure enough: at the jaw's sides it is rather shade.
        let isJaw = isRough && height > -0.02 && abs(face.side.values[index]) < 0.5 && face.oval[index]
        let alike =
            smoothstep(11, 6, away) * smoothstep(1.3, 1.2, share)
            * (isJaw ? smoothstep(0.84, 0.92, share) : smoothstep(0.5, 0.62, share))
        let inside = inner.values[index]
        // Gloss and flush, which only the face's inside has.
        let blotch =
            smoothstep(20, 12, away) * smoothstep(isJaw ? 0.84 : 0.74, isJaw ? 0.92 : 0.84, share)
            * smoothstep(1.4, 1.3, share)
        let near = around.values[index]
        guard inside < 1, near > 0.01, isColourful else { return inside * max(alike, blotch) }
        // What a beard goes on in is no neck.
        let forehead = smoothstep(-0.9, -1.1, height) * (bare?.values[index] ?? 0)
        let below = hasBeard && height > 0 ? 0 : max(smoothstep(0.1, 0.35, height), isBald ? 1 : 0, forehead)
        guard below > 0 else { return inside * max(alike, blotch) }
        let like = likeness(index)
        // What networks take for hair on a bare head in deep shade.
        let dim = shaven * smoothstep(0.7, 0.95, like) * smoothstep(30, 20, away)
        // Gloss above the mesh's forehead has no hue by which it is like skin; without the plate it is a grey hole.
        let gloss = near * forehead * smoothstep(1.1, 1.3, light.values[index] / seen.x) * blotch
        return max(max(inside, near * below * like) * alike, near * dim, inside * blotch, gloss)
    }

    /// 1 at the face, 0 at `reach` and where the window ends within the picture.
    ///
    /// - Parameters:
    ///   - reach: beyond the face's outline, in units.
    ///   - picture: width and height of the picture that the face's window lies in.
    private static func around(_ face: LowerFace, reach: Double, in picture: (width: Int, height: Int)) -> Plane {
        let soft = endingSoftly(face.oval, at: reach - end, face)
        let window = face.window, length = Float(2 * end * face.unit), far = 1 << 20
        // Bald heads and long necks go on beyond the window.
        let before = (x: window.x > 0 ? 0 : -far, y: window.y > 0 ? 0 : -far)
        let after = (
            x: window.x + window.width < picture.width ? window.width - 1 : far,
            y: window.y + window.height < picture.height ? window.height - 1 : far
        )
        return face.plane { index in
            let x = index % window.width, y = index / window.width
            let inside = Float(min(x - before.x, after.x - x, y - before.y, after.y - y))
            return soft.values[index] * min(inside / length, 1)
        }
    }

    /// A shape grown by so many units, or shrunk, whose border is soft.
    private static func endingSoftly(_ shape: ShapeMask, at distance: Double, _ face: LowerFace) -> Plane {
        let brush = ShapeMask.Brush.disc(face.pixels(abs(distance)))
        let other = distance < 0 ? shape.eroded(by: brush) : shape.dilated(by: brush)
        return other.plane.blurred(sigma: end / 2 * face.unit)
    }

    /// How much the photograph has skin there, lit or not, 0…1.
    private func likeness(_ index: Int) -> Float {
        func purity(_ lab: SIMD3<Float>) -> Float { Lab.chroma(lab) / (lab.x + 6) }
        func hue(_ lab: SIMD3<Float>) -> Float { 360 * turn(lab.z, lab.y) }
        let lab = SIMD3(light.values[index], a.values[index], b.values[index])
        let away = abs(hue(lab) - hue(seen)), ratio = lab.x / seen.x
        // Foreheads shine: the lighter they are the less colour they have.
        let gloss =
            smoothstep(1, 1.15, ratio) * smoothstep(-0.8, -1, face.height.values[index]) * (bare?.values[index] ?? 0)
        return smoothstep(0.6 - 0.35 * gloss, 0.8 - 0.35 * gloss, purity(lab) / purity(seen))
            * smoothstep(24 + 16 * gloss, 14 + 16 * gloss, min(away, 360 - away))
            * smoothstep(0.1, 0.2, ratio) * smoothstep(1.4 + 0.4 * gloss, 1.2 + 0.4 * gloss, ratio)
    }
}
