import Models
import Raster
import Settings

/// Reads the answer of a network that leaves the decisions to the product.
struct LogitCodec {
    private let composition: ModelManifest.Composition
    private let rule: DecisionRule
    /// Size of the tensors, at least that of the picture.
    private let width: Int
    private let height: Int
    /// For a logit that the network does not have: never.
    private static let absent: Float = -99

    init(_ composition: ModelManifest.Composition, lineRange: [Float]?, width: Int, height: Int) {
        (self.composition, self.width, self.height) = (composition, width, height)
        func crispness(_ logit: Logit) -> Float { composition.decisions[logit]?.crispness ?? 1 }
        rule = DecisionRule(
            crispness: (
                SIMD4(crispness(.lines), crispness(.shade), crispness(.light), 0),
                SIMD4(crispness(.highlights), crispness(.pupils), crispness(.irises), 0)
            ),
            lineRange: (lineRange?[0] ?? 0, lineRange?[1] ?? 1))
    }

    /// The top left `outWidth` × `outHeight` pixels.
    /// - Throws: `StyleError.network` when a shape is not the expected one or a value is not a number.
    func decode(flat: Tensor, effects: Tensor, logits: Tensor, width outWidth: Int, height outHeight: Int) throws
        -> UndecidedDrawing
    {
        let shapes = [
            ([1, 3, height, width], flat), ([1, 6, height / 2, width / 2], effects),
            ([1, composition.channels.count, height, width], logits),
        ]
        for (wanted, tensor) in shapes {
            let texts = [tensor.shape, wanted].map { $0.map(String.init).joined(separator: "×") }
            guard tensor.shape == wanted else {
                throw StyleError.network(reason: "the model drew \(texts[0]) instead of \(texts[1])")
            }
            guard tensor.isFinite else {
                throw StyleError.network(reason: "the model's drawing holds values that are not finite numbers")
            }
        }
        let size = (width: outWidth, height: outHeight)
        return UndecidedDrawing(
            flat: flatMap(flat, logits, size), shade: effectMap(effects, from: 0, .shade, logits, size),
            light: effectMap(effects, from: 3, .light, logits, size), marks: marksMap(logits, size), rule: rule)
    }

    /// Of the drawing.
    private typealias Size = (width: Int, height: Int)

    private func flatMap(_ flat: Tensor, _ logits: Tensor, _ size: Size) -> Bitmap {
        let lines = plane(.lines), width = self.width, count = self.width * self.height
        return flat.values.withSharedBuffer { flat in
            logits.values.withSharedBuffer { logits in
                Bitmap(
                    width: size.width, height: size.height,
                    fill: { y, row in
                        for x in row.indices {
                            let i = y * width + x
                            var pixel = clamped01(SIMD4(flat[i], flat[count + i], flat[2 * count + i], 0))
                            pixel.w = lines.value(logits, i)
                            row[x] = pixel
                        }
                    })
            }
        }
    }

    private func marksMap(_ logits: Tensor, _ size: Size) -> Bitmap {
        let (highlights, pupils, irises) = (plane(.highlights), plane(.pupils), plane(.irises)), width = self.width
        return logits.values.withSharedBuffer { logits in
            Bitmap(
                width: size.width, height: size.height,
                fill: { y, row in
                    for x in row.indices {
                        let i = y * width + x
                        row[x] = SIMD4(
                            highlights.value(logits, i), pupils.value(logits, i), irises.value(logits, i), 0)
                    }
                })
        }
    }

    /// Where a logit's channel begins, and how it becomes sharpness · (logit + readiness).
    private struct LogitPlane: Sendable {
        /// `nil` for a logit that the network does not have.
        let start: Int?
        let sharpness, readiness: Float

        @inline(__always)
        func value(_ logits: SharedBuffer<Float>, _ index: Int) -> Float {
            guard let start else { return LogitCodec.absent }
            return sharpness * (logits[start + index] + readiness)
        }
    }

    private func plane(_ logit: Logit) -> LogitPlane {
        guard let channel = composition.channels.firstIndex(of: logit), let decision = composition.decisions[logit]
        else {
            return LogitPlane(start: nil, sharpness: 0, readiness: 0)
        }
        return LogitPlane(
            start: channel * width * height, sharpness: decision.sharpness, readiness: decision.readiness)
    }

    /// Three effects, which the network gives at half the size, and their logit; shade only darkens and light only
    /// lightens.
    private func effectMap(_ effects: Tensor, from channel: Int, _ logit: Logit, _ logits: Tensor, _ size: Size)
        -> Bitmap
    {
        let plane = plane(logit), width = self.width, half = (width: width / 2, height: height / 2)
        let strength = composition.decisions[logit]?.strength ?? 1, isShade = logit == .shade
        let count = half.width * half.height, first = channel * count
        let small = effects.values.withSharedBuffer { effects in
            Bitmap(
                width: half.width, height: half.height,
                fill: { y, row in
                    for x in row.indices {
                        let i = first + y * row.count + x
                        let value = SIMD4(effects[i], effects[count + i], effects[2 * count + i], 0)
                        row[x] = (isShade ? lower(value, .zero) : upper(value, .zero)) * strength
                    }
                })
        }
        return small.pixels.withSharedBuffer { small in
            logits.values.withSharedBuffer { logits in
                Bitmap(
                    width: size.width, height: size.height,
                    fill: { y, row in
                        let (above, below, down) = Self.neighbours(y, of: half.height)
                        for x in row.indices {
                            let (left, right, across) = Self.neighbours(x, of: half.width)
                            let upper = small[above * half.width + left], lower = small[below * half.width + left]
                            let top = upper + (small[above * half.width + right] - upper) * across
                            let bottom = lower + (small[below * half.width + right] - lower) * across
                            var value = top + (bottom - top) * down
                            value.w = plane.value(logits, y * width + x)
                            row[x] = value
                        }
                    })
            }
        }
    }

    /// Between which of `count` pixels pixel `index` of twice as many lies, how far towards the second; edges go on.
    @inline(__always)
    private static func neighbours(_ index: Int, of count: Int) -> (first: Int, second: Int, share: Float) {
        let first = (index - 1) >> 1
        return (max(first, 0), min(first + 1, count - 1), index & 1 == 0 ? 0.75 : 0.25)
    }
}
