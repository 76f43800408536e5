import Evaluation
import Raster
import XCTest

final class GridEdgesTests: XCTestCase {
    /// A disc with an edge one pixel wide, on a grid of squares of `step` pixels.
    private func disc(step: Int = 1) -> Bitmap {
        Bitmap(width: 600, height: 600) { x, y in
            let dx = Float(x / step * step) + Float(step) / 2 - 300, dy = Float(y / step * step) + Float(step) / 2 - 300
            let value = min(max(250.5 - (dx * dx + dy * dy).squareRoot(), 0), 1)
            return SIMD4(value, value, value, 1)
        }
    }

    func testARoundEdgeRunsInAllDirections() throws {
        XCTAssertEqual(try XCTUnwrap(GridEdges(disc())).share, 16.0 / 180, accuracy: 0.03)
    }

    func testStepsLieInRowsAndColumns() throws {
        let steps = try XCTUnwrap(GridEdges(disc(step: 8))).share
        XCTAssertGreaterThan(steps, 0.5)
        let box = Bitmap(width: 300, height: 300) { x, y in
            let isInside = (80..<220).contains(x) && (80..<220).contains(y)
            return isInside ? SIMD4(1, 1, 1, 1) : SIMD4(0, 0, 0, 1)
        }
        XCTAssertGreaterThan(try XCTUnwrap(GridEdges(box)).share, 0.95)
    }

    func testWhatHasNoEdgesHasNoShare() {
        XCTAssertNil(GridEdges(Bitmap(width: 300, height: 300, filledWith: SIMD4(0.4, 0.4, 0.4, 1))))
        XCTAssertNil(GridEdges(Bitmap(width: 2, height: 300)))
    }
}
