import Raster

/// How many of a picture's strong edges run along its pixel grid. Edges of photographs run in all directions; an
/// enlarged drawing whose edges are stair-steps, or whose flat places end in straight borders, has more that lie in
/// rows and columns.
public struct GridEdges: Equatable, Sendable, Codable {
    /// Of the strong edges those within 4° of a row or a column, 0…1; 0.09 where all directions are alike.
    public let share: Double

    /// Luma a pixel from which on an edge is strong.
    private static let strong: Float = 0.05
    /// Tangent of 4°.
    private static let slope: Float = 0.0699
    /// Fewer edges show nothing.
    private static let fewest = 200

    /// Gradients of the luma (Rec. 601 weights on R'G'B') by the operator of Sobel.
    ///
    /// - Returns: `nil` when the picture has too few strong edges.
    public init?(_ picture: Bitmap) {
        let (width, height) = (picture.width, picture.height)
        guard width > 2, height > 2 else { return nil }
        let luma = picture.pixels.map { 0.299 * $0.x + 0.587 * $0.y + 0.114 * $0.z }
        var (edges, along) = (0, 0)
        luma.withUnsafeBufferPointer { luma in
            for y in 1..<height - 1 {
                for x in 1..<width - 1 {
                    let i = y * width + x, above = i - width, below = i + width
                    let right = luma[above + 1] + 2 * luma[i + 1] + luma[below + 1]
                    let left = luma[above - 1] + 2 * luma[i - 1] + luma[below - 1]
                    let top = luma[above - 1] + 2 * luma[above] + luma[above + 1]
                    let bottom = luma[below - 1] + 2 * luma[below] + luma[below + 1]
                    let across = abs(right - left) / 8, down = abs(bottom - top) / 8
                    guard across * across + down * down >= Self.strong * Self.strong else { continue }
                    edges += 1
                    if min(across, down) < Self.slope * max(across, down) { along += 1 }
                }
            }
        }
        guard edges >= Self.fewest else { return nil }
        share = Double(along) / Double(edges)
    }
}
