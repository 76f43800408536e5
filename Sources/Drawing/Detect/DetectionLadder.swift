import Raster

/// A picture and its halvings, from which any region is shrunk at about the price of the result. What it gives is opaque,
/// finite and limited to 0…1.
package struct DetectionLadder: Sendable {
    /// Level *n* is 2ⁿ times smaller.
    private let levels: [Bitmap]

    var width: Int { levels[0].width }
    var height: Int { levels[0].height }

    package init(_ picture: Bitmap) {
        levels = Pyramid(Self.cleaned(picture), smallest: 24).levels
    }

    /// The whole picture at a smaller size.
    func shrunk(width newWidth: Int, height newHeight: Int) -> Bitmap {
        let level = self.level(forShrink: min(Double(width) / Double(newWidth), Double(height) / Double(newHeight)))
        let factor = Double(1 << level), source = levels[level]
        let resampler = AreaResampler<PlainReading>(
            columns: AxisFilter(sourceCount: source.width, origin: 0, extent: Double(width) / factor, count: newWidth, edge: .extend),
            rows: AxisFilter(sourceCount: source.height, origin: 0, extent: Double(height) / factor, count: newHeight, edge: .extend))
        var result = Bitmap(width: newWidth, height: newHeight)
        source.pixels.withSharedBuffer { pixels in
            result.forEachRow { y, row in resampler.computeRow(y, from: pixels, stride: source.width, into: row) }
        }
        return result
    }

    /// Gives each pixel of `square`, shrunk or enlarged to `side` pixels; black outside the picture, as the networks learned.
    func crop(_ square: Box, side: Int, pixel: (_ x: Int, _ y: Int, SIMD4<Float>) -> Void) {
        let level = self.level(forShrink: square.width / Double(side))
        let factor = Double(1 << level), source = levels[level]
        let resampler = AreaResampler<PlainReading>(
            columns: AxisFilter(sourceCount: source.width, origin: square.x / factor, extent: square.width / factor, count: side, edge: .zero),
            rows: AxisFilter(sourceCount: source.height, origin: square.y / factor, extent: square.height / factor, count: side, edge: .zero))
        let line = UnsafeMutableBufferPointer<SIMD4<Float>>.allocate(capacity: side)
        defer { line.deallocate() }
        source.pixels.withSharedBuffer { pixels in
            for y in 0..<side {
                resampler.computeRow(y, from: pixels, stride: source.width, into: line)
                for x in 0..<side { pixel(x, y, line[x]) }
            }
        }
    }

    /// The smallest level that is still at least twice as large as what is wanted.
    private func level(forShrink shrink: Double) -> Int {
        var level = 0
        while level + 1 < levels.count, shrink / Double(2 << level) >= 2 { level += 1 }
        return level
    }

    /// `picture` composited over mid-gray, in which nothing is taken for a face; NaN counts as 0. Most photographs are
    /// returned as they are, without a copy.
    private static func cleaned(_ picture: Bitmap) -> Bitmap {
        guard !isClean(picture) else { return picture }
        var result = picture
        result.forEachRow { _, row in
            for x in row.indices {
                // NaN fails the comparison and so becomes 0, as the negative does.
                let positive = SIMD4<Float>.zero.replacing(with: row[x], where: row[x] .>= 0)
                let limited = positive.replacing(with: 1, where: positive .> 1)
                row[x] = limited * limited.w + 0.5 * (1 - limited.w)
                row[x].w = 1
            }
        }
        return result
    }

    private static func isClean(_ picture: Bitmap) -> Bool {
        var rows = [Bool](repeating: false, count: picture.height)
        picture.pixels.withSharedBuffer { pixels in
            rows.withSharedMutableBuffer { rows in
                parallelFor(picture.height) { y in
                    rows[y] = (y * picture.width..<(y + 1) * picture.width).allSatisfy { isClean(pixels[$0]) }
                }
            }
        }
        return rows.allSatisfy { $0 }
    }

    @inline(__always)
    private static func isClean(_ pixel: SIMD4<Float>) -> Bool {
        pixel.x >= 0 && pixel.x <= 1 && pixel.y >= 0 && pixel.y <= 1 && pixel.z >= 0 && pixel.z <= 1 && pixel.w == 1
    }
}

private enum PlainReading: PixelReading {
    @inline(__always)
    static func read(_ pixel: SIMD4<Float>) -> SIMD4<Float> { pixel }
}
