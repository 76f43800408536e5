/// A picture in memory: interleaved R'G'B'A, sRGB-encoded, straight alpha, nominally 0…1, row by row from the top.
///
/// A pixel's centre is at (x + 0.5, y + 0.5), everywhere in this package.
public struct Bitmap: Equatable, Sendable {
    /// Columns, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// `width * height` pixels; `x`, `y`, `z`, `w` are red, green, blue and alpha.
    public var pixels: [SIMD4<Float>]

    /// A picture of one value.
    public init(width: Int, height: Int, filledWith pixel: SIMD4<Float> = SIMD4(0, 0, 0, 1)) {
        precondition(width > 0 && height > 0, "a bitmap has at least one pixel")
        self.width = width
        self.height = height
        pixels = [SIMD4<Float>](repeating: pixel, count: width * height)
    }

    /// Wraps pixels that are already in row-major order; their count must be `width * height`.
    public init(width: Int, height: Int, pixels: [SIMD4<Float>]) {
        precondition(width > 0 && height > 0 && pixels.count == width * height, "pixel count must be width × height")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A picture computed pixel by pixel, rows in parallel.
    @inlinable
    public init(width: Int, height: Int, pixel: @Sendable (_ x: Int, _ y: Int) -> SIMD4<Float>) {
        self.init(
            width: width, height: height,
            fill: { y, row in
                for x in row.indices { row[x] = pixel(x, y) }
            })
    }

    /// A picture computed row by row, on all cores; its memory is touched once.
    ///
    /// - Parameter fill: has to set all of its row, which holds no values before.
    @inlinable
    public init(
        width: Int, height: Int,
        fill: @Sendable (_ y: Int, _ row: UnsafeMutableBufferPointer<SIMD4<Float>>) -> Void
    ) {
        precondition(width > 0 && height > 0, "a bitmap has at least one pixel")
        self.width = width
        self.height = height
        pixels = [SIMD4<Float>](count: width * height) { all in
            parallelFor(height) { y in fill(y, all[y * width..<(y + 1) * width]) }
        }
    }

    /// Its pixels, of which it has none from then on: what is changed and made a picture of again is not copied.
    package mutating func takePixels() -> [SIMD4<Float>] {
        var taken: [SIMD4<Float>] = []
        swap(&taken, &pixels)
        return taken
    }

    /// The pixel in column `x` of row `y`, both from 0.
    @inlinable
    public subscript(x: Int, y: Int) -> SIMD4<Float> {
        get { pixels[y * width + x] }
        set { pixels[y * width + x] = newValue }
    }

    /// Longer side in pixels.
    public var longSide: Int { max(width, height) }

    /// Calls `body` once for each row, on all cores; a row may be written through its buffer.
    @inlinable
    public mutating func forEachRow(
        _ body: @Sendable (_ y: Int, _ row: UnsafeMutableBufferPointer<SIMD4<Float>>) -> Void
    ) {
        let (width, height) = (self.width, self.height)
        pixels.withSharedMutableBuffer { all in
            parallelFor(height) { y in body(y, all[y * width..<(y + 1) * width]) }
        }
    }
}

/// One channel of a picture or a mask: row-major floats, pixel centres as in `Bitmap`.
public struct Plane: Equatable, Sendable {
    /// Columns, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// `width * height` values.
    public var values: [Float]

    /// A plane of one value.
    public init(width: Int, height: Int, filledWith value: Float = 0) {
        self.init(width: width, height: height, values: [Float](repeating: value, count: width * height))
    }

    /// Wraps values that are already in row-major order; their count must be `width * height`.
    public init(width: Int, height: Int, values: [Float]) {
        precondition(width > 0 && height > 0 && values.count == width * height, "value count must be width × height")
        self.width = width
        self.height = height
        self.values = values
    }

    /// The value in column `x` of row `y`, both from 0.
    @inlinable
    public subscript(x: Int, y: Int) -> Float {
        get { values[y * width + x] }
        set { values[y * width + x] = newValue }
    }
}

extension Bitmap {
    /// The rectangle at (x, y), which must lie inside.
    package func cropped(x: Int, y: Int, width: Int, height: Int) -> Bitmap {
        precondition(x >= 0 && y >= 0 && x + width <= self.width && y + height <= self.height, "the crop lies inside")
        return pixels.withSharedBuffer { pixels in
            Bitmap(
                width: width, height: height,
                fill: { j, row in
                    let start = (y + j) * self.width + x
                    for i in 0..<width { row.initializeElement(at: i, to: pixels[start + i]) }
                })
        }
    }
}
