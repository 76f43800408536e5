import Raster

/// c₀ + c₁t + c₂t², fitted so that single values far off count little: weighted least squares whose weights follow from
/// the residuals (the biweight of Beaton and Tukey 1974).
struct Parabola {
    private let coefficients: SIMD3<Double>

    private static let rounds = 6
    /// Residuals beyond so many of their usual size count nothing.
    private static let reach = 3.5
    /// Below this residuals are no size.
    private static let least = 0.004

    /// - Parameters:
    ///   - points: t and its value.
    ///   - above: how much more than others values above the curve count; teeth end in a wave, and the curve lies at
    ///     its peaks.
    ///   - slant: share of c₁ that stays.
    /// - Returns: `nil` where they are too few.
    init?(_ points: [(t: Double, value: Double)], above: Double = 0, slant: Double = 1) {
        guard points.count >= 6 else { return nil }
        var weights = [Double](repeating: 1, count: points.count), found = SIMD3<Double>.zero
        for _ in 0..<Self.rounds {
            guard let solved = Self.solved(points, weights) else { return nil }
            found = solved
            let residuals = points.map { $0.value - Self.value(found, $0.t) }
            let usual = Double(residuals.map { Float(abs($0)) }.median ?? 0) * 1.48 + Self.least
            weights = residuals.map { residual in
                let off = residual / (Self.reach * usual), near = max(0, 1 - off * off)
                return near * near * (residual > 0 ? 1 + above : 1)
            }
        }
        found.y *= slant
        coefficients = found
    }

    func callAsFunction(_ t: Double) -> Double { Self.value(coefficients, t) }

    private static func value(_ c: SIMD3<Double>, _ t: Double) -> Double { c.x + t * (c.y + t * c.z) }

    /// By the normal equations and Cramer's rule.
    private static func solved(_ points: [(t: Double, value: Double)], _ weights: [Double]) -> SIMD3<Double>? {
        var sums = [Double](repeating: 0, count: 5), right = SIMD3<Double>.zero
        for (point, weight) in zip(points, weights) {
            var power = weight * weight
            for index in sums.indices {
                sums[index] += power
                if index < 3 { right[index] += power * point.value }
                power *= point.t
            }
        }
        let rows = (0..<3).map { SIMD3(sums[$0], sums[$0 + 1], sums[$0 + 2]) }
        func determinant(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) -> Double {
            a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x) + a.z * (b.x * c.y - b.y * c.x)
        }
        // The matrix is symmetric, so that its rows are its columns.
        let whole = determinant(rows[0], rows[1], rows[2])
        guard abs(whole) > 1e-12 else { return nil }
        return SIMD3(
            determinant(right, rows[1], rows[2]), determinant(rows[0], right, rows[2]),
            determinant(rows[0], rows[1], right)) / whole
    }
}
