import CGimp
import Drawing
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

    /// - Parameter place: the first pixel's column and row in the picture that it is a part of.
    convenience init(_ picture: Bitmap, at place: (x: Int, y: Int) = (0, 0)) {
        let columns = picture.width
        self.init(width: columns, height: picture.height) { memory in
            picture.pixels.withUnsafeBufferPointer { source in
                for y in 0..<picture.height {
                    for x in 0..<columns {
                        let square = (x + place.x) / Self.check + (y + place.y) / Self.check
                        memory[y * columns + x] = Self.screenPixel(
                            source[y * columns + x], isLight: square % 2 == 0)
                    }
                }
            }
        }
    }

    /// A part of a picture put together of others.
    ///
    /// - Parameters:
    ///   - area: of the picture.
    ///   - parts: alike where they overlap; together they cover it.
    convenience init(_ area: PixelArea, of parts: [(area: PixelArea, surface: PreviewSurface)]) {
        let columns = area.columns.count
        self.init(width: columns, height: area.rows.count) { memory in
            for part in parts {
                guard let common = area.intersection(part.area) else { continue }
                let left = common.columns.lowerBound
                for y in common.rows {
                    let from = (y - part.area.rows.lowerBound) * part.surface.width + left
                    let to = (y - area.rows.lowerBound) * columns + left
                    (memory + to - area.columns.lowerBound).update(
                        from: part.surface.pixels + from - part.area.columns.lowerBound, count: common.columns.count)
                }
            }
        }
    }

    /// - Parameter fill: writes every pixel.
    private init(width: Int, height: Int, fill: (UnsafeMutablePointer<UInt32>) -> Void) {
        (self.width, self.height) = (width, height)
        pixels = UnsafeMutablePointer<UInt32>.allocate(capacity: width * height)
        fill(pixels)
        let bytes = UnsafeMutableRawPointer(pixels).assumingMemoryBound(to: UInt8.self)
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

    /// A square part of the picture as the screen shows it: a face with its hair and chin, or without a face the
    /// middle.
    ///
    /// - Parameters:
    ///   - face: its box, in pixels of the photograph.
    ///   - columns: the photograph's columns.
    ///   - zoom: side of the part, for a box whose longer side is 1.
    ///   - side: that the result has at most, in pixels.
    func square(about face: Box?, ofWidth columns: Int, zoom: Double, side: Int) -> Bitmap {
        let scale = Double(width) / Double(columns), shorter = Double(min(width, height))
        let wanted = face.map { max($0.width, $0.height) * scale * zoom } ?? shorter
        // The networks take nothing below 8 pixels, which is also the least that a photograph has.
        let length = Int(min(max(wanted, 8), shorter))
        let middle = face.map { $0.centre * scale } ?? Point(x: Double(width) / 2, y: Double(height) / 2)
        func start(_ middle: Double, _ limit: Int) -> Int {
            min(max(Int(middle) - length / 2, 0), limit - length)
        }
        let (left, top) = (start(middle.x, width), start(middle.y, height))
        return Bitmap(width: length, height: length) { x, y in
            let pixel = self.pixels[(top + y) * self.width + left + x]
            return SIMD4(Float(pixel >> 16 & 255), Float(pixel >> 8 & 255), Float(pixel & 255), 255) / 255
        }.shrunk(toLongSide: side)
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

    /// The one to show when the longer side covers `length` pixels of the screen.
    func fitting(_ length: Double) -> PreviewSurface? {
        guard let small else { return full }
        return length > Double(max(small.width, small.height)) * 1.15 ? full ?? small : small
    }
}
