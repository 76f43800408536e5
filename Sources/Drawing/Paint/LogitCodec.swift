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
        let (shadeEffect, lightEffect) = (effectMap(effects, from: 0, .shade), effectMap(effects, from: 3, .light))
        func size(_ pixel: @Sendable (_ x: Int, _ y: Int) -> SIMD4<Float>) -> Bitmap {
            Bitmap(width: outWidth, height: outHeight, pixel: pixel)
        }
        let planes = Logit.allCases.map { plane($0, logits) }
        let (width, count) = (self.width, self.width * self.height)
        return UndecidedDrawing(
            flat: size { x, y in
                let i = y * width + x
                return SIMD4(
                    clamp01(flat.values[i]), clamp01(flat.values[count + i]), clamp01(flat.values[2 * count + i]),
                    planes[0].value(i))
            },
            shade: size { x, y in shadeEffect(x, y, planes[1].value(y * width + x)) },
            light: size { x, y in lightEffect(x, y, planes[2].value(y * width + x)) },
            marks: size { x, y in
                let i = y * width + x
                return SIMD4(planes[3].value(i), planes[4].value(i), planes[5].value(i), 0)
            },
            rule: rule)
    }

    /// A logit's channel as sharpness · (logit + readiness).
    private struct LogitPlane: Sendable {
        let values: [Float]
        let start: Int
        let sharpness, readiness: Float

        @inline(__always)
        func value(_ index: Int) -> Float {
            values.isEmpty ? LogitCodec.absent : sharpness * (values[start + index] + readiness)
        }
    }

    private func plane(_ logit: Logit, _ logits: Tensor) -> LogitPlane {
        guard let channel = composition.channels.firstIndex(of: logit), let decision = composition.decisions[logit]
        else {
            return LogitPlane(values: [], start: 0, sharpness: 0, readiness: 0)
        }
        return LogitPlane(
            values: logits.values, start: channel * width * height, sharpness: decision.sharpness,
            readiness: decision.readiness)
    }

    /// Three effects, which the network gives at half the size, at one pixel; shade only darkens and light only
    /// lightens.
    private func effectMap(_ effects: Tensor, from channel: Int, _ logit: Logit)
        -> @Sendable (Int, Int, Float) -> SIMD4<Float>
    {
        let (halfWidth, halfHeight) = (width / 2, height / 2)
        let strength = composition.decisions[logit]?.strength ?? 1
        let count = halfWidth * halfHeight
        let small = Bitmap(
            width: halfWidth, height: halfHeight,
            pixels: (0..<count).map { i in
                let value = SIMD4(
                    effects.values[channel * count + i], effects.values[(channel + 1) * count + i],
                    effects.values[(channel + 2) * count + i], 0)
                return (logit == .shade ? lower(value, .zero) : upper(value, .zero)) * strength
            })
        return { x, y, z in
            var value = small.bilinear((Float(x) + 0.5) / 2, (Float(y) + 0.5) / 2)
            value.w = z
            return value
        }
    }

    private func clamp01(_ value: Float) -> Float { min(max(value, 0), 1) }
}

private extension Bitmap {
    /// The value at (x, y) from the four pixels around it.
    func bilinear(_ x: Float, _ y: Float) -> SIMD4<Float> { withSampler(.clamp) { $0.bilinear(x, y) } }
}
