import Raster

/// The part of a picture in which something shows, not empty.
struct ContrastedArea: Equatable {
    let columns, rows: Range<Int>
}

extension Bitmap {
    /// Side of the blocks whose contrast is measured: no window of the cascade's first network lies in more than two
    /// of them along an axis.
    private static let contrastBlock = 16
    /// Least difference between the darkest and the lightest value of a channel where a face can be made out: an open
    /// sky, a wall or a background out of focus stays below it with its noise, which is averaged in a picture that is
    /// searched.
    static let leastContrast: Float = 12.0 / 255

    /// The rectangle about all windows of the cascade's first network that show something, in whole steps of it;
    /// `nil` when none does. The network does not have to look at the rest.
    var contrastedArea: ContrastedArea? {
        let side = Self.contrastBlock
        let (columns, rows) = ((width + side - 1) / side, (height + side - 1) / side)
        let extremes = blockExtremes(columns, rows)
        var (across, down) = ((least: columns, most: -1), (least: rows, most: -1))
        for row in 0..<max(rows - 1, 1) {
            for column in 0..<max(columns - 1, 1) where Self.hasContrast(extremes, column, row, columns, rows) {
                across = (min(across.least, column), max(across.most, column))
                down = (min(down.least, row), max(down.most, row))
            }
        }
        guard down.most >= 0 else { return nil }
        func span(_ found: (least: Int, most: Int), _ count: Int) -> Range<Int> {
            found.least * side..<min((found.most + 2) * side, count)
        }
        return ContrastedArea(columns: span(across, width), rows: span(down, height))
    }

    private struct Extremes: Sendable {
        var low, high: SIMD4<Float>
    }

    private func blockExtremes(_ columns: Int, _ rows: Int) -> [Extremes] {
        let side = Self.contrastBlock, (width, height) = (self.width, self.height)
        return pixels.withSharedBuffer { pixels in
            [Extremes](count: columns * rows) { extremes in
                parallelFor(rows) { row in
                    for column in 0..<columns {
                        var found = Extremes(low: SIMD4(repeating: 2), high: SIMD4(repeating: -1))
                        for y in row * side..<min((row + 1) * side, height) {
                            for index in y * width + column * side..<y * width + min((column + 1) * side, width) {
                                found.low = lower(found.low, pixels[index])
                                found.high = upper(found.high, pixels[index])
                            }
                        }
                        extremes[row * columns + column] = found
                    }
                }
            }
        }
    }

    /// Of four blocks that touch, as far as there are four.
    private static func hasContrast(_ extremes: [Extremes], _ column: Int, _ row: Int, _ columns: Int, _ rows: Int)
        -> Bool
    {
        let (right, below) = (min(column + 1, columns - 1), min(row + 1, rows - 1))
        var found = extremes[row * columns + column]
        for index in [row * columns + right, below * columns + column, below * columns + right] {
            found.low = lower(found.low, extremes[index].low)
            found.high = upper(found.high, extremes[index].high)
        }
        let range = found.high - found.low
        return max(range.x, range.y, range.z) >= leastContrast
    }
}
