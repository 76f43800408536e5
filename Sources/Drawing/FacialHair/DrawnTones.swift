import Raster

/// What a drawing makes of the photograph's tones, so that hair that is added comes in the drawing's own.
struct DrawnTones {
    /// Lab of the skin in the drawing.
    var skin: SIMD3<Float>
    /// Lightness of the decided drawing in the face's window.
    let light: Plane
    /// Places about the head: the photograph's Lab, by what the drawing differs from it, and how much they count.
    private let places: [(colour: SIMD3<Float>, change: SIMD3<Float>, weight: Float)]

    /// Spread of colours that are like a tone, and of those that are asked where there are none; Lab units.
    private static let near: Float = 8, far: Float = 25
    /// How much the latter count.
    private static let farShare: Float = 0.02
    /// Reach about the nose, in units, and distance of places that are asked, in pixels of the photograph.
    private static let reach = 2.5, step = 4

    /// - Parameters:
    ///   - photograph: what was drawn.
    ///   - drawing: of it, of the same size.
    ///   - scale: pixels of the face's window for each of theirs.
    init(_ photograph: Bitmap, _ drawing: UndecidedDrawing, _ face: LowerFace, scale: Double) {
        let window = face.window, drawn = drawing.picture()
        let flat = face.sampled(drawing.flat, scale: scale).map(Lab.from)
        let cheeks = face.shape { index in
            face.oval[index] && !face.features[index] && face.height.values[index] < 0
                && face.height.values[index] > -0.6
        }
        // Of the lit skin, on which the drawing's own shade still falls.
        skin = flat.indices.filter { cheeks[$0] }.map { flat[$0] }.medianColour ?? face.skin
        light = window.plane(face.sampled(drawn, scale: scale).map(Lab.lightness))
        let nose = face.mesh.points[MeshPoints.noseTip] * (1 / scale), reach = Self.reach * face.unit / scale
        let mouth = face.mesh.points(MeshPoints.mouthCorners).mean * (1 / scale)
        var places: [(colour: SIMD3<Float>, change: SIMD3<Float>, weight: Float)] = []
        for y in stride(from: Self.step / 2, to: photograph.height, by: Self.step) {
            for x in stride(from: Self.step / 2, to: photograph.width, by: Self.step) {
                let point = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
                let off = (point - nose).length / reach
                // What is drawn of the beard itself is what is to be mended.
                guard off < 2, (point - mouth).length > 0.36 * reach else { continue }
                let colour = Lab.from(photograph[x, y])
                places.append((colour, Lab.from(drawn[x, y]) - colour, exponential(Float(-off * off))))
            }
        }
        self.places = places
    }

    /// The drawing's tone for one of the photograph's (Lab): moved as colours like it are (a kernel regression of the
    /// change, Nadaraya and Watson 1964).
    func drawn(_ tone: SIMD3<Float>) -> SIMD3<Float> {
        var (sum, total) = (SIMD3<Float>.zero, Float(1e-3))
        for (colour, change, weight) in places {
            let off = colour - tone, square = (off * off).sum()
            let like = exponential(-square / (2 * Self.near * Self.near))
            let share = weight * (like + Self.farShare * exponential(-square / (2 * Self.far * Self.far)))
            sum += change * share
            total += share
        }
        var result = tone + sum / total
        result.x = min(max(result.x, 0), 100)
        return result
    }
}
