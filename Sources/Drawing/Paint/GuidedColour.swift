import Raster

/// Lets flat colour that is enlarged follow the photograph's own edges (the guided filter of He, Sun and Tang 2013,
/// upsampling as in He and Sun 2015, each channel by itself).
///
/// colour = enlarged flat + share · (photograph − enlarged small photograph): where the drawing has an edge that the
/// small photograph has too, it gets that edge as sharp as the photograph has it; where the drawing is flat, share is 0
/// and no texture comes back.
struct GuidedColour: Equatable, Sendable {
    /// The photograph at the drawing's size.
    let photograph: Bitmap
    /// Slope of the flat colour on the photograph's, 0…1.
    let share: Bitmap

    /// Half the side of the window in which the slope is fitted, in pixels of the drawing.
    private static let radius = 2
    /// Variance of texture that is not followed.
    private static let texture = Float(0.05 * 0.05)
    /// Slopes up to the first are no edge of the drawing's but what it has left of hair or cloth, and are not followed;
    /// from the second on they are followed as they are.
    private static let followed = (none: SIMD4<Float>(repeating: 0.25), all: SIMD4<Float>(repeating: 0.6))

    /// - Parameter flat: of the same size.
    init(photograph: Bitmap, flat: Bitmap) {
        self.photograph = photograph
        // In strips, since seven maps are needed on the way. A slope depends on means of means.
        let margin = 2 * Self.radius
        var pixels: [SIMD4<Float>] = []
        pixels.reserveCapacity(photograph.pixels.count)
        for first in stride(from: 0, to: photograph.height, by: Self.strip) {
            let rows = first..<min(first + Self.strip, photograph.height)
            let seen = max(0, first - margin)..<min(rows.upperBound + margin, photograph.height)
            let columns = 0..<photograph.width
            let share = Self.share(
                photograph.read(rows: seen, columns: columns), flat.read(rows: seen, columns: columns))
            let start = (first - seen.lowerBound) * photograph.width
            pixels += share.pixels[start..<start + rows.count * photograph.width]
        }
        share = Bitmap(width: photograph.width, height: photograph.height, pixels: pixels)
    }

    /// Rows that are computed at once.
    private static let strip = 128

    private static func share(_ photograph: Bitmap, _ flat: Bitmap) -> Bitmap {
        let means = photograph.boxMeans(radius: radius), flatMeans = flat.boxMeans(radius: radius)
        var (square, product) = (photograph, flat)
        square.forEachRow { y, row in
            for x in row.indices { row[x] *= row[x] }
        }
        product.forEachRow { y, row in
            for x in row.indices { row[x] *= photograph[x, y] }
        }
        let squareMeans = square.boxMeans(radius: radius)
        var slope = product.boxMeans(radius: radius)
        slope.forEachRow { y, row in
            for x in row.indices {
                let mean = means[x, y]
                let covariance = row[x] - mean * flatMeans[x, y], variance = squareMeans[x, y] - mean * mean
                let share = clamped01((covariance / (upper(variance, .zero) + texture)).finiteOrZero)
                row[x] = share * clamped01((share - followed.none) / (followed.all - followed.none))
            }
        }
        return slope.boxMeans(radius: radius)
    }
}
