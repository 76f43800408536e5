extension Plane {
    /// Blurred by a Gaussian within a weight (of the same size), at a coarse size where that is enough: beyond it the
    /// values go on, and far from it they are its mean.
    ///
    /// - Parameter sigma: in pixels.
    package func smoothed(within weight: Plane, sigma: Double) -> Plane {
        let step = max(1, Int(sigma / 3))
        let (columns, rows) = ((width + step - 1) / step, (height + step - 1) / step)
        var sums = Plane(width: columns, height: rows), shares = sums
        for y in 0..<height {
            let row = (y / step) * columns
            for x in 0..<width {
                let share = weight.values[y * width + x]
                sums.values[row + x / step] += values[y * width + x] * share
                shares.values[row + x / step] += share
            }
        }
        let (sum, share) = (
            sums.blurred(sigma: sigma / Double(step)), shares.blurred(sigma: sigma / Double(step))
        )
        let mean = sums.values.reduce(0, +) / max(shares.values.reduce(0, +), 1e-6), few = 1e-3 * Float(step * step)
        let coarse = Plane(
            width: columns, height: rows,
            values: sum.values.indices.map { (sum.values[$0] + few * mean) / (share.values[$0] + few) })
        guard step > 1 else { return coarse }
        var result = self
        for y in 0..<height {
            for x in 0..<width {
                result.values[y * width + x] = coarse.bilinear(
                    (Double(x) + 0.5) / Double(step), (Double(y) + 0.5) / Double(step))
            }
        }
        return result
    }
}
