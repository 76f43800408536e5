/// Where the drawing goes.
enum OutputMode: String, CaseIterable, Codable, Sendable {
    /// A new layer above the source.
    case newLayer
    /// A new layer that is drawn all over, with what is drawn of it as its layer mask and the strength as its opacity.
    case maskedLayer
    /// A layer group with flat colour and lines as layers of their own.
    case layerGroup
    /// The source layer itself.
    case replace
}
