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

    /// - Parameter step: told the share done, 0…1, before each run; throws to cancel.
    func paint(_ picture: Bitmap, step: (Double) throws -> Void) throws -> Painting {
        let (tiling, multiple) = (generator.manifest.tiling, generator.manifest.input.multiple)
        let columns = Cut(length: picture.width, share: tiling.tile, overlap: tiling.overlap, multiple: multiple)
        let rows = Cut(length: picture.height, share: tiling.tile, overlap: tiling.overlap, multiple: multiple)
        let count = columns.starts.count * rows.starts.count
        guard tiling.allowed, count > 1 else {
            try step(0)
            return try generator.paint(picture)
        }
        try step(0)
        let gates = try generator.gates(for: Self.reduced(picture, longSide: tiling.tile / 2))
        var sum = Bitmap(width: picture.width, height: picture.height, filledWith: .zero)
        var weights = Plane(width: picture.width, height: picture.height)
        var tint = SIMD3<Float>.zero
        for (index, y) in rows.starts.enumerated() {
            for (other, x) in columns.starts.enumerated() {
                try step(Double(index * columns.starts.count + other) / Double(count))
                let tile = picture.cropped(x: x, y: y, width: columns.length, height: rows.length)
                let painting = try generator.paint(tile, gates: gates)
                tint = painting.lineTint
                Self.add(painting.pixels, to: &sum, &weights, x, y, tiling.overlap)
            }
        }
        weights.values.withUnsafeBufferPointer { weights in
            sum.forEachRow { y, row in
                for x in row.indices { row[x] /= max(weights[y * row.count + x], 1e-6) }
            }
        }
        return Painting(pixels: sum, lineTint: tint)
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

    private static func add(_ tile: Bitmap, to sum: inout Bitmap, _ weights: inout Plane, _ x: Int, _ y: Int, _ overlap: Int) {
        let across = (0..<tile.width).map { weight(at: $0, of: tile.width, start: x, total: sum.width, overlap: overlap) }
        for j in 0..<tile.height {
            let down = weight(at: j, of: tile.height, start: y, total: sum.height, overlap: overlap)
            guard down > 0 else { continue }
            let target = (y + j) * sum.width + x
            for i in 0..<tile.width {
                let w = across[i] * down
                sum.pixels[target + i] += tile.pixels[j * tile.width + i] * w
                weights.values[target + i] += w
            }
        }
    }
}
