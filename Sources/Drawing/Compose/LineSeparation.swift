import Raster

/// Flat colour and lines as two layers that an editor puts one over the other.
///
/// Lines are mixed in as colour·(1 − α) + tint·α. Where drawings of two faces blend, the mixed coverage and colour do
/// not give the mixed picture exactly; coverage is then raised to the least that does, as in separating a colour from a
/// known background.
public enum LineSeparation {
    /// Replaces `flat` by the lower layer and `drawing` by the upper one, both with straight alpha, so that the upper
    /// over the lower gives `drawing` at the photograph's alpha. All numbers are of one encoding, in which the layers
    /// are mixed too.
    ///
    /// - Parameters:
    ///   - flat: colour without lines, `w` the line coverage; becomes the colour layer.
    ///   - drawing: colour with lines, same size; becomes the line layer.
    ///   - alpha: the photograph, same size, of which only `w` is read.
    public static func separate(flat: inout Bitmap, drawing: inout Bitmap, alpha photograph: Bitmap) {
        drawing.pixels.withSharedMutableBuffer { drawing in
            photograph.pixels.withSharedBuffer { photograph in
                flat.forEachRow { y, row in
                    for x in row.indices {
                        let index = y * row.count + x
                        let layers = separated(
                            flat: row[x], drawing: drawing[index], alpha: min(max(photograph[index].w, 0), 1))
                        (row[x], drawing[index]) = layers
                    }
                }
            }
        }
    }

    /// - Returns: the lower and the upper layer's pixel.
    static func separated(flat: SIMD4<Float>, drawing: SIMD4<Float>, alpha: Float) -> (
        colour: SIMD4<Float>, line: SIMD4<Float>
    ) {
        var coverage = flat.w
        for channel in 0..<3 {
            let (from, to) = (flat[channel], drawing[channel])
            if to < from, from > 0 { coverage = max(coverage, (from - to) / from) }
            if to > from, from < 1 { coverage = max(coverage, (to - from) / (1 - from)) }
        }
        coverage = min(max(coverage, 0), 1)
        var line = coverage > 0 ? flat + (drawing - flat) / coverage : drawing
        var colour = flat
        line.w = coverage * alpha
        // Under a line as much less of the colour is left over as keeps the alpha of both together that of the
        // photograph.
        colour.w = alpha >= 1 ? 1 : (1 - coverage) * alpha / (1 - coverage * alpha)
        return (colour, line)
    }
}
