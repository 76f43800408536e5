@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import XCTest

final class FeatherMaskTests: XCTestCase {
    private let template = FaceTemplate.ffhq512.scaled(toSize: 512, about: 2.0 / 3)

    func testCoversTheFeaturesAndEndsBeforeTheEdge() {
        for template in [template, .ffhq512] {
            let mask = FeatherMask(template: template)
            for p in template.landmarks.points { XCTAssertEqual(mask.value(Float(p.x), Float(p.y)), 1) }
            for step in stride(from: Float(0), through: 512, by: 8) {
                XCTAssertEqual(mask.value(step, 0), 0)
                XCTAssertEqual(mask.value(step, 512), 0)
                XCTAssertEqual(mask.value(0, step), 0)
                XCTAssertEqual(mask.value(512, step), 0)
            }
            XCTAssertEqual(mask.value(-40, 200), 0)
        }
    }

    func testIsSmooth() {
        let mask = FeatherMask(template: template)
        for y in stride(from: Float(0), to: 512, by: 3) {
            for x in stride(from: Float(0), to: 511, by: 1) {
                XCTAssertLessThan(abs(mask.value(x + 1, y) - mask.value(x, y)), 0.06, "at \(x), \(y)")
            }
        }
    }

    /// An upright oval about (x, 300) in the square of 512, all other points in its middle.
    private func mesh(x: Double, halfWidth: Double) -> FaceMesh {
        var points = [Point](repeating: Point(x: x, y: 290), count: FaceMesh.count)
        for (index, number) in MeshPoints.oval.enumerated() {
            let angle = 2 * .pi * Double(index) / Double(MeshPoints.oval.count)
            points[number] = Point(x: x + halfWidth * sine(angle), y: 290 - 110 * cosine(angle))
        }
        return FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
    }

    func testFollowsTheOutlineOfTheFace() {
        let mean = FeatherMask(template: template),
            narrow = FeatherMask(template: template, mesh: mesh(x: 256, halfWidth: 60))
        let turned = FeatherMask(template: template, mesh: mesh(x: 290, halfWidth: 90))
        XCTAssertGreaterThan(mean.value(120, 284), 0.9)
        XCTAssertLessThan(narrow.value(120, 284), 0.1, "beside a narrow face there is no head")
        XCTAssertEqual(narrow.value(256, 200), 1)
        XCTAssertGreaterThan(turned.value(410, 284), 0.99)
        XCTAssertLessThan(turned.value(112, 284), turned.value(400, 284), "it lies where the head lies")
        for mask in [narrow, turned] {
            for y in stride(from: Float(0), to: 512, by: 5) {
                for x in stride(from: Float(0), to: 511, by: 1) {
                    XCTAssertLessThan(abs(mask.value(x + 1, y) - mask.value(x, y)), 0.08)
                }
            }
            for step in stride(from: Float(0), through: 512, by: 8) {
                XCTAssertEqual(mask.value(step, 0) + mask.value(512, step), 0)
            }
        }
    }

    func testAnOutlineThatGoesAroundNothingIsNotFollowed() {
        XCTAssertEqual(
            FeatherMask(template: template, mesh: mesh(x: 256, halfWidth: 0)), FeatherMask(template: template))
        XCTAssertEqual(
            FeatherMask(template: template, mesh: mesh(x: .nan, halfWidth: 80)), FeatherMask(template: template))
    }

    /// What meets in lines asks for distances between two alone.
    func testDistancesBetweenTwoAreToldApartFromNearerAndFartherOnes() {
        for mask in [
            FeatherMask(template: template), FeatherMask(template: template, mesh: mesh(x: 230, halfWidth: 80)),
        ] {
            for (near, far) in [(Float(0.45), Float(0.9)), (1.45, 3.5)] {
                for y in stride(from: Float(-300), to: 900, by: 7) {
                    for x in stride(from: Float(-300), to: 900, by: 7) {
                        let some = mask.distance(x, y, within: (near, far)), exact = mask.distance(x, y)
                        XCTAssertEqual(smoothstep(near, far, some), smoothstep(near, far, exact), "at \(x), \(y)")
                    }
                }
            }
        }
    }

    func testGrowsWithTheTemplate() {
        let large = FeatherMask(template: template),
            small = FeatherMask(template: template.scaled(toSize: 128, about: 1))
        for y in stride(from: Float(4), to: 512, by: 16) {
            for x in stride(from: Float(4), to: 512, by: 16) {
                XCTAssertEqual(large.value(x, y), small.value(x / 4, y / 4), accuracy: 1e-4)
            }
        }
    }

    func testTwoFacesBlendByTheirWeights() throws {
        let photograph = Bitmap(width: 512, height: 512, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        func painted(_ value: Float, _ pose: SimilarityTransform) -> PaintedFace {
            let flat = Bitmap(width: 512, height: 512, filledWith: SIMD4(value, value, value, 0))
            return PaintedFace(
                face: face(pose), toSquare: pose, template: template, painting: Painting(pixels: flat, lineTint: .zero))
        }
        let dark = painted(0.2, .identity), bright = painted(0.8, SimilarityTransform(scale: 1, tx: -40))
        let mask = FeatherMask(template: template)
        let result = try PasteBack(photograph: photograph, whole: nil, faces: [dark, bright], options: StyleOptions())
            .render()
        for x in stride(from: 40, to: 512, by: 9) {
            let (a, b) = (mask.value(Float(x) + 0.5, 250.5), mask.value(Float(x) + 0.5 - 40, 250.5))
            let wanted = a + b > 0 ? 0.5 + ((0.2 * a + 0.8 * b) / (a + b) - 0.5) * max(a, b) : 0.5
            XCTAssertEqual(result[x, 250].x, wanted, accuracy: 1e-4)
        }
        let swapped = try PasteBack(photograph: photograph, whole: nil, faces: [bright, dark], options: StyleOptions())
            .render()
        XCTAssertEqual(result, swapped)
    }
}
