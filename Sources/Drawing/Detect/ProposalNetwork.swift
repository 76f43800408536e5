import Models
import Raster
import Settings

/// The cascade's first network: one look at every window of 12×12 pixels, two pixels apart.
struct ProposalNetwork: Sendable {
    /// Side of the square that one answer sees, in pixels.
    static let window = 12
    /// Distance of neighbouring windows, in pixels.
    static let step = 2
    /// Side of the squares that the network is given. No level of a picture is ever held whole.
    static let tile = 106
    /// Distance of neighbouring tiles: they overlap by all of a window but one step, so that each window lies in
    /// exactly one tile.
    static let stride = tile - (window - step)
    /// Tiles a run. As all tiles have one size, the engine prepares one shape.
    static let batch = 8

    let network: NeuralNetwork

    /// A square of a level.
    struct Tile {
        /// Which level it is of.
        let level: Int
        /// Where it begins; it may reach beyond the level.
        let x: Int, y: Int
    }

    /// What the network says of a window.
    struct Answer {
        /// The level that it lies in, and where it begins.
        let level: Int, x: Int, y: Int
        let probability: Float
        let correction: SIMD4<Double>
    }

    /// Where the tiles of a level begin, along an axis of `length` pixels.
    static func tileStarts(_ length: Int) -> [Int] {
        Array(Swift.stride(from: 0, through: max(0, length - window), by: stride))
    }

    /// Looks at all windows of some tiles in which something shows.
    ///
    /// - Parameters:
    ///   - levels: those that the tiles are of.
    ///   - least: windows of a lower probability are left out.
    ///   - found: called for each of the others.
    func look(at tiles: [Tile], of levels: [DetectionLadder.Shrunk], least: Float, found: (Answer) -> Void) throws {
        var shown: [ShownTile] = []
        for first in Swift.stride(from: 0, to: tiles.count, by: 2 * Self.batch) {
            shown += try read(Array(tiles[first..<min(first + 2 * Self.batch, tiles.count)]), levels)
            while shown.count >= Self.batch {
                try run(Array(shown.prefix(Self.batch)), levels, least, found)
                shown.removeFirst(Self.batch)
            }
        }
        if !shown.isEmpty { try run(shown, levels, least, found) }
    }

    private struct ShownTile: Sendable {
        let tile: Tile
        let pixels: Bitmap
    }

    /// Those of the tiles in which something shows.
    private func read(_ tiles: [Tile], _ levels: [DetectionLadder.Shrunk]) throws -> [ShownTile] {
        var shown = [ShownTile?](repeating: nil, count: tiles.count)
        let failure = FirstFailure()
        shown.withSharedMutableBuffer { shown in
            parallelFor(tiles.count) { index in
                let tile = tiles[index], level = levels[tile.level]
                do {
                    let pixels = try level.part(
                        rows: tile.y..<min(tile.y + Self.tile, level.height),
                        columns: tile.x..<min(tile.x + Self.tile, level.width))
                    if pixels.hasContrastedWindow { shown[index] = ShownTile(tile: tile, pixels: pixels) }
                } catch {
                    failure.note(error)
                }
            }
        }
        try failure.check()
        return shown.compactMap { $0 }
    }

    /// - Parameter shown: at most `batch`.
    private func run(
        _ shown: [ShownTile], _ levels: [DetectionLadder.Shrunk], _ least: Float, _ found: (Answer) -> Void
    ) throws {
        let answer = try network.run(["input_1": Self.tensor(shown)])
        let side = (Self.tile - Self.window) / Self.step + 1
        guard let boxes = answer["conv2d_4"], let odds = answer["softmax"],
            odds.shape == [Self.batch, side, side, 2], boxes.shape == [Self.batch, side, side, 4]
        else {
            throw StyleError.network(
                reason: "P-Net did not answer with “conv2d_4” and “softmax” in the expected shapes")
        }
        odds.values.withSharedBuffer { odds in
            for (index, tile) in shown.enumerated() {
                // Windows that reach beyond the level are none.
                let columns = (tile.pixels.width - Self.window) / Self.step + 1,
                    rows = (tile.pixels.height - Self.window) / Self.step + 1
                for column in 0..<columns {
                    // x comes before y in these networks.
                    let first = (index * side + column) * side
                    for row in 0..<rows where odds[2 * (first + row) + 1] >= least {
                        found(
                            Answer(
                                level: tile.tile.level, x: tile.tile.x + Self.step * column,
                                y: tile.tile.y + Self.step * row, probability: odds[2 * (first + row) + 1],
                                correction: CropNetwork.vector(boxes.values, 4 * (first + row))))
                    }
                }
            }
        }
    }

    /// The tiles as the network wants them: [batch, width, height, RGB], mid-gray beyond them.
    private static func tensor(_ shown: [ShownTile]) -> Tensor {
        var tensor = Tensor(zeros: [batch, tile, tile, 3])
        tensor.values.withSharedMutableBuffer { values in
            parallelFor(shown.count) { index in
                let (width, height) = (shown[index].pixels.width, shown[index].pixels.height)
                shown[index].pixels.pixels.withSharedBuffer { pixels in
                    // A few columns at a time, which is how the tensor runs.
                    for strip in Swift.stride(from: 0, to: width, by: 16) {
                        for row in 0..<height {
                            for column in strip..<min(width, strip + 16) {
                                let place = (index * tile + column) * tile + row
                                CropNetwork.put(pixels[row * width + column], values, 3 * place)
                            }
                        }
                    }
                }
            }
        }
        return tensor
    }
}
