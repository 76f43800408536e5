import CGimp
import Files
import Raster

/// How a drawable's buffer stores its samples.
///
/// babl picks its conversions by timing them, so that last bits differ from one run to the next; integers are therefore
/// moved as they are and converted here.
struct BufferLayout: Equatable {
    /// babl's name of the format that is moved.
    let format: String
    let samples: SampleLayout

    init(of buffer: OpaquePointer) {
        let name =
            gegl_buffer_get_format(buffer).flatMap { babl_format_get_encoding($0) }.map { String(cString: $0) } ?? ""
        let parts = name.split(separator: " ").map(String.init)
        let models = ["Y'": 1, "Y": 1, "Y'A": 2, "YA": 2, "R'G'B'": 3, "RGB": 3, "R'G'B'A": 4, "RGBA": 4]
        let isKnown = parts.count == 2 && models[parts[0]] != nil
        let model = isKnown ? parts[0] : "R'G'B'A", channels = models[model] ?? 4
        // 32-bit integers, half and double floats are left to babl.
        let depth = isKnown ? SampleDepth(rawValue: parts[1]) ?? .float : .float
        format = "\(model) \(depth.rawValue)"
        samples = SampleLayout(
            colours: channels <= 2 ? 1 : 3, hasAlpha: channels % 2 == 0, depth: depth, keepsInfinities: true)
    }

    /// Packs a whole band.
    func pack(_ band: Bitmap, to raw: UnsafeMutableRawPointer) {
        band.pixels.withUnsafeBufferPointer { pixels in
            // Each turn of the loop reads and writes a row of its own.
            nonisolated(unsafe) let (pixels, target) = (pixels, raw)
            parallelFor(band.height) { y in
                let row = UnsafeBufferPointer(rebasing: pixels[y * band.width..<(y + 1) * band.width])
                samples.pack(row, to: target + y * band.width * samples.bytesPerPixel)
            }
        }
    }
}
