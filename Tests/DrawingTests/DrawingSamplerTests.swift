@testable import Drawing
import DrawingFixtures
import Raster
import XCTest

final class DrawingSamplerTests: XCTestCase {
    /// One row of `picture` enlarged `magnification` times.
    private func row(_ picture: Bitmap, magnification: Double) -> [Float] {
        picture.withSampler(.clamp) {
            let drawing = DrawingSampler(
                $0, scaleX: Float(1 / magnification), scaleY: Float(1 / magnification), magnification: magnification)
            return (0..<Int(Double(picture.width) * magnification)).map {
                drawing(Float($0) + 0.5, Float(picture.height) / 2 * Float(magnification), photograph: .zero).x
            }
        }
    }

    func testSharedTapsReadWhatSamplersRead() throws {
        let picture = waves(23, 17)
        picture.withSampler(.clamp) { sample in
            var inside = 0
            for y in stride(from: Float(-2), to: 19, by: 0.37) {
                for x in stride(from: Float(-2), to: 25, by: 0.29) {
                    let isNearEdge = x < 1.5 || y < 1.5 || x >= 21.5 || y >= 15.5
                    guard let taps = SharedTaps(x, y, of: sample) else {
                        XCTAssertTrue(isNearEdge, "\(x), \(y)")
                        continue
                    }
                    inside += 1
                    XCTAssertEqual(taps.cubic(sample), sample(x, y))
                    XCTAssertEqual(taps.linear(sample), sample.bilinear(x, y))
                    XCTAssertFalse(isNearEdge, "\(x), \(y)")
                }
            }
            XCTAssertGreaterThan(inside, 1000)
            XCTAssertNil(SharedTaps(.nan, 5, of: sample))
            XCTAssertNil(SharedTaps(5, .infinity, of: sample))
        }
    }

    func testAnEnlargedEdgeIsSteeperThanTheCubicsAndDoesNotOvershootMore() {
        let edge = Bitmap(width: 16, height: 8) { x, _ in SIMD4(repeating: x < 8 ? 0.2 : 0.8) }
        let crisp = row(edge, magnification: 4)
        let cubic = edge.withSampler(.clamp) { sample in (0..<64).map { sample((Float($0) + 0.5) / 4, 4).x } }
        func width(_ values: [Float]) -> Int { values.filter { $0 > 0.26 && $0 < 0.74 }.count }
        XCTAssertLessThan(width(crisp), width(cubic))
        XCTAssertGreaterThanOrEqual(crisp.min() ?? 0, (cubic.min() ?? 0) - 1e-5, "no more overshoot than the cubic has")
        XCTAssertLessThanOrEqual(crisp.max() ?? 1, (cubic.max() ?? 1) + 1e-5)
        XCTAssertEqual(crisp.firstIndex { $0 > 0.5 }, cubic.firstIndex { $0 > 0.5 }, "the edge stays where it was")
    }

    func testGradientsAndFlatPlacesStay() {
        let ramp = Bitmap(width: 32, height: 8) { x, _ in SIMD4(repeating: Float(x) / 32) }
        for (index, value) in row(ramp, magnification: 4).enumerated() where index > 16 && index < 112 {
            XCTAssertEqual(value, ((Float(index) + 0.5) / 4 - 0.5) / 32, accuracy: 1e-4)
        }
    }

    func testNothingChangesWhereNothingIsEnlarged() {
        let picture = waves(24, 24)
        let values = row(picture, magnification: 1)
        for x in 0..<24 {
            XCTAssertEqual(values[x], picture.withSampler(.clamp) { $0(Float(x) + 0.5, 12).x }, accuracy: 1e-6)
        }
    }
}
