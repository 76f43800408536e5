import Raster
import Settings

/// One picture on its way through the generator: the photograph at working size, or one aligned face.
struct Canvas: Sendable {
    /// The photograph's own pixels.
    let photograph: Bitmap
    /// Faces in it, in its own coordinates.
    let faces: [Landmarks]
    /// Meshes of those that have one, in its own coordinates too.
    let meshes: [FaceMesh]
    /// What the generator is given: the photograph, or the photograph with its light evened out.
    var input: Bitmap { light?.picture ?? photograph }
    private let light: LightingEqualizer?
    /// Share of the light that was evened out which comes back. No control of its own: with all of it the drawing is as
    /// dark on one side as without evening out, and with none of it it is lit from another side than its surroundings;
    /// the control for evening out says how far.
    private static let lightReturned = 0.5

    init(_ photograph: Bitmap, faces: [Landmarks], meshes: [FaceMesh] = [], options: StyleOptions) {
        self.photograph = photograph
        self.faces = faces
        self.meshes = meshes
        light = options.lighting > 0 ? LightingEqualizer(photograph, amount: options.lighting) : nil
    }

    /// The drawing with the photograph's light, skin, hair and colours, each as far as the options ask.
    func toned(_ drawing: Painting, options: StyleOptions) -> Painting {
        let decided = drawing.decided(photograph: photograph, meshes: meshes)
        let result = light?.undone(decided, degree: Self.lightReturned) ?? decided
        let shift = ToneShift(source: photograph, painting: result)
        let faces = self.faces.map { ToneFace($0, in: shift) }
        let corrections: [ToneCorrection?] = [
            SkinConstancy(faces: faces, amount: options.skinConstancy),
            SkinShine(faces: faces, amount: options.skinConstancy),
            HairColorLimit(faces: faces, amount: options.hairLimit),
            options.keepColors > 0 ? KeepColors(amount: options.keepColors) : nil,
        ]
        let toned = Vividness.apply(shift.apply(corrections.compactMap { $0 }, to: result), amount: options.vividness)
        return toned.correcting(decided)
    }
}
