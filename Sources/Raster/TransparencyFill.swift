/// Gives transparent pixels the colours around them, since what hides under transparency is often black and a drawing
/// would outline it. Push-pull over a pyramid (Gortler et al. 1996, section 3.4).
package enum TransparencyFill {
    /// An opaque picture that shows `picture` where it is opaque; the picture itself when it is opaque everywhere.
    package static func opaque(_ picture: Bitmap) -> Bitmap {
        guard picture.pixels.contains(where: { !($0.w >= 1) }) else { return picture }
        var weighted = picture
        weighted.forEachRow { _, row in
            for x in row.indices {
                let pixel = row[x].finiteOrZero
                let alpha = min(max(pixel.w, 0), 1)
                row[x] = pixel * alpha
                row[x].w = alpha
            }
        }
        let levels = Pyramid(weighted, smallest: 1).levels
        let top = levels[levels.count - 1].pixels[0]
        // A picture without a single opaque pixel has nothing to go by: mid gray.
        let seed = top.w > 0 ? top / top.w : SIMD4(0.5, 0.5, 0.5, 1)
        var coarse = Bitmap(width: 1, height: 1, filledWith: seed)
        for level in levels.reversed() {
            coarse = pulled(level, under: coarse)
        }
        return coarse
    }

    /// `level`'s own colours where it has alpha, those of the coarser picture where it has not.
    private static func pulled(_ level: Bitmap, under coarse: Bitmap) -> Bitmap {
        var result = level
        coarse.withSampler(.clamp) { sample in
            result.forEachRow { y, row in
                for x in row.indices where row[x].w < 1 {
                    let below = sample((Float(x) + 0.5) / 2, (Float(y) + 0.5) / 2)
                    row[x] += below * (1 - row[x].w)
                    row[x].w = 1
                }
            }
        }
        return result
    }
}
