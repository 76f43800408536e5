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

    /// - Parameter flat: of the same size.
    init(photograph: Bitmap, flat: Bitmap) {
        self.photograph = photograph
        let means = photograph.boxMeans(radius: Self.radius), flatMeans = flat.boxMeans(radius: Self.radius)
        var (square, product) = (photograph, flat)
        square.forEachRow { y, row in
            for x in row.indices { row[x] *= row[x] }
        }
        product.forEachRow { y, row in
            for x in row.indices { row[x] *= photograph[x, y] }
        }
        let squareMeans = square.boxMeans(radius: Self.radius)
        var slope = product.boxMeans(radius: Self.radius)
        slope.forEachRow { y, row in
            for x in row.indices {
                let mean = means[x, y]
                let covariance = row[x] - mean * flatMeans[x, y], variance = squareMeans[x, y] - mean * mean
                row[x] = clamped01((covariance / (upper(variance, .zero) + Self.texture)).finiteOrZero)
            }
        }
        share = slope.boxMeans(radius: Self.radius)
    }
}
