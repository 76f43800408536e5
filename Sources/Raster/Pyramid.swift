/// A picture and its halvings: level `n` has half the resolution of level `n − 1`, so that a picture can be sampled at
/// any smaller scale without aliasing.
public struct Pyramid: Sendable {
    /// Level 0 is the picture itself.
    public let levels: [Bitmap]

    /// - Parameter smallest: no level is made whose longer side would be under this many pixels.
    public init(_ picture: Bitmap, smallest: Int = 16) {
        var levels = [picture]
        while let last = levels.last, last.longSide >= 2 * smallest {
            levels.append(Self.halved(last))
        }
        self.levels = levels
    }

    /// The level to sample when one pixel of the destination covers `shrink` pixels of the picture: the one that leaves
    /// between 0.7 and 1.4 pixels.
    package func level(forShrink shrink: Double) -> Int { Self.level(forShrink: shrink, of: levels.count) }

    package static func level(forShrink shrink: Double, of count: Int) -> Int {
        var (level, rest) = (0, shrink)
        while rest > 1.414, level < count - 1 {
            rest /= 2
            level += 1
        }
        return level
    }

    /// 2×2 averages; an odd last row or column is averaged with itself, so that level n keeps x ↦ x / 2ⁿ exactly.
    package static func halved(_ source: Bitmap) -> Bitmap {
        source.pixels.withSharedBuffer { pixels in
            Bitmap(
                width: (source.width + 1) / 2, height: (source.height + 1) / 2,
                fill: { y, row in halve(pixels, of: source, y, into: row) })
        }
    }

    /// Row `y` of the next level.
    ///
    /// - Parameter pixels: those of `source`.
    static func halve(
        _ pixels: SharedBuffer<SIMD4<Float>>, of source: Bitmap, _ y: Int,
        into row: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        let top = 2 * y * source.width
        let bottom = min(2 * y + 1, source.height - 1) * source.width
        let pairs = source.width / 2
        for x in 0..<pairs {
            let left = 2 * x
            row[x] =
                (pixels[top + left] + pixels[top + left + 1] + pixels[bottom + left] + pixels[bottom + left + 1]) * 0.25
        }
        guard pairs < row.count else { return }
        let last = source.width - 1
        row[pairs] = (pixels[top + last] + pixels[top + last] + pixels[bottom + last] + pixels[bottom + last]) * 0.25
    }
}
