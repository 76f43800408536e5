import Raster

/// Evens out the light before drawing, so that a face half in shadow is drawn as one face, and puts the light back
/// after.
///
/// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) of Lab lightness, worked out on a coarse copy so
/// that it moves light and leaves detail alone.
struct LightingEqualizer: Sendable {
    private static let tiles = 4
    private static let bins = 128
    /// A bin holds at most this many times its even share; the rest is spread over all bins.
    private static let clip: Float = 4

    /// Change of lightness made at each coarse pixel, in Lab units.
    private let change: [Float]
    private let coarse: (width: Int, height: Int)
    /// The picture with its light evened out; same size and alpha.
    let picture: Bitmap

    /// - Parameter amount: 0 (the light as it is) … 1 (fully equalised).
    init(_ source: Bitmap, amount: Double) {
        let plain = Painting(pixels: source, lineTint: .zero)
        let tone = ToneShift(source: source, painting: plain)
        let (width, height) = (tone.source.width, tone.source.height)
        let equalised = Self.equalised(tone.source.values.map(\.x), width, height)
        let difference = zip(equalised, tone.source.values).map { ($0 - $1.x) * Float(amount) }
        change = difference
        coarse = (width, height)
        picture = tone.apply([LightShift(change: difference, scale: 1)], to: plain).pixels
    }

    /// Gives a drawing of `picture` the photograph's light again.
    ///
    /// - Parameter degree: 0 (keep the even light) … 1 (all of the photograph's light).
    func undone(_ painting: Painting, degree: Double) -> Painting {
        let tone = ToneShift(source: picture, painting: painting)
        guard tone.drawn.width == coarse.width, tone.drawn.height == coarse.height else { return painting }
        return tone.apply([LightShift(change: change, scale: -Float(degree))], to: painting)
    }

    /// Lightness 0…100 after CLAHE, tile maps blended bilinearly.
    static func equalised(_ lightness: [Float], _ width: Int, _ height: Int) -> [Float] {
        let maps = (0..<tiles * tiles).map { tile in
            map(lightness, width, columns: span(tile % tiles, width), rows: span(tile / tiles, height))
        }
        return lightness.indices.map { index in
            let (y, x) = index.quotientAndRemainder(dividingBy: width)
            let (u, v) = (position(x, width), position(y, height))
            let (left, top) = (Int(u), Int(v))
            let (right, bottom) = (min(left + 1, tiles - 1), min(top + 1, tiles - 1))
            let (fx, fy) = (u - Float(left), v - Float(top))
            let bin = self.bin(lightness[index])
            let upper = maps[top * tiles + left][bin] * (1 - fx) + maps[top * tiles + right][bin] * fx
            let lower = maps[bottom * tiles + left][bin] * (1 - fx) + maps[bottom * tiles + right][bin] * fx
            return upper * (1 - fy) + lower * fy
        }
    }

    private static func bin(_ lightness: Float) -> Int {
        min(max(Int(lightness / 100 * Float(bins)), 0), bins - 1)
    }

    private static func span(_ tile: Int, _ count: Int) -> Range<Int> {
        let start = min(tile * count / tiles, count - 1)
        return start..<max(start + 1, (tile + 1) * count / tiles)
    }

    private static func position(_ i: Int, _ count: Int) -> Float {
        min(max((Float(i) + 0.5) * Float(tiles) / Float(count) - 0.5, 0), Float(tiles - 1))
    }

    /// New lightness for each bin: the clipped histogram's running sum.
    private static func map(_ lightness: [Float], _ width: Int, columns: Range<Int>, rows: Range<Int>) -> [Float] {
        var histogram = [Float](repeating: 0, count: bins)
        for y in rows {
            for x in columns { histogram[bin(lightness[y * width + x])] += 1 }
        }
        let count = Float(rows.count * columns.count)
        let limit = clip * count / Float(bins)
        let excess = histogram.reduce(0) { $0 + max($1 - limit, 0) }
        var sum: Float = 0
        return histogram.map { value in
            let share = min(value, limit) + excess / Float(bins)
            sum += share
            return (sum - share / 2) / count * 100
        }
    }
}

/// A known change of lightness.
private struct LightShift: ToneCorrection {
    let change: [Float]
    let scale: Float

    func change(_ index: Int, drawn: SIMD3<Float>, in shift: ToneShift) -> SIMD3<Float> {
        SIMD3(change[index] * scale, 0, 0)
    }
}
