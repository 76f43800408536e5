import Raster

/// Reads a drawing at the photograph's resolution. Where that enlarges the drawing, a drawing that can still be decided
/// is decided there; of one that is finished, edges are steepened between their own two sides (a shock filter in the
/// manner of Osher and Rudin 1990, one step, no iteration), so that flat colours and lines stay crisp at any size;
/// gradients and flat places are left as the cubic gives them.
struct DrawingSampler {
    private let sample: Sampler
    private let scaleX: Float
    private let scaleY: Float
    /// Slope of the curve between an edge's sides; 1 leaves the cubic alone.
    private let gain: Float
    let late: LateDecision?

    /// Distance at which an edge's sides are looked for, in pixels of the drawing.
    private static let reach: Float = 0.8
    /// Enlargements below this look sharp by themselves.
    private static let softFrom = 1.2

    /// - Parameters:
    ///   - scaleX: pixels of the sampled level for each unit of x the sampler is asked for.
    ///   - magnification: photograph pixels for each pixel of the drawing.
    ///   - late: decides at this size; `nil` for a finished drawing.
    init(_ sample: Sampler, scaleX: Float, scaleY: Float, magnification: Double, late: LateDecision? = nil) {
        self.sample = sample
        self.scaleX = scaleX
        self.scaleY = scaleY
        self.late = late
        gain = magnification > Self.softFrom ? Float(min(1 + (magnification - Self.softFrom), 3)) : 1
    }

    /// - Parameter photograph: its pixel at this place, which enlarged colour follows.
    @inline(__always)
    func callAsFunction(_ x: Float, _ y: Float, photograph: SIMD4<Float>) -> SIMD4<Float> {
        let (u, v) = (x * scaleX, y * scaleY)
        if let late { return late(u, v, photograph: photograph) }
        let centre = sample(u, v)
        guard gain > 1 else { return centre }
        let left = sample.bilinear(u - Self.reach, v), right = sample.bilinear(u + Self.reach, v)
        let above = sample.bilinear(u, v - Self.reach), below = sample.bilinear(u, v + Self.reach)
        let low = lower(lower(lower(left, right), lower(above, below)), centre)
        let high = upper(upper(upper(left, right), upper(above, below)), centre)
        let middle = (low + high) * 0.5
        return lower(upper(middle + (centre - middle) * gain, low), high)
    }
}
