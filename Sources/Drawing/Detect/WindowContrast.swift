import Raster

extension Bitmap {
    /// Side of the blocks whose contrast is measured: no window of the cascade's first network lies in more than two
    /// of them along an axis.
    private static let contrastBlock = 16
    /// Least difference between the darkest and the lightest value of a channel where a face can be made out: an open
    /// sky, a wall or a background out of focus stays below it with its noise, which is averaged in a picture that is
    /// searched.
    static let leastContrast: Float = 12.0 / 255

    /// Whether something shows in any window of the cascade's first network; else it does not have to look.
    var hasContrastedWindow: Bool {
        let side = Self.contrastBlock
        let columns = (width + side - 1) / side, rows = (height + side - 1) / side
        let blocks = (0..<rows).map { row in (0..<columns).map { extremes(ofBlock: $0, row) } }
        // Four blocks that touch, as far as there are four.
        return (0..<max(rows - 1, 1)).contains { row in
            (0..<max(columns - 1, 1)).contains { column in
                var found = blocks[row][column]
                for y in row...min(row + 1, rows - 1) {
                    for x in column...min(column + 1, columns - 1) { found.join(blocks[y][x]) }
                }
                return found.contrast >= Self.leastContrast
            }
        }
    }

    private struct Extremes {
        var low = SIMD4<Float>(repeating: 2), high = SIMD4<Float>(repeating: -1)

        var contrast: Float {
            let range = high - low
            return max(range.x, range.y, range.z)
        }

        mutating func join(_ other: Extremes) {
            low = lower(low, other.low)
            high = upper(high, other.high)
        }
    }

    private func extremes(ofBlock column: Int, _ row: Int) -> Extremes {
        let side = Self.contrastBlock
        let (last, end) = (min((column + 1) * side, width), min((row + 1) * side, height))
        return pixels.withSharedBuffer { pixels in
            var found = Extremes()
            for y in row * side..<end {
                for index in y * width + column * side..<y * width + last {
                    found.low = lower(found.low, pixels[index])
                    found.high = upper(found.high, pixels[index])
                }
            }
            return found
        }
    }
}
