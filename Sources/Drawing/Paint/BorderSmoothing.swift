import Raster

extension UndecidedDrawing {
    /// Takes the network's unevenness out of the borders of lines, shade and light: beads of thin lines and waves of a
    /// few pixels, which show where a drawing is enlarged.
    mutating func smoothBorders() {
        flat.smoothBorders()
        shade.smoothBorders()
        light.smoothBorders()
    }
}

extension Bitmap {
    /// Of the logit in `w`.
    fileprivate mutating func smoothBorders() {
        BorderSmoothing(logits, width: width, height: height).smoothed().withSharedBuffer { smooth in
            forEachRow { y, row in
                for x in row.indices { row[x].w = smooth[y * row.count + x] }
            }
        }
    }
}

/// Smooths a logit along its borders and not across them (a step of coherence-enhancing filtering in the manner of
/// Weickert 1999, as an integral along the line as in Kyprianidis and Kang 2011): where all about a place runs one way,
/// the mean along that way stands for its logit. Lines keep their width, corners stay.
struct BorderSmoothing {
    private let logits: [Float]
    private let width: Int
    private let height: Int

    /// Logits beyond this decide nothing nearby, and count in a mean as this.
    private static let limit: Float = 16
    /// Places that are worked out at once, along one side.
    private static let side = 32
    /// Beyond a place, what its mean reads: three pixels along the border and those about them.
    private static let margin = 5

    /// - Parameter logits: row by row.
    init(_ logits: [Float], width: Int, height: Int) {
        (self.logits, self.width, self.height) = (logits, width, height)
    }

    func smoothed() -> [Float] {
        var result = logits
        let (across, down) = ((width + Self.side - 1) / Self.side, (height + Self.side - 1) / Self.side)
        logits.withSharedBuffer { logits in
            result.withSharedMutableBuffer { result in
                parallelFor(across * down) { index in
                    let (x, y) = (index % across * Self.side, index / across * Self.side)
                    smooth(logits, x..<min(x + Self.side, width), y..<min(y + Self.side, height), into: result)
                }
            }
        }
        return result
    }

    private func smooth(
        _ logits: SharedBuffer<Float>, _ columns: Range<Int>, _ rows: Range<Int>,
        into result: SharedMutableBuffer<Float>
    ) {
        guard let slopes = Slopes(logits, width, height, columns, rows) else { return }
        let weights = Slopes.weights, quads = Quads(logits, width, height, about: columns, rows)
        quads.withReader { cubic in
            for y in rows {
                for x in columns {
                    guard let way = slopes.way(x, y) else { continue }
                    let place = SIMD2(Float(x) + 0.5, Float(y) + 0.5), here = Self.limited(logits[y * width + x])
                    func both(_ step: Float) -> Float {
                        let off = way.tangent * step
                        return cubic(place + off) + cubic(place - off)
                    }
                    var mean = weights.0 * here
                    mean += weights.1 * both(1)
                    mean += weights.2 * both(2)
                    mean += weights.3 * both(3)
                    result[y * width + x] += way.sureness * (mean - here)
                }
            }
        }
    }

    @inline(__always)
    private static func limited(_ logit: Float) -> Float { min(max(logit, -limit), limit) }

    /// A logit about a rectangle, each with the three below it, so that it is read between its pixels four rows at a
    /// time; edges go on.
    private struct Quads {
        private let values: [SIMD4<Float>]
        /// Row by row, from column `left` of row `top` on.
        private let left, top, stride: Int

        init(
            _ logits: SharedBuffer<Float>, _ width: Int, _ height: Int, about columns: Range<Int>, _ rows: Range<Int>
        ) {
            let margin = BorderSmoothing.margin, stride = columns.count + 2 * margin
            let (left, top) = (columns.lowerBound - margin, rows.lowerBound - margin)
            (self.left, self.top, self.stride) = (left, top, stride)
            // The last three rows are below others alone.
            let count = rows.count + 2 * margin - 3
            values = [SIMD4<Float>](count: stride * count) { values in
                for j in 0..<count {
                    func start(_ below: Int) -> Int { min(max(top + j + below, 0), height - 1) * width }
                    let (first, second, third, fourth) = (start(0), start(1), start(2), start(3))
                    for i in 0..<stride {
                        let x = min(max(left + i, 0), width - 1)
                        let quad = SIMD4(logits[first + x], logits[second + x], logits[third + x], logits[fourth + x])
                        let limit = SIMD4(repeating: BorderSmoothing.limit)
                        values[j * stride + i] = lower(upper(quad, -limit), limit)
                    }
                }
            }
        }

        func withReader(_ body: (Reader) -> Void) {
            values.withSharedBuffer { body(Reader(values: $0, left: left, top: top, stride: stride)) }
        }

        struct Reader {
            fileprivate let values: SharedBuffer<SIMD4<Float>>
            fileprivate let left, top, stride: Int

            /// At a place, as `Sampler` does.
            @inline(__always)
            func callAsFunction(_ place: SIMD2<Float>) -> Float {
                let (u, v) = (place.x - 0.5, place.y - 0.5)
                // Within the margin these are above 0, so that what is cut off is what lies beyond whole pixels.
                let column = Int(u - Float(left)), row = Int(v - Float(top))
                let across = Sampler.weights(u - Float(column + left)), down = Sampler.weights(v - Float(row + top))
                let first = (row - 1) * stride + column - 1
                var lines = values[first] * across[0]
                lines += values[first + 1] * across[1]
                lines += values[first + 2] * across[2]
                lines += values[first + 3] * across[3]
                let weighed = lines * down
                return weighed[0] + weighed[1] + weighed[2] + weighed[3]
            }
        }
    }
}

/// Which way a logit runs at each place of a rectangle: the structure tensor's lesser axis.
private struct Slopes {
    private let columns: Range<Int>
    private let rows: Range<Int>
    /// Means of the squared slope across, of the product of both slopes, and of the squared slope down.
    private let tensor: [SIMD4<Float>]

    /// Logits beyond this run nowhere.
    private static let limit: Float = 8
    /// Sum of squared slopes below which nothing runs anywhere.
    private static let least: Float = 1e-3
    /// Of a mean over seven pixels, the middle first: Gauss's with a deviation of 1.5.
    static var weights: (Float, Float, Float, Float) { (0.27068, 0.21674, 0.11129, 0.03663) }
    private static let reach = 3

    /// - Returns: `nil` where no border is near.
    init?(
        _ logits: SharedBuffer<Float>, _ width: Int, _ height: Int, _ columns: Range<Int>, _ rows: Range<Int>
    ) {
        (self.columns, self.rows) = (columns, rows)
        let reach = Self.reach, margin = reach + 1
        let (across, down) = (columns.count + 2 * margin, rows.count + 2 * margin)
        var patch = [Float](repeating: 0, count: across * down)
        var (least, most) = (Float.infinity, -Float.infinity)
        for j in 0..<down {
            let start = min(max(rows.lowerBound - margin + j, 0), height - 1) * width
            for i in 0..<across {
                let logit = logits[start + min(max(columns.lowerBound - margin + i, 0), width - 1)]
                let value = min(max(logit, -Self.limit), Self.limit)
                (least, most) = (min(least, value), max(most, value))
                patch[j * across + i] = value
            }
        }
        guard most > least else { return nil }
        // Sobel's slopes on all but the patch's edge, then their means along rows and down columns.
        let (inner, lines) = (across - 2, down - 2)
        let products = patch.withSharedBuffer { patch in
            [SIMD4<Float>](count: inner * lines) { products in
                for j in 0..<lines {
                    for i in 0..<inner {
                        let above = j * across + i, here = above + across, below = here + across
                        let (left, right) = (
                            patch[above] + 2 * patch[here] + patch[below],
                            patch[above + 2] + 2 * patch[here + 2] + patch[below + 2]
                        )
                        let (top, bottom) = (
                            patch[above] + 2 * patch[above + 1] + patch[above + 2],
                            patch[below] + 2 * patch[below + 1] + patch[below + 2]
                        )
                        let (dx, dy) = ((right - left) / 8, (bottom - top) / 8)
                        products[j * inner + i] = SIMD4(dx * dx, dx * dy, dy * dy, 0)
                    }
                }
            }
        }
        let rowMeans = Self.means(products, width: inner, step: 1, columns: columns.count, rows: lines)
        tensor = Self.means(
            rowMeans, width: columns.count, step: columns.count, columns: columns.count, rows: rows.count)
    }

    /// - Parameters:
    ///   - width: of a row of `values`.
    ///   - step: from one value to the next that is averaged with it.
    ///   - columns: of the means, which begin `reach` steps after `values`.
    private static func means(_ values: [SIMD4<Float>], width: Int, step: Int, columns: Int, rows: Int)
        -> [SIMD4<Float>]
    {
        let weights = Self.weights
        return values.withSharedBuffer { values in
            [SIMD4<Float>](count: columns * rows) { means in
                for row in 0..<rows {
                    for column in 0..<columns {
                        let middle = row * width + column + reach * step
                        var sum = values[middle] * weights.0
                        sum += (values[middle - step] + values[middle + step]) * weights.1
                        sum += (values[middle - 2 * step] + values[middle + 2 * step]) * weights.2
                        sum += (values[middle - 3 * step] + values[middle + 3 * step]) * weights.3
                        means[row * columns + column] = sum
                    }
                }
            }
        }
    }

    /// The direction of a border at a place, and how surely there is one direction, 0…1; `nil` where there is none.
    @inline(__always)
    func way(_ x: Int, _ y: Int) -> (tangent: SIMD2<Float>, sureness: Float)? {
        let t = tensor[(y - rows.lowerBound) * columns.count + x - columns.lowerBound]
        let sum = t.x + t.z, difference = t.x - t.z
        guard sum > Self.least else { return nil }
        let spread = (difference * difference + 4 * t.y * t.y).squareRoot(), share = spread / sum
        guard share > 0.1 else { return nil }
        // The steepest direction by the formulas for half an angle; the tangent is at a right angle to it.
        let cosine = max(0.5 + 0.5 * difference / spread, 0).squareRoot()
        let sine = cosine > 1e-3 ? t.y / (spread * cosine) : 1
        return (SIMD2(-sine, cosine), share * share)
    }
}
