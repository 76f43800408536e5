import Raster

/// A picture and its halvings, from which any region is shrunk at about the price of the result. What it gives is
/// opaque, finite and limited to 0…1.
package struct DetectionLadder: Sendable {
    /// Level *n* is 2ⁿ times smaller.
    private let scene: Scene
    private let levelCount: Int

    /// Shorter pictures are not halved, in pixels of the longer side.
    private static let shortest = 48

    var width: Int { scene.width }
    var height: Int { scene.height }

    package init(_ scene: Scene) throws {
        self.scene = scene.isClean ? scene : try Scene(ConvertedRows<CleanReading>(scene.rows))
        var (count, side) = (1, scene.longSide)
        while side >= Self.shortest { (count, side) = (count + 1, (side + 1) / 2) }
        levelCount = count
    }

    /// The whole picture at a smaller size, of which parts are read as they are wanted.
    func shrunk(width newWidth: Int, height newHeight: Int) -> Shrunk {
        func fits(_ size: (width: Int, height: Int)) -> Bool { size.width >= newWidth && size.height >= newHeight }
        var level = 0
        while level + 1 < levelCount, fits(scene.size(ofLevel: level + 1)) { level += 1 }
        let factor = Double(1 << level), size = scene.size(ofLevel: level)
        // A level is taken as it is, although the last pixel of an odd one reaches beyond the picture.
        let isLevel = size == (newWidth, newHeight)
        let shown =
            isLevel
            ? (width: Double(size.width), height: Double(size.height))
            : (width: Double(width) / factor, height: Double(height) / factor)
        return Shrunk(
            width: newWidth, height: newHeight,
            scale: (factor * shown.width / Double(newWidth), factor * shown.height / Double(newHeight)),
            ladder: self, level: level, isLevel: isLevel,
            columns: AxisFilter(
                sourceCount: size.width, origin: 0, extent: shown.width, count: newWidth, edge: .extend),
            rows: AxisFilter(
                sourceCount: size.height, origin: 0, extent: shown.height, count: newHeight, edge: .extend))
    }

    /// The picture at one smaller size: the next larger level, averaged over less than four of its pixels.
    struct Shrunk: Sendable {
        let width: Int
        let height: Int
        /// Pixels of the picture along a side of one of these.
        let scale: (x: Double, y: Double)
        fileprivate let ladder: DetectionLadder
        fileprivate let level: Int
        /// Whether it is the level, pixel by pixel.
        fileprivate let isLevel: Bool
        fileprivate let columns: AxisFilter
        fileprivate let rows: AxisFilter

        /// The pixels of some rows and columns, within its size; worked out on the thread that asks, since many parts
        /// are wanted at once.
        func part(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
            let width = columns.count
            let resampler = AreaResampler(
                columns: self.columns.part(columns), rows: self.rows.part(rows), weighsByAlpha: false)
            let source =
                isLevel
                ? try ladder.part(ofLevel: level, columns, rows)
                : try ladder.part(ofLevel: level, resampler.columns.used, resampler.rows.used)
            let (stride, origin) = (source.pixels.width, source.origin)
            let pixels = source.pixels.pixels.withSharedBuffer { pixels in
                [SIMD4<Float>](count: width * rows.count) { all in
                    for y in 0..<rows.count {
                        let line = all[y * width..<(y + 1) * width]
                        if isLevel {
                            let first = (rows.lowerBound + y - origin.y) * stride + columns.lowerBound - origin.x
                            for x in 0..<width { line[x] = pixels[first + x] }
                        } else {
                            resampler.computeRow(y, from: pixels, stride: stride, origin: origin, into: line)
                        }
                    }
                }
            }
            return Bitmap(width: width, height: rows.count, pixels: pixels)
        }
    }

    /// Gives each pixel of `square`, shrunk or enlarged to `side` pixels; black outside the picture, as the networks
    /// learned.
    func crop(_ square: Box, side: Int, pixel: (_ x: Int, _ y: Int, SIMD4<Float>) -> Void) throws {
        let level = self.level(forShrink: square.width / Double(side))
        let factor = Double(1 << level), size = scene.size(ofLevel: level)
        let resampler = AreaResampler(
            columns: AxisFilter(
                sourceCount: size.width, origin: square.x / factor, extent: square.width / factor, count: side,
                edge: .zero),
            rows: AxisFilter(
                sourceCount: size.height, origin: square.y / factor, extent: square.height / factor, count: side,
                edge: .zero),
            weighsByAlpha: false)
        let part = try part(ofLevel: level, resampler.columns.used, resampler.rows.used)
        let line = UnsafeMutableBufferPointer<SIMD4<Float>>.allocate(capacity: side)
        defer { line.deallocate() }
        part.pixels.pixels.withSharedBuffer { pixels in
            for y in 0..<side {
                resampler.computeRow(y, from: pixels, stride: part.pixels.width, origin: part.origin, into: line)
                for x in 0..<side { pixel(x, y, line[x]) }
            }
        }
    }

    private func part(ofLevel level: Int, _ columns: Range<Int>, _ rows: Range<Int>) throws -> AreaPart {
        if let held = scene.heldLevel(level) { return AreaPart(held) }
        // Nothing is read of a square that lies outside.
        guard !columns.isEmpty, !rows.isEmpty else { return AreaPart(Bitmap(width: 1, height: 1)) }
        return AreaPart(
            try scene.part(ofLevel: level, rows: rows, columns: columns), origin: (columns.lowerBound, rows.lowerBound))
    }

    /// The smallest level that is still at least twice as large as what is wanted.
    private func level(forShrink shrink: Double) -> Int {
        var level = 0
        while level + 1 < levelCount, shrink / Double(2 << level) >= 2 { level += 1 }
        return level
    }
}

/// A picture composited over mid-gray, in which nothing is taken for a face, and limited to 0…1; NaN counts as 0.
private enum CleanReading: PixelReading {
    @inline(__always)
    static func read(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
        // NaN fails the comparison and so becomes 0, as the negative does.
        let positive = SIMD4<Float>.zero.replacing(with: pixel, where: pixel .>= 0)
        let limited = positive.replacing(with: 1, where: positive .> 1)
        var clean = limited * limited.w + 0.5 * (1 - limited.w)
        clean.w = 1
        return clean
    }
}
