@testable import Raster
import Models
import XCTest

final class SimilarityTransformTests: XCTestCase {
    private let template = FaceTemplate.ffhq512.landmarks

    func testFindsTheTransformThatMadeTheLandmarks() throws {
        for angle in stride(from: -3.0, through: 3, by: 0.37) {
            let pose = SimilarityTransform(scale: 0.2 + abs(angle), angle: angle, tx: 40 * angle, ty: -17)
            let fit = try XCTUnwrap(SimilarityTransform.estimate(from: template, to: template.map(pose.apply)))
            XCTAssertEqual(fit.transform.a, pose.a, accuracy: 1e-9)
            XCTAssertEqual(fit.transform.b, pose.b, accuracy: 1e-9)
            XCTAssertEqual(fit.transform.tx, pose.tx, accuracy: 1e-6)
            XCTAssertEqual(fit.transform.ty, pose.ty, accuracy: 1e-6)
            XCTAssertLessThan(fit.residual, 1e-9)
        }
    }

    func testInverseUndoesAndThenChains() throws {
        let pose = SimilarityTransform(scale: 1.7, angle: 0.6, tx: 12, ty: -80)
        let back = try XCTUnwrap(pose.inverse)
        let p = Point(x: 31.5, y: 7.25)
        let there = pose.then(back).apply(p)
        XCTAssertEqual(there.x, p.x, accuracy: 1e-9)
        XCTAssertEqual(there.y, p.y, accuracy: 1e-9)
    }

    func testMirroredLandmarksFitBadly() throws {
        let mirrored = template.map { Point(x: 512 - $0.x, y: $0.y) }
        // The names stay with the points, so this is a true reflection, which no similarity without reflection can
        // undo.
        let fit = try XCTUnwrap(SimilarityTransform.estimate(from: mirrored, to: template))
        XCTAssertGreaterThan(fit.residual, 0.3)
    }

    func testRefusesPointsWithoutExtentAndNotFinite() {
        let point = Point(x: 3, y: 3)
        let heap = Landmarks(leftEye: point, rightEye: point, nose: point, leftMouth: point, rightMouth: point)
        XCTAssertNil(SimilarityTransform.estimate(from: heap, to: template))
        XCTAssertNil(SimilarityTransform.estimate(from: template, to: heap))
        var broken = template
        broken.nose.x = .nan
        XCTAssertNil(SimilarityTransform.estimate(from: broken, to: template))
        XCTAssertNil(SimilarityTransform(scale: 0).inverse)
    }

    func testTemplateScalesAboutTheCentre() {
        let small = FaceTemplate.ffhq512.scaled(toSize: 256, about: 1)
        XCTAssertEqual(small.landmarks.leftEye.x, template.leftEye.x / 2, accuracy: 1e-9)
        let shrunk = FaceTemplate.ffhq512.scaled(toSize: 512, about: 2.0 / 3)
        XCTAssertEqual(shrunk.landmarks.nose.x - 256, (template.nose.x - 256) * 2 / 3, accuracy: 1e-9)
        XCTAssertEqual(shrunk.landmarks.interOcularDistance, 83.95, accuracy: 0.01)
    }
}
