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
    /// How much a place is the face, skin or not, 0…1.
    let within: Plane
    /// How near to the face a place is, 0…1; it ends softly, also where the window ends within the picture.
    let reach: Plane
    /// How surely a place is of a neck's skin that is beyond the plate, 0…1.
    let neck: Plane
    /// The photograph's lightness as the form of the face has it, without what is fine, Lab.
    let soft: Plane
    /// Lab of the lit skin: in the photograph, as the network drew it, and as it is to be.
    let seen: SIMD3<Float>, drawn: SIMD3<Float>, tone: SIMD3<Float>
    /// Whether the lower face may be dark from hair, beside shade.
    let isUnshaven: Bool
    /// How likely a place is one of the head's hair, 0…1, where that is known.
    let likelihoods: Plane?
    /// The drawing's flat colour in the window, Lab.
    let flat: [SIMD3<Float>]

    /// Of the Gaussian that leaves a face its form alone, in units.
    private static let softness = 0.036
    /// By how much lit skin may be lighter or darker than its own median, Lab units.
    private static let near: Float = 12
    /// Share of the cheeks that has to be drawn as skin.
    private static let leastShare = 0.35
    /// Roughness of the lip, over that of the cheeks, from which on there may be hair on it.
    static let rough: Float = 1.5
    /// What of the drawing about a beard is left to that, in units.
    private static let aroundBeard = 0.1
    /// Of a face with something before its mouth, the heights below the nose's base between which the plate ends, in
    /// units.
    private static let aboveHands = (none: Float(0.02), all: Float(-0.16))
    /// How far within the face's outline the skin is sure to be its own, in units.
    private static let inner = 0.04

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
        // Lips may be hardly redder than skin.
        let inner = face.oval.eroded(by: .disc(face.pixels(Self.inner))) - face.lips.dilated(by: .disc(2))
        within = face.plane { inner[$0] && covered?[$0] != true ? open($0) : 0 }.blurred(sigma: Self.inner * face.unit)
        reach = place.around
        let plate = whole
        neck = face.plane { place.neck($0) * (1 - plate.values[$0]) }.blurred(sigma: 0.02 * face.unit)
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
}
