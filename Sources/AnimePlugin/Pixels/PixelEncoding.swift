import CGimp
import Files
import Raster

/// How an image's numbers become colours, and the way to sRGB and back.
///
/// GIMP 2.10 gives plug-ins no colour space in its buffers' formats, and GIMP 3 gives the image's own, so the numbers are
/// moved unconverted and the image's profile tells what they mean. Every image has one, if only GIMP's own. In an image of linear precision the numbers are
/// linear light in the profile's primaries, whatever its tone curve is.
struct PixelEncoding {
    /// `nil` when the numbers are sRGB already.
    private let space: ColourSpace?
    private let isGray: Bool
    /// Whether the numbers are linear light.
    let isLinear: Bool

    /// - Throws: `PlugInError.colourProfile`.
    init(image: gint32) throws {
        guard let attached = host_image_get_effective_color_profile(image) else { throw PlugInError.colourProfile }
        defer { unref(attached) }
        // The precisions of linear light are the round hundreds: 100, 200 … 700.
        isLinear = host_image_get_precision(image).rawValue % 100 == 0
        isGray = host_image_base_type(image) == GIMP_GRAY
        let linear = isLinear ? gimp_color_profile_new_linear_from_color_profile(attached) : nil
        defer { if let linear { unref(linear) } }
        let profile = linear ?? attached
        var count: gsize = 0
        let bytes = gimp_color_profile_get_icc_profile(profile, &count)
        // Little CMS alone looks at the profile: babl ends the process on some that are damaged.
        guard let space = ColourSpace(icc: Array(UnsafeBufferPointer(start: bytes, count: Int(count)))) else { throw PlugInError.colourProfile }
        self.space = space.isSRGB ? nil : space
    }

    /// The whole of `buffer` as sRGB; colours outside sRGB lie outside 0…1.
    func read(_ buffer: OpaquePointer, width: Int, height: Int) -> Bitmap {
        let layout = SampleLayout(of: buffer)
        let band = UnsafeMutableRawPointer.allocate(byteCount: width * PixelBands.rows * layout.bytesPerPixel, alignment: 16)
        defer { band.deallocate() }
        let count = width * height
        let pixels = [SIMD4<Float>](unsafeUninitializedCapacity: count) { pixels, initialized in
            guard let start = pixels.baseAddress else { return }
            PixelBands.forEach(width: width, height: height) { area, first in
                PixelBands.read(buffer, area, format: layout.format, into: band)
                layout.unpack(band, to: start + first * width, count: width * Int(area.height))
            }
            initialized = count
        }
        var picture = Bitmap(width: width, height: height, pixels: pixels)
        convertToSRGB(&picture)
        return picture
    }

    /// Turns the image's own numbers into sRGB, on any thread; colours outside sRGB come to lie outside 0…1.
    func convertToSRGB(_ picture: inout Bitmap) { space?.convertToSRGB(&picture) }

    /// Turns sRGB into the image's own numbers; those of a gray image come to be in all three channels.
    func encode(_ picture: inout Bitmap) {
        space?.convertFromSRGB(&picture)
        guard isGray else { return }
        picture.forEachRow { _, row in
            for x in row.indices { row[x] = SIMD4(row[x].x, row[x].x, row[x].x, row[x].w) }
        }
    }

    /// Fills `buffer`, of the picture's size, with a picture in the image's own numbers.
    func store(_ picture: Bitmap, in buffer: OpaquePointer) {
        let layout = SampleLayout(of: buffer)
        let band = UnsafeMutableRawPointer.allocate(byteCount: picture.width * PixelBands.rows * layout.bytesPerPixel, alignment: 16)
        defer { band.deallocate() }
        picture.pixels.withUnsafeBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            PixelBands.forEach(width: picture.width, height: picture.height) { area, first in
                layout.pack(start + first * picture.width, to: band, count: picture.width * Int(area.height))
                PixelBands.write(buffer, area, format: layout.format, from: band)
            }
        }
        gegl_buffer_flush(buffer)
    }

    /// Fills `buffer` with an sRGB picture, but where it is equal to `photograph` with what `original` has, to the bit.
    func store(_ picture: Bitmap, in buffer: OpaquePointer, keeping original: OpaquePointer, whereEqualTo photograph: Bitmap) {
        let layout = SampleLayout(of: buffer), size = layout.bytesPerPixel
        let bandSize = picture.width * PixelBands.rows * size
        let band = UnsafeMutableRawPointer.allocate(byteCount: 2 * bandSize, alignment: 16), kept = band + bandSize
        defer { band.deallocate() }
        var encoded = picture
        encode(&encoded)
        encoded.pixels.withUnsafeBufferPointer { pixels in
            guard let start = pixels.baseAddress else { return }
            PixelBands.forEach(width: picture.width, height: picture.height) { area, first in
                let (firstPixel, count) = (first * picture.width, picture.width * Int(area.height))
                PixelBands.read(original, area, format: layout.format, into: kept)
                layout.pack(start + firstPixel, to: band, count: count)
                for index in 0..<count where picture.pixels[firstPixel + index] == photograph.pixels[firstPixel + index] {
                    (band + index * size).copyMemory(from: kept + index * size, byteCount: size)
                }
                PixelBands.write(buffer, area, format: layout.format, from: band)
            }
        }
        gegl_buffer_flush(buffer)
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
        gegl_buffer_get(buffer, &band, 1, host_format(format, buffer), memory, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE)
    }

    static func write(_ buffer: OpaquePointer, _ band: GeglRectangle, format: String, from memory: UnsafeRawPointer?) {
        var band = band
        gegl_buffer_set(buffer, &band, 0, host_format(format, buffer), memory, GEGL_AUTO_ROWSTRIDE)
    }

    /// - Parameter offset: what is read of `buffer` begins there.
    /// - Returns: a mask's or a selection's values, 0…1, row by row; what lies outside the buffer is 0.
    static func readCoverage(_ buffer: OpaquePointer, offset: (x: gint, y: gint), width: Int, height: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: width * height) { coverage, initialized in
            forEach(width: width, height: height) { band, first in
                let area = GeglRectangle(x: offset.x, y: offset.y + band.y, width: band.width, height: band.height)
                read(buffer, area, format: "Y float", into: UnsafeMutableRawPointer(coverage.baseAddress?.advanced(by: first * width)))
            }
            initialized = width * height
        }
    }

    /// Fills a mask's buffer with values of 0…1, row by row.
    static func writeCoverage(_ values: [Float], width: Int, height: Int, to buffer: OpaquePointer) {
        values.withUnsafeBufferPointer { values in
            forEach(width: width, height: height) { band, first in
                write(buffer, band, format: "Y float", from: UnsafeRawPointer(values.baseAddress?.advanced(by: first * width)))
            }
        }
    }
}
