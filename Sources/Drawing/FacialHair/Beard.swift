import Raster

/// Places where beards grow.
struct JawZones {
    let lip, chin, left, right: ShapeMask
    /// What they are compared with: cheeks, and the lower part of the nose.
    let cheeks, nose: ShapeMask

    var all: [ShapeMask] { [lip, chin, left, right] }

    init(_ face: LowerFace) {
        let (mesh, axes, height, side) = (face.mesh, face.axes, face.height.values, face.side.values)
        let free = face.oval - face.lips.dilated(by: .square(2))
        let mouthDown =
            dot(mesh.points[MeshPoints.lowerLip] - mesh.points[MeshPoints.noseBase], axes.down) / axes.unit
        let below = Float(mouthDown) + 0.05
        let between = mesh.points(MeshPoints.upperLip) + mesh.points(MeshPoints.noseEdge).reversed()
        let lipPlace = face.window.shape(between, above: 0.5)
        lip = face.shape { free[$0] && lipPlace[$0] && height[$0] > 0.03 }
        chin = face.shape { free[$0] && height[$0] > below && abs(side[$0]) < 0.32 }
        func jaw(_ sign: Float) -> ShapeMask {
            face.shape {
                free[$0] && height[$0] > 0.23 && sign * side[$0] > 0.45 && sign * side[$0] < 0.85
            }
        }
        (left, right) = (jaw(-1), jaw(1))
        cheeks = face.shape {
            face.oval[$0] && !face.features[$0] && height[$0] > -0.5 && height[$0] < 0 && abs(side[$0]) > 0.3
                && abs(side[$0]) < 0.75
        }
        nose = face.shape {
            face.oval[$0] && height[$0] > -0.35 && height[$0] < -0.05 && abs(side[$0]) < 0.2
        }
    }

    /// How much rougher than the cheeks the photograph is on lip, chin and both sides of the jaw: hair is, shade and
    /// the cloth of a mask are not.
    func roughness(_ face: LowerFace) -> [Float] {
        let near = face.light.blurred(sigma: 0.02 * face.unit), wide = face.light.blurred(sigma: 0.05 * face.unit)
        let fine = face.plane { abs(face.light.values[$0] - near.values[$0]) / max(wide.values[$0], 8) }
        let usual = Self.middle(fine, cheeks, otherwise: 0) + 1e-4
        return all.map { Self.middle(fine, $0, otherwise: 9) / usual }
    }

    /// Median over a place, if enough of it is seen.
    static func middle(_ values: Plane, _ place: ShapeMask, otherwise: Float) -> Float {
        let found = values.values(in: place)
        return found.count > 20 ? found.median ?? otherwise : otherwise
    }
}

/// What tells hair from skin on a face.
struct HairSigns {
    let zones: JawZones
    /// Lightness over that of the cheek above, and chroma over the skin's.
    let light, chroma: Plane
    /// Of lip, chin and both sides of the jaw.
    let roughness: [Float]

    /// - Returns: `nil` where the nose is covered too: by a mask or a scarf, which is no beard.
    init?(_ face: LowerFace) {
        zones = JawZones(face)
        (light, chroma) = face.besideCheeks
        roughness = zones.roughness(face)
        let isPale = face.isColourful && JawZones.middle(chroma, zones.nose, otherwise: 1) < 0.5
        if isPale || JawZones.middle(light, zones.nose, otherwise: 1) < 0.62 { return nil }
    }
}

/// Beard and moustache as closed shapes; Models/training/painter/beard.py is the reference.
struct Beard {
    /// Inside the face's oval, without the mouth.
    let shape: ShapeMask
    /// About how far a place lies within the shape, in pixels, negative beyond its border: smooth from pixel to pixel,
    /// where the shape has steps.
    let border: Plane
    /// How far a place lies within the deeper tone, in spreads of the beard's lightness: its larger parts, and between
    /// its strands.
    let depth: Plane
    /// The photograph's strands, dark ones above 0, in spreads of their own lightness.
    let strands: Plane
    /// How opaque it is, 0…1: pale hair lets the skin through where it is thin.
    let opacity: Plane
    /// Lab; the deeper one lies between the hairs of a dark beard.
    let tone, deepTone: SIMD3<Float>
    let isWhite: Bool
    /// Whether it leaves out the chin.
    let isMoustache: Bool

    /// - Returns: `nil` where the face has none.
    init?(_ face: LowerFace, _ signs: HairSigns) {
        guard let likeness = Self.likeness(face, signs) else { return nil }
        let zones = signs.zones, onChin = likeness.values(in: zones.chin)
        isMoustache = onChin.reduce(0, +) <= 0.2 * Float(onChin.count)
        border = Self.border(face, likeness, gaps: isMoustache ? 0.04 : 0.14)
        let depths = border.values
        shape = face.shape { depths[$0] > 0 }
        let inside = shape.eroded(by: .square(1)), unit = face.unit
        guard Double(inside.count) >= 0.01 * unit * unit else { return nil }
        let values = face.light.values(in: inside)
        guard let low = values.quantile(0.25), let middle = values.quantile(0.6), let high = values.quantile(0.9)
        else { return nil }
        isWhite = middle > 0.75 * face.skin.x
        // Light between the hairs of a dark beard, and shade between those of a white one, are not its colour.
        let range = isWhite ? middle - 1e-3...high : low - 1e-3...middle
        let chosen = inside.values.indices.filter { inside[$0] && range.contains(face.light.values[$0]) }
        let colours = chosen.map { SIMD3(face.light.values[$0], face.a.values[$0], face.b.values[$0]) }
        guard let colour = colours.medianColour else { return nil }
        tone = colour * (isWhite ? SIMD3(1.12, 0.4, 0.6) : SIMD3(0.95, 1, 1))
        deepTone = tone * SIMD3(isWhite ? 0.90 : 0.85, 1, 1)
        strands = Self.strands(face, inside)
        let parts = Self.depth(face, shape, inside).values, lines = strands.values
        depth = face.plane { 0.6 * parts[$0] + 0.55 * lines[$0] - 0.2 }
        opacity = isWhite ? Self.thinness(face, shape, inside) : face.plane { _ in 1 }
    }

    /// How much each pixel is beard or moustache, 0…1.
    ///
    /// A beard is much darker than the cheeks, or white, and rougher. Shade and stubble are none: a beard covers chin
    /// and upper lip alike, a moustache also has lost the skin's colour. Masks and scarfs are smooth, or much lighter.
    private static func likeness(_ face: LowerFace, _ signs: HairSigns) -> Plane? {
        let (zones, light, chroma, rough) = (signs.zones, signs.light, signs.chroma, signs.roughness)
        guard min(zones.lip.count, zones.chin.count) >= 20, rough[0] >= 1.6 else { return nil }
        func dark(_ place: ShapeMask) -> Double {
            Double(light.values(in: place).filter { $0 < 0.62 }.count) / Double(place.count)
        }
        let darkness = face.plane { smoothstep(0.78, 0.50, light.values[$0]) }
        if dark(zones.chin) > 0.55, dark(zones.lip) > 0.6 { return darkness }
        let tones = [zones.lip, zones.left, zones.right].map { JawZones.middle(chroma, $0, otherwise: 1) }
        let sides = [zones.left, zones.right].map { JawZones.middle(light, $0, otherwise: 1) }
        let isHairy = rough[0] > 2.2 && min(rough[2], rough[3]) > 1.2 && (sides[0] + sides[1]) / 2 < 1.3
        if face.isColourful, isHairy, tones[0] < 0.6, max(tones[1], tones[2]) < 0.66 {
            return face.plane { max(smoothstep(0.92, 0.62, chroma.values[$0]), darkness.values[$0]) }
        }
        guard dark(zones.lip) > 0.6, tones[0] < 0.8 else { return nil }
        // A moustache alone.
        let mouth = face.mesh.points(MeshPoints.mouthCorners).mean - face.mesh.points[MeshPoints.noseBase]
        let corners = Float(dot(mouth, face.axes.down) / face.unit)
        return face.plane {
            face.height.values[$0] < corners + 0.05 && abs(face.side.values[$0]) < 0.6 ? darkness.values[$0] : 0
        }
    }

    /// - Parameter gaps: what is closed, in units: skin shines through a beard; a moustache alone has its own outline,
    ///   with the cleft below the nose.
    private static func border(_ face: LowerFace, _ likeness: Plane, gaps: Double) -> Plane {
        let unit = face.unit, sigma = 0.025 * unit
        // Up on the cheeks beards grow a little higher than the mesh's points; right below the nose lies its shade.
        let place = face.window.polygon(face.beardPlace(lift: (0.03, -0.04), drop: 0.03))
        // The mouth is part of the shape until its outline is smooth, so that nothing frays around the lips.
        let mouth = face.window.polygon(closedCurve(face.mesh.points(MeshPoints.lips)))
        let likely = likeness.blurred(sigma: 0.03 * unit)
        let found = face.shape { likely.values[$0] > 0.5 && place[$0] > 0.5 || mouth[$0] > 0.5 }
        let whole = found.closed(by: .disc(face.pixels(gaps))).opened(by: .disc(face.pixels(0.035)))
            .withoutSpecks(below: 0.12 * unit * unit)
        let soft = whole.plane.blurred(sigma: sigma)
        // Across a straight border a blurred shape falls by 1 / (√2π · sigma) for each pixel.
        let slope = Float(sigma * (2 * Double.pi).squareRoot())
        let (inner, lips) = (face.window.plane(place).blurred(sigma: 1), face.window.plane(mouth).blurred(sigma: 1))
        return face.plane { index in
            min(slope * (soft.values[index] - 0.5), 2.5 * (inner.values[index] - 0.5), 2.5 * (0.5 - lips.values[index]))
        }
    }

    /// Sums along the way that hair grows, away from the nose, leave of the fine texture what is long in that direction
    /// (line integral convolution, Cabral and Leedom 1993).
    private static func strands(_ face: LowerFace, _ inside: ShapeMask) -> Plane {
        let (near, far) = (face.light.blurred(sigma: 0.012 * face.unit), face.light.blurred(sigma: 0.05 * face.unit))
        let fine = face.plane { far.values[$0] - near.values[$0] }
        let window = face.window, nose = face.mesh.points[MeshPoints.noseTip]
        let place = inside.dilated(by: .disc(face.pixels(0.08)))
        let long = face.plane { index in
            guard place[index] else { return 0 }
            let (x, y) = (Double(index % window.width) + 0.5, Double(index / window.width) + 0.5)
            let off = Point(x: x + Double(window.x), y: y + Double(window.y)) - nose
            let step = off * (0.016 * face.unit / max(off.length, 1))
            return (-4...4).reduce(0) { $0 + fine.bilinear(x + Double($1) * step.x, y + Double($1) * step.y) } / 9
        }
        .blurred(sigma: 0.008 * face.unit)
        let usual = long.values(in: inside).map { abs($0) }.median ?? 0
        // Of a smooth one no noise.
        let spread = max(1.5 * usual, 0.5)
        return face.plane { min(max(long.values[$0] / spread, -1.5), 1.5) }
    }

    private static func depth(_ face: LowerFace, _ shape: ShapeMask, _ inside: ShapeMask) -> Plane {
        let sigma = 0.06 * face.unit, mask = shape.plane.blurred(sigma: 1)
        let weight = mask.blurred(sigma: sigma)
        let sum = face.plane { face.light.values[$0] * mask.values[$0] }.blurred(sigma: sigma)
        let local = face.plane { sum.values[$0] / (weight.values[$0] + 1e-3) }
        let values = local.values(in: inside), usual = values.quantile(0.4) ?? 0
        let mean = values.reduce(0, +) / Float(max(values.count, 1))
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(max(values.count, 1))
        let spread = min(max(variance.squareRoot(), 1), 8)
        return face.plane { (usual - local.values[$0]) / spread }
    }

    /// As a slab pale hair would be a mask.
    private static func thinness(_ face: LowerFace, _ shape: ShapeMask, _ inside: ShapeMask) -> Plane {
        let chroma = face.plane { index in
            (face.a.values[index] * face.a.values[index] + face.b.values[index] * face.b.values[index]).squareRoot()
        }
        let values = chroma.values(in: inside)
        guard let low = values.quantile(0.25), let high = values.quantile(0.75) else { return face.plane { _ in 1 } }
        let soft = chroma.blurred(sigma: 0.06 * face.unit), mask = shape.plane.blurred(sigma: 1)
        let near = face.plane { smoothstep(0.2, 0.8, mask.values[$0]) }.blurred(sigma: 0.04 * face.unit)
        return face.plane { index in
            let thin = smoothstep(low, max(high, low + 4), soft.values[index])
            return smoothstep(0.1, 0.9, near.values[index]) * (0.92 - 0.4 * thin)
        }
    }
}
