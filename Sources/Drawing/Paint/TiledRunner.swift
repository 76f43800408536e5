import Models
import Raster

/// Draws pictures of any size in bounded memory: equal tiles that overlap, blended so that the whole has no seam.
struct TiledRunner {
    let generator: Generator

    /// Where tiles start along one side of `length` pixels, and how long each is.
    struct Cut: Equatable {
        let starts: [Int]
        let length: Int

        /// - Parameters:
        ///   - share: the longest stretch one tile is responsible for.
        ///   - overlap: pixels shared by neighbours, at least.
        init(length total: Int, share: Int, overlap: Int, multiple: Int) {
            let count = (total + share - 1) / share
            guard count > 1 else {
                starts = [0]
                length = total
                return
            }
            let wanted = (total + count - 1) / count + overlap
            let size = min(roundUp(wanted, toMultipleOf: multiple), total)
            starts = (0..<count).map { ($0 * (total - size) + (count - 1) / 2) / (count - 1) }
            length = size
        }
    }

    /// A drawing of which nothing is decided yet.
    ///
    /// - Parameters:
    ///   - meshes: of the faces in the picture, in its pixels.
    ///   - step: told the share done, 0…1, before each run; throws to cancel.
    func paint(_ picture: Bitmap, meshes: [FaceMesh] = [], step: (Double) throws -> Void) throws -> Painting {
        let (tiling, multiple) = (generator.manifest.tiling, generator.manifest.input.multiple)
        let columns = Cut(length: picture.width, share: tiling.tile, overlap: tiling.overlap, multiple: multiple)
        let rows = Cut(length: picture.height, share: tiling.tile, overlap: tiling.overlap, multiple: multiple)
        let count = columns.starts.count * rows.starts.count
        let maps = generator.guideMaps(width: picture.width, height: picture.height, meshes: meshes)
        guard tiling.allowed, count > 1 else {
            try step(0)
            return try generator.draw(picture, guides: generator.guides(maps, for: picture))
        }
        try step(0)
        let gates = try gates(for: picture, meshes: meshes, longSide: tiling.tile / 2)
        var sum = TileSum(width: picture.width, height: picture.height)
        for (index, y) in rows.starts.enumerated() {
            for (other, x) in columns.starts.enumerated() {
                try step(Double(index * columns.starts.count + other) / Double(count))
                let tile = picture.cropped(x: x, y: y, width: columns.length, height: rows.length)
                let painting = try generator.draw(
                    tile, guides: generator.guides(maps, for: tile, x: x, y: y), gates: gates)
                sum.add(painting, x, y, tiling.overlap)
            }
        }
        return sum.mean()
    }

    /// The channel gates of the picture and its guide maps, both scaled down.
    private func gates(for picture: Bitmap, meshes: [FaceMesh], longSide: Int) throws -> Tensor? {
        let small = Self.reduced(picture, longSide: longSide)
        let scale = SimilarityTransform(scale: Double(small.longSide) / Double(picture.longSide))
        let maps = generator.guideMaps(width: small.width, height: small.height, meshes: meshes.map { $0.map(scale) })
        return try generator.gates(for: small, guides: generator.guides(maps, for: small))
    }

    private static func reduced(_ picture: Bitmap, longSide: Int) -> Bitmap {
        guard picture.longSide > longSide else { return picture }
        let scale = Double(longSide) / Double(picture.longSide)
        return Pyramid(picture).warped(
            width: max(1, Int(Double(picture.width) * scale)), height: max(1, Int(Double(picture.height) * scale)),
            by: SimilarityTransform(scale: 1 / scale), boundary: .clamp)
    }

    /// A ramp over the middle half of the overlap: what a tile knows least about, its edge, counts nothing.
    static func weight(at position: Int, of length: Int, start: Int, total: Int, overlap: Int) -> Float {
        func ramp(_ distance: Int) -> Float {
            min(max((Float(distance) + 0.5 - Float(overlap) / 4) / (Float(overlap) / 2), 0), 1)
        }
        let before = start == 0 || overlap == 0 ? 1 : ramp(position)
        let after = start + length == total || overlap == 0 ? 1 : ramp(length - 1 - position)
        return min(before, after)
    }
}

/// Tiles added up under their weights.
private struct TileSum {
    private let width: Int
    private let height: Int
    /// Pixels of the paintings, or the maps of what is still undecided.
    private var sums: [Bitmap] = []
    private var weights: Plane
    /// Of every tile.
    private var lineTint = SIMD3<Float>.zero
    private var rule: DecisionRule?

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        weights = Plane(width: width, height: height)
    }

    mutating func add(_ painting: Painting, _ x: Int, _ y: Int, _ overlap: Int) {
        let tiles =
            painting.undecided.map { drawing in UndecidedDrawing.tileMaps.map { drawing[keyPath: $0] } }
            ?? [painting.pixels]
        if sums.isEmpty { sums = tiles.map { _ in Bitmap(width: width, height: height, filledWith: .zero) } }
        let size = painting.pixels
        let across = (0..<size.width).map {
            TiledRunner.weight(at: $0, of: size.width, start: x, total: width, overlap: overlap)
        }
        let down = (0..<size.height).map {
            TiledRunner.weight(at: $0, of: size.height, start: y, total: height, overlap: overlap)
        }
        let stride = width, start = y * width + x
        weights.values.withSharedMutableBuffer { weights in
            parallelFor(size.height) { j in
                for i in 0..<size.width { weights[start + j * stride + i] += across[i] * down[j] }
            }
        }
        for (index, tile) in zip(sums.indices, tiles) {
            tile.pixels.withSharedBuffer { tile in
                sums[index].pixels.withSharedMutableBuffer { sum in
                    parallelFor(size.height) { j in
                        for i in 0..<size.width {
                            sum[start + j * stride + i] += tile[j * size.width + i] * (across[i] * down[j])
                        }
                    }
                }
            }
        }
        (lineTint, rule) = (painting.lineTint, painting.undecided?.rule)
    }

    /// Ends the sum, in its own memory.
    mutating func mean() -> Painting {
        let weights = weights
        var means: [Bitmap] = []
        while var mean = sums.popLast() {
            weights.values.withSharedBuffer { weights in
                mean.forEachRow { y, row in
                    for x in row.indices { row[x] /= max(weights[y * row.count + x], 1e-6) }
                }
            }
            means.insert(mean, at: 0)
        }
        guard let pixels = means.first else {
            return Painting(pixels: Bitmap(width: width, height: height), lineTint: .zero)
        }
        guard let rule else { return Painting(pixels: pixels, lineTint: lineTint) }
        let undecided = UndecidedDrawing(
            flat: means[0], shade: means[1], light: means[2], marks: means[3], rule: rule)
        return Painting(pixels: undecided.flat, lineTint: lineTint, undecided: undecided)
    }
}
