/// The stages of one call, in order.
public enum Stage: String, Sendable, CaseIterable, Codable {
    case detect, align, stylize, tone, pasteBack

    /// Share of the whole call's time, roughly as measured on two CPU cores with one face; sums to 1.
    var weight: Double {
        switch self {
        case .detect: return 0.10
        case .align: return 0.05
        case .stylize: return 0.70
        case .tone: return 0.05
        case .pasteBack: return 0.10
        }
    }
}

/// Where a call stands.
public struct StageProgress: Equatable, Sendable {
    /// What is being done.
    public let stage: Stage
    /// Share of the whole call that is done, 0…1, never falling.
    public let fraction: Double

    /// - Parameter share: how much of `stage` is done, 0…1.
    public init(_ stage: Stage, _ share: Double) {
        let before = Stage.allCases.prefix { $0 != stage }.reduce(0) { $0 + $1.weight }
        self.stage = stage
        fraction = before + stage.weight * min(max(share, 0), 1)
    }
}

/// Told of each step; throws `StyleError.cancelled` to stop the call. Called on the thread that runs the call.
public typealias ProgressHandler = (StageProgress) throws -> Void
