import Raster

/// A change of a photograph that moves no feature and that nobody sees: a shift of up to a pixel, a scale of up to one
/// percent about the face, a grey level of noise. What a landmark reader makes of it is the reader's own noise.
struct Jitter {
    /// From the jittered picture's coordinates to the photograph's.
    let toPhotograph: SimilarityTransform
    private let seed: UInt64

    /// - Parameter centre: of the face.
    init(seed: UInt64, about centre: Point) {
        var random = SplitMix64(seed: seed)
        let scale = 1 + Double.random(in: -0.01...0.01, using: &random)
        let shift = Point(x: .random(in: -1...1, using: &random), y: .random(in: -1...1, using: &random))
        toPhotograph = SimilarityTransform(
            scale: scale, tx: centre.x * (1 - scale) + shift.x, ty: centre.y * (1 - scale) + shift.y)
        self.seed = random.next()
    }

    /// The photograph, jittered; same size.
    func applied(to photograph: Pyramid) -> Bitmap {
        let whole = photograph.levels[0]
        var result = photograph.warped(width: whole.width, height: whole.height, by: toPhotograph, boundary: .clamp)
        result.forEachRow { y, row in
            var random = SplitMix64(seed: seed &+ UInt64(y))
            for x in row.indices {
                let bits = random.next()
                func level(_ channel: UInt64) -> Float {
                    (Float((bits >> (16 * channel)) & 0xFFFF) / 32767.5 - 1) / 255
                }
                row[x] = clamped01(row[x] + SIMD4(level(0), level(1), level(2), 0))
            }
        }
        return result
    }
}
