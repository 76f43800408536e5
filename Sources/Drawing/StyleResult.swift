import Raster
import Settings

/// Something the user should know although the call succeeded.
public enum Notice: Equatable, Sendable, MessageConvertible {
    /// No face was found; the whole photograph was drawn instead where the region allows it.
    case noFace
    /// No face lies in the part of the photograph that is selected; that part was drawn as a whole, or nothing was.
    case noFaceSelected(isDrawn: Bool)
    /// Faces were found but are smaller than the minimum size, in pixels of the photograph. They are drawn with the
    /// rest or, if only faces are drawn, left as they are.
    case facesTooSmall(count: Int, minimumSize: Double, areDrawn: Bool)
    /// Places look like faces to the detector alone; the same becomes of them.
    case facesRefused(count: Int, areDrawn: Bool)

    /// The setting with which the user can change it; `nil` when none does.
    public var setting: Setting? {
        if case .facesTooSmall = self { return Setting.named("min-face") }
        return nil
    }

    /// One sentence for the user.
    public var message: Message {
        switch self {
        case .noFace:
            return "No face was found, so the whole photograph was drawn."
        case .noFaceSelected(isDrawn: true):
            return "No face was found, so all that is selected was drawn."
        case .noFaceSelected(isDrawn: false):
            return "None of the faces is selected, so nothing was drawn."
        case let .facesTooSmall(count, minimumSize, areDrawn):
            let size = Int(minimumSize.rounded())
            switch (count, areDrawn) {
            case (1, true): return "One face is smaller than \(size) pixels and was drawn with the rest."
            case (1, false): return "One face is smaller than \(size) pixels and stayed a photograph."
            case (_, true): return "\(count) faces are smaller than \(size) pixels and were drawn with the rest."
            case (_, false): return "\(count) faces are smaller than \(size) pixels and stayed a photograph."
            }
        case let .facesRefused(count, areDrawn):
            switch (count, areDrawn) {
            case (1, true): return "One place that resembles a face was taken for a pattern and drawn with the rest."
            case (1, false): return "One place that resembles a face was taken for a pattern and stayed a photograph."
            case (_, true):
                return "\(count) places that resemble faces were taken for patterns and drawn with the rest."
            case (_, false):
                return "\(count) places that resemble faces were taken for patterns and stayed a photograph."
            }
        }
    }

    /// The sentence, and how `settingName` changes it where a setting does.
    ///
    /// - Parameter name: what the host calls a setting.
    public func message(naming name: (Setting) -> Message) -> Message {
        guard let setting else { return message }
        return "\(message) “\(name(setting))” changes that."
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
