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

    func testGrowsWithTheTemplate() {
        let large = FeatherMask(template: template), small = FeatherMask(template: template.scaled(toSize: 128, about: 1))
        for y in stride(from: Float(4), to: 512, by: 16) {
            for x in stride(from: Float(4), to: 512, by: 16) {
                XCTAssertEqual(large.value(x, y), small.value(x / 4, y / 4), accuracy: 1e-4)
            }
        }
    }

    func testTwoFacesBlendByTheirWeights() {
        let photograph = Bitmap(width: 512, height: 512, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        func painted(_ value: Float, _ pose: SimilarityTransform) -> PaintedFace {
            let flat = Bitmap(width: 512, height: 512, filledWith: SIMD4(value, value, value, 0))
            return PaintedFace(face: face(pose), toSquare: pose, template: template, painting: Painting(pixels: flat, lineTint: .zero))
        }
        let dark = painted(0.2, .identity), bright = painted(0.8, SimilarityTransform(scale: 1, tx: -40))
        let mask = FeatherMask(template: template)
        let result = PasteBack(photograph: photograph, whole: nil, faces: [dark, bright], options: StyleOptions()).render()
        for x in stride(from: 40, to: 512, by: 9) {
            let (a, b) = (mask.value(Float(x) + 0.5, 250.5), mask.value(Float(x) + 0.5 - 40, 250.5))
            let wanted = a + b > 0 ? 0.5 + ((0.2 * a + 0.8 * b) / (a + b) - 0.5) * max(a, b) : 0.5
            XCTAssertEqual(result[x, 250].x, wanted, accuracy: 1e-4)
        }
        let swapped = PasteBack(photograph: photograph, whole: nil, faces: [bright, dark], options: StyleOptions()).render()
        XCTAssertEqual(result, swapped)
    }
}
