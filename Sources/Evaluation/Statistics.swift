import Raster

/// A median and how sure it is.
public struct Estimate: Equatable, Sendable, Codable {
    /// Values that went into it.
    public let count: Int
    /// Of the values.
    public let median: Double
    /// Bounds of the 95 % interval.
    public let low: Double
    /// Upper end of the interval.
    public let high: Double
}

/// The few statistics that the evaluation needs.
public enum Statistics {
    /// The middle value, or the mean of the two middle ones; `nil` when there is none.
    public static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// The median with its 95 % interval by the percentile bootstrap (Efron 1979). The same values give the same
    /// interval.
    ///
    /// - Returns: `nil` when there is no value.
    public static func estimate(_ values: [Double], resamples: Int = 2000, seed: UInt64 = 1) -> Estimate? {
        guard let median = median(values) else { return nil }
        var random = SplitMix64(seed: seed)
        var medians: [Double] = []
        medians.reserveCapacity(resamples)
        for _ in 0..<resamples {
            let drawn = values.map { _ in values[Int.random(in: 0..<values.count, using: &random)] }
            if let middle = Self.median(drawn) { medians.append(middle) }
        }
        medians.sort()
        func quantile(_ share: Double) -> Double {
            medians.isEmpty ? median : medians[min(Int(share * Double(medians.count)), medians.count - 1)]
        }
        // With few values the resampled medians may all lie on one side of the median of an even count.
        return Estimate(
            count: values.count, median: median, low: min(quantile(0.025), median), high: max(quantile(0.975), median))
    }

    /// What `measured` has beyond a noise floor that adds in squares: √(m² − floor²), 0 where it is below the floor.
    public static func excess(_ measured: Double, over floor: Double) -> Double {
        max(measured * measured - floor * floor, 0).squareRoot()
    }

    /// By which share `value` is smaller than `baseline`, 1 for nothing left, negative where it is larger; `nil` when
    /// the baseline is 0.
    public static func reduction(_ value: Double, against baseline: Double) -> Double? {
        baseline > 0 ? 1 - value / baseline : nil
    }
}
