import Raster

/// How flat a picture's areas and how sharp its lines are, from the gradient of its luma (Rec. 601 weights on R'G'B',
/// forward differences).
public struct LineQuality: Equatable, Sendable, Codable {
    /// Share of pixels whose gradient is under 1/255, 0…1.
    public let flatness: Double
    /// Mean gradient of the strongest twentieth of all pixels, in luma a pixel, 0…√2.
    public let sharpness: Double

    private static let flatBelow: Float = 1.0 / 255

    /// - Parameter picture: at least 2×2 pixels; a smaller one counts as flat.
    public init(_ picture: Bitmap) {
        guard picture.width > 1, picture.height > 1 else {
            (flatness, sharpness) = (1, 0)
            return
        }
        let luma = picture.pixels.map { 0.299 * $0.x + 0.587 * $0.y + 0.114 * $0.z }
        var gradients: [Float] = []
        gradients.reserveCapacity(luma.count)
        for y in 0..<picture.height - 1 {
            for x in 0..<picture.width - 1 {
                let index = y * picture.width + x
                let (dx, dy) = (luma[index + 1] - luma[index], luma[index + picture.width] - luma[index])
                gradients.append((dx * dx + dy * dy).squareRoot())
            }
        }
        gradients.sort()
        let strongest = gradients.suffix(max(1, gradients.count / 20))
        flatness = Double(gradients.count { $0 < Self.flatBelow }) / Double(gradients.count)
        sharpness = strongest.reduce(0) { $0 + Double($1) } / Double(strongest.count)
    }
}
