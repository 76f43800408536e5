/// A picture and its halvings, opaque, finite and limited to 0…1, from which any region is shrunk at the price of the result.
struct DetectionLadder: Sendable {
    /// Level *n* is 2ⁿ times smaller; level 0 is the picture as it came and is cleaned when read.
    private let levels: [Bitmap]

    var width: Int { levels[0].width }
    var height: Int { levels[0].height }

    init(_ picture: Bitmap) {
        guard min(picture.width, picture.height) >= 48 else {
            levels = [picture]
            return
        }
        let half = Self.resampled(
            picture, box: Box(x: 0, y: 0, width: Double((picture.width + 1) / 2 * 2), height: Double((picture.height + 1) / 2 * 2)),
            width: (picture.width + 1) / 2, height: (picture.height + 1) / 2)
        levels = [picture] + Pyramid(half, smallest: 24).levels
    }

    /// The whole picture at a smaller size.
    func shrunk(width newWidth: Int, height newHeight: Int) -> Bitmap {
        let shrink = min(Double(width) / Double(newWidth), Double(height) / Double(newHeight))
        let level = self.level(forShrink: shrink), factor = Double(1 << level)
        return Self.resampled(
            levels[level], box: Box(x: 0, y: 0, width: Double(width) / factor, height: Double(height) / factor),
            width: newWidth, height: newHeight)
    }

    /// Gives each pixel of `square`, shrunk or enlarged to `side` pixels; black outside the picture, as the networks learned.
    func crop(_ square: Box, side: Int, pixel: (_ x: Int, _ y: Int, SIMD4<Float>) -> Void) {
        let level = self.level(forShrink: square.width / Double(side)), factor = Double(1 << level)
        let source = levels[level]
        let columns = AxisFilter(sourceCount: source.width, origin: square.x / factor, extent: square.width / factor, count: side, edge: .zero)
        let rows = AxisFilter(sourceCount: source.height, origin: square.y / factor, extent: square.height / factor, count: side, edge: .zero)
        source.pixels.withUnsafeBufferPointer { pixels in
            for y in 0..<side {
                resampleRow(pixels, stride: source.width, columns: columns, rows: rows, row: y, load: Self.cleaned) { x, sum in pixel(x, y, sum) }
            }
        }
    }

    /// The smallest level that is still at least twice as large as what is wanted.
    private func level(forShrink shrink: Double) -> Int {
        var level = 0
        while level + 1 < levels.count, shrink / Double(2 << level) >= 2 { level += 1 }
        return level
    }

    private static func resampled(_ source: Bitmap, box: Box, width: Int, height: Int) -> Bitmap {
        let columns = AxisFilter(sourceCount: source.width, origin: box.x, extent: box.width, count: width, edge: .extend)
        let rows = AxisFilter(sourceCount: source.height, origin: box.y, extent: box.height, count: height, edge: .extend)
        var result = Bitmap(width: width, height: height)
        source.pixels.withUnsafeBufferPointer { pixels in
            result.forEachRow { y, row in
                resampleRow(pixels, stride: source.width, columns: columns, rows: rows, row: y, load: cleaned) { x, sum in row[x] = sum }
            }
        }
        return result
    }

    /// Composited over mid-gray, in which nothing is taken for a face.
    @inline(__always)
    private static func cleaned(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
        let limited = pixel.finiteOrZero.clamped(lowerBound: .zero, upperBound: .one)
        var opaque = limited * limited.w + 0.5 * (1 - limited.w)
        opaque.w = 1
        return opaque
    }
}
