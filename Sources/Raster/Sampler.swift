/// What lies beyond a picture's edge.
public enum Boundary: Sendable {
    /// The edge pixel goes on.
    case clamp
    /// The picture goes on mirrored.
    case mirror
}

/// Reads a picture between its pixels with the Catmull-Rom cubic (Keys 1981, a = −1/2), which reproduces the picture
/// exactly at pixel centres and quadratic gradients everywhere.
public struct Sampler: Sendable {
    @usableFromInline package let pixels: SharedBuffer<SIMD4<Float>>
    @usableFromInline package let width: Int
    @usableFromInline package let height: Int
    @usableFromInline let boundary: Boundary
    /// Pixels from one row to the next.
    @usableFromInline package let stride: Int
    /// Index that the picture's first pixel would have, negated: a part of a picture begins later.
    @usableFromInline package let skipped: Int

    /// - Parameter pixels: must stay valid as long as the sampler is used.
    @inlinable
    public init(pixels: SharedBuffer<SIMD4<Float>>, width: Int, height: Int, boundary: Boundary) {
        self.init(pixels: pixels, stride: width, origin: (0, 0), width: width, height: height, boundary: boundary)
    }

    /// Reads a picture of which only a part is there: `pixels` holds `stride` columns from `origin` on. Other places
    /// must not be asked for.
    @usableFromInline
    init(
        pixels: SharedBuffer<SIMD4<Float>>, stride: Int, origin: (x: Int, y: Int), width: Int, height: Int,
        boundary: Boundary
    ) {
        self.pixels = pixels
        self.width = width
        self.height = height
        self.boundary = boundary
        self.stride = stride
        skipped = origin.y * stride + origin.x
    }

    /// The value at (x, y), pixel centres at + 0.5. Not finite coordinates read the corner.
    @inlinable @inline(__always)
    public func callAsFunction(_ x: Float, _ y: Float) -> SIMD4<Float> {
        let limit = Float(1 << 22)
        let u = (x.isFinite ? min(max(x, -limit), limit) : 0) - 0.5
        let v = (y.isFinite ? min(max(y, -limit), limit) : 0) - 0.5
        let (left, top) = (u.rounded(.down), v.rounded(.down))
        let (column, row) = (Int(left), Int(top))
        let (wx, wy) = (Self.weights(u - left), Self.weights(v - top))
        if column >= 1, row >= 1, column + 2 < width, row + 2 < height {
            var sum = SIMD4<Float>.zero
            for j in 0..<4 {
                let start = (row - 1 + j) * stride + column - 1 - skipped
                var line: SIMD4<Float> = pixels[start] * wx[0]
                line += pixels[start + 1] * wx[1]
                line += pixels[start + 2] * wx[2]
                line += pixels[start + 3] * wx[3]
                sum += line * wy[j]
            }
            return sum
        }
        return nearEdge(column, row, wx, wy)
    }

    /// The value at (x, y) from the four pixels around it.
    @inlinable @inline(__always)
    public func bilinear(_ x: Float, _ y: Float) -> SIMD4<Float> {
        let u = min(max(x - 0.5, 0), Float(width - 1)), v = min(max(y - 0.5, 0), Float(height - 1))
        let (column, row) = (Int(u), Int(v))
        let (fx, fy) = (u - Float(column), v - Float(row))
        let right = column + 1 < width ? 1 : 0, below = row + 1 < height ? stride : 0
        let start = row * stride + column - skipped
        let upper = pixels[start] + (pixels[start + right] - pixels[start]) * fx
        let lower = pixels[start + below] + (pixels[start + below + right] - pixels[start + below]) * fx
        return upper + (lower - upper) * fy
    }

    @usableFromInline
    func nearEdge(_ column: Int, _ row: Int, _ wx: SIMD4<Float>, _ wy: SIMD4<Float>) -> SIMD4<Float> {
        var sum = SIMD4<Float>.zero
        for j in 0..<4 {
            let start = index(row - 1 + j, height) * stride - skipped
            var line = SIMD4<Float>.zero
            for i in 0..<4 { line += pixels[start + index(column - 1 + i, width)] * wx[i] }
            sum += line * wy[j]
        }
        return sum
    }

    /// Of the pixels before, at, after and two after a place that lies `t` behind a pixel's centre, 0…1.
    @inlinable @inline(__always)
    package static func weights(_ t: Float) -> SIMD4<Float> {
        let cubic = SIMD4<Float>(-0.5, 1.5, -1.5, 0.5)
        let square = SIMD4<Float>(1, -2.5, 2, -0.5)
        let linear = SIMD4<Float>(-0.5, 0, 0.5, 0)
        let constant = SIMD4<Float>(0, 1, 0, 0)
        return ((cubic * t + square) * t + linear) * t + constant
    }

    private func index(_ i: Int, _ count: Int) -> Int {
        switch boundary {
        case .clamp:
            return min(max(i, 0), count - 1)
        case .mirror:
            let period = 2 * count
            let phase = ((i % period) + period) % period
            return phase < count ? phase : period - 1 - phase
        }
    }
}

extension Bitmap {
    /// Calls `body` with a sampler over this picture.
    @inlinable
    public func withSampler<Result>(_ boundary: Boundary, _ body: (Sampler) throws -> Result) rethrows -> Result {
        try pixels.withSharedBuffer {
            try body(Sampler(pixels: $0, width: width, height: height, boundary: boundary))
        }
    }

    /// Calls `body` with a sampler over the picture of `size` of which this one is the part that begins at `origin`.
    package func withSampler<Result>(
        _ boundary: Boundary, at origin: (x: Int, y: Int), of size: (width: Int, height: Int),
        _ body: (Sampler) throws -> Result
    ) rethrows -> Result {
        try pixels.withSharedBuffer {
            try body(
                Sampler(
                    pixels: $0, stride: width, origin: origin, width: size.width, height: size.height,
                    boundary: boundary))
        }
    }

    /// Each pixel at p becomes what `sample` shows at `map(p)`.
    mutating func fill(from sample: Sampler, by map: SimilarityTransform) {
        let (a, b, tx, ty) = (Float(map.a), Float(map.b), map.tx, map.ty)
        forEachRow { y, row in
            let centre = Double(y) + 0.5
            let (startX, startY) = (Float(tx - map.b * centre), Float(ty + map.a * centre))
            for x in row.indices {
                let step = Float(x) + 0.5
                row[x] = sample(startX + a * step, startY + b * step)
            }
        }
    }
}

extension Sampler {
    /// Pixels along one axis that are read between the smallest and the largest of `places`.
    ///
    /// - Parameter count: pixels of the axis.
    static func reach(_ places: [Double], of count: Int, _ boundary: Boundary) -> Range<Int> {
        let limit = Double(1 << 22)
        let finite = places.map { $0.isFinite ? min(max($0, -limit), limit) : 0 }
        // Four pixels about each place, and one for rounding.
        let low = Int((finite.min() ?? 0).rounded(.down)) - 3, high = Int((finite.max() ?? 0).rounded(.up)) + 3
        switch boundary {
        case .clamp:
            let first = min(max(low, 0), count - 1)
            return first..<max(min(high, count), first + 1)
        case .mirror:
            // What lies beyond an edge shows as much within it; beyond both, all of it may show.
            guard low >= -count, high <= 2 * count else { return 0..<count }
            let first = max(0, low < 0 ? 0 : min(low, 2 * count - high)),
                last = min(count, high > count ? count : max(high, -low))
            return min(first, count - 1)..<max(last, min(first, count - 1) + 1)
        }
    }
}

extension Pyramid {
    /// A picture of `width` × `height` whose pixel at p shows this picture at `map(p)`, pre-filtered where that
    /// shrinks.
    ///
    /// - Parameter map: from the new picture's coordinates to those of level 0.
    public func warped(width: Int, height: Int, by map: SimilarityTransform, boundary: Boundary) -> Bitmap {
        let level = level(forShrink: map.scale)
        let toLevel = map.then(SimilarityTransform(scale: 1 / Double(1 << level)))
        var result = Bitmap(width: width, height: height)
        levels[level].withSampler(boundary) { result.fill(from: $0, by: toLevel) }
        return result
    }
}
