import Raster

/// How far landmarks have moved between a photograph and its drawing, in inter-ocular distances of the photograph.
public struct LandmarkDrift: Equatable, Sendable, Codable {
    /// Mean over both eyes of ‖out − in‖.
    public let eyes: Double
    /// Mean over both mouth corners of ‖out − in‖.
    public let mouth: Double

    /// - Returns: `nil` when the eyes of `before` lie in one place or a landmark is not finite.
    public init?(from before: Landmarks, to after: Landmarks) {
        let unit = before.interOcularDistance
        func moved(_ landmark: KeyPath<Landmarks, Point>) -> Double {
            (after[keyPath: landmark] - before[keyPath: landmark]).length / unit
        }
        eyes = (moved(\.leftEye) + moved(\.rightEye)) / 2
        mouth = (moved(\.leftMouth) + moved(\.rightMouth)) / 2
        guard unit > 0, eyes.isFinite, mouth.isFinite else { return nil }
    }
}
