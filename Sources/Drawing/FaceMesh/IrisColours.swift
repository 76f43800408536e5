import Raster

/// The colours to draw a face's irises in. They are measured within the discs, where reflections, pupils and what the
/// lids cover or shade are left out, and beside the eyes' whites, which show the light's colour, and made clear ones
/// (`TrueIris`).
public struct IrisColours: Equatable, Sendable {
    /// R'G'B' of the viewer's left and right eye, 0…1; alike unless the eyes truly differ.
    public let left: SIMD4<Float>
    /// That of the right eye.
    public let right: SIMD4<Float>

    /// Irises with a radius below this cannot be told apart, in pixels.
    private static let radiusToDiffer = 5.0
    /// Lightness of the darker white to that of the lighter one, from which on both are lit alike: a dark eye shows
    /// less of its hue.
    private static let litAlike: Float = 0.7
    /// Distance in Lab's a and b, as seen without the light's colour and as drawn, from which on two eyes differ beyond
    /// doubt.
    private static let differs = (seen: Float(11), drawn: Float(14))
    /// Distance in Lab below which a disc has the skin's colour: the eye is closed, covered, or turned away.
    private static let likeSkin: Float = 14
    /// Half the side of a spot of skin in the face's units, and the grid on which it is looked at.
    private static let spot = 0.09, spotGrid = 12

    init(left: SIMD4<Float>, right: SIMD4<Float>) { (self.left, self.right) = (left, right) }

    /// - Parameters:
    ///   - mesh: in the photograph's coordinates.
    ///   - scene: the photograph without transparency.
    init(_ mesh: FaceMesh, in scene: Scene) throws {
        let skin = Lab.from(try Self.skin(mesh, scene)), iris = TrueIris(skin: skin)
        let eyes = try (0...1).map { index -> SeenIris? in
            guard let eye = try SeenIris(mesh, index: index, scene) else { return nil }
            let off = eye.colour - skin
            return (off * off).sum().squareRoot() < Self.likeSkin ? nil : eye
        }
        if let left = eyes[0], let right = eyes[1], Self.differ(left, right, iris) {
            self.init(
                left: Lab.toRGB(iris.drawn(left.colour, white: left.white)),
                right: Lab.toRGB(iris.drawn(right.colour, white: right.white)))
            return
        }
        var (colour, white, weight) = (SIMD3<Float>.zero, SIMD3<Float>.zero, Float(0))
        for eye in eyes.compactMap({ $0 }) {
            let beside = eye.white ?? iris.usualWhite
            // The better lit one shows more.
            let counts = Float(eye.places) * max(beside.x, 5)
            colour += eye.colour * counts
            white += beside * counts
            weight += counts
        }
        let both = weight > 0 ? Lab.toRGB(iris.drawn(colour / weight, white: white / weight)) : iris.unseen
        self.init(left: both, right: both)
    }

    private static func differ(_ left: SeenIris, _ right: SeenIris, _ iris: TrueIris) -> Bool {
        guard min(left.radius, right.radius) >= radiusToDiffer, let first = left.white?.x,
            let second = right.white?.x, min(first, second) >= litAlike * max(first, second)
        else { return false }
        let own = [left, right].map { iris.own($0.colour, white: $0.white) }
        let drawn = iris.drawn(left.colour, white: left.white) - iris.drawn(right.colour, white: right.white)
        return own[0].distance(own[1]) > differs.seen
            && (drawn.y * drawn.y + drawn.z * drawn.z).squareRoot() > differs.drawn
    }

    /// The colour of cheeks, nose, its bridge and the forehead, as the painter measures it
    /// (`Models/training/painter/regions.py`, `skin_statistics`).
    static func skin(_ mesh: FaceMesh, _ scene: Scene) throws -> SIMD4<Float> {
        let axes = FaceAxes(mesh), eyes = MeshPoints.iris.map { mesh.points[$0[0]] }
        let nose = mesh.points[MeshPoints.noseTip], mouth = mesh.points(MeshPoints.mouthCorners)
        let cheeks = zip(eyes, mouth).map { ($0 + $1) * 0.5 }
        let places = cheeks + [(eyes.mean + nose) * 0.5, eyes.mean - axes.down * (0.35 * axes.unit), nose]
        let half = spot * axes.unit, side = Double(spotGrid)
        let pixels = try places.flatMap { place -> [SIMD4<Float>] in
            let map = SimilarityTransform(
                a: max(2 * half / side, 1e-3), b: 0, tx: place.x - half, ty: place.y - half)
            return try scene.warped(width: spotGrid, height: spotGrid, by: map, boundary: .clamp).pixels.map {
                clamped01($0.finiteOrZero)
            }
        }
        return SIMD4(pixels.map { SIMD3($0.x, $0.y, $0.z) }.medianColour ?? .zero, 0)
    }
}

extension [SIMD3<Float>] {
    /// The median of each channel; `nil` of none.
    var medianColour: SIMD3<Float>? {
        // Not by key paths, which are looked up for each vector.
        guard let x = map({ $0.x }).median, let y = map({ $0.y }).median, let z = map({ $0.z }).median else {
            return nil
        }
        return SIMD3(x, y, z)
    }
}
