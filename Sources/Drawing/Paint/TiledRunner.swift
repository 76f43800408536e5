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
            self.init(length: total, count: count, overlap: overlap, multiple: multiple)
        }

        /// - Parameter count: of the tiles.
        init(length total: Int, count: Int, overlap: Int, multiple: Int) {
            guard count > 1 else {
                starts = [0]
                length = total
                return
            }
            let wanted = (total + (count - 1) * overlap + count - 1) / count
            let size = min(roundUp(wanted, toMultipleOf: multiple), total)
            starts = (0..<count).map { ($0 * (total - size) + (count - 1) / 2) / (count - 1) }
            length = size
        }
    }

    /// How a picture is cut: of all grids whose tiles have no more pixels than a square of a tile and its overlap, and
    /// fit into a model of one fixed size, the one that draws the fewest pixels, since what neighbours share is drawn
    /// twice.
    struct Grid: Equatable {
        let columns, rows: Cut

        var count: Int { columns.starts.count * rows.starts.count }

        init(width: Int, height: Int, tiling: ModelManifest.Tiling, input: ModelManifest.Input) {
            let multiple = input.multiple
            func cuts(_ length: Int, longest: Int?) -> [Cut] {
                let most = 2 * ((length + tiling.tile - 1) / tiling.tile)
                return (1...most).map { Cut(length: length, count: $0, overlap: tiling.overlap, multiple: multiple) }
                    .filter { $0.length <= longest ?? .max }
            }
            let side = roundUp(tiling.tile + tiling.overlap, toMultipleOf: multiple)
            let across = cuts(width, longest: input.size?[0])
            var best = Grid(
                columns: Cut(length: width, share: tiling.tile, overlap: tiling.overlap, multiple: multiple),
                rows: Cut(length: height, share: tiling.tile, overlap: tiling.overlap, multiple: multiple))
            for rows in cuts(height, longest: input.size?[1]) {
                for columns in across where columns.length * rows.length <= side * side {
                    let grid = Grid(columns: columns, rows: rows)
                    if (grid.pixels, grid.count) < (best.pixels, best.count) { best = grid }
                }
            }
            self = best
        }

        private init(columns: Cut, rows: Cut) { (self.columns, self.rows) = (columns, rows) }

        /// Drawn by all tiles together.
        private var pixels: Int { count * columns.length * rows.length }
    }

    /// A drawing of which nothing is decided yet.
    ///
    /// - Parameters:
    ///   - meshes: of the faces in the picture, in its pixels.
    ///   - step: told the share done, 0…1, before each run; throws to cancel.
    func paint(_ picture: Bitmap, meshes: [FaceMesh] = [], step: (Double) throws -> Void) throws -> Painting {
        let tiling = generator.manifest.tiling
        let grid = Grid(width: picture.width, height: picture.height, tiling: tiling, input: generator.manifest.input)
        let (columns, rows, count) = (grid.columns, grid.rows, grid.count)
        let maps = generator.guideMaps(width: picture.width, height: picture.height, meshes: meshes)
        // A face is drawn in one piece, however large its square may be.
        let isWhole = count == 1 || picture.longSide <= generator.largestFace && generator.takes(picture)
        guard tiling.allowed, !isWhole else {
            try step(0)
            return try generator.draw(picture, guides: generator.guides(maps, for: picture))
        }
        try step(0)
        let gates = try gates(for: picture, meshes: meshes, longSide: tiling.tile / 2)
        var sum = TileSum(
            across: Self.weights(columns, of: picture.width, overlap: tiling.overlap), width: picture.width,
            down: Self.weights(rows, of: picture.height, overlap: tiling.overlap), height: picture.height)
        for (index, y) in rows.starts.enumerated() {
            for (other, x) in columns.starts.enumerated() {
                try step(Double(index * columns.starts.count + other) / Double(count))
                let tile = picture.cropped(x: x, y: y, width: columns.length, height: rows.length)
                let painting = try generator.draw(
                    tile, guides: generator.guides(maps, for: tile, x: x, y: y), gates: gates)
                sum.add(painting, column: other, row: index, x, y)
            }
        }
        return sum.painting
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

    /// How much each pixel of each tile of a cut counts, 0…1; 1 for all tiles of a pixel together.
    static func weights(_ cut: Cut, of total: Int, overlap: Int) -> [[Float]] {
        let weights = cut.starts.map { start in
            (0..<cut.length).map { weight(at: $0, of: cut.length, start: start, total: total, overlap: overlap) }
        }
        var sums = [Float](repeating: 0, count: total)
        for (start, weights) in zip(cut.starts, weights) {
            for (place, weight) in weights.enumerated() { sums[start + place] += weight }
        }
        return zip(cut.starts, weights).map { start, weights in
            weights.enumerated().map { $1 / max(sums[start + $0], 1e-6) }
        }
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
    /// Of the pixels of each column and of each row of tiles.
    private let across, down: [[Float]]
    private let width: Int
    private let height: Int
    /// Pixels of the paintings, or the maps of what is still undecided.
    private var sums: [Bitmap] = []
    /// Of every tile.
    private var lineTint = SIMD3<Float>.zero
    private var rule: DecisionRule?

    /// - Parameters:
    ///   - across: from `TiledRunner.weights`.
    ///   - down: likewise.
    init(across: [[Float]], width: Int, down: [[Float]], height: Int) {
        (self.across, self.width, self.down, self.height) = (across, width, down, height)
    }

    mutating func add(_ painting: Painting, column: Int, row: Int, _ x: Int, _ y: Int) {
        let tiles =
            painting.undecided.map { drawing in UndecidedDrawing.tileMaps.map { drawing[keyPath: $0] } }
            ?? [painting.pixels]
        if sums.isEmpty {
            sums = tiles.map { _ in Bitmap(width: width, height: height) { _, row in row.initialize(repeating: .zero) }
            }
        }
        let size = painting.pixels, (across, down) = (across[column], down[row])
        let stride = width, start = y * width + x
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

    /// What all tiles show together.
    var painting: Painting {
        guard let pixels = sums.first else {
            return Painting(pixels: Bitmap(width: width, height: height), lineTint: .zero)
        }
        guard let rule else { return Painting(pixels: pixels, lineTint: lineTint) }
        let undecided = UndecidedDrawing(flat: sums[0], shade: sums[1], light: sums[2], marks: sums[3], rule: rule)
        return Painting(pixels: undecided.flat, lineTint: lineTint, undecided: undecided)
    }
}
