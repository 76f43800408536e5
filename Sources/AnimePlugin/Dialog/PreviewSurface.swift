import CGimp
import Engine
import Raster

/// A picture in the form that the screen takes, transparency over a checkerboard. Made on any thread, painted on the
/// main one.
///
/// `@unchecked Sendable` holds because its pixels are written while it is made and never again, and cairo is called on
/// the main thread alone from then on.
final class PreviewSurface: @unchecked Sendable {
    let width: Int
    let height: Int
    private let pixels: UnsafeMutablePointer<UInt32>
    private let surface: OpaquePointer?

    /// Side of the checkerboard's squares, in pixels.
    private static let check = 8

    init(_ picture: Bitmap) {
        width = picture.width
        height = picture.height
        let memory = UnsafeMutablePointer<UInt32>.allocate(capacity: width * height)
        let columns = width
        picture.pixels.withUnsafeBufferPointer { source in
            for y in 0..<picture.height {
                for x in 0..<columns {
                    memory[y * columns + x] = Self.screenPixel(
                        source[y * columns + x], isLight: (x / Self.check + y / Self.check) % 2 == 0)
                }
            }
        }
        pixels = memory
        let bytes = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: UInt8.self)
        surface = cairo_image_surface_create_for_data(
            bytes, CAIRO_FORMAT_RGB24, gint(width), gint(height), gint(width * 4))
    }

    deinit {
        cairo_surface_destroy(surface)
        pixels.deallocate()
    }

    @inline(__always)
    private static func screenPixel(_ pixel: SIMD4<Float>, isLight: Bool) -> UInt32 {
        let zero = SIMD4<Float>.zero
        // NaN fails the comparison and becomes 0.
        let limited = zero.replacing(with: pixel, where: pixel .> 0)
        var colour = limited.replacing(with: 1, where: limited .> 1)
        if colour.w < 1 { colour = colour * colour.w + SIMD4(repeating: isLight ? 0.6 : 0.4) * (1 - colour.w) }
        let bytes = SIMD4<UInt32>(truncatingIfNeeded: SIMD4<Int32>(colour * 255 + 0.5))
        return bytes.x << 16 | bytes.y << 8 | bytes.z
    }

    /// Paints the picture over the rectangle from `origin`, in the size given.
    func paint(on context: OpaquePointer, origin: Point, width shownWidth: Double, height shownHeight: Double) {
        cairo_save(context)
        cairo_translate(context, origin.x, origin.y)
        cairo_scale(context, shownWidth / Double(width), shownHeight / Double(height))
        cairo_set_source_surface(context, surface, 0, 0)
        cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD)
        // Beyond the edge its own pixels go on, so that it is not mixed with the background.
        cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
        cairo_rectangle(context, 0, 0, Double(width), Double(height))
        cairo_fill(context)
        cairo_restore(context)
    }
}

/// One picture at the two sizes of a preview; at least one is there.
struct PreviewSurfaces: Sendable {
    var small: PreviewSurface?
    var full: PreviewSurface?

    /// The one to show when the longer side covers `length` view pixels.
    func fitting(_ length: Double) -> PreviewSurface? {
        guard let small else { return full }
        return length > Double(max(small.width, small.height)) * 1.15 ? full ?? small : small
    }
}
