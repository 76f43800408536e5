/// `bitmap` at another size, each pixel the exact average of the area it covers (a box filter, fractional coverage
/// included).
///
/// Colours are averaged by their alpha, so that what is transparent does not bleed; NaN and infinities count as 0.
/// Along an axis that grows, where a box would only repeat pixels, pixels are interpolated linearly instead. The same
/// size gives the same bitmap.
///
/// - Parameters:
///   - width: new width in pixels, at least 1.
///   - height: new height in pixels, at least 1.
public func areaResampled(_ bitmap: Bitmap, width: Int, height: Int) -> Bitmap {
    precondition(width > 0 && height > 0, "a bitmap has at least one pixel")
    if width == bitmap.width && height == bitmap.height { return bitmap }
    let resampler = AreaResampler(
        columns: AxisFilter(wholeAxis: bitmap.width, count: width),
        rows: AxisFilter(wholeAxis: bitmap.height, count: height), weighsByAlpha: true)
    return resampler.rows(0..<height, of: AreaPart(bitmap)).withStraightAlpha
}

/// The same of a picture that is read by bands.
///
/// - Parameter isClean: whether all of it is known to be opaque and within 0…1, which saves looking at each pixel.
public func areaResampled(_ picture: any RowSource, width: Int, height: Int, isClean: Bool = false) throws -> Bitmap {
    precondition(width > 0 && height > 0, "a bitmap has at least one pixel")
    if width == picture.width && height == picture.height { return try picture.readAll() }
    let resampler = AreaResampler(
        columns: AxisFilter(wholeAxis: picture.width, count: width),
        rows: AxisFilter(wholeAxis: picture.height, count: height), weighsByAlpha: !isClean)
    return try resampler.resampled(picture).withStraightAlpha
}

extension Bitmap {
    fileprivate var withStraightAlpha: Bitmap {
        var result = self
        result.forEachRow { _, row in
            for x in row.indices {
                let alpha = row[x].w
                row[x] = alpha > 0 ? row[x] / alpha : .zero
                row[x].w = alpha
            }
        }
        return result
    }
}

/// How a source pixel is seen. A type rather than a closure, so that the compiler builds it into the pixel loop.
package protocol PixelReading: Sendable {
    static func read(_ pixel: SIMD4<Float>) -> SIMD4<Float>
}

/// Computes output rows from the filters of both axes.
package struct AreaResampler: Sendable {
    package let columns: AxisFilter
    package let rows: AxisFilter
    /// Whether colours are multiplied by their alpha, and what is not a number counts as 0; else pixels are read as
    /// they are.
    private let weighsByAlpha: Bool

    package init(columns: AxisFilter, rows: AxisFilter, weighsByAlpha: Bool) {
        self.columns = columns
        self.rows = rows
        self.weighsByAlpha = weighsByAlpha
    }

    /// Source rows are summed first, over the columns in use, then columns.
    ///
    /// - Parameters:
    ///   - source: row-major pixels, `stride` a row.
    ///   - origin: column and row of the picture that `source` begins with.
    ///   - output: takes one pixel for each of `columns`.
    package func computeRow(
        _ row: Int, from source: SharedBuffer<SIMD4<Float>>, stride: Int, origin: (x: Int, y: Int) = (0, 0),
        into output: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        let used = columns.used, vertical = rows.taps[row]
        withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: max(used.count, 1)) { sums in
            if vertical.count == 0 { sums.initialize(repeating: .zero) }
            for tap in 0..<vertical.count {
                let weight = rows.weights[vertical.offset + tap]
                let line = (vertical.first + tap - origin.y) * stride + used.lowerBound - origin.x
                add(source, from: line, count: used.count, weight, isFirst: tap == 0, to: sums)
            }
            columns.weights.withUnsafeBufferPointer { weights in
                columns.taps.withUnsafeBufferPointer { taps in
                    for x in taps.indices {
                        let (first, offset) = (taps[x].first - used.lowerBound, taps[x].offset)
                        var sum = SIMD4<Float>.zero
                        for tap in 0..<taps[x].count { sum += sums[first + tap] * weights[offset + tap] }
                        output[x] = sum
                    }
                }
            }
        }
    }

    /// - Parameter isFirst: whether `sums` holds no values yet.
    @inline(__always)
    private func add(
        _ source: SharedBuffer<SIMD4<Float>>, from line: Int, count: Int, _ weight: Float, isFirst: Bool,
        to sums: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        if weighsByAlpha {
            for x in 0..<count {
                let part = Self.weighted(source[line + x]) * weight
                sums[x] = isFirst ? part : sums[x] + part
            }
        } else if isFirst {
            for x in 0..<count { sums[x] = source[line + x] * weight }
        } else {
            for x in 0..<count { sums[x] += source[line + x] * weight }
        }
    }

    @inline(__always)
    private static func weighted(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
        let finite = pixel.finiteOrZero
        var weighted = finite * finite.w
        weighted.w = finite.w
        return weighted
    }
}

/// The part of a picture that a resampler reads.
package struct AreaPart: Sendable {
    package let pixels: Bitmap
    /// Column and row of the picture that it begins with.
    package let origin: (x: Int, y: Int)

    package init(_ pixels: Bitmap, origin: (x: Int, y: Int) = (0, 0)) { (self.pixels, self.origin) = (pixels, origin) }
}

extension AreaResampler {
    /// Some rows of the result.
    package func rows(_ range: Range<Int>, of part: AreaPart) -> Bitmap {
        part.pixels.pixels.withSharedBuffer { source in
            Bitmap(
                width: columns.taps.count, height: range.count,
                fill: { y, row in
                    computeRow(
                        range.lowerBound + y, from: source, stride: part.pixels.width, origin: part.origin, into: row)
                })
        }
    }

    /// The whole result, for which each row of the picture is read once but for those where bands meet.
    package func resampled(_ picture: any RowSource) throws -> Bitmap {
        try resampled(atMost: Bands.height(width: columns.used.count)) { rows in
            let part = try picture.read(rows: rows, columns: columns.used)
            return AreaPart(part, origin: (columns.used.lowerBound, rows.lowerBound))
        }
    }

    /// The whole result of a picture that is read in parts.
    ///
    /// - Parameters:
    ///   - limit: rows of a part, as far as one row of the result does not need more.
    ///   - read: gives some rows of the picture over the columns in use; not called for no rows.
    package func resampled(atMost limit: Int, _ read: (Range<Int>) throws -> AreaPart) throws -> Bitmap {
        let width = columns.taps.count
        let pixels = try [SIMD4<Float>](count: width * rows.taps.count) { all in
            var first = 0
            while first < rows.taps.count {
                let lines = rows.stretch(from: first, atMost: limit)
                let part = try read(rows.used(by: lines))
                part.pixels.pixels.withSharedBuffer { source in
                    parallelFor(lines.count) { line in
                        let y = lines.lowerBound + line
                        computeRow(
                            y, from: source, stride: part.pixels.width, origin: part.origin,
                            into: all[y * width..<(y + 1) * width])
                    }
                }
                first = lines.upperBound
            }
        }
        return Bitmap(width: width, height: rows.taps.count, pixels: pixels)
    }
}

/// Which source pixels make up each output pixel along one axis, and in what shares.
///
/// Output pixel `i` covers the interval `origin + i·step ..< origin + (i + 1)·step` of the source axis, where pixel `p`
/// covers `p ..< p + 1` and `step = extent / count`.
package struct AxisFilter: Sendable {
    /// What lies beyond the ends of the source.
    package enum Edge: Sendable {
        /// Zeros: shares that fall outside are lost.
        case zero
        /// The outermost pixel, repeated.
        case extend
    }

    package struct Taps: Sendable {
        /// First source pixel.
        package var first: Int
        /// Index of its weight in `weights`.
        package var offset: Int
        /// Number of source pixels, 0 when the output pixel lies outside.
        package var count: Int
    }

    package private(set) var taps: [Taps] = []
    package private(set) var weights: [Float] = []
    /// Source pixels that any output pixel uses.
    package private(set) var used: Range<Int> = 0..<0

    /// The filter of some output pixels alone.
    package func part(_ outputs: Range<Int>) -> AxisFilter {
        var part = self
        part.taps = Array(taps[outputs])
        part.used = used(by: outputs)
        return part
    }

    /// Source pixels that some output pixels use; empty when they lie outside.
    package func used(by outputs: Range<Int>) -> Range<Int> {
        let filled = taps[outputs].filter { $0.count > 0 }
        guard let first = filled.first, let last = filled.last else { return 0..<0 }
        return first.first..<last.first + last.count
    }

    /// As many output pixels from `first` on, one at least, as use no more than `limit` source pixels together.
    package func stretch(from first: Int, atMost limit: Int) -> Range<Int> {
        var end = first + 1
        while end < taps.count, taps[end].first + taps[end].count - taps[first].first <= limit, end - first < limit {
            end += 1
        }
        return first..<end
    }

    init(wholeAxis sourceCount: Int, count: Int) {
        self.init(sourceCount: sourceCount, origin: 0, extent: Double(sourceCount), count: count, edge: .extend)
    }

    /// - Parameters:
    ///   - sourceCount: pixels of the source axis, at least 1.
    ///   - origin: where the first output pixel begins; may lie outside the source.
    ///   - extent: length of all output pixels together, in source pixels; above 0.
    ///   - count: number of output pixels.
    package init(sourceCount: Int, origin: Double, extent: Double, count: Int, edge: Edge) {
        let step = extent / Double(count)
        taps.reserveCapacity(count)
        for index in 0..<count {
            let start = origin + Double(index) * step
            if step > 1 {
                addBox(from: start, to: start + step, sourceCount: sourceCount, edge: edge)
            } else {
                addLine(at: start + step / 2 - 0.5, sourceCount: sourceCount, edge: edge)
            }
        }
        let filled = taps.filter { $0.count > 0 }
        if let lower = filled.map(\.first).min(), let upper = filled.map({ $0.first + $0.count }).max() {
            used = lower..<upper
        }
    }

    private mutating func addBox(from start: Double, to end: Double, sourceCount: Int, edge: Edge) {
        let lower = max(start, 0), upper = min(end, Double(sourceCount))
        guard upper > lower else { return taps.append(Taps(first: 0, offset: weights.count, count: 0)) }
        let first = min(Int(lower), sourceCount - 1)
        let last = max(first, min(Int(upper.rounded(.up)), sourceCount) - 1)
        // Normalising by the covered length keeps the average exact where rounding touches the end of the axis.
        let length = edge == .extend ? upper - lower : end - start
        taps.append(Taps(first: first, offset: weights.count, count: last - first + 1))
        for pixel in first...last {
            let covered = min(upper, Double(pixel + 1)) - max(lower, Double(pixel))
            weights.append(Float(max(covered, 0) / length))
        }
    }

    private mutating func addLine(at position: Double, sourceCount: Int, edge: Edge) {
        let last = Double(sourceCount - 1)
        let clamped = edge == .extend ? min(max(position, 0), last) : position
        let floor = clamped.rounded(.down)
        guard floor >= -1, floor <= last else { return taps.append(Taps(first: 0, offset: weights.count, count: 0)) }
        let left = Int(floor), share = clamped - floor
        let pairs = [(left, 1 - share), (left + 1, share)].filter { (0..<sourceCount).contains($0.0) }
        taps.append(Taps(first: pairs[0].0, offset: weights.count, count: pairs.count))
        weights += pairs.map { Float($0.1) }
    }
}

extension SIMD4 where Scalar == Float {
    /// NaN and infinities replaced by 0.
    @inlinable @inline(__always)
    package var finiteOrZero: SIMD4<Float> {
        let limit = SIMD4<Float>(repeating: .greatestFiniteMagnitude)
        return SIMD4<Float>.zero.replacing(with: self, where: (self .<= limit) .& (self .>= -limit))
    }
}
