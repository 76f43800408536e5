@testable import Drawing
import DrawingFixtures
@testable import Evaluation
import Models
import Raster
import XCTest

final class BorderMeetingTests: XCTestCase {
    private let found = face(SimilarityTransform(scale: 0.6, tx: 250, ty: 250))
    private let photograph = Bitmap(width: 800, height: 800, filledWith: SIMD4(0.6, 0.6, 0.6, 1))

    /// Strokes of one width on the head and of another one around it.
    private func drawing(inner: Int, outer: Int, around: SIMD4<Float> = SIMD4(0.7, 0.7, 0.7, 1)) throws -> Bitmap {
        let template = FaceTemplate.ffhq512.scaled(toSize: 512, about: 0.4), mask = FeatherMask(template: template)
        let fit = try XCTUnwrap(SimilarityTransform.estimate(from: found.landmarks, to: template.landmarks)).transform
        return Bitmap(width: 800, height: 800) { x, y in
            let p = fit.apply(Point(x: Double(x), y: Double(y))), isInner = mask.value(Float(p.x), Float(p.y)) > 0.5
            if x % 24 < (isInner ? inner : outer) { return SIMD4(0.2, 0.2, 0.2, 1) }
            return isInner ? SIMD4(0.7, 0.7, 0.7, 1) : around
        }
    }

    func testOneHandHasNoBorder() throws {
        let one = try XCTUnwrap(
            BorderMeeting(drawing(inner: 4, outer: 4), of: photograph, landmarks: found.landmarks))
        for seen in [one.across, one.within] {
            XCTAssertEqual(try XCTUnwrap(seen.lineWidth), 1, accuracy: 0.02)
            XCTAssertEqual(seen.flatness, 0, accuracy: 0.02)
            XCTAssertEqual(seen.colour, 0, accuracy: 1)
        }
    }

    func testAnotherWidthOfLinesAndAnotherColourShow() throws {
        let two = try XCTUnwrap(
            BorderMeeting(
                drawing(inner: 2, outer: 6, around: SIMD4(0.9, 0.7, 0.5, 1)), of: photograph,
                landmarks: found.landmarks))
        XCTAssertEqual(try XCTUnwrap(two.across.lineWidth), 3, accuracy: 0.2)
        XCTAssertGreaterThan(two.across.colour, 10)
        XCTAssertEqual(try XCTUnwrap(two.within.lineWidth), 1, accuracy: 0.05)
        XCTAssertLessThan(two.within.colour, 1)
    }

    func testWhatThePictureItselfShowsIsNoMeetingOfHands() throws {
        func meeting(inner: Int, outer: Int, around: SIMD4<Float>) throws -> BorderMeeting {
            try XCTUnwrap(
                BorderMeeting(
                    drawing(inner: inner, outer: outer, around: around), of: photograph, landmarks: found.landmarks))
        }
        // Cloth beside a face in one hand, and the same where the face's lines are twice as wide.
        let cloth = SIMD4<Float>(0.9, 0.7, 0.5, 1)
        let onePiece = try meeting(inner: 3, outer: 6, around: cloth)
        let same = onePiece.beyond(onePiece)
        XCTAssertEqual([same.lineWidth, same.flatness, same.colour], [1, 0, 0])
        let other = try meeting(inner: 6, outer: 6, around: cloth).beyond(onePiece)
        XCTAssertEqual(try XCTUnwrap(other.lineWidth), 2, accuracy: 0.15)
        XCTAssertLessThan(try XCTUnwrap(meeting(inner: 6, outer: 6, around: cloth).across.lineWidth), 1.1)
        let darker = try meeting(inner: 3, outer: 6, around: SIMD4(0.8, 0.6, 0.4, 1)).beyond(onePiece)
        XCTAssertGreaterThan(darker.colour, 5)
        XCTAssertEqual(darker.flatness, 0, accuracy: 0.01)
    }

    func testWhatLiesBeyondThePhotographDoesNotCount() throws {
        let far = face(SimilarityTransform(scale: 0.6, tx: -90, ty: 250))
        XCTAssertNil(
            BorderMeeting(
                Bitmap(width: 60, height: 300, filledWith: SIMD4(1, 1, 1, 1)),
                of: Bitmap(width: 60, height: 300, filledWith: SIMD4(1, 1, 1, 1)), landmarks: far.landmarks),
            "what lies beyond the photograph does not count")
    }

    func testAPhotographWithoutLinesHasNoWidth() throws {
        let plain = try XCTUnwrap(BorderMeeting(photograph, of: photograph, landmarks: found.landmarks))
        XCTAssertNil(plain.across.lineWidth)
        XCTAssertEqual(plain.across.flatness, 0)
    }
}
