import Raster

/// What is drawn.
public enum Region: String, Sendable, CaseIterable, Codable {
    /// Faces only; the rest of the photograph stays a photograph.
    case faces
    /// The whole photograph in one go, faces not treated apart.
    case photo
    /// The whole photograph at working size, with each face at its own canonical size on top.
    case both
}

/// Arithmetic of a network. `float32` repeats to the byte on one machine; `half` is the CPU's fastest 16-bit format
/// where it has one (bfloat16 or float16) and float32 elsewhere.
public enum Precision: String, Sendable, CaseIterable, Codable {
    case float32
    case half
}

/// How a photograph is drawn. `validated()` checks the ranges.
public struct StyleOptions: Equatable, Sendable {
    /// Share of the drawing in the result, 0 (photograph) … 1 (drawing).
    public var strength: Double = 1
    /// What is drawn.
    public var region: Region = .both
    /// Line coverage is multiplied by this: 0 (none) … 1 (as drawn) … 2 (heavy).
    public var lineStrength: Double = 1
    /// Share of the photograph's own colours that is kept, 0 … 1.
    public var keepColors: Double = 0
    /// Distance of the drawing's colours from gray: 0 (gray) … 1 (as drawn) … 2 (twice as far).
    public var vividness: Double = 1
    /// How far skin is brought back to the photograph's mean skin colour, 0 … 1.
    public var skinConstancy: Double = 0.8
    /// How far hair is held to the photograph's hue and chroma, 0 … 1.
    public var hairLimit: Double = 0.7
    /// How far the light is evened out before drawing, 0 … 1.
    public var lighting: Double = 0
    /// How finely the whole is drawn: 0 (a quarter of the usual area) … 0.5 (the style's usual area) … 1 (the
    /// photograph's own size, as far as memory allows).
    public var detail: Double = 0.5
    /// Smallest face that is drawn apart, in pixels of the photograph; `nil` draws all that are large enough to be
    /// drawn.
    public var minimumFaceSize: Double?
    /// Points in pixels of the photograph, each about the centre of a face that is not to be drawn apart: with
    /// `Region.both` such a face is drawn with the rest, with `Region.faces` it stays a photograph. A point leaves out
    /// the face whose box's centre is nearest, if no farther than half that box's shorter side; one with no such face
    /// changes nothing.
    public var excludedFaces: [Point] = []
    /// Arithmetic of the style's network.
    public var precision: Precision = .half

    /// The usual values.
    public init() {}
}
