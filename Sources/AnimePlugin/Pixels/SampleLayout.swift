import CGimp
import Files
import Raster

/// How a drawable's buffer stores its samples, and their way to floats and back.
///
/// babl picks its conversions by timing them, so that last bits differ from one run to the next; integers are therefore
/// moved as they are and converted here.
struct SampleLayout: Equatable {
    /// babl's name of the format that is moved.
    let format: String
    /// 1 gray, 2 gray and alpha, 3 colour, 4 colour and alpha.
    let channels: Int
    private let sample: SampleDepth

    init(of buffer: OpaquePointer) {
        let name =
            gegl_buffer_get_format(buffer).flatMap { babl_format_get_encoding($0) }.map { String(cString: $0) } ?? ""
        let parts = name.split(separator: " ").map(String.init)
        let models = ["Y'": 1, "Y": 1, "Y'A": 2, "YA": 2, "R'G'B'": 3, "RGB": 3, "R'G'B'A": 4, "RGBA": 4]
        guard parts.count == 2, let channels = models[parts[0]] else {
            (format, self.channels, sample) = ("R'G'B'A float", 4, .float)
            return
        }
        // 32-bit integers, half and double floats are left to babl.
        let sample = SampleDepth(rawValue: parts[1]) ?? .float
        (format, self.channels, self.sample) = (
            "\(parts[0]) \(sample == .float ? "float" : parts[1])", channels, sample
        )
    }

    var bytesPerPixel: Int { channels * sample.bytes }

    private var isGray: Bool { channels <= 2 }
    var hasAlpha: Bool { channels % 2 == 0 }

    /// Copies pixels to floats of 0…1; gray fills three channels, and alpha is 1 where the buffer has none.
    func unpack(_ raw: UnsafeRawPointer, to pixels: UnsafeMutableBufferPointer<SIMD4<Float>>) {
        switch sample {
        case .u8:
            Self.levels.withUnsafeBufferPointer { levels in
                spread(raw.assumingMemoryBound(to: UInt8.self), to: pixels, full: 1) { levels[Int($0)] }
            }
        case .u16: spread(raw.assumingMemoryBound(to: UInt16.self), to: pixels, full: 65535) { Float($0) }
        case .float: spread(raw.assumingMemoryBound(to: Float.self), to: pixels, full: 1) { $0 }
        }
    }

    /// `pack` for a whole band.
    func pack(_ band: Bitmap, to raw: UnsafeMutableRawPointer) {
        band.pixels.withUnsafeBufferPointer { pixels in
            guard let base = pixels.baseAddress else { return }
            // Each turn of the loop reads and writes a row of its own.
            nonisolated(unsafe) let (start, target) = (base, raw)
            parallelFor(band.height) { y in
                pack(start + y * band.width, to: target + y * band.width * bytesPerPixel, count: band.width)
            }
        }
    }

    /// The way back, gray from the first channel; integers are rounded and clamped, and what is not a number becomes 0.
    func pack(_ pixels: UnsafePointer<SIMD4<Float>>, to raw: UnsafeMutableRawPointer, count: Int) {
        @inline(__always)
        func scaled(_ pixel: SIMD4<Float>, _ full: Float) -> SIMD4<Float> {
            let positive = SIMD4<Float>.zero.replacing(with: pixel, where: pixel .> 0)
            return lower(positive, SIMD4(repeating: 1)) * full + 0.5
        }
        switch sample {
        case .u8:
            gather(pixels, to: raw.assumingMemoryBound(to: UInt8.self), count) {
                scaled($0, 255)
            } as: {
                UInt8($0)
            }
        case .u16:
            gather(pixels, to: raw.assumingMemoryBound(to: UInt16.self), count) {
                scaled($0, 65535)
            } as: {
                UInt16($0)
            }
        case .float:
            gather(pixels, to: raw.assumingMemoryBound(to: Float.self), count) {
                $0.replacing(with: 0, where: $0 .!= $0)
            } as: {
                $0
            }
        }
    }

    /// What each byte stands for, 0…1: looking it up takes half the time of a division.
    private static let levels = (0...255).map { Float($0) / 255 }

    /// - Parameter full: the sample of 1.
    @inline(__always)
    private func spread<Raw>(
        _ raw: UnsafePointer<Raw>, to pixels: UnsafeMutableBufferPointer<SIMD4<Float>>, full: Float,
        _ value: (Raw) -> Float
    ) {
        let (green, blue) = isGray ? (0, 0) : (1, 2)
        for index in pixels.indices {
            let source = raw + index * channels
            let alpha = hasAlpha ? value(source[channels - 1]) : full
            pixels[index] = SIMD4(value(source[0]), value(source[green]), value(source[blue]), alpha) / full
        }
    }

    @inline(__always)
    private func gather<Raw>(
        _ pixels: UnsafePointer<SIMD4<Float>>, to raw: UnsafeMutablePointer<Raw>, _ count: Int,
        _ value: (SIMD4<Float>) -> SIMD4<Float>, as sample: (Float) -> Raw
    ) {
        for index in 0..<count {
            let (pixel, target) = (value(pixels[index]), raw + index * channels)
            target[0] = sample(pixel.x)
            if !isGray {
                target[1] = sample(pixel.y)
                target[2] = sample(pixel.z)
            }
            if hasAlpha { target[channels - 1] = sample(pixel.w) }
        }
    }
}
