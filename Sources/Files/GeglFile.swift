import CGegl
import Raster
import Settings

/// Picture files in and out.
public enum GeglFile {
    /// Loads a PNG, JPEG, WebP or TIFF file, or any other format that GdkPixbuf reads, by its content.
    /// - Throws: `StyleError.unreadableFile` (missing, a folder, empty, no picture, damaged, cut off), `.pictureTooLarge`.
    public static func load(_ path: String) throws -> LoadedImage {
        let file = try InputFile(path: path)
        defer { file.close() }
        let format = FileFormat(firstBytes: Array(file.bytes.prefix(32)))
        guard let size = size(file, format) else { throw file.unreadable("it is not a picture, or a damaged one") }
        try PictureLimits.checkNotTooLarge(width: size.width, height: size.height)
        // PNG and TIFF decoders notice a missing end themselves.
        if format == .jpg || format == .webp, !format.isComplete(file.bytes) { throw file.unreadable("it is cut off") }
        guard let image = decode(file, format) else { throw file.unreadable("it is damaged") }
        return image
    }

    private static func size(_ file: InputFile, _ format: FileFormat) -> (width: Int, height: Int)? {
        switch format {
        case .webp: return GeglCodec(path: file.path).size(operation: "gegl:webp-load")
        case .tif: return GeglCodec(path: file.path).size(operation: "gegl:tiff-load") ?? PixbufCodec(path: file.path).size()
        case .png, .jpg, .other: return PixbufCodec(path: file.path).size()
        }
    }

    private static func decode(_ file: InputFile, _ format: FileFormat) -> LoadedImage? {
        let (gegl, pixbuf, metadata) = (GeglCodec(path: file.path), PixbufCodec(path: file.path), Metadata(path: file.path))
        var image: LoadedImage?
        switch format {
        case .webp:
            image = gegl.decode(operation: "gegl:webp-load", profile: FileFormat.webpProfile(file.bytes))
        case .tif:
            image = gegl.decode(operation: "gegl:tiff-load", profile: metadata.tiffProfile())
            // GdkPixbuf knows the sample layouts that GEGL does not, and has turned them half way already.
            if image == nil { return pixbuf.decode(turned: true) }
        case .png, .jpg, .other:
            image = pixbuf.decode()
            // Offset 24: bit depth (PNG, 11.2.2). GdkPixbuf has checked the whole file but keeps eight bits.
            if format == .png, file.bytes.count > 24, file.bytes[24] == 16, let eightBits = image {
                image = gegl.decode(operation: "gegl:png-load", profile: eightBits.traits.iccProfile)
            }
        }
        guard var upright = image else { return nil }
        upright.bitmap = metadata.orientation().applied(to: upright.bitmap)
        return upright
    }

    /// Saves `bitmap` (sRGB) as PNG, JPEG (quality 95), WebP (quality 95) or TIFF, as the extension says.
    ///
    /// The file appears whole or not at all: it is written beside `path` and renamed. PNG, JPEG and TIFF are converted
    /// back to the profile of `traits` and carry it, WebP is sRGB. PNG keeps 16 bits, TIFF 16 bits and floats. JPEG has
    /// no alpha: it is laid on white. No orientation is written, since pixels are upright already.
    /// - Throws: `StyleError.unwritableFile`, `.fileExists` when there is a file and `overwrite` is false.
    public static func save(_ bitmap: Bitmap, to path: String, like traits: PictureTraits? = nil, overwrite: Bool = false) throws {
        guard let format = FileFormat(fileName: path) else { throw unknownExtension(path) }
        let output = try OutputFile(path: path, overwrite: overwrite)
        do {
            if let reason = encode(bitmap, format, like: traits ?? PictureTraits(), to: output.temporaryPath) {
                throw StyleError.unwritableFile(path: path, reason: reason)
            }
            guard let written = try? InputFile(path: output.temporaryPath) else {
                throw StyleError.unwritableFile(path: path, reason: "the folder takes no new files")
            }
            let complete = format.isComplete(written.bytes)
            written.close()
            guard complete else { throw StyleError.unwritableFile(path: path, reason: "the file came out incomplete, perhaps the disk is full") }
            try output.commit()
        } catch {
            output.discard()
            throw error
        }
    }

    /// What `save` would complain about before it writes anything, so that no work is done in vain.
    /// - Throws: `StyleError.unwritableFile`, `.fileExists`.
    public static func checkWritable(_ path: String, overwrite: Bool) throws {
        guard FileFormat(fileName: path) != nil else { throw unknownExtension(path) }
        _ = try OutputFile(path: path, overwrite: overwrite)
    }

    private static func unknownExtension(_ path: String) -> StyleError {
        .unwritableFile(path: path, reason: "its name does not end in .png, .jpg, .webp or .tif")
    }

    /// Why it failed, or `nil`.
    private static func encode(_ bitmap: Bitmap, _ format: FileFormat, like traits: PictureTraits, to path: String) -> Message? {
        let profile = traits.iccProfile.flatMap { ColourSpace.signature($0) == "RGB" ? $0 : nil }
        let space = profile.flatMap(ColourSpace.init(icc:)) ?? .sRGB
        let (gegl, pixbuf, alpha) = (GeglCodec(path: path), PixbufCodec(path: path), traits.hasAlpha)
        func failure(_ worked: Bool) -> Message? { worked ? nil : "the encoder failed, perhaps the disk is full" }
        switch format {
        case .jpg:
            let opaque = alpha ? bitmap.onWhite() : bitmap
            return pixbuf.encode(opaque, type: "jpeg", options: [("quality", "95")], space: space, alpha: false, profile: profile)
        case .png:
            if traits.depth == .u8 {
                let message = pixbuf.encode(bitmap, type: "png", options: [("compression", "3")], space: space, alpha: alpha, profile: nil)
                if let message { return message }
            } else if !gegl.encode(bitmap, operation: "gegl:png-save", option: ("bitdepth", 16), space: space, depth: .u16, alpha: alpha) {
                return failure(false)
            }
            return failure(profile.map { PngProfile(profile: $0).embed(inFile: path) } ?? true)
        case .tif where traits.depth == .u8:
            let lzw = "5"
            return pixbuf.encode(bitmap, type: "tiff", options: [("compression", lzw)], space: space, alpha: alpha, profile: profile)
        case .tif:
            let saved = gegl.encode(bitmap, operation: "gegl:tiff-save", option: nil, space: space, depth: traits.depth, alpha: alpha)
            return failure(saved && TiffProfile(profile: profile).embed(inFile: path))
        case .webp:
            return failure(gegl.encode(bitmap, operation: "gegl:webp-save", option: ("quality", 95), space: .sRGB, depth: .u8, alpha: alpha))
        case .other:
            return "this format cannot be written"
        }
    }
}

extension Bitmap {
    /// Composited on white, without transparency.
    func onWhite() -> Bitmap {
        Bitmap(width: width, height: height, pixels: pixels.map { pixel in
            let alpha = min(max(pixel.w, 0), 1)
            var result = pixel * alpha + SIMD4(repeating: 1 - alpha)
            result.w = 1
            return result
        })
    }
}
