/// Brings the photograph's own colours back into a drawing: its low-frequency chroma, so that shading and lines stay drawn.
enum KeepColors {
    /// Chroma is compared on the pyramid's level of this longer side, in pixels (up to twice that): fine enough to tell
    /// lips from skin, too coarse to bring texture back.
    private static let grid = 32

    /// - Parameters:
    ///   - source: what the generator was given, the same size as the painting.
    ///   - amount: 0 (the model's colours) … 1 (the photograph's).
    static func apply(_ painting: Painting, source: Bitmap, amount: Double) -> Painting {
        guard amount > 0 else { return painting }
        let wanted = Pyramid(source, smallest: grid).levels, drawn = Pyramid(painting.pixels, smallest: grid).levels
        let last = min(wanted.count, drawn.count) - 1
        var shift = wanted[last]
        for index in shift.pixels.indices {
            let difference = wanted[last].pixels[index] - drawn[last].pixels[index]
            shift.pixels[index] = (difference - luma(difference)) * Float(amount)
            shift.pixels[index].w = 0
        }
        var result = painting
        let scale = 1 / Float(1 << last)
        shift.withSampler(.clamp) { sample in
            result.pixels.forEachRow { y, row in
                for x in row.indices { row[x] += sample((Float(x) + 0.5) * scale, (Float(y) + 0.5) * scale) }
            }
        }
        return result
    }

    /// Rec. 709 luma of R'G'B'.
    private static func luma(_ c: SIMD4<Float>) -> Float { 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z }
}
