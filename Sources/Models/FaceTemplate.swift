import Raster

/// Where a model expects the five landmarks, in a square of `size` pixels.
public struct FaceTemplate: Equatable, Sendable {
    /// As manifests call it.
    public let name: String
    /// Side of the square, in pixels.
    public let size: Double
    /// In the square.
    public let landmarks: Landmarks

    /// The alignment of the FFHQ data set at 512 pixels (Karras et al. 2019), five-point form.
    public static let ffhq512 = FaceTemplate(
        name: "ffhq512", size: 512,
        landmarks: Landmarks(
            leftEye: Point(x: 192.98138, y: 239.94708), rightEye: Point(x: 318.90277, y: 240.1936),
            nose: Point(x: 256.63416, y: 314.01935),
            leftMouth: Point(x: 201.26117, y: 371.41043), rightMouth: Point(x: 313.08905, y: 371.15118)))

    /// The same pose in a square of `newSize` pixels, shrunk (below 1) or grown (above 1) about the centre by `scale`.
    public func scaled(toSize newSize: Double, about scale: Double) -> FaceTemplate {
        let factor = newSize / size * scale
        let shift = newSize / 2 - size / 2 * factor
        return FaceTemplate(
            name: name, size: newSize,
            landmarks: landmarks.map { Point(x: $0.x * factor + shift, y: $0.y * factor + shift) })
    }
}
