import Raster

/// What a file says about its picture beyond the pixels; carried over when the result is saved.
public struct PictureTraits: Equatable, Sendable {
    public var hasAlpha: Bool
    public var depth: SampleDepth
    /// The embedded ICC profile, byte for byte; `nil` when there is none (then the colours are sRGB).
    public var iccProfile: [UInt8]?

    public init(hasAlpha: Bool = false, depth: SampleDepth = .u8, iccProfile: [UInt8]? = nil) {
        self.hasAlpha = hasAlpha
        self.depth = depth
        self.iccProfile = iccProfile
    }
}

/// A picture from a file.
public struct LoadedImage: Sendable {
    /// Upright (Exif orientation applied), converted from the file's profile to sRGB. Colours outside sRGB lie outside 0…1.
    public var bitmap: Bitmap
    public var traits: PictureTraits

    public init(bitmap: Bitmap, traits: PictureTraits) {
        self.bitmap = bitmap
        self.traits = traits
    }
}
