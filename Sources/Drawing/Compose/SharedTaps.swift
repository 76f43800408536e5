import Raster

/// Where pictures of one size are read at one place: as `Sampler` reads each of them, but with indices and weights
/// worked out once for all.
struct SharedTaps {
    /// Index of the first of the sixteen pixels.
    private let first: Int
    private let stride: Int
    private let across, down: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)
    /// How far the place lies towards the next pixels, 0…1.
    private let shareX, shareY: Float

    /// `nil` where some of the pixels would lie beyond the edges.
    ///
    /// - Parameter picture: one of them, whole.
    @inline(__always)
    init?(_ u: Float, _ v: Float, of picture: Sampler) {
        let (x, y) = (u - 0.5, v - 0.5)
        // Places that are not numbers fail the comparisons.
        guard x >= 1, y >= 1, x < Float(picture.width - 2), y < Float(picture.height - 2) else { return nil }
        let (column, row) = (Int(x), Int(y))
        (shareX, shareY, stride) = (x - Float(column), y - Float(row), picture.stride)
        first = (row - 1) * stride + column - 1
        (across, down) = (Self.spread(Sampler.weights(shareX)), Self.spread(Sampler.weights(shareY)))
    }

    @inline(__always)
    private static func spread(_ weights: SIMD4<Float>) -> (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
        (
            SIMD4(repeating: weights[0]), SIMD4(repeating: weights[1]), SIMD4(repeating: weights[2]),
            SIMD4(repeating: weights[3])
        )
    }

    /// From sixteen pixels.
    @inline(__always)
    func cubic(_ picture: Sampler) -> SIMD4<Float> {
        var sum = line(picture, first) * down.0
        sum += line(picture, first + stride) * down.1
        sum += line(picture, first + 2 * stride) * down.2
        sum += line(picture, first + 3 * stride) * down.3
        return sum
    }

    @inline(__always)
    private func line(_ picture: Sampler, _ start: Int) -> SIMD4<Float> {
        var line = picture.pixels[start] * across.0
        line += picture.pixels[start + 1] * across.1
        line += picture.pixels[start + 2] * across.2
        line += picture.pixels[start + 3] * across.3
        return line
    }

    /// From four pixels.
    @inline(__always)
    func linear(_ picture: Sampler) -> SIMD4<Float> {
        let start = first + stride + 1, pixels = picture.pixels
        let upper = pixels[start] + (pixels[start + 1] - pixels[start]) * shareX
        let lower = pixels[start + stride] + (pixels[start + stride + 1] - pixels[start + stride]) * shareX
        return upper + (lower - upper) * shareY
    }
}
