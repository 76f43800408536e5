import Models
import Raster
import Settings
import Synchronization

/// An error of one of several threads.
final class FirstFailure: Sendable {
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
