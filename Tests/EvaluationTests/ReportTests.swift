import Drawing
@testable import Evaluation
import Raster
import XCTest

/// The figures and words of a page about drawings. What a browser makes of a page: `ReportPageTests`.
final class ReportTests: XCTestCase {
    /// Points in no order, but for the eyes, which lie `distance` apart.
    private func mesh(distance: Double = 60, moving moved: [Int] = [], by shift: Point = Point(x: 0, y: 0)) -> FaceMesh
    {
        var points = (0..<FaceMesh.count).map { (number: Int) -> Point in
            Point(x: Double(number * 37 % 101), y: Double(number * 53 % 97))
        }
        for (feature, x) in [(FaceFeature.leftEye, 20.0), (.rightEye, 20 + distance)] {
            for (index, number) in feature.outline.enumerated() {
                let angle = Double(index) / Double(feature.outline.count) * 2 * .pi
                points[number] = Point(x: x + 10 * cosine(angle), y: 40 + 5 * sine(angle))
            }
        }
        for number in moved { points[number] = points[number] + shift }
        return FaceMesh(
            points: points, depths: Array(repeating: 0, count: FaceMesh.skinCount), presence: 1)
    }

    func testAFeatureThatMovedIsMeasured() throws {
        let before = mesh(), after = mesh(moving: FaceFeature.mouth.outline, by: Point(x: -3, y: 4))
        let mouth = try XCTUnwrap(FeatureMovement(.mouth, from: before, to: after))
        XCTAssertEqual(mouth.distance, 5, accuracy: 1e-9)
        XCTAssertEqual(mouth.share, 5 / 60, accuracy: 1e-6)
        XCTAssertEqual(mouth.shift.x, -3, accuracy: 1e-6)
        XCTAssertEqual(mouth.shift.y, 4, accuracy: 1e-6)
        XCTAssertEqual(mouth.width, 1, accuracy: 1e-9)
        let eye = try XCTUnwrap(FeatureMovement(.leftEye, from: before, to: after))
        XCTAssertEqual(eye.distance, 0, "what has not moved has not moved")
    }

    func testDirectionsAndSizesAreTheFacesOwn() throws {
        // The whole turned by 90°: the viewer's down is the face's right then.
        let turn = SimilarityTransform(a: 0, b: 1, tx: 0, ty: 0)
        let before = mesh().map(turn)
        let after = mesh(moving: FaceFeature.mouth.outline, by: Point(x: 6, y: 0)).map(turn)
        let mouth = try XCTUnwrap(FeatureMovement(.mouth, from: before, to: after))
        XCTAssertEqual(mouth.shift.x, 6, accuracy: 1e-6)
        XCTAssertEqual(mouth.shift.y, 0, accuracy: 1e-6)
        // Every point of the eye twice as far from its middle row.
        var points = mesh().points
        for number in FaceFeature.leftEye.outline { points[number].y = 40 + 2 * (points[number].y - 40) }
        let open = FaceMesh(points: points, depths: mesh().depths, presence: 1)
        let eye = try XCTUnwrap(FeatureMovement(.leftEye, from: mesh(), to: open))
        XCTAssertEqual(eye.height, 2, accuracy: 1e-6)
        XCTAssertEqual(eye.width, 1, accuracy: 1e-6)
        XCTAssertEqual(ReportWords.direction(Point(x: -1.26, y: -2)), "2.0 px up, 1.3 px left")
        XCTAssertEqual(ReportWords.direction(Point(x: 0.01, y: 0)), "in place")
    }

    func testEyesInOnePlaceGiveNoMovement() {
        XCTAssertNil(FeatureMovement(.mouth, from: mesh(distance: 0), to: mesh()))
    }

    func testTextsAreShownAsTheyAre() throws {
        let page = try ReportPage(
            title: "<script>alert(1)</script>", lead: ["a & \"b\"\u{1B}[2J"], whole: nil, sections: [], notes: ["1 < 2"]
        ).html { _ in [] }
        XCTAssertFalse(page.contains("<script"))
        XCTAssertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        XCTAssertTrue(page.contains("<p>a &amp; &quot;b&quot;\\x1B[2J</p>"))
        XCTAssertTrue(page.contains("<p>1 &lt; 2</p>"))
    }

    func testPicturesAreWithinThePage() throws {
        let picture = Bitmap(width: 3, height: 2)
        let page = try ReportPage(title: "t", lead: [], whole: (picture, picture), sections: [], notes: []).html {
            XCTAssertEqual($0.width, 3)
            return Array("abcd".utf8)
        }
        XCTAssertEqual(page.components(separatedBy: "src=\"data:image/jpeg;base64,YWJjZA==\"").count, 3)
        XCTAssertEqual(coordinate(-12.34), "-12.3")
        XCTAssertEqual(coordinate(-0.04), "0.0")
        XCTAssertEqual(coordinate(.nan), "0")
    }

    func testPlotsNameTheirColours() {
        let plot = ColourPlot(name: "Skin", before: SIMD3(70, 10, 20), after: SIMD3(73, 10, 24)).figure
        XCTAssertTrue(plot.contains("Skin: L* 70, a* 10, b* 20 in the photograph, L* 73, a* 10, b* 24 in the drawing"))
        XCTAssertTrue(plot.contains("ΔE 5.0"), "√(3² + 4²)")
        let bar = MovementBar(share: 0.5, floor: 0.1).svg
        XCTAssertTrue(bar.contains("width=\"150.0\" rx=\"1\""), "what is beyond the end fills the bar: \(bar)")
        XCTAssertTrue(bar.contains("M75.0 0V14"), "the mark is in the middle: \(bar)")
    }
}
