import Raster

/// Makes a drawing's colours stronger or weaker.
///
/// The matrix of `saturate()` in the W3C's Filter Effects Module Level 1: colours move away from the gray of their own
/// luminance, so that gray stays gray and lightness hardly changes.
enum Vividness {
    private static let luminance = SIMD4<Float>(0.213, 0.715, 0.072, 0)

    /// Lines stay as they are.
    ///
    /// - Parameter amount: 0 (gray) … 1 (as drawn) … 2 (twice as far from gray).
    static func apply(to drawing: inout Painting, amount: Double) {
        guard amount != 1 else { return }
        let amount = Float(amount)
        drawing.pixels.forEachRow { _, row in
            for x in row.indices {
                let colour = row[x]
                let gray = SIMD4<Float>(repeating: (colour * luminance).sum())
                row[x] = clamped01(gray + (colour - gray) * amount)
                row[x].w = colour.w
            }
        }
    }
}
