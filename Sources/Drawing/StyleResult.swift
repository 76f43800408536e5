import Raster
import Settings

/// Something the user should know although the call succeeded.
public enum Notice: Equatable, Sendable, MessageConvertible {
    /// No face was found; the whole photograph was drawn instead where the region allows it.
    case noFace
    /// Faces were found but are smaller than the minimum size, in pixels.
    case facesTooSmall(count: Int, minimumSize: Double)

    /// The English text.
    public var text: String { message.description }

    /// One sentence for the user.
    public var message: Message {
        switch self {
        case .noFace:
            return "No face was found, so the whole photograph was drawn."
        case let .facesTooSmall(count, minimumSize):
            let size = Int(minimumSize.rounded())
            return count == 1
                ? "One face is smaller than \(size) pixels and was not drawn apart."
                : "\(count) faces are smaller than \(size) pixels and were not drawn apart."
        }
    }
}

/// Wall-clock time of one stage.
public struct StageTiming: Equatable, Sendable, Codable {
    /// Which stage.
    public let stage: Stage
    /// How long it took.
    public let seconds: Double

    /// `stage` took `seconds`.
    public init(stage: Stage, seconds: Double) {
        self.stage = stage
        self.seconds = seconds
    }
}

/// What one call returns.
public struct StyleResult: Sendable {
    /// The drawing, same size and alpha as the photograph.
    public var picture: Bitmap
    /// Faces that were drawn, in photograph coordinates, best score first.
    public var faces: [Face]
    /// What the user should know.
    public var notices: [Notice]
    /// Of all stages that ran, in order.
    public var timings: [StageTiming]
}
