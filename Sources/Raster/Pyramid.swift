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
        let (width, height) = ((source.width + 1) / 2, (source.height + 1) / 2)
        var result = Bitmap(width: width, height: height)
        source.pixels.withSharedBuffer { pixels in
            result.forEachRow { y, row in
                let top = 2 * y * source.width
                let bottom = min(2 * y + 1, source.height - 1) * source.width
                for x in 0..<width {
                    let (left, right) = (2 * x, min(2 * x + 1, source.width - 1))
                    row[x] =
                        (pixels[top + left] + pixels[top + right] + pixels[bottom + left] + pixels[bottom + right])
                        * 0.25
                }
            }
        }
        return result
    }
}
