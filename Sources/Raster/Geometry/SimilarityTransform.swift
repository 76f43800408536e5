/// Rotation, uniform scale and translation: (x, y) ↦ (a·x − b·y + tx, b·x + a·y + ty).
public struct SimilarityTransform: Equatable, Sendable {
    /// Scale times the cosine of the angle.
    public var a: Double
    /// Scale times the sine of the angle.
    public var b: Double
    /// Shift to the right.
    public var tx: Double
    /// Shift downwards.
    public var ty: Double

    /// Leaves every point where it is.
    public static let identity = SimilarityTransform(a: 1, b: 0, tx: 0, ty: 0)

    /// From its four numbers.
    public init(a: Double, b: Double, tx: Double, ty: Double) {
        self.a = a
        self.b = b
        self.tx = tx
        self.ty = ty
    }

    /// Scale by `scale`, rotate by `angle` radians (clockwise on screen, since y points down), then translate.
    public init(scale: Double, angle: Double = 0, tx: Double = 0, ty: Double = 0) {
        self.init(a: scale * cosine(angle), b: scale * sine(angle), tx: tx, ty: ty)
    }

    /// Length of a unit vector after the transform.
    public var scale: Double { (a * a + b * b).squareRoot() }

    /// The point that `p` is moved to.
    @inlinable
    public func apply(_ p: Point) -> Point {
        Point(x: a * p.x - b * p.y + tx, y: b * p.x + a * p.y + ty)
    }

    /// The exact inverse; `nil` when the scale is zero or not finite.
    public var inverse: SimilarityTransform? {
        let d = a * a + b * b
        guard d.isFinite, d > 1e-18, tx.isFinite, ty.isFinite else { return nil }
        let (ia, ib) = (a / d, -b / d)
        return SimilarityTransform(a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty))
    }

    /// First `self`, then `next`.
    public func then(_ next: SimilarityTransform) -> SimilarityTransform {
        let moved = next.apply(Point(x: tx, y: ty))
        return SimilarityTransform(a: next.a * a - next.b * b, b: next.b * a + next.a * b, tx: moved.x, ty: moved.y)
    }

    /// A least-squares fit and how well it fits.
    public struct Fit: Equatable, Sendable {
        /// The fitted transform.
        public let transform: SimilarityTransform
        /// Root mean square distance between moved and wanted landmarks, divided by the wanted inter-ocular distance.
        public let residual: Double
    }

    /// The similarity that moves `source` closest to `target` in the least-squares sense (Umeyama 1991; in two
    /// dimensions and without reflections it is one complex division, Σ conj(p)·q / Σ |p|² on centred points).
    ///
    /// - Returns: `nil` when the landmarks are not finite or all in one place.
    public static func estimate(from source: Landmarks, to target: Landmarks) -> Fit? {
        let (p, q) = (source.points, target.points)
        let n = Double(p.count)
        let pMean = p.reduce(Point(x: 0, y: 0), +) * (1 / n)
        let qMean = q.reduce(Point(x: 0, y: 0), +) * (1 / n)
        var (real, imaginary, power) = (0.0, 0.0, 0.0)
        for (u, v) in zip(p, q) {
            let (s, t) = (u - pMean, v - qMean)
            real += s.x * t.x + s.y * t.y
            imaginary += s.x * t.y - s.y * t.x
            power += s.x * s.x + s.y * s.y
        }
        guard power.isFinite, power > 1e-12, real.isFinite, imaginary.isFinite else { return nil }
        var fit = SimilarityTransform(a: real / power, b: imaginary / power, tx: 0, ty: 0)
        let moved = fit.apply(pMean)
        fit.tx = qMean.x - moved.x
        fit.ty = qMean.y - moved.y
        let error = zip(p, q).reduce(0.0) { sum, pair in
            let d = fit.apply(pair.0) - pair.1
            return sum + d.x * d.x + d.y * d.y
        }
        let unit = target.interOcularDistance
        guard fit.inverse != nil, unit > 0 else { return nil }
        return Fit(transform: fit, residual: (error / n).squareRoot() / unit)
    }
}
