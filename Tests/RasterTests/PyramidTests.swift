import DrawingFixtures
@testable import Raster
import XCTest

final class PyramidTests: XCTestCase {
    func testIdentityWarpGivesThePictureBack() {
        let picture = waves(61, 47)
        let warped = Pyramid(picture).warped(width: 61, height: 47, by: .identity, boundary: .clamp)
        XCTAssertLessThan(largestDifference(picture, warped), 1e-6)
    }

    func testWholePixelShiftMovesPixelsExactly() {
        let picture = waves(40, 40)
        let warped = Pyramid(picture).warped(
            width: 20, height: 20, by: SimilarityTransform(scale: 1, tx: 7, ty: 11), boundary: .clamp)
        XCTAssertLessThan(largestDifference(picture.cropped(x: 7, y: 11, width: 20, height: 20), warped), 1e-6)
    }

    func testMirrorBoundaryRepeatsTheEdgePixelOnce() {
        let picture = waves(16, 16)
        let warped = Pyramid(picture).warped(
            width: 4, height: 4, by: SimilarityTransform(scale: 1, tx: -4, ty: 0), boundary: .mirror)
        for x in 0..<4 { XCTAssertEqual(warped[x, 2].x, picture[3 - x, 2].x, accuracy: 1e-6) }
    }

    func testShrinkingAveragesInsteadOfPickingPixels() {
        let board = Bitmap(width: 256, height: 256) { x, y in SIMD4(repeating: Float((x + y) % 2)) }
        let small = Pyramid(board).warped(width: 32, height: 32, by: SimilarityTransform(scale: 8), boundary: .clamp)
        for pixel in small.pixels { XCTAssertEqual(pixel.x, 0.5, accuracy: 0.01) }
    }

    func testConstantStaysConstantAtOddSizesAndAnyScale() {
        let flat = Bitmap(width: 37, height: 5, filledWith: SIMD4(0.2, 0.4, 0.6, 1))
        for scale in [0.1, 0.9, 1.5, 3, 20] {
            let warped = Pyramid(flat, smallest: 1).warped(
                width: 9, height: 9, by: SimilarityTransform(scale: scale, angle: 0.3, tx: -2), boundary: .mirror)
            for pixel in warped.pixels { XCTAssertEqual(pixel.y, 0.4, accuracy: 1e-5) }
        }
    }

    func testTransparencyIsFilledFromItsSurroundings() throws {
        var picture = Bitmap(width: 64, height: 64, filledWith: SIMD4(0.8, 0.3, 0.1, 1))
        for y in 20..<40 { for x in 10..<60 { picture[x, y] = .zero } }
        let filled = try TransparencyFill.opaque(picture).readAll()
        XCTAssertLessThan(
            largestDifference(filled, Bitmap(width: 64, height: 64, filledWith: SIMD4(0.8, 0.3, 0.1, 1))), 1e-4)
        let empty = try TransparencyFill.opaque(Bitmap(width: 9, height: 7, filledWith: .zero)).readAll()
        XCTAssertTrue(
            empty.pixels.allSatisfy { abs($0.x - 0.5) < 1e-5 && abs($0.w - 1) < 1e-5 },
            "nothing to fill from becomes mid gray")
    }
}
