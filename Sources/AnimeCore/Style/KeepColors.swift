/// Brings the photograph's own colours back into a drawing: its low-frequency hue and chroma, so that shading and lines
/// stay drawn.
enum KeepColors {
    /// Coarse enough to leave texture behind, fine enough to tell lips from skin (pixels, longer side).
    private static let grid = 64

    /// - Parameters:
    ///   - source: what the generator was given, the same size as the painting.
    ///   - amount: 0 (the model's colours) … 1 (the photograph's).
    static func apply(_ painting: Painting, source: Bitmap, amount: Double) -> Painting {
        guard amount > 0 else { return painting }
        let shift = ToneShift(source: source, painting: painting, coarsest: grid)
        return shift.apply(to: painting) { index in
            var difference = (shift.source.values[index] - shift.drawn.values[index]) * Float(amount)
            difference.x = 0
            return difference
        }
    }
}
