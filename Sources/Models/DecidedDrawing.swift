import Settings

/// One map that tells a generator where a feature of a face lies; Models/training/GUIDES.md says what each shows.
public enum GuideMap: String, Sendable, Codable, CaseIterable {
    case eyes, irises, lashes, highlights, brows, lips, mouth, oval, contours
}

/// What a generator decides for each pixel; Models/training/COMPOSITION.md says what is drawn there.
public enum Logit: String, Sendable, Codable, CaseIterable {
    case lines, shade, light, highlights, pupils, irises
}

extension ModelManifest {
    /// Extra input of a network that is told where the features of faces lie, [1, maps, height, width], zeros where
    /// there is no face.
    public struct Guides: Equatable, Sendable, Codable {
        /// Name of the input in the graph.
        public var input: String
        /// In the order of the input's channels.
        public var maps: [GuideMap]
    }

    /// How a logit becomes a mask: σ(sharpness · (logit + readiness)), steeper by k^crispness where the drawing is
    /// enlarged by k.
    public struct Decision: Equatable, Sendable, Codable {
        /// How steep the edge of a decision is.
        public var sharpness: Float
        /// How early a decision is made.
        public var readiness: Float
        /// 1 keeps a border as wide in pixels of the result, 0 as wide in the picture.
        public var crispness: Float
        /// What the effect of shade or light is multiplied by; `nil` is 1.
        public var strength: Float?

        /// A decision of these numbers.
        public init(sharpness: Float, readiness: Float, crispness: Float, strength: Float? = nil) {
            (self.sharpness, self.readiness, self.crispness, self.strength) = (
                sharpness, readiness, crispness, strength
            )
        }
    }

    /// What composition needs besides the network's answer.
    public struct Composition: Equatable, Sendable {
        /// Names of the outputs: [1, 3, h, w] of 0…1; [1, 6, h/2, w/2]; [1, logits, h, w].
        public let flat, effects, logits: String
        /// The logits in the order of the output's channels.
        public let channels: [Logit]
        /// A channel that has none is not drawn.
        public let decisions: [Logit: Decision]
    }

    /// Whether the lines are apart from the colour.
    public var drawsLinesApart: Bool { outputs.lines != nil || composition?.decisions[.lines] != nil }

    /// `nil` for a model whose colour is finished.
    public var composition: Composition? {
        guard let flat = outputs.flat, let effects = outputs.effects, let output = outputs.logits, let logits,
            let decisions
        else { return nil }
        let pairs = decisions.compactMap { name, decision in Logit(rawValue: name).map { ($0, decision) } }
        let known = Dictionary(pairs) { first, _ in first }
        return Composition(flat: flat, effects: effects, logits: output, channels: logits, decisions: known)
    }

    /// What is wrong with the fields for a drawing that is decided late; `nil` when nothing is.
    var compositionProblem: Message? {
        let parts = [outputs.flat, outputs.effects, outputs.logits]
        if outputs.colour != nil {
            return parts.allSatisfy { $0 == nil }
                ? nil
                : """
                its manifest names “colour” and also “flat”, “effects” or “logits”, and only one of the two ways can \
                be meant
                """
        }
        guard !parts.contains(nil) else {
            return "its manifest has to name the output “colour”, or all of “flat”, “effects” and “logits”"
        }
        guard let logits, !logits.isEmpty, Set(logits).count == logits.count else {
            return "“logits” has to name each channel of the output, once"
        }
        guard let decisions else { return "a model with “logits” needs “decisions” too" }
        let numbers = decisions.values.flatMap { decision -> [Float] in
            [decision.sharpness, decision.readiness, decision.crispness, decision.strength ?? 1]
        }
        guard numbers.allSatisfy({ $0.isFinite && abs($0) <= 100 }) else {
            return "“decisions” needs numbers of at most 100"
        }
        guard input.layout == .NCHW, input.size == nil else {
            return "a model with “logits” has to take pictures of every size as NCHW"
        }
        return input.multiple % 2 == 0
            ? nil : "a model with “logits” needs an even “multiple”, since its effects have half the size"
    }
}
