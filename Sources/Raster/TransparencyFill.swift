/// Gives transparent pixels the colours around them, since what hides under transparency is often black and a drawing
/// would outline it. Push-pull over a pyramid (Gortler et al. 1996, section 3.4).
package enum TransparencyFill {
    /// An opaque picture that shows `picture` where it is opaque; the picture itself when it is opaque everywhere.
    ///
    /// - Parameter mostHeld: pixels of the largest level of the pyramid that is kept; larger ones are computed band by
    ///   band.
    package static func opaque(_ picture: any RowSource, mostHeld: Int = Scene.mostHeldPixels) throws -> any RowSource {
        guard picture.mayBeTransparent else { return picture }
        var isOpaque = true
        try picture.forEachBand { _, band in
            if isOpaque { isOpaque = !band.pixels.contains { !($0.w >= 1) } }
        }
        return isOpaque ? picture : try FilledRows(picture, mostHeld: mostHeld)
    }

    /// `level`'s own colours where it has alpha, those of the coarser picture where it has not.
    ///
    /// - Parameters:
    ///   - origin: column and row of its level that `level` begins with.
    ///   - coarse: the same of the coarser level, of which only a part need be there.
    fileprivate static func pulled(_ level: Bitmap, at origin: (x: Int, y: Int), under coarse: Sampler) -> Bitmap {
        var result = level
        result.forEachRow { y, row in
            for x in row.indices where row[x].w < 1 {
                let below = coarse((Float(origin.x + x) + 0.5) / 2, (Float(origin.y + y) + 0.5) / 2)
                row[x] += below * (1 - row[x].w)
                row[x].w = 1
            }
        }
        return result
    }
}

/// A picture whose transparent pixels are filled as they are read.
private struct FilledRows: RowSource {
    private let picture: ConvertedRows<WeightedReading>
    /// The first level that is kept, filled.
    private let coarse: Bitmap
    private let level: Int

    var width: Int { picture.width }
    var height: Int { picture.height }
    var mayBeTransparent: Bool { false }

    init(_ picture: any RowSource, mostHeld: Int) throws {
        let weighted = ConvertedRows<WeightedReading>(picture)
        var level = 0
        func size(_ length: Int) -> Int { (length + (1 << level) - 1) >> level }
        while size(picture.width) * size(picture.height) > mostHeld, level < 8 { level += 1 }
        let held = try Scene.halved(
            weighted, times: level, rows: 0..<size(picture.height), columns: 0..<size(picture.width))
        (self.picture, self.level) = (weighted, level)
        coarse = Self.filled(held)
    }

    /// Filled from the coarsest level down.
    private static func filled(_ weighted: Bitmap) -> Bitmap {
        let levels = Pyramid(weighted, smallest: 1).levels
        let top = levels[levels.count - 1].pixels[0]
        // A picture without a single opaque pixel has nothing to go by: mid gray.
        let seed = top.w > 0 ? top / top.w : SIMD4(0.5, 0.5, 0.5, 1)
        var coarse = Bitmap(width: 1, height: 1, filledWith: seed)
        for level in levels.reversed() {
            coarse = coarse.withSampler(.clamp) { TransparencyFill.pulled(level, at: (0, 0), under: $0) }
        }
        return coarse
    }

    func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap { try filled(0, rows: rows, columns: columns) }

    private func filled(_ level: Int, rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        guard level < self.level else { return coarse.read(rows: rows, columns: columns) }
        let own = try Scene.halved(picture, times: level, rows: rows, columns: columns)
        func size(_ length: Int) -> Int { (length + (2 << level) - 1) >> (level + 1) }
        let next = (width: size(width), height: size(height))
        func reach(_ range: Range<Int>, _ count: Int) -> Range<Int> {
            Sampler.reach([Double(range.lowerBound) / 2, Double(range.upperBound) / 2], of: count, .clamp)
        }
        let (across, down) = (reach(columns, next.width), reach(rows, next.height))
        let below = try filled(level + 1, rows: down, columns: across)
        return below.withSampler(.clamp, at: (across.lowerBound, down.lowerBound), of: next) {
            TransparencyFill.pulled(own, at: (columns.lowerBound, rows.lowerBound), under: $0)
        }
    }
}

/// Colours weighted by their alpha; what is no number is 0.
private enum WeightedReading: PixelReading {
    @inline(__always)
    static func read(_ pixel: SIMD4<Float>) -> SIMD4<Float> {
        let finite = pixel.finiteOrZero
        let alpha = min(max(finite.w, 0), 1)
        var weighted = finite * alpha
        weighted.w = alpha
        return weighted
    }
}
