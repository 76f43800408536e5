import Raster

/// A correction of a drawing's tone that is worked out on a coarse copy and added to the fine one, so that lines and
/// the edges between flat colours stay as drawn.
package struct ToneShift: Sendable {
    /// What the generator was given and what it drew, both at the coarse size.
    let source: LabImage
    let drawn: LabImage
    /// Coarse pixels are this many pixels of the painting wide and high.
    let factor: Int

    /// The longer side of the coarse copies is at least this, and less than twice it, in pixels: fine enough to tell a
    /// lip from a cheek, too coarse to see texture.
    private static let coarsest = 128

    /// The shorter side of the coarse copies is at least this, so that a panorama keeps its faces.
    private static let narrowest = 64

    /// - Parameter source: what the generator was given, the same size as the painting.
    package init(source: Bitmap, painting: Painting) {
        let smallest = max(Self.coarsest, Self.narrowest * source.longSide / min(source.width, source.height))
        let wanted = Pyramid(source, smallest: smallest).levels,
            drawn = Pyramid(painting.pixels, smallest: smallest).levels
        let last = min(wanted.count, drawn.count) - 1
        self.source = LabImage(wanted[last])
        self.drawn = LabImage(drawn[last])
        factor = 1 << last
    }

    /// 0 for a photograph without colour, whose drawing has none either, and 1 for others.
    ///
    /// Networks that were trained on photographs in colour give grey ones some. Told by nearly the most vivid pixels:
    /// one red rose makes a picture one in colour.
    var colourfulness: Float {
        let chroma = source.values.map(Lab.chroma).sorted()
        guard !chroma.isEmpty else { return 1 }
        return smoothstep(2, 5, chroma[Int(0.98 * Double(chroma.count - 1))])
    }

    /// Adds the corrections, each of which sees what those before it have left, to the painting.
    func apply(_ corrections: [ToneCorrection], to painting: inout Painting) {
        guard !corrections.isEmpty else { return }
        var shift = Bitmap(width: drawn.width, height: drawn.height)
        shift.forEachRow { y, row in
            for x in row.indices {
                let index = y * row.count + x
                let before = drawn.values[index]
                var after = before
                for correction in corrections { after += correction.change(index, drawn: after, in: self) }
                row[x] = after == before ? .zero : Lab.toRGB(after) - Lab.toRGB(before)
            }
        }
        let scale = 1 / Float(factor)
        shift.withSampler(.clamp) { sample in
            painting.pixels.forEachRow { y, row in
                for x in row.indices {
                    var moved = clamped01(row[x] + sample.bilinear((Float(x) + 0.5) * scale, (Float(y) + 0.5) * scale))
                    moved.w = row[x].w
                    row[x] = moved
                }
            }
        }
    }

    /// Centre of coarse pixel `index` in the painting's coordinates.
    func centre(_ index: Int) -> Point {
        let (row, column) = index.quotientAndRemainder(dividingBy: drawn.width)
        return Point(x: (Double(column) + 0.5) * Double(factor), y: (Double(row) + 0.5) * Double(factor))
    }
}

/// One reason to move a drawing's tone.
protocol ToneCorrection: Sendable {
    /// How far to move coarse pixel `index`, in Lab, when it is `drawn` so far.
    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float>
}

/// `shift` shortened to a length of at most `limit`.
func shortened(_ shift: SIMD2<Float>, to limit: Float) -> SIMD2<Float> {
    let length = (shift * shift).sum().squareRoot()
    return length > limit ? shift * (limit / length) : shift
}
