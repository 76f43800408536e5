import Raster

/// How a head is turned, from its mesh, in degrees; 0 looks straight into the camera, upright.
public struct HeadPose: Equatable, Sendable {
    /// Towards the viewer's right.
    public let yaw: Double
    /// Downwards.
    public let pitch: Double
    /// Clockwise for the viewer.
    public let roll: Double

    /// Beyond this half of the face is not seen and the mesh's points there are guesses.
    static let mostYaw = 75.0

    /// Outer corners of the eyes; top of the forehead and chin.
    private static let across = (left: 33, right: 263), along = (top: 10, bottom: 152)

    /// The pose of the head that `mesh` lies on.
    public init(_ mesh: FaceMesh) {
        func between(_ from: Int, _ to: Int) -> (x: Double, y: Double, z: Double) {
            let off = mesh.points[to] - mesh.points[from]
            return (off.x, off.y, mesh.depths[to] - mesh.depths[from])
        }
        func degrees(_ radians: Double) -> Double { radians * 180 / .pi }
        let right = between(Self.across.left, Self.across.right), down = between(Self.along.top, Self.along.bottom)
        yaw = degrees(arcTangent(right.z, Point(x: right.x, y: right.y).length))
        pitch = degrees(arcTangent(down.z, Point(x: down.x, y: down.y).length))
        roll = degrees(arcTangent(right.y, right.x))
    }

    /// Whether the mesh says more than the five landmarks do.
    var showsFace: Bool { abs(yaw) <= Self.mostYaw }
}

extension FaceMesh {
    /// Whether the face is seen from far enough in front: from far below or above, and in profile, meshes lie beside
    /// the features. The painter's rule (`Models/training/painter/mesh.py`, `seen_in_front`).
    ///
    /// Measured by how far from the eyes' height to the mouth's the nose's tip lies, by how far it lies from the middle
    /// between the sides of the face, and by how much narrower one eye is than the other.
    var isSeenInFront: Bool {
        func along(_ point: Point, _ line: Point) -> Double { dot(point, line) / max(dot(line, line), 1e-6) }
        let eyes = points(MeshPoints.eyeCorners.flatMap { $0 }).mean, nose = points[MeshPoints.noseTip]
        let low = along(nose - eyes, points(MeshPoints.mouthCorners).mean - eyes)
        let sides = points(MeshPoints.faceSides), aside = abs(along(nose - sides[0], sides[1] - sides[0]) - 0.5)
        let widths = MeshPoints.upperLid.map { (points[$0[0]] - points[$0[$0.count - 1]]).length }.sorted()
        let narrow = widths[0] / max(widths[1], 1e-6)
        return low > 0.42 && low < 0.95 && aside < 0.85 && (aside < 0.71 || narrow > 0.45) && narrow > 0.33
    }
}
