import DrawingFixtures
@testable import Evaluation
import Raster
import XCTest

/// Landmark drift, mouth asymmetry and the statistics made of them.
final class QualityGeometryTests: XCTestCase {
    private let landmarks = Landmarks(
        leftEye: Point(x: 100, y: 120), rightEye: Point(x: 180, y: 130), nose: Point(x: 141, y: 160),
        leftMouth: Point(x: 110, y: 200), rightMouth: Point(x: 165, y: 207))

    func testNothingMovedIsNoDrift() throws {
        let change = try XCTUnwrap(LandmarkChange(from: landmarks, to: landmarks))
        XCTAssertEqual([change.drift.eyes, change.drift.mouth, change.asymmetry], [0, 0, 0])
    }

    func testMovingAllLandmarksIsDriftByThatMuch() throws {
        let unit = landmarks.interOcularDistance
        let moved = landmarks.map { $0 + Point(x: 3, y: -4) }
        let drift = try XCTUnwrap(LandmarkDrift(from: landmarks, to: moved))
        XCTAssertEqual(drift.eyes, 5 / unit, accuracy: 1e-12)
        XCTAssertEqual(drift.mouth, 5 / unit, accuracy: 1e-12)
        var oneEye = landmarks
        oneEye.leftEye.x += 8
        let half = try XCTUnwrap(LandmarkDrift(from: landmarks, to: oneEye))
        XCTAssertEqual(half.eyes, 4 / unit, accuracy: 1e-12)
        XCTAssertEqual(half.mouth, 0)
    }

    func testDriftDoesNotDependOnThePicturesScale() throws {
        let moved = landmarks.map { $0 + Point(x: 2, y: 1) }
        let scale = SimilarityTransform(scale: 3, angle: 0.4, tx: 50, ty: 7)
        let small = try XCTUnwrap(LandmarkChange(from: landmarks, to: moved))
        let large = try XCTUnwrap(LandmarkChange(from: landmarks.map(scale.apply), to: moved.map(scale.apply)))
        XCTAssertEqual(large.drift.eyes, small.drift.eyes, accuracy: 1e-12)
        XCTAssertEqual(large.asymmetry, small.asymmetry, accuracy: 1e-12)
    }

    func testAsymmetryBelongsToTheFaceAndNotToItsPose() throws {
        let value = try XCTUnwrap(MouthAsymmetry.value(landmarks))
        XCTAssertGreaterThan(value, 0.05)
        for pose in [
            SimilarityTransform(scale: 2.5, angle: 1.1, tx: -30, ty: 8), SimilarityTransform(scale: 0.2, angle: -2.9),
        ] {
            XCTAssertEqual(try XCTUnwrap(MouthAsymmetry.value(landmarks.map(pose.apply))), value, accuracy: 1e-9)
        }
        let mirrored = Landmarks(
            leftEye: mirror(landmarks.rightEye), rightEye: mirror(landmarks.leftEye), nose: mirror(landmarks.nose),
            leftMouth: mirror(landmarks.rightMouth), rightMouth: mirror(landmarks.leftMouth))
        XCTAssertEqual(try XCTUnwrap(MouthAsymmetry.value(mirrored)), value, accuracy: 1e-9)
    }

    func testAsymmetryByHand() throws {
        // Eyes one apart; corners 0.5 and 0.3 from the axis. Heights do not count.
        let face = Landmarks(
            leftEye: Point(x: 0, y: 0), rightEye: Point(x: 1, y: 0), nose: Point(x: 0.5, y: 0.5),
            leftMouth: Point(x: 0, y: 1), rightMouth: Point(x: 0.8, y: 1.2))
        XCTAssertEqual(try XCTUnwrap(MouthAsymmetry.value(face)), 0.2, accuracy: 1e-12)
        var even = face
        even.rightMouth.x = 1
        XCTAssertEqual(try XCTUnwrap(LandmarkChange(from: face, to: even)).asymmetry, 0.2, accuracy: 1e-12)
    }

    func testWhatIsNoFaceHasNoFigure() {
        let point = Landmarks(
            leftEye: .init(x: 1, y: 1), rightEye: .init(x: 1, y: 1), nose: .init(x: 1, y: 1),
            leftMouth: .init(x: 1, y: 1), rightMouth: .init(x: 1, y: 1))
        XCTAssertNil(LandmarkDrift(from: point, to: landmarks))
        XCTAssertNil(MouthAsymmetry.value(point))
        var broken = landmarks
        broken.leftMouth.x = .nan
        XCTAssertNil(LandmarkChange(from: landmarks, to: broken))
    }

    private func mirror(_ p: Point) -> Point { Point(x: -p.x, y: p.y) }

    // MARK: - Statistics

    func testMedian() {
        XCTAssertNil(Statistics.median([]))
        XCTAssertEqual(Statistics.median([3]), 3)
        XCTAssertEqual(Statistics.median([9, 1, 4]), 4)
        XCTAssertEqual(Statistics.median([1, 2, 10, 4]), 3)
    }

    func testTheIntervalHoldsTheMedianAndShrinksWithMoreValues() throws {
        var random = SplitMix64(seed: 7)
        let many = (0..<800).map { _ in Double.random(in: 0...1, using: &random) }
        let large = try XCTUnwrap(Statistics.estimate(many)),
            small = try XCTUnwrap(Statistics.estimate(Array(many.prefix(20))))
        for estimate in [large, small] {
            XCTAssertLessThanOrEqual(estimate.low, estimate.median)
            XCTAssertGreaterThanOrEqual(estimate.high, estimate.median)
        }
        XCTAssertLessThan(large.high - large.low, 0.5 * (small.high - small.low))
        // The median of n uniform values has a standard deviation near 1 / (2 √n).
        XCTAssertEqual(large.high - large.low, 4 / (2 * 800.0.squareRoot()), accuracy: 0.03)
        XCTAssertEqual(Statistics.estimate(many), large, "it repeats")
        XCTAssertEqual(Statistics.estimate([2, 2, 2]), Estimate(count: 3, median: 2, low: 2, high: 2))
        XCTAssertNil(Statistics.estimate([]))
    }

    func testExcessAndReduction() throws {
        XCTAssertEqual(Statistics.excess(5, over: 3), 4)
        XCTAssertEqual(Statistics.excess(2, over: 3), 0)
        XCTAssertEqual(try XCTUnwrap(Statistics.reduction(1, against: 4)), 0.75)
        XCTAssertEqual(try XCTUnwrap(Statistics.reduction(5, against: 4)), -0.25)
        XCTAssertNil(Statistics.reduction(1, against: 0))
    }

    func testNumbers() {
        XCTAssertEqual(number(0.01234, 3), "0.012")
        XCTAssertEqual(number(-2.05, 1), "−2.1")
        XCTAssertEqual(number(-0.001, 2), "0.00")
        XCTAssertEqual(number(12, 0), "12")
        XCTAssertEqual(number(nil, 2), "–")
        XCTAssertEqual(number(.nan, 2), "–")
    }
}
