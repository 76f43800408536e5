@testable import Drawing
import DrawingFixtures
import Raster
import XCTest

final class DetectionLadderTests: XCTestCase {
    private func crop(_ ladder: DetectionLadder, _ square: Box, side: Int) throws -> Bitmap {
        var result = Bitmap(width: side, height: side)
        try ladder.crop(square, side: side) { x, y, pixel in result[x, y] = pixel }
        return result
    }

    func testACropIsTheAreaAverageOfItsSquare() throws {
        let picture = waves(120, 90)
        let part = Bitmap(width: 60, height: 60) { x, y in picture[x + 17, y + 11] }
        let shown = try crop(DetectionLadder(Scene(picture)), Box(x: 17, y: 11, width: 60, height: 60), side: 24)
        XCTAssertLessThan(largestDifference(shown, areaResampled(part, width: 24, height: 24)), 1e-5)
    }

    func testShrunkenLevelsKeepTheirPlace() throws {
        // Odd sizes, where a level has half a pixel more than half the picture.
        let (width, height) = (781, 523)
        let ramp = Bitmap(width: width, height: height) { x, y in
            SIMD4((Float(x) + 0.5) / Float(width), (Float(y) + 0.5) / Float(height), 0, 1)
        }
        let ladder = try DetectionLadder(Scene(ramp))
        let small = try ladder.shrunk(width: 40, height: 27).part(rows: 0..<27, columns: 0..<40)
        // To a tenth of a pixel, since averages of a level's whole pixels are weighed.
        for (x, y) in [(1, 1), (20, 13), (38, 25)] {
            XCTAssertEqual(small[x, y].x, (Float(x) + 0.5) / 40, accuracy: 0.1 / 40)
            XCTAssertEqual(small[x, y].y, (Float(y) + 0.5) / 27, accuracy: 0.1 / 27)
        }
        // Level 3 is read; one that were half a pixel off would show 4.
        let square = try crop(ladder, Box(x: 201.3, y: 99.7, width: 400, height: 400), side: 24)
        for (x, y) in [(0, 0), (12, 5), (23, 23)] {
            XCTAssertEqual(square[x, y].x * Float(width), 201.3 + (Float(x) + 0.5) * 400 / 24, accuracy: 0.3)
            XCTAssertEqual(square[x, y].y * Float(height), 99.7 + (Float(y) + 0.5) * 400 / 24, accuracy: 0.3)
        }
    }

    func testHalvesAreTheScenesOwnLevels() throws {
        let picture = waves(121, 90), half = Pyramid.halved(picture)
        let shrunk = try DetectionLadder(Scene(picture)).shrunk(width: 61, height: 45)
        XCTAssertEqual(try shrunk.part(rows: 3..<45, columns: 7..<61), half.read(rows: 3..<45, columns: 7..<61))
        XCTAssertEqual([shrunk.scale.x, shrunk.scale.y], [2, 2], "the last column reaches beyond the picture")
        // The same, of a scene that holds none of them.
        let bare = try DetectionLadder(Scene(picture).withoutLevels).shrunk(width: 61, height: 45)
        XCTAssertEqual(try bare.part(rows: 3..<45, columns: 7..<61), half.read(rows: 3..<45, columns: 7..<61))
    }

    func testOutsideThePictureIsBlack() throws {
        let ladder = try DetectionLadder(Scene(Bitmap(width: 100, height: 100, filledWith: SIMD4(0.8, 0.8, 0.8, 1))))
        for size in [24.0, 60, 400] {
            let shown = try crop(ladder, Box(x: -size / 2, y: 20, width: size, height: size), side: 24)
            XCTAssertEqual(shown[4, 2].x, 0, accuracy: 1e-6)
            XCTAssertEqual(shown[13, 2].x, 0.8, accuracy: 1e-5)
        }
        XCTAssertEqual(try crop(ladder, Box(x: 500, y: 500, width: 50, height: 50), side: 24)[3, 3].x, 0)
    }
}
