import CGdkPixbuf
import CGegl
import Glibc
import Raster
import Settings

/// Eight-bit pictures through GdkPixbuf, which reports damaged files and failed writes; GEGL's own JPEG loader ends the
/// process on a damaged file (measured with 0.4.42).
struct PixbufCodec {
    let path: String

    /// Width and height from the file's header; `nil` when it is no picture that GdkPixbuf knows, or an SVG drawing.
    func size() -> (width: Int, height: Int)? {
        var (width, height): (gint, gint) = (0, 0)
        guard let format = gdk_pixbuf_get_file_info(path, &width, &height) else { return nil }
        guard let name = gdk_pixbuf_format_get_name(format) else { return nil }
        defer { g_free(name) }
        return String(cString: name) == "svg" || width < 1 || height < 1 ? nil : (Int(width), Int(height))
    }

    /// - Parameter turned: apply the orientation that GdkPixbuf read from the file.
    /// - Returns: `nil` when the file is damaged.
    func decode(turned: Bool = false) -> LoadedImage? {
        var error: UnsafeMutablePointer<GError>?
        guard let stored = gdk_pixbuf_new_from_file(path, &error) else {
            g_clear_error(&error)
            return nil
        }
        defer { g_object_unref(UnsafeMutableRawPointer(stored)) }
        let profile = Self.profile(of: stored)
        guard let pixbuf = turned ? gdk_pixbuf_apply_embedded_orientation(stored) : (g_object_ref(UnsafeMutableRawPointer(stored)).map { OpaquePointer($0) }),
              let pixels = gdk_pixbuf_read_pixels(pixbuf) else { return nil }
        defer { g_object_unref(UnsafeMutableRawPointer(pixbuf)) }
        let alpha = gdk_pixbuf_get_has_alpha(pixbuf) != 0
        let space = profile.flatMap(ColourSpace.init(icc:)) ?? .sRGB
        let bitmap = space.bitmap(samples: pixels, stride: Int(gdk_pixbuf_get_rowstride(pixbuf)),
                                  width: Int(gdk_pixbuf_get_width(pixbuf)), height: Int(gdk_pixbuf_get_height(pixbuf)),
                                  depth: .u8, alpha: alpha)
        return LoadedImage(bitmap: bitmap, traits: PictureTraits(hasAlpha: alpha, depth: .u8, iccProfile: profile))
    }

    private static func profile(of pixbuf: OpaquePointer) -> [UInt8]? {
        guard let text = gdk_pixbuf_get_option(pixbuf, "icc-profile") else { return nil }
        var count: gsize = 0
        guard let bytes = g_base64_decode(text, &count) else { return nil }
        defer { g_free(bytes) }
        return count > 0 ? Array(UnsafeBufferPointer(start: bytes, count: Int(count))) : nil
    }

    /// Writes `picture` as eight-bit samples of `space`.
    /// - Parameters:
    ///   - type: GdkPixbuf's name of the format.
    ///   - profile: embedded as it is.
    /// - Returns: GdkPixbuf's message when it failed, else `nil`.
    func encode(_ picture: Bitmap, type: String, options: [(String, String)], space: ColourSpace, alpha: Bool, profile: [UInt8]?) -> Message? {
        guard let pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, alpha ? 1 : 0, 8, Int32(picture.width), Int32(picture.height)),
              let pixels = gdk_pixbuf_get_pixels(pixbuf) else { return "there is not enough memory" }
        defer { g_object_unref(UnsafeMutableRawPointer(pixbuf)) }
        space.write(picture, to: pixels, stride: Int(gdk_pixbuf_get_rowstride(pixbuf)), depth: .u8, alpha: alpha)
        var options = options
        if let profile, let text = g_base64_encode(profile, gsize(profile.count)) {
            options.append(("icc-profile", String(cString: text)))
            g_free(text)
        }
        var keys = options.map { strdup($0.0) } + [nil]
        var values = options.map { strdup($0.1) } + [nil]
        defer { (keys + values).forEach { free($0) } }
        var error: UnsafeMutablePointer<GError>?
        if gdk_pixbuf_savev(pixbuf, path, type, &keys, &values, &error) != 0 { return nil }
        defer { g_clear_error(&error) }
        return error.flatMap { $0.pointee.message }.map { Message(verbatim: String(cString: $0)) } ?? "the encoder failed"
    }
}
