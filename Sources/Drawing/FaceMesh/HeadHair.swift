import Raster

/// The hair of one head without its beard, which has a stage of its own.
struct HeadHair {
    /// The face's, in pixels.
    let unit: Double
    private let map: HairMap
    private let axes: FaceAxes
    private let mouth: Point

    /// Units of meshes that are faces, in pixels.
    private static let units = 1e-6..<1e6
    /// Likelihoods of hair at which a place counts as none, and wholly.
    private static let covered = (none: Float(0.3), whole: Float(0.75))

    /// - Returns: `nil` where none was looked for, or the mesh has no extent.
    init?(_ mesh: FaceMesh) {
        guard let map = mesh.hair else { return nil }
        self.map = map
        axes = FaceAxes(mesh)
        mouth = mesh.points(MeshPoints.mouthCorners).mean
        unit = axes.unit
        guard Self.units.contains(unit) else { return nil }
    }

    /// Corners of the square that is known, in the picture's coordinates.
    var corners: [Point] { map.corners }

    /// How likely there is hair at a place of the picture, 0…1; less on the chin and about the mouth.
    func callAsFunction(_ place: Point) -> Float {
        let likelihood = map(place)
        guard likelihood > 0 else { return 0 }
        let off = place - mouth
        let (u, v) = (dot(off, axes.right) / (0.75 * unit), dot(off, axes.down) / (0.6 * unit))
        let square = Float(u * u + v * v)
        return likelihood * (1 - exponential(-square * square))
    }

    /// How far hair of such a likelihood is changed, 0…1.
    static func cover(_ likelihood: Float) -> Float { smoothstep(covered.none, covered.whole, likelihood) }

    /// Whether a place is so far below the mouth that it is no part of the head.
    func isBelowTheMouth(_ place: Point) -> Bool { dot(place - mouth, axes.down) > unit }
}
