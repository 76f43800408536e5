import CGimp
import Files
import Raster

/// How an image's numbers become colours, and the way to sRGB and back.
///
/// GIMP 2.10 gives plug-ins no colour space in its buffers' formats, and GIMP 3 gives the image's own, so the numbers
/// are moved unconverted and the image's profile tells what they mean. Every image has one, if only GIMP's own. In an
/// image of linear precision the numbers are linear light in the profile's primaries, whatever its tone curve is.
struct PixelEncoding {
    private let space: ColourSpace
    /// ICC data of the profile that the numbers are in.
    private let profile: [UInt8]
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
        self.profile = Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        // Little CMS alone looks at the profile: babl ends the process on some that are damaged.
        guard let space = ColourSpace(icc: self.profile) else {
            throw PlugInError.colourProfile
        }
        self.space = space
    }

    /// Whether the same numbers are the same colours.
    func isSame(as other: PixelEncoding) -> Bool {
        (profile, isGray, isLinear) == (other.profile, other.isGray, other.isLinear)
    }

    /// Turns the image's own numbers into sRGB, on any thread; colours outside sRGB come to lie outside 0…1.
    func convertToSRGB(_ picture: inout Bitmap) { space.convertToSRGB(&picture) }

    /// Turns sRGB into the image's own numbers; those of a gray image come to be in all three channels.
    func encode(_ picture: inout Bitmap) {
        space.convertFromSRGB(&picture)
        guard isGray else { return }
        picture.forEachRow { _, row in
            for x in row.indices { row[x] = SIMD4(row[x].x, row[x].x, row[x].x, row[x].w) }
        }
    }

    /// Puts rows, in the image's own numbers, into `buffer`, which is as wide.
    func store(_ band: Bitmap, firstRow: Int, in buffer: OpaquePointer, _ layout: BufferLayout) {
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: band.pixels.count * layout.samples.bytesPerPixel, alignment: 16)
        defer { raw.deallocate() }
        layout.pack(band, to: raw)
        PixelBands.write(
            buffer, PixelBands.area(firstRow..<firstRow + band.height, width: band.width), format: layout.format,
            from: raw)
    }

    /// Puts rows of an sRGB picture into `buffer`, but where they are equal to `photograph` what `original` has, to the
    /// bit.
    func store(
        _ picture: Bitmap, firstRow: Int, in buffer: OpaquePointer, _ layout: BufferLayout,
        keeping original: OpaquePointer,
        whereEqualTo photograph: Bitmap
    ) {
        let size = layout.samples.bytesPerPixel, count = picture.pixels.count
        let raw = UnsafeMutableRawPointer.allocate(byteCount: 2 * count * size, alignment: 16),
            kept = raw + count * size
        defer { raw.deallocate() }
        var encoded = picture
        encode(&encoded)
        let area = PixelBands.area(firstRow..<firstRow + picture.height, width: picture.width)
        PixelBands.read(original, area, format: layout.format, into: kept)
        layout.pack(encoded, to: raw)
        for index in 0..<count where picture.pixels[index] == photograph.pixels[index] {
            (raw + index * size).copyMemory(from: kept + index * size, byteCount: size)
        }
        PixelBands.write(buffer, area, format: layout.format, from: raw)
    }
}

/// Transfers between GEGL buffers and memory, some rows at a time: GIMP's tile cache then stays small.
enum PixelBands {
    /// The bands of a picture, from the top.
    static func rows(width: Int, height: Int) -> [Range<Int>] {
        let step = Bands.height(width: width)
        return stride(from: 0, to: height, by: step).map { $0..<min($0 + step, height) }
    }

    static func area(_ rows: Range<Int>, width: Int) -> GeglRectangle {
        GeglRectangle(x: 0, y: gint(rows.lowerBound), width: gint(width), height: gint(rows.count))
    }

    /// What lies outside the buffer reads as zero.
    static func read(
        _ buffer: OpaquePointer, _ band: GeglRectangle, format: String, into memory: UnsafeMutableRawPointer?
    ) {
        var band = band
        gegl_buffer_get(buffer, &band, 1, host_format(format, buffer), memory, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE)
    }

    static func write(_ buffer: OpaquePointer, _ band: GeglRectangle, format: String, from memory: UnsafeRawPointer?) {
        var band = band
        gegl_buffer_set(buffer, &band, 0, host_format(format, buffer), memory, GEGL_AUTO_ROWSTRIDE)
    }

    /// - Parameter offset: what is read of `buffer` begins there.
    /// - Returns: a mask's or a selection's values, 0…1, row by row; what lies outside the buffer is 0.
    static func readCoverage(_ buffer: OpaquePointer, offset: (x: gint, y: gint) = (0, 0), rows: Range<Int>, width: Int)
        -> [Float]
    {
        [Float](unsafeUninitializedCapacity: width * rows.count) { coverage, initialized in
            let area = GeglRectangle(
                x: offset.x, y: offset.y + gint(rows.lowerBound), width: gint(width), height: gint(rows.count))
            read(buffer, area, format: "Y float", into: UnsafeMutableRawPointer(coverage.baseAddress))
            initialized = width * rows.count
        }
    }

    /// Puts values of 0…1 into rows of a mask's buffer.
    static func writeCoverage(_ values: [Float], rows: Range<Int>, width: Int, to buffer: OpaquePointer) {
        values.withUnsafeBufferPointer {
            write(buffer, area(rows, width: width), format: "Y float", from: UnsafeRawPointer($0.baseAddress))
        }
    }
}
