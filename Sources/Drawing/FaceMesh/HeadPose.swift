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
