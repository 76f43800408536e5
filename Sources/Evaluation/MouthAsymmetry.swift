import Raster

/// How unequally far the mouth's corners lie from the face's axis, the line through the eyes' midpoint perpendicular to
/// the line of the eyes.
public enum MouthAsymmetry {
    /// | d(left corner, axis) − d(right corner, axis) | in inter-ocular distances; moving, turning or scaling the whole
    /// face does not change it.
    ///
    /// - Returns: `nil` when the eyes lie in one place or a landmark is not finite.
    public static func value(_ face: Landmarks) -> Double? {
        let across = face.rightEye - face.leftEye
        let unit = across.length
        let middle = (face.leftEye + face.rightEye) * 0.5
        func distance(_ corner: Point) -> Double {
            let d = corner - middle
            return abs(d.x * across.x + d.y * across.y) / (unit * unit)
        }
        let value = abs(distance(face.leftMouth) - distance(face.rightMouth))
        return unit > 0 && value.isFinite ? value : nil
    }
}

/// What happened to one face's landmarks on the way from `before` to `after`.
public struct LandmarkChange: Equatable, Sendable, Codable {
    /// How far eyes and mouth have moved.
    public let drift: LandmarkDrift
    /// | asymmetry after − asymmetry before |, in inter-ocular distances.
    public let asymmetry: Double

    /// - Returns: `nil` when either set is no face: eyes in one place, or a landmark that is not finite.
    public init?(from before: Landmarks, to after: Landmarks) {
        guard let drift = LandmarkDrift(from: before, to: after),
            let first = MouthAsymmetry.value(before), let second = MouthAsymmetry.value(after)
        else { return nil }
        self.drift = drift
        asymmetry = abs(second - first)
    }
}
