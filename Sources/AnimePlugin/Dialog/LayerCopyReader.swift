import CGimp
import Raster

/// A layer shrunk to what a preview needs.
struct LayerCopy: Sendable {
    /// sRGB.
    let picture: Bitmap
    /// How much of each pixel is selected, 0…1; `nil` without a selection.
    let selection: Plane?
}

/// Reads a shrunk copy of a layer a few rows at a time, so that a window stays alive meanwhile. Main thread only, as
/// for all that asks GIMP.
final class LayerCopyReader {
    /// Pixels of the copy, at most, but for rounding.
    private static let budget = 2_000_000.0
    private static let rowsAtOnce = 64
    private static let moment = Duration.milliseconds(40)

    private let source: SourceLayer
    private let scale: Double
    private let width: Int
    private let height: Int
    private let encoding: PixelEncoding
    private let layer: LayerPixels
    private let selection: OpaquePointer?
    private let layout: BufferLayout
    private var pixels: [SIMD4<Float>] = []
    private var coverage: [Float] = []

    /// - Throws: `PlugInError.imageGone`, `.colourProfile`, `.layerNotAdded`.
    init(_ source: SourceLayer) throws {
        self.source = source
        scale = min(1, (Self.budget / Double(source.width * source.height)).squareRoot())
        width = max(1, Int(Double(source.width) * scale))
        height = max(1, Int(Double(source.height) * scale))
        encoding = try PixelEncoding(image: source.image)
        layer = try LayerPixels(of: source)
        layout = BufferLayout(of: layer.buffer)
        let isSelecting = host_selection_is_empty(source.image) == 0
        selection = isSelecting ? host_drawable_get_buffer(host_image_get_selection(source.image)) : nil
        pixels.reserveCapacity(width * height)
    }

    deinit {
        if let selection { unref(selection) }
    }

    /// Reads rows for a moment; true when the last one is there.
    func readSome() -> Bool {
        let start = ContinuousClock.now
        while pixels.count < width * height, start.duration(to: .now) < Self.moment { readRows() }
        return pixels.count >= width * height
    }

    private func readRows() {
        let first = pixels.count / width
        let rows = min(Self.rowsAtOnce, height - first)
        var area = GeglRectangle(x: 0, y: gint(first), width: gint(width), height: gint(rows))
        let count = width * rows
        let raw = UnsafeMutableRawPointer.allocate(byteCount: count * layout.samples.bytesPerPixel, alignment: 16)
        defer { raw.deallocate() }
        gegl_buffer_get(
            layer.buffer, &area, scale, host_format(layout.format, layer.buffer), raw, GEGL_AUTO_ROWSTRIDE,
            GEGL_ABYSS_CLAMP)
        pixels += [SIMD4<Float>](unsafeUninitializedCapacity: count) { target, initialized in
            layout.samples.unpack(raw, to: UnsafeMutableBufferPointer(rebasing: target[..<count]))
            initialized = count
        }
        if let selection { readSelection(selection, first: first, rows: rows) }
    }

    private func readSelection(_ buffer: OpaquePointer, first: Int, rows: Int) {
        let (x, y) = source.offsets
        var area = GeglRectangle(
            x: gint((Double(x) * scale).rounded()), y: gint((Double(y) * scale).rounded()) + gint(first),
            width: gint(width), height: gint(rows))
        var values = [Float](repeating: 0, count: width * rows)
        gegl_buffer_get(
            buffer, &area, scale, host_format("Y float", buffer), &values, GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE)
        coverage += values
    }

    /// The copy, once all rows are there. Its colours are still to be converted: `convert` may run on any thread.
    func finish() -> (convert: @Sendable () -> LayerCopy, longSide: Int) {
        let (encoding, width, height) = (encoding, width, height)
        let picture = Bitmap(width: width, height: height, pixels: pixels)
        let selection = selection == nil ? nil : Plane(width: width, height: height, values: coverage)
        return (
            {
                var picture = picture
                encoding.convertToSRGB(&picture)
                return LayerCopy(picture: picture, selection: selection)
            }, max(source.width, source.height)
        )
    }
}
