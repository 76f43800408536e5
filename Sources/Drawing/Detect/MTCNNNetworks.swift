import Models
import Raster
import Settings
import Synchronization

/// The cascade's first network: one look at every window of 12×12 pixels, two pixels apart.
struct ProposalNetwork: Sendable {
    /// Side of the square that one answer sees, in pixels.
    static let window = 12
    /// Distance of neighbouring windows, in pixels.
    static let step = 2
    /// Largest side given to the network at once; larger pictures are shrunk and go through in tiles that give the same
    /// answers, so that no level is ever held whole.
    static let tile = 522

    let network: NeuralNetwork

    /// Windows whose probability reaches `threshold`, in coordinates of the full picture.
    ///
    /// - Parameters:
    ///   - scale: side of the shrunken picture over that of the full one, at most 1.
    ///   - most: at most this many are returned, the best.
    func candidates(_ ladder: DetectionLadder, scale: Double, threshold: Double, most: Int) throws -> [MTCNN.Candidate]
    {
        let width = Int((Double(ladder.width) * scale).rounded(.up)),
            height = Int((Double(ladder.height) * scale).rounded(.up))
        let picture = ladder.shrunk(width: width, height: height)
        var found: [MTCNN.Candidate] = []
        for y in Self.tileStarts(height) {
            for x in Self.tileStarts(width) {
                let tile = try picture.part(
                    rows: y..<min(y + Self.tile, height), columns: x..<min(x + Self.tile, width))
                guard let area = tile.contrastedArea else { continue }
                let shown = tile.read(rows: area.rows, columns: area.columns)
                found += try candidates(
                    shown, x: x + area.columns.lowerBound, y: y + area.rows.lowerBound, threshold: threshold)
                found = MTCNN.best(found)
            }
        }
        // The shrunken picture has whole pixels, so its true scale differs a little from `scale`, and by axis.
        let (scaleX, scaleY) = (Double(ladder.width) / Double(width), Double(ladder.height) / Double(height))
        return found.map { candidate in
            var candidate = candidate
            let box = candidate.box
            candidate.box = Box(
                x: box.x * scaleX, y: box.y * scaleY, width: box.width * scaleX, height: box.height * scaleY)
            return candidate
        }
    }

    /// Tiles overlap by all of a window but one step, so that each window lies in exactly one tile.
    static func tileStarts(_ length: Int) -> [Int] {
        let stride = tile - (window - step)
        return Array(Swift.stride(from: 0, through: max(0, length - window), by: stride))
    }

    /// - Parameters:
    ///   - x: where the tile begins.
    private func candidates(_ tile: Bitmap, x: Int, y: Int, threshold: Double) throws -> [MTCNN.Candidate] {
        let answer = try network.run(["input_1": Self.tensor(tile)])
        guard let boxes = answer["conv2d_4"], let odds = answer["softmax"], odds.shape.count == 4, odds.shape[3] == 2,
            boxes.shape == [1, odds.shape[1], odds.shape[2], 4]
        else {
            throw StyleError.network(
                reason: "P-Net did not answer with “conv2d_4” and “softmax” in the expected shapes")
        }
        let (columns, rows) = (odds.shape[1], odds.shape[2])
        let (side, step) = (Double(Self.window), Self.step)
        var found: [MTCNN.Candidate] = []
        for cell in 0..<columns * rows where odds.values[2 * cell + 1] >= Float(threshold) {
            let correction = CropNetwork.vector(boxes.values, 4 * cell)
            // x comes before y in these networks.
            let left = x + step * (cell / rows), top = y + step * (cell % rows)
            let box = Box(x: Double(left), y: Double(top), width: side, height: side)
            found.append(MTCNN.Candidate(box: box, score: Double(odds.values[2 * cell + 1]), correction: correction))
        }
        return found
    }

    /// The tile as the networks want it: [1, width, height, RGB].
    private static func tensor(_ tile: Bitmap) -> Tensor {
        let (width, height) = (tile.width, tile.height)
        var tensor = Tensor(zeros: [1, width, height, 3])
        tensor.values.withSharedMutableBuffer { values in
            tile.pixels.withSharedBuffer { pixels in
                // A few columns at a time, which is how the tensor runs.
                parallelFor((width + 15) / 16) { strip in
                    for row in 0..<height {
                        for column in strip * 16..<min(width, strip * 16 + 16) {
                            CropNetwork.put(pixels[row * width + column], values, 3 * (column * height + row))
                        }
                    }
                }
            }
        }
        return tensor
    }
}

/// An error of one of several threads.
private final class FirstFailure: Sendable {
    private let error = Mutex<Error?>(nil)

    func note(_ error: Error) { self.error.withLock { $0 = $0 ?? error } }

    func check() throws {
        if let error = error.withLock({ $0 }) { throw error }
    }
}

/// The cascade's second and third network: looks at crops of a fixed size.
package struct CropNetwork: Sendable {
    let network: NeuralNetwork
    let input: String
    let boxes: String
    /// `nil` when the network places none.
    let landmarks: String?
    let probabilities: String
    /// Side of a crop, in pixels.
    let side: Int
    /// Crops a run. Always the same, so that the engine prepares one shape and a face's answer does not depend on how
    /// many others there are.
    let batch: Int

    package struct Answer {
        package var candidate: MTCNN.Candidate
        package var landmarks: Landmarks?
    }

    /// What the network says of each square box, in order.
    package func run(_ squares: [Box], _ ladder: DetectionLadder) throws -> [Answer] {
        var answers: [Answer] = []
        for start in Swift.stride(from: 0, to: squares.count, by: batch) {
            answers += try runBatch(Array(squares[start..<min(start + batch, squares.count)]), ladder)
        }
        return answers
    }

    private func runBatch(_ squares: [Box], _ ladder: DetectionLadder) throws -> [Answer] {
        var tensor = Tensor(zeros: [batch, side, side, 3])
        let size = side * side * 3
        let failure = FirstFailure()
        tensor.values.withSharedMutableBuffer { values in
            parallelFor(squares.count) { index in
                do {
                    try ladder.crop(squares[index], side: side) { x, y, pixel in
                        Self.put(pixel, values, index * size + 3 * (x * side + y))
                    }
                } catch {
                    failure.note(error)
                }
            }
        }
        try failure.check()
        let answer = try network.run([input: tensor])
        guard let shifts = answer[boxes], let odds = answer[probabilities], shifts.shape == [batch, 4],
            odds.shape == [batch, 2],
            landmarks == nil || answer[landmarks ?? ""]?.shape == [batch, 10]
        else {
            throw StyleError.network(
                reason: "the face detector did not answer with “\(boxes)” and “\(probabilities)” in the expected shapes"
            )
        }
        let marks = landmarks.flatMap { answer[$0] }
        return squares.indices.map { index in
            Answer(
                candidate: MTCNN.Candidate(
                    box: squares[index], score: Double(odds.values[2 * index + 1]),
                    correction: Self.vector(shifts.values, 4 * index)),
                landmarks: marks.map {
                    Self.landmarks(Array($0.values[10 * index..<10 * index + 10]), in: squares[index])
                })
        }
    }

    /// Five x, then five y, as shares of the box.
    private static func landmarks(_ shares: [Float], in box: Box) -> Landmarks {
        func point(_ index: Int) -> Point {
            Point(x: box.x + Double(shares[index]) * box.width, y: box.y + Double(shares[index + 5]) * box.height)
        }
        return Landmarks(
            leftEye: point(0), rightEye: point(1), nose: point(2), leftMouth: point(3), rightMouth: point(4))
    }

    static func vector(_ values: [Float], _ offset: Int) -> SIMD4<Double> {
        SIMD4(
            Double(values[offset]), Double(values[offset + 1]), Double(values[offset + 2]), Double(values[offset + 3]))
    }

    /// Black is −0.996 and white 0.996, since the networks learned (byte − 127.5) / 128.
    @inline(__always)
    static func put(_ pixel: SIMD4<Float>, _ values: SharedMutableBuffer<Float>, _ offset: Int) {
        let scaled = (pixel - 0.5) * (255.0 / 128.0)
        values[offset] = scaled.x
        values[offset + 1] = scaled.y
        values[offset + 2] = scaled.z
    }
}
