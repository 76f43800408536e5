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
package struct SampleLayout: Equatable, Sendable {
    /// 1 gray, 3 red, green and blue.
    package let colours: Int
    /// Whether straight alpha follows the colours.
    package let hasAlpha: Bool
    package let depth: SampleDepth
    /// Whether floats that are infinite, and on their way in those that are no numbers, stay what they are; else they
    /// become 0.
    package let keepsInfinities: Bool

    package init(colours: Int, hasAlpha: Bool, depth: SampleDepth, keepsInfinities: Bool = false) {
        (self.colours, self.hasAlpha, self.depth) = (colours, hasAlpha, depth)
        self.keepsInfinities = keepsInfinities
    }

    private var channels: Int { colours + (hasAlpha ? 1 : 0) }
    package var bytesPerPixel: Int { channels * depth.bytes }

    /// Fills a row with floats of nominally 0…1; gray goes to all three colours, and alpha is 1 where there is none.
    package func unpack(_ raw: UnsafeRawPointer, to row: UnsafeMutableBufferPointer<SIMD4<Float>>) {
        switch depth {
        case .u8:
            Self.levels.withUnsafeBufferPointer { levels in
                spread(raw.assumingMemoryBound(to: UInt8.self), to: row, full: 1) { levels[Int($0)] }
            }
        case .u16: spread(raw.assumingMemoryBound(to: UInt16.self), to: row, full: 65535) { Float($0) }
        case .float:
            let floats = raw.assumingMemoryBound(to: Float.self)
            if keepsInfinities {
                spread(floats, to: row, full: 1) { $0 }
            } else {
                spread(floats, to: row, full: 1) { $0.isFinite ? $0 : 0 }
            }
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
        // Most pictures have three colours; knowing that makes the loop several times as fast.
        if colours == 3, !hasAlpha {
            for x in row.indices {
                let pixel = raw + 3 * x
                row[x] = SIMD4(value(pixel[0]), value(pixel[1]), value(pixel[2]), full) / full
            }
            return
        }
        let channels = self.channels, (green, blue) = colours == 1 ? (0, 0) : (1, 2)
        for x in row.indices {
            let pixel = raw + x * channels
            row[x] =
                SIMD4(value(pixel[0]), value(pixel[green]), value(pixel[blue]), hasAlpha ? value(pixel[colours]) : full)
                / full
        }
    }

    /// The way back, gray from the first channel; whole numbers are rounded and clamped, what is not a number becomes
    /// 0.
    package func pack(_ row: UnsafeBufferPointer<SIMD4<Float>>, to raw: UnsafeMutableRawPointer) {
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
            let floats = raw.assumingMemoryBound(to: Float.self)
            if keepsInfinities {
                gather(row, to: floats) {
                    $0.replacing(with: 0, where: $0 .!= $0)
                } as: {
                    $0
                }
            } else {
                gather(row, to: floats) {
                    $0.finiteOrZero
                } as: {
                    $0
                }
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
        _ row: UnsafeBufferPointer<SIMD4<Float>>, to raw: UnsafeMutablePointer<Sample>,
        _ value: (SIMD4<Float>) -> SIMD4<Float>, as sample: (Float) -> Sample
    ) {
        let (channels, isGray, hasAlpha) = (self.channels, colours == 1, self.hasAlpha)
        for x in row.indices {
            let (pixel, target) = (value(row[x]), raw + x * channels)
            target[0] = sample(pixel.x)
            if !isGray {
                target[1] = sample(pixel.y)
                target[2] = sample(pixel.z)
            }
            if hasAlpha { target[channels - 1] = sample(pixel.w) }
        }
    }
}
