import Raster
import Settings

/// One picture on its way through the generator: the photograph at working size, or one aligned face.
struct Canvas: Sendable {
    /// The photograph's own pixels.
    let photograph: Bitmap
    /// Faces in it, in its own coordinates.
    let faces: [Landmarks]
    /// Meshes of those that have one and whose places are numbers, in its own coordinates too.
    let meshes: [FaceMesh]
    /// How lines change about the borders of faces.
    let lines: LineMeeting?
    /// Whether it is one aligned face.
    let isFace: Bool
    /// What the generator is given: the photograph, or the photograph with its light evened out.
    var input: Bitmap { light?.picture ?? photograph }
    private let light: LightingEqualizer?
    /// Share of the light that was evened out which comes back. No control of its own: with all of it the drawing is as
    /// dark on one side as without evening out, and with none of it it is lit from another side than its surroundings;
    /// the control for evening out says how far.
    private static let lightReturned = 0.5

    init(
        _ photograph: Bitmap, faces: [Landmarks], meshes: [FaceMesh] = [], lines: LineMeeting? = nil,
        isFace: Bool = false, options: StyleOptions
    ) {
        self.photograph = photograph
        self.faces = faces
        self.meshes = meshes.filter(\.isPlaced)
        self.lines = lines
        self.isFace = isFace
        light = options.lighting > 0 ? LightingEqualizer(photograph, amount: options.lighting) : nil
    }

    /// Gives the drawing the photograph's light, skin, hair and colours, each as far as the options ask. In place,
    /// since a large drawing and its maps are not wanted twice.
    func tone(_ drawing: inout Painting, options: StyleOptions) {
        drawing.undecided?.smoothBorders()
        drawing.undecided?.followBorders(of: photograph, meshes: meshes)
        drawing.undecided?.calmHair(of: meshes, photograph: photograph)
        if let lines { drawing.undecided?.move(by: lines) }
        let plain = isFace ? drawFaces(in: &drawing) : meshes
        drawing.decide(photograph: photograph, meshes: meshes)
        let decided = drawing.pixels
        light?.undo(&drawing, degree: Self.lightReturned)
        let shift = ToneShift(source: photograph, painting: drawing)
        let faces = self.faces.map { ToneFace($0, in: shift) }
        LipColour.apply(to: &drawing, photograph: photograph, meshes: plain, faces: faces)
        let corrections: [ToneCorrection?] = [
            SkinConstancy(faces: faces, amount: options.skinConstancy),
            SkinShine(faces: faces, amount: options.skinConstancy),
            HairColorLimit(faces: faces, amount: options.hairLimit),
            drawing.undecided == nil
                ? nil : HairTone(meshes: meshes, faces: faces, heldToPhotograph: options.hairLimit, in: shift),
            options.keepColors > 0 ? KeepColors(amount: options.keepColors) : nil,
        ]
        shift.apply(corrections.compactMap { $0 }, to: &drawing)
        Vividness.apply(to: &drawing, amount: options.vividness * Double(shift.colourfulness))
        drawing.rememberCorrection(of: consume decided)
        drawing.follow(photograph)
    }

    /// Draws what takes measures of a whole face, which networks smear or leave out: skin as one plate with one shade,
    /// the form of the nose, brows, folds of age, beards and stubble, teeth and the line between the lips, and on top
    /// of them glasses.
    ///
    /// - Returns: the meshes of faces whose lips are still to be colored.
    private func drawFaces(in drawing: inout Painting) -> [FaceMesh] {
        guard var undecided = drawing.undecided else { return meshes }
        var others: [FaceMesh] = []
        // Else the drawing would be held twice.
        drawing.undecided = nil
        let scale = LowerFace.scale(of: photograph), picture = LowerFace.picture(of: photograph)
        for mesh in meshes {
            let found = FaceFindings(
                photograph, picture: picture, scale: scale, mesh: mesh, undecided, lineTint: drawing.lineTint)
            found.drawSkin(into: &undecided)
            found.nose?.draw(into: &undecided)
            // Rims lie over brows.
            found.drawBrows(into: &undecided, scale: scale)
            found.folds?.draw(into: &undecided)
            found.drawHair(into: &undecided)
            if !mesh.isMouthCovered, found.mouth?.draw(into: &undecided) != true { others.append(mesh) }
            found.glasses?.draw(into: &undecided)
        }
        drawing.undecided = undecided
        return others
    }
}
