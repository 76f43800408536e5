@testable import Drawing
import DrawingFixtures
@testable import Evaluation
import Models
import Raster
import Settings
import XCTest

/// Landmark readers and their noise.
final class QualityReaderTests: XCTestCase {
    /// Sees a face where the picture has its red, green, blue, yellow and cyan dots.
    private struct DotDetector: FaceDetector {
        static let colours: [SIMD3<Float>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]]

        func faces(in scene: Scene, minimumSize: Double) throws -> [Face] {
            let picture = try scene.rows.readAll()
            let points = Self.colours.map { colour -> Point in
                var (sum, total) = (Point(x: 0, y: 0), 0.0)
                for (index, pixel) in picture.pixels.enumerated() {
                    let d = SIMD3(pixel.x, pixel.y, pixel.z) - colour
                    let weight = Double(max(0, 0.25 - (d * d).sum()))
                    let (y, x) = index.quotientAndRemainder(dividingBy: picture.width)
                    sum = sum + Point(x: Double(x) + 0.5, y: Double(y) + 0.5) * weight
                    total += weight
                }
                return sum * (1 / total)
            }
            guard points.allSatisfy({ $0.x.isFinite }) else { return [] }
            let landmarks = Landmarks(
                leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3], rightMouth: points[4])
            let unit = landmarks.interOcularDistance
            return [
                Face(
                    box: Box(x: points[2].x - unit, y: points[2].y - unit, width: 2 * unit, height: 2 * unit),
                    landmarks: landmarks, score: 0.9)
            ]
        }
    }

    private let landmarks = FaceTemplate.ffhq512.landmarks.map { Point(x: $0.x * 0.5 + 20, y: $0.y * 0.5 + 12) }

    private func dots(at landmarks: Landmarks) -> Bitmap {
        let points = landmarks.points
        return Bitmap(width: 300, height: 280) { x, y in
            let p = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
            for (point, colour) in zip(points, DotDetector.colours) where (p - point).length < 5 {
                return SIMD4(colour, 1)
            }
            return SIMD4(0.5, 0.5, 0.5, 1)
        }
    }

    func testTheDetectorsAnswerComesBackInThePicturesCoordinates() throws {
        let reader = DetectorReader(name: "dots", detector: DotDetector())
        let picture = dots(at: landmarks)
        let face = try XCTUnwrap(DotDetector().faces(in: picture, minimumSize: 20).first)
        let found = try XCTUnwrap(reader.landmarks(of: face, in: Pyramid(picture)))
        for (a, b) in zip(found.points, landmarks.points) { XCTAssertLessThan((a - b).length, 0.2) }
        let drawing = dots(at: landmarks.map { $0 + Point(x: 2, y: 0) })
        let after = try XCTUnwrap(reader.landmarks(of: face, in: Pyramid(drawing)))
        let drift = try XCTUnwrap(LandmarkDrift(from: found, to: after))
        XCTAssertEqual(drift.eyes, 2 / landmarks.interOcularDistance, accuracy: 0.004)
    }

    func testAFaceThatIsGoneOrElsewhereIsNotFound() throws {
        let picture = dots(at: landmarks)
        let face = try XCTUnwrap(DotDetector().faces(in: picture, minimumSize: 20).first)
        let gray = Bitmap(width: 300, height: 280, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        XCTAssertNil(try DetectorReader(name: "dots", detector: DotDetector()).landmarks(of: face, in: Pyramid(gray)))
        let other = Face(box: Box(x: 0, y: 0, width: 30, height: 30), landmarks: landmarks, score: 1)
        XCTAssertNil(
            try DetectorReader(name: "fixed", detector: FixedDetector(found: [other])).landmarks(
                of: face, in: Pyramid(picture)))
    }

    func testAFaceOutsideThePictureIsNotFound() throws {
        let face = Face(box: Box(x: 5000, y: 5000, width: 50, height: 50), landmarks: landmarks, score: 1)
        XCTAssertNil(
            try DetectorReader(name: "dots", detector: DotDetector()).landmarks(
                of: face, in: Pyramid(dots(at: landmarks))))
    }

    func testTheOutputNetworkAloneReadsTheKnownBox() throws {
        let shape = OutputStandIn(score: 0.9)
        let reader = OutputNetworkReader(name: "O-Net", detector: MTCNN(pnet: shape, rnet: shape, onet: shape))
        let face = Face(box: Box(x: 60, y: 40, width: 80, height: 100), landmarks: landmarks, score: 1)
        let found = try XCTUnwrap(reader.landmarks(of: face, in: Pyramid(dots(at: landmarks))))
        // The square about the box is 100 pixels wide and begins at (50, 40); the crops' shifts cancel.
        for (point, share) in zip(found.points, [0.3, 0.7, 0.5, 0.35, 0.65]) {
            XCTAssertEqual(point.x, 50 + 100 * share, accuracy: 1e-3)
            XCTAssertEqual(point.y, 40 + 100 * 0.4, accuracy: 1e-3)
        }
        let blind = OutputStandIn(score: 0.5)
        XCTAssertNil(
            try OutputNetworkReader(name: "O-Net", detector: MTCNN(pnet: blind, rnet: blind, onet: blind))
                .landmarks(of: face, in: Pyramid(dots(at: landmarks))))
        let endless = Face(box: Box(x: 0, y: 0, width: .infinity, height: 9), landmarks: landmarks, score: 1)
        XCTAssertNil(try reader.landmarks(of: endless, in: Pyramid(dots(at: landmarks))))
    }

    /// Answers every crop alike, as O-Net would.
    private struct OutputStandIn: NeuralNetwork {
        let inputs = [TensorSpec(name: "input_3", shape: [nil, 48, 48, 3])]
        let outputs: [TensorSpec] = []
        let score: Float

        func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
            let count = inputs["input_3"]?.shape[0] ?? 0
            func rows(_ row: [Float]) -> Tensor {
                Tensor(shape: [count, row.count], values: (0..<count).flatMap { _ in row })
            }
            return [
                "dense_5": rows([0, 0, 0, 0]), "softmax_2": rows([1 - score, score]),
                "dense_6": rows([0.3, 0.7, 0.5, 0.35, 0.65, 0.4, 0.4, 0.4, 0.4, 0.4]),
            ]
        }
    }

    // MARK: - Keypoint network

    /// Always gives the same answer, and remembers what it was asked.
    ///
    /// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept
    /// afterwards.
    private final class FixedPoints: NeuralNetwork, @unchecked Sendable {
        let inputs = [TensorSpec(name: "image", shape: [1, 3, 128, 128])]
        let outputs = [TensorSpec(name: "points", shape: [1, 5, 2])]
        let answer: [String: Tensor]
        private(set) var asked: Tensor?

        init(_ answer: [String: Tensor]) { self.answer = answer }

        func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
            asked = inputs["image"]
            return answer
        }
    }

    private func answer(_ points: [Point]) -> [String: Tensor] {
        ["points": Tensor(shape: [1, 5, 2], values: points.flatMap { [Float($0.x), Float($0.y)] })]
    }

    func testKeypointsGoThroughTheWindowAndBack() throws {
        let pose = SimilarityTransform(scale: 0.7, angle: 0.3, tx: 40, ty: -20)
        let face = face(pose)
        // The pose's own places in the window must come back as the face's landmarks.
        let places = KeypointReader.pose.landmarks.points.map { $0 * (1 / KeypointReader.pose.size) }
        let network = FixedPoints(answer(places))
        let found = try XCTUnwrap(
            KeypointReader(name: "K", network: network).landmarks(of: face, in: Pyramid(waves(400, 380))))
        for (a, b) in zip(found.points, face.landmarks.points) { XCTAssertLessThan((a - b).length, 1e-3) }
        let asked = try XCTUnwrap(network.asked)
        XCTAssertEqual(asked.shape, [1, 3, 128, 128])
        XCTAssertTrue(asked.values.allSatisfy { (-1...1).contains($0) })
        // The window is the middle of the canonical square: its centre shows what the square's centre shows.
        let square = try XCTUnwrap(FaceSquare(face.landmarks, templateScale: 2.0 / 3))
        let window = try XCTUnwrap(FaceSquare(face.landmarks, template: KeypointReader.pose))
        let (a, b) = (
            square.toPhotograph.apply(Point(x: 256, y: 256)), window.toPhotograph.apply(Point(x: 128, y: 128))
        )
        XCTAssertLessThan((a - b).length, 1e-9)
        XCTAssertEqual(square.toPhotograph.scale, window.toPhotograph.scale, accuracy: 1e-12)
    }

    func testKeypointFaults() throws {
        let face = face(.identity), picture = Pyramid(waves(512, 512))
        for wrong in [[:], ["points": Tensor(zeros: [1, 4, 2])], ["other": Tensor(zeros: [1, 5, 2])]] {
            XCTAssertThrowsError(
                try KeypointReader(name: "K", network: FixedPoints(wrong)).landmarks(of: face, in: picture)
            ) {
                guard case StyleError.network? = $0 as? StyleError else { return XCTFail("\($0)") }
            }
        }
        let broken = answer(Array(repeating: Point(x: .nan, y: 0.5), count: 5))
        XCTAssertNil(try KeypointReader(name: "K", network: FixedPoints(broken)).landmarks(of: face, in: picture))
    }

    // MARK: - Noise

    func testJitterIsSmallRepeatsAndIsUndone() throws {
        let picture = dots(at: landmarks)
        let centre = landmarks.nose
        let first = Jitter(seed: 3, about: centre)
        XCTAssertEqual(
            first.applied(to: Pyramid(picture)), Jitter(seed: 3, about: centre).applied(to: Pyramid(picture)))
        XCTAssertNotEqual(first.toPhotograph, Jitter(seed: 4, about: centre).toPhotograph)
        for seed in 0..<20 {
            let map = Jitter(seed: UInt64(seed), about: centre).toPhotograph
            XCTAssertEqual(map.scale, 1, accuracy: 0.01)
            let moved = map.apply(centre) - centre
            XCTAssertLessThanOrEqual(max(abs(moved.x), abs(moved.y)), 1 + 1e-9)
        }
        func middle(_ landmarks: Landmarks) -> Point { landmarks.points.reduce(Point(x: 0, y: 0), +) * 0.2 }
        // Seen in the jittered copy the face has moved; undone it is where it was, but for the dots' own pixels.
        let seen = try XCTUnwrap(DotDetector().faces(in: first.applied(to: Pyramid(picture)), minimumSize: 20).first)
            .landmarks
        XCTAssertLessThan((middle(seen.map(first.toPhotograph.apply)) - middle(landmarks)).length, 0.2)
        XCTAssertEqual(
            (middle(seen) - middle(landmarks)).length,
            (first.toPhotograph.apply(middle(landmarks)) - middle(landmarks)).length, accuracy: 0.2)
    }

    func testAPhotographIsMeasuredOnce() throws {
        let reader = DetectorReader(name: "dots", detector: DotDetector())
        let photograph = try MeasuredPhotograph(
            name: "dots.png", dots(at: landmarks), detector: DotDetector(), readers: [reader], templateScale: 2.0 / 3,
            jitters: 3)
        let noise = try XCTUnwrap(photograph.record.noise.first)
        XCTAssertTrue(noise.found)
        XCTAssertEqual(noise.lost, 0)
        XCTAssertEqual(noise.changes.count, 3)
        for change in noise.changes { XCTAssertLessThan(change.drift.eyes, 0.01) }
        let gray = Bitmap(width: 300, height: 280, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        let empty = try MeasuredPhotograph(
            name: "gray.png", gray, detector: DotDetector(), readers: [reader], templateScale: 2.0 / 3)
        XCTAssertNil(empty.record.face)
        XCTAssertTrue(empty.record.noise.isEmpty)
    }
}
