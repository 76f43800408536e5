/// A correction of a drawing's tone that is worked out on a coarse copy and added to the fine one, so that lines and the
/// edges between flat colours stay as drawn.
struct ToneShift {
    /// What the generator was given and what it drew, both at the coarse size.
    let source: LabImage
    let drawn: LabImage
    /// Coarse pixels are this many pixels of the painting wide and high.
    let factor: Int

    /// - Parameters:
    ///   - source: what the generator was given, the same size as the painting.
    ///   - coarsest: the longer side of the coarse copies is at least this, and less than twice it.
    init(source: Bitmap, painting: Painting, coarsest: Int) {
        let wanted = Pyramid(source, smallest: coarsest).levels, drawn = Pyramid(painting.pixels, smallest: coarsest).levels
        let last = min(wanted.count, drawn.count) - 1
        self.source = LabImage(wanted[last])
        self.drawn = LabImage(drawn[last])
        factor = 1 << last
    }

    /// Adds `change(index)`, a difference in Lab for each coarse pixel, to the painting.
    func apply(to painting: Painting, change: (_ index: Int) -> SIMD3<Float>) -> Painting {
        var shift = Bitmap(width: drawn.width, height: drawn.height)
        for index in shift.pixels.indices {
            let before = drawn.values[index]
            shift.pixels[index] = Lab.toRGB(before + change(index)) - Lab.toRGB(before)
        }
        var result = painting
        let scale = 1 / Float(factor)
        shift.withSampler(.clamp) { sample in
            result.pixels.forEachRow { y, row in
                for x in row.indices {
                    var moved = row[x] + sample((Float(x) + 0.5) * scale, (Float(y) + 0.5) * scale)
                    moved = clamped01(moved)
                    moved.w = row[x].w
                    row[x] = moved
                }
            }
        }
        return result
    }

    /// Centre of coarse pixel `index` in the painting's coordinates.
    func centre(_ index: Int) -> Point {
        let (row, column) = index.quotientAndRemainder(dividingBy: drawn.width)
        return Point(x: (Double(column) + 0.5) * Double(factor), y: (Double(row) + 0.5) * Double(factor))
    }
}

/// `shift` shortened to a length of at most `limit`.
func shortened(_ shift: SIMD2<Float>, to limit: Float) -> SIMD2<Float> {
    let length = (shift * shift).sum().squareRoot()
    return length > limit ? shift * (limit / length) : shift
}
