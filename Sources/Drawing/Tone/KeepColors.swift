/// Brings the photograph's own colours back into a drawing: hue and chroma at the coarse size, so that shading and
/// lines stay drawn.
struct KeepColors: ToneCorrection {
    /// 0 (the model's colours) … 1 (the photograph's).
    let amount: Double

    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float> {
        var difference = (shift.source.values[index] - drawn) * Float(amount)
        difference.x = 0
        return difference
    }
}
