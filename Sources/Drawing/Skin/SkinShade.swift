import Raster

/// The one shade of a face: what the network drew, made one tone and closed shapes, and where the photograph is lit
/// from one side, the shade that its form has there (Models/training/painter/shade.py).
struct SkinShade {
    /// What it adds to the factor 1 of R, G, B.
    let effect: SIMD4<Float>
    /// Of the decision whether a place lies in shade, in the window.
    let logit: Plane
    /// How much shade lies on the neck, 0…1, whose border is soft: a hard one below the jaw is read as a second chin.
    let neck: Plane

    /// Mean of the effect on the three channels, at least and at most.
    private static let depth = (least: Float(0.085), most: Float(0.2))
    /// The effect where the network's own is not seen.
    private static let usual = SIMD4<Float>(-0.07, -0.11, -0.13, 0)
    /// Below this share of the effect the network did not mean it.
    private static let meant: Float = 0.42
    /// Lightness over the lit skin's from which on a smear is shade.
    private static let smear: Float = 0.8
    /// Of a border: the logit's share of the field, and where it ends.
    private static let steepness: Float = 16, most: Float = 8
    /// What is smaller is no shape, anywhere and on the face, in square units.
    private static let smallest = 0.035, onFace = 0.09
    /// About where brows lie, in units below the nose's base.
    private static let brows: Float = -1
    /// By how much of the lit skin's lightness a shape on the face has to be darker in the photograph.
    private static let sure: Float = 0.13
    /// By how much a gap in shade has to be lighter than the shade about it, and how far about that is, in units.
    private static let sureLight: Float = 0.16, around = 0.12
    /// Larger gaps in shade are lit, in square units.
    private static let gap = 0.14
    /// Of what is shade, at least, −1…1.
    private static let filled: Float = 0.3
    /// Where necks begin, in units below the nose's base, and of the Gaussian that their shade is smoothed by.
    private static let jaw: Float = 0.12, soft = 0.075

    /// - Returns: `nil` where there is no skin.
    init?(_ plate: SkinPlate, _ drawing: UndecidedDrawing) {
        let face = plate.face, plain = plate.plain
        let inside = face.shape { plain.values[$0] > 0.3 }
        guard inside.count > 100 else { return nil }
        let drawn = face.sampled(drawing.shade, scale: plate.scale)
        func mean(_ effect: SIMD4<Float>) -> Float { -(effect.x + effect.y + effect.z) / 3 }
        effect = Self.effect(drawn, in: face.shape { plain.values[$0] > 0.7 && face.oval[$0] && !face.features[$0] })
        let whole = max(mean(effect), 0.02)
        let form = FormShade(plate)
        let field = face.plane { index in
            guard inside[index] else { return 0 }
            let own = drawn[index]
            let meant = (mean(own) / whole - Self.meant) * 4
            let isJaw = plate.isUnshaven && face.height.values[index] > -0.02 && face.oval[index]
            let smeared = isJaw ? -1 : (Self.smear - plate.flat[index].x / plate.drawn.x) * 8
            let seen = max(min(own.w / 4, meant), smeared, form?.field.values[index] ?? -1)
            return min(max(seen, -1), 1)
        }
        func smooth(_ field: Plane) -> Plane { field.smoothed(within: inside.plane, sigma: 0.022 * face.unit) }
        let values = smooth(field).values, height = face.height.values
        let shapes = Self.closed(face.shape { values[$0] > 0 && inside[$0] }, inside, plate)
        let large = shapes.withoutSpecks(below: Self.smallest * face.unit * face.unit)
        let kept = Self.seen(large, form?.field, plate)
        let own = face.plane { index in
            if kept[index] { return max(field.values[index], Self.filled) }
            return shapes[index] || large[index] ? -1 : field.values[index]
        }
        let below = face.shape { !face.oval[$0] && height[$0] > Self.jaw && inside[$0] }.plane
        let soft = own.smoothed(within: below, sigma: Self.soft * face.unit)
        neck = face.plane { below.values[$0] * smoothstep(-0.5, 0.7, soft.values[$0]) }.blurred(sigma: 1)
        let beside = below.blurred(sigma: 1), decided = smooth(own).blurred(sigma: 1)
        logit = face.plane { index in
            let logit = min(max(Self.steepness * decided.values[index], -Self.most), Self.most)
            return logit + (-Self.most - logit) * beside.values[index]
        }
    }

    /// The effect on skin (Lab): without a hue in photographs that have none.
    func effect(on skin: SIMD3<Float>) -> SIMD4<Float> {
        let mean = effect.sum() / 3, grey = SIMD4(mean, mean, mean, 0)
        return grey + (effect - grey) * smoothstep(3, 8, Lab.chroma(skin))
    }

    /// Shapes without gaps where the photograph is hardly lighter: these would be pale patches with a hard border.
    private static func closed(_ shapes: ShapeMask, _ inside: ShapeMask, _ plate: SkinPlate) -> ShapeMask {
        let face = plate.face, ring = ShapeMask.Brush.disc(face.pixels(around))
        var closed = shapes
        let area = face.unit * face.unit, sizes = smallest * area..<gap * area
        for part in (inside - shapes).parts where sizes.contains(Double(part.count)) {
            let beside = face.ring(about: part, ring)
            let shaded = beside.filter { shapes[$0] }
            guard 2 * shaded.count > beside.count,
                plate.mean(of: part) - plate.mean(of: shaded) < sureLight * plate.seen.x
            else { continue }
            for index in part { closed.values[index] = true }
        }
        return closed
    }

    /// Of the shapes of shade those that are light from one side in the photograph, too: what else is dark on a face is
    /// its form, and has no edge.
    private static func seen(_ shapes: ShapeMask, _ form: Plane?, _ plate: SkinPlate) -> ShapeMask {
        let face = plate.face, least = Int(onFace * face.unit * face.unit)
        // Above the mesh's forehead networks draw the shade of hair, on bare crowns too.
        let crown = face.shape {
            !face.oval[$0] && face.height.values[$0] < brows && (form?.values[$0] ?? -1) <= 0
        }
        var kept = shapes - crown
        for part in (shapes & face.oval).parts {
            let depth = 1 - plate.mean(of: part) / max(plate.seen.x, 8)
            let own = form.map { form in part.filter { form.values[$0] > 0 }.count } ?? 0
            guard depth < sure || 2 * own <= part.count || part.count < least else { continue }
            for index in part { kept.values[index] = false }
        }
        // What is left of a shape at the temples is a stain, too.
        let upper = face.shape { face.height.values[$0] < 0 }
        for part in (kept & upper).parts where part.count < least {
            for index in part { kept.values[index] = false }
        }
        return kept
    }

    /// The network's own where it is surest; the same on all of the face.
    private static func effect(_ drawn: [SIMD4<Float>], in place: ShapeMask) -> SIMD4<Float> {
        let shaded = drawn.indices.filter { place[$0] && drawn[$0].w > 0.4 }
        var effect = usual
        if shaded.count > 200 {
            let order = shaded.sorted { drawn[$0].sum() - drawn[$0].w < drawn[$1].sum() - drawn[$1].w }
            let deepest = order.prefix(order.count * 2 / 5).map { drawn[$0] }
            let median = { (channel: Int) in deepest.map { $0[channel] }.median ?? usual[channel] }
            effect = SIMD4(median(0), median(1), median(2), 0)
        }
        let mean = max(-effect.sum() / 3, 0.02)
        return effect * (min(max(mean, depth.least), depth.most) / mean)
    }
}

/// The photograph's own shade on a face that is lit from one side.
private struct FormShade {
    /// Above 0 in shade, −1…1.
    let field: Plane

    /// By how much of the lit skin's lightness skin is darker in shade: no face's threshold lies outside of this.
    private static let drop = (least: Float(0.16), most: Float(0.24))
    /// The largest share of a face that shade covers.
    private static let mostShaded = 0.36
    /// Sides of the face that are compared, in halves of its width from its middle.
    private static let bands: [Range<Float>] = [0.12..<0.4, 0.4..<0.68, 0.68..<0.92]
    /// By how much of the lit side's lightness the other has to be darker.
    private static let sideways = (least: Float(0.13), sure: Float(0.40))

    /// - Returns: `nil` where light does not come from one side, or where that is unsure.
    init?(_ plate: SkinPlate) {
        let face = plate.face, plain = plate.plain
        guard Self.sideLight(plate) > 0.05 else { return nil }
        let skin = face.shape { plain.values[$0] > 0.6 && face.oval[$0] }
        let open = face.plane { plain.values[$0] > 0.6 && !face.features[$0] ? 1 : 0 }
        let form = face.light.smoothed(within: open, sigma: 0.045 * face.unit)
        guard let lit = form.values(in: skin).quantile(0.65), lit > 8 else { return nil }
        let depths = face.plane { min(max(1 - form.values[$0] / lit, -1), 1) }
        let seen = depths.values(in: skin).map { max($0, 0) }
        guard seen.count > 200, let common = seen.quantile(1 - Self.mostShaded) else { return nil }
        // A threshold of this face's own; what most of a face has is its colour, not its shade.
        let least = max(min(max(seen.otsu, Self.drop.least), Self.drop.most), common)
        let (height, side) = (face.height.values, face.side.values), unit = face.unit
        let raw = face.plane { index in
            guard plain.values[index] > 0.4 else { return -1 }
            // Around the mouth a border of shade would be read as a beard.
            let aside = plate.isUnshaven ? 0 : abs(side[index])
            let mouth = smoothstep(-0.15, 0.1, height[index]) * smoothstep(0.7, 0.35, aside)
            return min(max((depths.values[index] - least - 0.16 * mouth) / 0.06, -1), 1)
        }
        let values = raw.smoothed(within: face.plane { plain.values[$0] > 0.4 ? 1 : 0 }, sigma: 0.05 * unit).values
        let shapes = face.shape { values[$0] > 0 && plain.values[$0] > 0.4 && height[$0] < 0.75 }
            .withoutSpecks(below: 0.09 * unit * unit)
        // Shade hangs on something: the side of the face, the nose, an eye's hollow; else it is a stain.
        let inner = skin.eroded(by: .disc(face.pixels(0.10)))
        let anchors = face.shape { !inner[$0] || face.features[$0] && height[$0] < 0.1 }
        var held = [Bool](repeating: false, count: values.count)
        for part in shapes.parts where Double(part.filter { anchors[$0] }.count) > 0.12 * Double(part.count) {
            for index in part { held[index] = true }
        }
        field = face.plane { held[$0] ? values[$0] : min(values[$0], -0.3) }
    }

    /// How surely and far light comes from one side, 0…1.
    private static func sideLight(_ plate: SkinPlate) -> Float {
        let face = plate.face, (height, side) = (face.height.values, face.side.values)
        let light = face.light.blurred(sigma: 0.02 * face.unit)
        var found = [[[Float]]](repeating: [[Float]](repeating: [], count: bands.count), count: 2)
        for index in light.values.indices where plate.plain.values[index] > 0.8 && face.oval[index] {
            // Above the beard and below the fringe.
            guard !face.features[index], height[index] < 0.25, height[index] > -1.1,
                let band = bands.firstIndex(where: { $0.contains(abs(side[index])) })
            else { continue }
            found[side[index] < 0 ? 0 : 1][band].append(light.values[index])
        }
        let medians = found.map { sides -> [Float] in
            let known = sides.map { Double($0.count) < 0.004 * face.unit * face.unit ? nil : $0.median }
            guard let inner = known[0], let outer = known[1] else { return [] }
            return [inner, outer, known[2] ?? outer]
        }
        guard medians.allSatisfy({ $0.count == 3 }) else { return 0 }
        // Outer parts of both sides compared; what is the same on both is the form, not the light.
        let level = max(medians[0][0], medians[0][1], medians[1][0], medians[1][1], 10)
        let outer = medians.map { ($0[1] + $0[2]) / 2 }
        return smoothstep(sideways.least, sideways.sure, abs(outer[0] - outer[1]) / level)
    }
}

extension LowerFace {
    /// The places about some connected ones.
    fileprivate func ring(about part: [Int], _ brush: ShapeMask.Brush) -> [Int] {
        var shape = ShapeMask(width: window.width, height: window.height) { _ in false }
        for index in part { shape.values[index] = true }
        let wide = shape.dilated(by: brush)
        return wide.values.indices.filter { wide[$0] && !shape[$0] }
    }
}

extension SkinPlate {
    /// The photograph's mean lightness at some places, 0…100; the lit skin's of none.
    fileprivate func mean(of places: [Int]) -> Float {
        guard !places.isEmpty else { return seen.x }
        return places.reduce(0) { $0 + soft.values[$1] } / Float(places.count)
    }
}
