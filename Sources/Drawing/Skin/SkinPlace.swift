import Raster

/// What tells skin in a drawing and its photograph.
struct SkinPlace {
    private let face: LowerFace, flat: [SIMD3<Float>], drawn: SIMD3<Float>, seen: SIMD3<Float>
    private let inner: Plane, light: Plane, a: Plane, b: Plane
    /// How near a place is to the face, 0…1: beyond it the plate ends, softly, on what may be skin still.
    let around: Plane
    /// The same further away, to the neck's end.
    private let below: Plane
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
        below = Self.around(face, reach: 0.9, in: picture)
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

    /// How surely a pixel of the window is of the neck's skin, lit or not, 0…1.
    func neck(_ index: Int) -> Float {
        guard isColourful, !hasBeard, !face.oval[index] else { return 0 }
        return below.values[index] * smoothstep(0.1, 0.3, face.height.values[index]) * likeness(index)
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
