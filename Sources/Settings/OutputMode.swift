/// Where a drawing goes in an image that has layers.
public enum OutputMode: String, CaseIterable, Codable, Sendable {
    /// A new layer above the source.
    case newLayer = "layer"
    /// A new layer that is drawn all over, with what is drawn of it as its layer mask and the strength as its opacity.
    case maskedLayer = "mask"
    /// A layer group with flat colour and lines as layers of their own.
    case layerGroup = "group"
    /// The source layer itself.
    case replace

    /// What the next drawing begins with after one that went here. Replacing is for the layer that the user saw named,
    /// and no other.
    public var next: OutputMode { self == .replace ? .newLayer : self }
}
