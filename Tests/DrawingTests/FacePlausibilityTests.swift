@testable import Drawing
import DrawingFixtures
import Models
import Raster
import XCTest

final class FacePlausibilityTests: XCTestCase {
    private let plausibility = FacePlausibility()

    /// The mean face with landmarks changed by `change` (in template pixels), then posed.
    private func posed(
        scale: Double = 0.5, degrees: Double = 0, at centre: Point = Point(x: 300, y: 300), score: Double = 0.99,
        _ change: (inout [Point]) -> Void = { _ in }
    ) -> Face {
        let pose = SimilarityTransform(scale: 1, tx: -256, ty: -290)
            .then(SimilarityTransform(scale: scale, angle: degrees * .pi / 180)).then(
                SimilarityTransform(scale: 1, tx: centre.x, ty: centre.y))
        var points = FaceTemplate.ffhq512.landmarks.points
        change(&points)
        points = points.map(pose.apply)
        let (width, height) = (250 * scale, 330 * scale)
        return Face(
            box: Box(x: centre.x - width / 2, y: centre.y - height / 2, width: width, height: height),
            landmarks: Landmarks(
                leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3], rightMouth: points[4]),
            score: score)
    }

    func testAcceptsAFaceAtEveryAngleAndSize() {
        for degrees in stride(from: 0.0, to: 360, by: 10) {
            for scale in [0.05, 0.3, 1, 8] {
                XCTAssertTrue(plausibility.isPlausible(posed(scale: scale, degrees: degrees)), "\(degrees)° ×\(scale)")
            }
        }
    }

    func testAcceptsATurnedHeadAndAnOpenMouth() {
        // A head turned by 50° foreshortens distances across it by cos 50° and moves the nose tip aside.
        XCTAssertTrue(
            plausibility.isPlausible(
                posed { points in
                    for index in points.indices { points[index].x = 256 + (points[index].x - 256) * 0.64 }
                    points[2].x += 40
                }))
        XCTAssertTrue(
            plausibility.isPlausible(
                posed { points in
                    points[3].y += 30
                    points[4].y += 30
                }))
    }

    /// Eyes and mouth lie almost on a square, so an order that turns the whole face by a quarter, a half or three
    /// quarters is a face.
    func testRefusesEveryOtherOrderOfTheLandmarks() {
        let turns = [[0, 1, 2, 3, 4], [3, 0, 2, 4, 1], [4, 3, 2, 1, 0], [1, 4, 2, 0, 3]]
        let orders = permutations([0, 1, 2, 3, 4])
        XCTAssertEqual(orders.count, 120)
        for order in orders where !turns.contains(order) {
            for degrees in [0.0, 77, 180] {
                let face = posed(degrees: degrees) { points in points = order.map { points[$0] } }
                XCTAssertFalse(plausibility.isPlausible(face), "\(order) at \(degrees)°")
            }
        }
    }

    func testRefusesRandomLandmarks() {
        var generator = SplitMix64(seed: 5)
        let accepted = (0..<2000).filter { _ in
            plausibility.isPlausible(
                posed { points in
                    points = points.map { _ in
                        Point(
                            x: .random(in: 130...380, using: &generator), y: .random(in: 130...450, using: &generator))
                    }
                })
        }
        XCTAssertLessThan(accepted.count, 40, "more than 2 % of random landmarks pass")
    }

    func testRefusesAMirrorImage() {
        XCTAssertFalse(
            plausibility.isPlausible(posed { points in points = points.map { Point(x: 512 - $0.x, y: $0.y) } }))
    }

    func testRefusesWhatIsNotANumberOrHasNoSize() {
        for index in 0..<5 {
            for value in [Double.nan, .infinity, -.infinity] {
                XCTAssertFalse(plausibility.isPlausible(posed { $0[index].x = value }))
            }
        }
        XCTAssertFalse(plausibility.isPlausible(posed { points in points = points.map { _ in Point(x: 256, y: 290) } }))
        var face = posed()
        face.box.width = .nan
        XCTAssertFalse(plausibility.isPlausible(face))
        face.box.width = -3
        XCTAssertFalse(plausibility.isPlausible(face))
        XCTAssertFalse(plausibility.isPlausible(posed(scale: 0)))
    }

    func testRefusesLandmarksAwayFromTheBoxOrTooSmallForIt() {
        var moved = posed()
        moved.box.x += 110
        XCTAssertFalse(plausibility.isPlausible(moved))
        var loose = posed()
        loose.box = Box(x: 0, y: 0, width: 600, height: 600)
        XCTAssertFalse(plausibility.isPlausible(loose))
    }

    func testOfAFaceInsideAFaceTheBetterStays() {
        let face = posed(scale: 1, score: 0.99), eye = posed(scale: 0.2, at: Point(x: 240, y: 240), score: 0.995)
        XCTAssertEqual(plausibility.filter([face, eye], minimumSize: 20), [face])
        // A frame around a real face that hardly looks like one gives way.
        let weak = posed(scale: 1, score: 0.71), real = posed(scale: 0.6, score: 1)
        XCTAssertEqual(plausibility.filter([weak, real], minimumSize: 20), [real])
    }

    func testNeighboursStay() {
        let left = posed(at: Point(x: 200, y: 200), score: 0.8), right = posed(at: Point(x: 300, y: 210), score: 0.9)
        XCTAssertGreaterThan(left.box.intersection(right.box), 0)
        XCTAssertEqual(plausibility.filter([left, right], minimumSize: 20), [right, left])
    }

    func testTheMinimumHoldsForBothSides() {
        let face = posed(scale: 0.4)
        XCTAssertEqual(plausibility.filter([face], minimumSize: 100), [face])
        XCTAssertEqual(plausibility.filter([face], minimumSize: 100.5), [])
    }

    func testTheOrderDoesNotMatterAndASecondPassChangesNothing() {
        var generator = SplitMix64(seed: 17)
        let faces = (0..<60).map { _ in
            posed(
                scale: .random(in: 0.1...0.8, using: &generator), degrees: .random(in: -40...40, using: &generator),
                at: Point(x: .random(in: 0...800, using: &generator), y: .random(in: 0...800, using: &generator)),
                score: Double(Int.random(in: 7...10, using: &generator)) / 10)
        }
        let kept = plausibility.filter(faces, minimumSize: 40)
        XCTAssertGreaterThan(kept.count, 5)
        XCTAssertLessThan(kept.count, faces.count)
        for _ in 0..<10 {
            XCTAssertEqual(plausibility.filter(faces.shuffled(using: &generator), minimumSize: 40), kept)
        }
        XCTAssertEqual(plausibility.filter(kept, minimumSize: 40), kept)
    }

    private func permutations(_ items: [Int]) -> [[Int]] {
        guard let first = items.first else { return [[]] }
        return permutations(Array(items.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }
}
