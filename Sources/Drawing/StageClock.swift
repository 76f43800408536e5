/// Adds up wall-clock time by stage.
struct StageClock {
    private var seconds: [Stage: Double] = [:]

    mutating func measure<Result>(_ stage: Stage, _ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        let result = try body()
        let elapsed = (ContinuousClock.now - start).components
        seconds[stage, default: 0] += Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        return result
    }

    /// Stages that ran, in order.
    var timings: [StageTiming] {
        Stage.allCases.compactMap { stage in seconds[stage].map { StageTiming(stage: stage, seconds: $0) } }
    }
}
