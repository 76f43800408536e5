import Raster

/// How a sample of a file or a buffer is stored; the names are babl's.
public enum SampleDepth: String, Sendable, CaseIterable {
    case u8, u16, float

    /// Size of one sample.
    package var bytes: Int {
        switch self {
        case .u8: return 1
        case .u16: return 2
        case .float: return 4
        }
    }
}

/// Interleaved samples of a row, and their way to floats and back.
struct SampleLayout: Sendable {
    /// 1 gray, 3 red, green and blue.
    let colours: Int
    /// Whether straight alpha follows the colours.
    let hasAlpha: Bool
    let depth: SampleDepth

    var bytesPerPixel: Int { (colours + (hasAlpha ? 1 : 0)) * depth.bytes }

    /// Fills a row with floats of nominally 0…1; gray goes to all three colours, and alpha is 1 where there is none.
    func unpack(_ raw: UnsafeRawPointer, to row: UnsafeMutableBufferPointer<SIMD4<Float>>) {
        switch depth {
        case .u8:
            Self.levels.withUnsafeBufferPointer { levels in
                spread(raw.assumingMemoryBound(to: UInt8.self), to: row, full: 1) { levels[Int($0)] }
            }
        case .u16: spread(raw.assumingMemoryBound(to: UInt16.self), to: row, full: 65535) { Float($0) }
        case .float: spread(raw.assumingMemoryBound(to: Float.self), to: row, full: 1) { $0.isFinite ? $0 : 0 }
        }
    }

    /// What each byte stands for, 0…1: looking it up takes half the time of a division.
    private static let levels = (0...255).map { Float($0) / 255 }

    /// - Parameter full: the sample of 1.
    @inline(__always)
    private func spread<Sample>(
        _ raw: UnsafePointer<Sample>, to row: UnsafeMutableBufferPointer<SIMD4<Float>>, full: Float,
        _ value: (Sample) -> Float
    ) {
        // Most files have three colours; knowing that makes the loop several times as fast.
        if colours == 3, !hasAlpha {
            for x in row.indices {
                let pixel = raw + 3 * x
                row[x] = SIMD4(value(pixel[0]), value(pixel[1]), value(pixel[2]), full) / full
            }
            return
        }
        let channels = colours + (hasAlpha ? 1 : 0)
        let (green, blue) = colours == 1 ? (0, 0) : (1, 2)
        for x in row.indices {
            let pixel = raw + x * channels
            row[x] =
                SIMD4(value(pixel[0]), value(pixel[green]), value(pixel[blue]), hasAlpha ? value(pixel[colours]) : full)
                / full
        }
    }

    /// The way back, for three colours; whole numbers are rounded and clamped, what is not a number becomes 0.
    func pack(_ row: UnsafeMutableBufferPointer<SIMD4<Float>>, to raw: UnsafeMutableRawPointer) {
        switch depth {
        case .u8:
            gather(row, to: raw.assumingMemoryBound(to: UInt8.self)) {
                Self.scaled($0, 255)
            } as: {
                UInt8($0)
            }
        case .u16:
            gather(row, to: raw.assumingMemoryBound(to: UInt16.self)) {
                Self.scaled($0, 65535)
            } as: {
                UInt16($0)
            }
        case .float:
            gather(row, to: raw.assumingMemoryBound(to: Float.self)) {
                $0.finiteOrZero
            } as: {
                $0
            }
        }
    }

    /// What is not a number becomes 0.
    @inline(__always)
    private static func scaled(_ pixel: SIMD4<Float>, _ full: Float) -> SIMD4<Float> {
        let positive = SIMD4<Float>.zero.replacing(with: pixel, where: pixel .> 0)
        return lower(positive, SIMD4(repeating: 1)) * full + 0.5
    }

    @inline(__always)
    private func gather<Sample>(
        _ row: UnsafeMutableBufferPointer<SIMD4<Float>>, to raw: UnsafeMutablePointer<Sample>,
        _ value: (SIMD4<Float>) -> SIMD4<Float>, as sample: (Float) -> Sample
    ) {
        let channels = hasAlpha ? 4 : 3
        for x in row.indices {
            let (pixel, target) = (value(row[x]), raw + x * channels)
            target[0] = sample(pixel.x)
            target[1] = sample(pixel.y)
            target[2] = sample(pixel.z)
            if hasAlpha { target[3] = sample(pixel.w) }
        }
    }
}
