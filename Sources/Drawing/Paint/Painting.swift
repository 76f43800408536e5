import Raster

/// What a generator draws: flat colour and the lines apart, so that line strength needs no second run.
public struct Painting: Equatable, Sendable {
    /// `x`, `y`, `z` are flat R'G'B', nominally 0…1; `w` is line coverage, 0…1.
    public var pixels: Bitmap
    /// Line colour as a share of the local colour: R, G, B.
    public let lineTint: SIMD3<Float>
    /// What `pixels` were decided from, so that it can be decided again where the drawing is enlarged; `nil` for models
    /// whose colour is finished.
    var undecided: UndecidedDrawing?

    /// The same with its pixels decided at the network's size.
    var decided: Painting {
        var result = self
        if let undecided { result.pixels = undecided.picture() }
        return result
    }

    /// The same without what can be decided again, to be kept: flat colour stands for the pixels then.
    var withoutPicture: Painting {
        var result = self
        if let undecided { result.pixels = undecided.flat }
        return result
    }

    /// A painting of these parts.
    public init(pixels: Bitmap, lineTint: SIMD3<Float>) {
        self.init(pixels: pixels, lineTint: lineTint, undecided: nil)
    }

    init(pixels: Bitmap, lineTint: SIMD3<Float>, undecided: UndecidedDrawing?) {
        self.pixels = pixels
        self.lineTint = lineTint
        self.undecided = undecided
    }
}

/// colour·(1 − α) + (colour·tint)·α, with α the line coverage times the line strength, at most 1.
struct LineInk: Sendable {
    private let removed: SIMD4<Float>
    private let strength: Float

    /// - Parameter strength: 0 (no lines) … 1 (as drawn) … 2 (heavy).
    init(tint: SIMD3<Float>, strength: Double) {
        removed = SIMD4(1 - tint.x, 1 - tint.y, 1 - tint.z, 0)
        self.strength = Float(strength)
    }

    /// The composed colour; `w` of the result has no meaning.
    @inline(__always)
    func callAsFunction(_ flat: SIMD4<Float>) -> SIMD4<Float> {
        flat * (SIMD4<Float>(repeating: 1) - removed * coverage(flat))
    }

    /// How much of the place is line, 0…1.
    @inline(__always)
    func coverage(_ flat: SIMD4<Float>) -> Float { min(max(flat.w, 0) * strength, 1) }
}
