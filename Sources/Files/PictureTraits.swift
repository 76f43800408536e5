import Raster
import Settings

/// What a file says about its picture beyond the pixels; carried over when the result is saved.
public struct PictureTraits: Equatable, Sendable {
    /// Whether it is transparent anywhere.
    public var hasAlpha: Bool
    /// How its samples are stored.
    public var depth: SampleDepth
    /// The ICC profile, byte for byte when the file embeds one, else made from what it says of its colours in
    /// numbers; `nil` when they are sRGB, or sRGB's under another curve.
    public var iccProfile: [UInt8]?
    /// Exif, XMP and IPTC.
    public var metadata: PictureMetadata

    /// These traits.
    public init(
        hasAlpha: Bool = false, depth: SampleDepth = .u8, iccProfile: [UInt8]? = nil,
        metadata: PictureMetadata = PictureMetadata()
    ) {
        self.hasAlpha = hasAlpha
        self.depth = depth
        self.iccProfile = iccProfile
        self.metadata = metadata
    }
}

/// Who made a photograph, when, and how large it is to be printed. Texts are empty where the file says nothing.
public struct PictureMetadata: Equatable, Sendable {
    /// Exif's DateTime, DateTimeOriginal and DateTimeDigitized, as `YYYY:MM:DD HH:MM:SS`.
    public var changed = "", taken = "", digitized = ""
    /// At most 255 bytes of UTF-8 each; what is longer is cut when it is written.
    public var author = "", copyright = ""
    /// Pixels per inch of the upright picture, across and down; 0 when not known.
    public var across = 0.0, down = 0.0

    /// These traits.
    public init() {}
}

/// A picture from a file, whole in memory.
public struct LoadedImage: Sendable {
    /// Upright, in sRGB; colours outside sRGB lie outside 0…1.
    public var bitmap: Bitmap
    /// What a drawing of it keeps.
    public var traits: PictureTraits
    /// What is wrong with the file although it could be read.
    public var warnings: [Message]
}
