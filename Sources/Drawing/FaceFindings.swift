import Raster

/// What is found on one face, in the photograph and in what the network drew, before anything is drawn on it. All that
/// can be is looked for side by side.
struct FaceFindings {
    let glasses: Spectacles?
    let folds: FaceFolds?
    let nose: Nose?
    let mouth: Mouth?
    private let mesh: FaceMesh
    private let surface: Surface

    /// Skin and the hair on it.
    private struct Surface {
        /// `nil` where the face is too small, or not seen from far enough in front.
        let face: LowerFace?
        private(set) var hair: FacialHair?
        private(set) var tones: DrawnTones?
        private(set) var skin: SkinPlate?
        private(set) var brows: NetworkBrows?

        init(_ photograph: Bitmap, _ picture: Bitmap, _ scale: Double, _ mesh: FaceMesh, _ drawing: UndecidedDrawing) {
            face = LowerFace(picture, mesh: mesh.map(SimilarityTransform(scale: scale)))
            guard let face else { return }
            brows = NetworkBrows(drawing, mesh: mesh)
            guard let signs = HairSigns(face) else { return }
            // What lies before a mouth is no beard.
            hair = mesh.isMouthCovered ? nil : FacialHair(face, signs, scale: scale)
            // Of the network's own drawing, in which colours that are alike were drawn alike.
            tones = hair.map { _ in DrawnTones(photograph, drawing, face, scale: scale) }
            skin = SkinPlate(face, signs, hair: hair, drawing, scale: scale)
            if let skin { tones?.skin = skin.tone }
        }
    }

    /// - Parameters:
    ///   - photograph: of one face.
    ///   - picture: the same at `scale`, see `LowerFace.picture(of:)`.
    ///   - mesh: in the photograph's pixels.
    ///   - drawing: of it, as the network drew it: what covers a face, and how its skin was drawn, shows there.
    init(
        _ photograph: Bitmap, picture: Bitmap, scale: Double, mesh: FaceMesh, _ drawing: UndecidedDrawing,
        lineTint: SIMD3<Float>
    ) {
        let found = both(
            { Surface(photograph, picture, scale, mesh, drawing) },
            { () -> (Spectacles?, FaceFolds?, Nose?, Mouth?) in
                let glasses = Spectacles(photograph, picture: picture, mesh: mesh, drawing, lineTint: lineTint)
                // What lies before a mouth has no folds of a face.
                let folds =
                    mesh.isMouthCovered
                    ? nil : FaceFolds(photograph, mesh: mesh, drawing: drawing, wearsGlasses: glasses != nil)
                return (
                    glasses, folds, Nose(photograph, mesh: mesh),
                    mesh.isMouthCovered ? nil : Mouth(photograph, mesh: mesh)
                )
            })
        surface = found.0
        (glasses, folds, nose, mouth) = found.1
        self.mesh = mesh
    }

    /// Draws skin and the whites in it.
    func drawSkin(into drawing: inout UndecidedDrawing) {
        guard let skin = surface.skin else { return }
        skin.draw(into: &drawing, age: Float(folds?.age ?? 0))
        EyeWhites(mesh, skin: skin.tone, of: skin.face).draw(into: &drawing)
    }

    /// Draws brows, where they are not told by rims.
    func drawBrows(into drawing: inout UndecidedDrawing, scale: Double) {
        guard glasses == nil, let own = surface.brows, let face = surface.face else { return }
        Brows(face)?.draw(into: &drawing, inPlaceOf: own, scale: scale)
    }

    /// Draws beards and stubble.
    func drawHair(into drawing: inout UndecidedDrawing) {
        if let hair = surface.hair, let tones = surface.tones { hair.draw(into: &drawing, tones) }
    }
}
