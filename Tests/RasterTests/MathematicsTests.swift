@testable import Raster
import XCTest

final class MathematicsTests: XCTestCase {
    func testATurnIsTheAngleOfTheArcTangent() {
        for step in 0..<4000 {
            let angle = 2 * Double.pi * (Double(step) + 0.3) / 4000
            for radius in [1e-3, 1, 700] {
                let (x, y) = (Float(radius * cosine(angle)), Float(radius * sine(angle)))
                XCTAssertEqual(Double(turn(y, x)), angle / (2 * .pi), accuracy: 2e-7)
            }
        }
        XCTAssertEqual([turn(0, 1), turn(1, 0), turn(0, -1), turn(-1, 0), turn(0, 0)], [0, 0.25, 0.5, 0.75, 0])
    }

    func testLightnessAloneIsThatOfTheColour() {
        let picture = Bitmap(width: 60, height: 7) { x, y in
            SIMD4(Float(x) / 40 - 0.2, Float(y) / 6, Float(x * y) / 354, 1)
        }
        XCTAssertEqual(picture.lightness, LabImage(picture).plane(0))
        XCTAssertEqual(LabImage(picture).values, picture.pixels.map(Lab.from))
        XCTAssertEqual(LabImage(picture).plane(2).values, picture.pixels.map { Lab.from($0).z })
        XCTAssertEqual(Lab.chroma(SIMD3(50, 3, -4)), 5)
    }
}
