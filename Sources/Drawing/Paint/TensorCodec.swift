import Models
import Raster
import Settings

/// Turns pictures into a model's picture tensors and back, as the manifest's layout, channel order and range say.
struct TensorCodec {
    private let layout: ModelManifest.Layout
    private let swapsChannels: Bool
    private let low: Float
    private let span: Float
    /// Size of the tensor, at least that of the picture.
    private let width: Int
    private let height: Int

    init(manifest: ModelManifest, width: Int, height: Int) {
        layout = manifest.input.layout
        swapsChannels = manifest.input.channels == .BGR
        low = manifest.input.range[0]
        span = manifest.input.range[1] - manifest.input.range[0]
        self.width = width
        self.height = height
    }

    /// Of a picture's tensor.
    private var shape: [Int] { layout == .NCHW ? [1, 3, height, width] : [1, height, width, 3] }

    /// Distance between neighbouring pixels and between channels in a tensor of `channels` channels.
    private func strides(channels: Int) -> (pixel: Int, channel: Int) {
        layout == .NCHW ? (1, width * height) : (channels, 1)
    }

    /// [1, 3, height, width] or [1, height, width, 3]; beyond the picture's right and bottom edge it goes on mirrored.
    func encode(_ picture: Bitmap) -> Tensor {
        let (pixel, channel) = strides(channels: 3)
        var values = [Float](repeating: 0, count: 3 * width * height)
        let (low, span, width, swaps) = (self.low, self.span, self.width, swapsChannels)
        values.withSharedMutableBuffer { out in
            picture.pixels.withSharedBuffer { pixels in
                parallelFor(height) { y in
                    let source = Self.mirrored(y, picture.height) * picture.width
                    for x in 0..<width {
                        let value = pixels[source + Self.mirrored(x, picture.width)]
                        let scaled = Self.clamped(value) * span + low
                        let start = (y * width + x) * pixel
                        out[start] = swaps ? scaled.z : scaled.x
                        out[start + channel] = scaled.y
                        out[start + 2 * channel] = swaps ? scaled.x : scaled.z
                    }
                }
            }
        }
        return Tensor(shape: shape, values: values)
    }

    /// The top left `width` × `height` pixels of the model's output.
    ///
    /// - Parameters:
    ///   - colour: three channels in the model's range.
    ///   - lines: one channel of coverage, 0…1.
    /// - Throws: `StyleError.network` when an output's shape is not the input's or holds what is not a number.
    func decode(colour: Tensor, lines: Tensor?, width outWidth: Int, height outHeight: Int) throws -> Bitmap {
        let count = self.width * self.height
        guard colour.shape == shape, lines.map({ $0.values.count == count }) ?? true else {
            let given = colour.shape.map(String.init).joined(separator: "×"),
                wanted = shape.map(String.init).joined(separator: "×")
            throw StyleError.network(reason: "the model drew \(given) instead of \(wanted)")
        }
        guard colour.isFinite, lines?.isFinite ?? true else {
            throw StyleError.network(reason: "the model's drawing holds values that are not finite numbers")
        }
        let (pixel, channel) = strides(channels: 3)
        let (low, scale, width, swaps) = (self.low, 1 / span, self.width, swapsChannels)
        var result = Bitmap(width: outWidth, height: outHeight)
        colour.values.withSharedBuffer { colour in
            (lines?.values ?? []).withSharedBuffer { lines in
                result.forEachRow { y, row in
                    for x in row.indices {
                        let index = y * width + x
                        let start = index * pixel
                        let first = colour[start], second = colour[start + channel], third = colour[start + 2 * channel]
                        let rgb = SIMD4(swaps ? third : first, second, swaps ? first : third, low)
                        var value = Self.clamped((rgb - low) * scale)
                        value.w = lines.count == 0 ? 0 : min(max(lines[index], 0), 1)
                        row[x] = value
                    }
                }
            }
        }
        return result
    }

    /// Between 0 and 1; what is not a number becomes 0, so that one bad pixel cannot spread through the network.
    @inline(__always)
    private static func clamped(_ value: SIMD4<Float>) -> SIMD4<Float> {
        clamped01(value.finiteOrZero)
    }

    private static func mirrored(_ i: Int, _ count: Int) -> Int {
        let phase = i % (2 * count)
        return phase < count ? phase : 2 * count - 1 - phase
    }
}

extension Tensor {
    /// Whether it holds neither infinities nor what is not a number. Both have all exponent bits set (IEEE 754); the
    /// largest exponent is found in a vector loop.
    var isFinite: Bool {
        let exponent: UInt32 = 0x7F80_0000, part = 1 << 18, count = (values.count + part - 1) / part
        let largest = [UInt32](count: count) { largest in
            values.withSharedBuffer { values in
                parallelFor(count) { index in
                    var most: UInt32 = 0
                    for place in index * part..<min((index + 1) * part, values.count) {
                        most = max(most, values[place].bitPattern & exponent)
                    }
                    largest[index] = most
                }
            }
        }
        return largest.allSatisfy { $0 < exponent }
    }
}
