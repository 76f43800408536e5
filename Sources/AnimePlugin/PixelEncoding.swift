import AnimeCore
import CGimp

/// How an image's numbers become colours, and the way to sRGB and back.
///
/// GIMP 2.10 gives plug-ins no colour space in its buffers' formats. Without a profile babl's own conversion is right.
/// With one, the numbers are moved unconverted and GIMP's colour transform does the rest: it knows matrix, table and
/// gray profiles. The profile of an image of linear precision has a linear tone curve already.
struct PixelEncoding {
    private static let sRGB = "R'G'B'A float"

    /// babl's name of the format that the image's buffers are read and written in.
    private let stored: String
    private let bytesPerPixel: Int
    private let toSRGB: ColourTransform?
    private let fromSRGB: ColourTransform?

    /// - Throws: `PlugInError.colourProfile`.
    init(image: gint32) throws {
        guard let standard = gimp_color_profile_new_rgb_srgb() else { throw PlugInError.colourProfile }
        defer { g_object_unref(standard) }
        let attached = gimp_image_get_color_profile(image)
        defer { if let attached { g_object_unref(attached) } }
        guard let profile = attached, Self.space(profile) != Self.space(standard) else {
            (stored, bytesPerPixel, toSRGB, fromSRGB) = (Self.sRGB, MemoryLayout<SIMD4<Float>>.stride, nil, nil)
            return
        }
        // The precisions of linear light are the round hundreds: 100, 200 … 700.
        let isLinear = gimp_image_get_precision(image).rawValue % 100 == 0
        let isGray = gimp_image_base_type(image) == GIMP_GRAY
        stored = isGray ? (isLinear ? "YA float" : "Y'A float") : (isLinear ? "RGBA float" : Self.sRGB)
        bytesPerPixel = (isGray ? 2 : 4) * MemoryLayout<Float>.stride
        toSRGB = try ColourTransform(from: (profile, stored), to: (standard, Self.sRGB))
        fromSRGB = try ColourTransform(from: (standard, Self.sRGB), to: (profile, stored))
    }

    /// babl's one object for profiles of the same colours; `nil` for those babl has no space for.
    private static func space(_ profile: UnsafeMutablePointer<GimpColorProfile>) -> OpaquePointer? {
        gimp_color_profile_get_space(profile, GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC, nil)
    }

    /// The whole of `buffer` as sRGB; colours outside sRGB lie outside 0…1.
    func read(_ buffer: OpaquePointer, width: Int, height: Int) -> Bitmap {
        let count = width * height
        let pixels = [SIMD4<Float>](unsafeUninitializedCapacity: count) { pixels, initialized in
            let scratch = scratch(width: width)
            defer { scratch?.deallocate() }
            PixelBands.forEach(width: width, height: height) { band, first in
                let target = UnsafeMutableRawPointer(pixels.baseAddress?.advanced(by: first * width))
                PixelBands.read(buffer, band, format: stored, into: scratch ?? target)
                if let scratch { toSRGB?.convert(scratch, to: target, count: width * Int(band.height)) }
            }
            initialized = count
        }
        return Bitmap(width: width, height: height, pixels: pixels)
    }

    /// Fills `buffer`, of the picture's size, with `picture` in the image's own encoding.
    func write(_ picture: Bitmap, to buffer: OpaquePointer) {
        picture.pixels.withUnsafeBufferPointer { pixels in
            let scratch = scratch(width: picture.width)
            defer { scratch?.deallocate() }
            PixelBands.forEach(width: picture.width, height: picture.height) { band, first in
                let source = UnsafeRawPointer(pixels.baseAddress?.advanced(by: first * picture.width))
                if let scratch { fromSRGB?.convert(source, to: scratch, count: picture.width * Int(band.height)) }
                PixelBands.write(buffer, band, format: stored, from: scratch.map { UnsafeRawPointer($0) } ?? source)
            }
        }
        gegl_buffer_flush(buffer)
    }

    /// Memory for one band in the image's encoding; `nil` where babl converts on the way.
    private func scratch(width: Int) -> UnsafeMutableRawPointer? {
        guard toSRGB != nil else { return nil }
        return .allocate(byteCount: width * PixelBands.rows * bytesPerPixel, alignment: 16)
    }
}

/// A conversion between two colour profiles, relative colorimetric with black point compensation like GIMP's own default.
private final class ColourTransform {
    private let transform: UnsafeMutablePointer<GimpColorTransform>
    private let source: OpaquePointer
    private let destination: OpaquePointer

    init(from: (profile: UnsafeMutablePointer<GimpColorProfile>, format: String), to: (profile: UnsafeMutablePointer<GimpColorProfile>, format: String)) throws {
        // GIMP's library prints which engine it uses, for every transform.
        let printer = g_set_printerr_handler { _ in }
        defer { g_set_printerr_handler(printer) }
        guard let source = babl_format(from.format), let destination = babl_format(to.format),
              let transform = gimp_color_transform_new(from.profile, source, to.profile, destination, GIMP_COLOR_RENDERING_INTENT_RELATIVE_COLORIMETRIC,
                                                       GIMP_COLOR_TRANSFORM_FLAGS_BLACK_POINT_COMPENSATION) else {
            throw PlugInError.colourProfile
        }
        (self.transform, self.source, self.destination) = (transform, source, destination)
    }

    deinit { g_object_unref(transform) }

    func convert(_ pixels: UnsafeRawPointer?, to result: UnsafeMutableRawPointer?, count: Int) {
        gimp_color_transform_process_pixels(transform, source, pixels, destination, result, gsize(count))
    }
}

/// Transfers between GEGL buffers and memory, some rows at a time: GIMP's tile cache then stays small.
enum PixelBands {
    static let rows = 256

    /// Calls `body` for each band of a picture, from the top, with the index of its first row.
    static func forEach(width: Int, height: Int, _ body: (GeglRectangle, _ firstRow: Int) -> Void) {
        for first in stride(from: 0, to: height, by: rows) {
            body(GeglRectangle(x: 0, y: gint(first), width: gint(width), height: gint(min(rows, height - first))), first)
        }
    }

    /// What lies outside the buffer reads as zero.
    static func read(_ buffer: OpaquePointer, _ band: GeglRectangle, format: String, into memory: UnsafeMutableRawPointer?) {
        var band = band
        gegl_buffer_get(buffer, &band, 1, babl_format(format), memory, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE)
    }

    static func write(_ buffer: OpaquePointer, _ band: GeglRectangle, format: String, from memory: UnsafeRawPointer?) {
        var band = band
        gegl_buffer_set(buffer, &band, 0, babl_format(format), memory, GEGL_AUTO_ROWSTRIDE)
    }
}
