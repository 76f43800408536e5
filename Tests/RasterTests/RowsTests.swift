import DrawingFixtures
import Raster
import XCTest

final class RowsTests: XCTestCase {
    private let picture = waves(37, 23)

    func testAPartIsWhatLiesThere() throws {
        for (rows, columns) in [(0..<23, 0..<37), (4..<9, 0..<37), (22..<23, 36..<37), (3..<20, 5..<6)] {
            let part = try (picture as any RowSource).read(rows: rows, columns: columns)
            XCTAssertEqual(part.width, columns.count)
            XCTAssertEqual(part.height, rows.count)
            for y in rows {
                for x in columns {
                    XCTAssertEqual(part[x - columns.lowerBound, y - rows.lowerBound], picture[x, y])
                }
            }
        }
    }

    func testBandsAreThePictureFromTheTop() throws {
        for height in [1, 7, 23, 100] {
            var pixels: [SIMD4<Float>] = []
            try picture.forEachBand(ofHeight: height) { first, band in
                XCTAssertEqual(first * 37, pixels.count)
                pixels += band.pixels
            }
            XCTAssertEqual(pixels, picture.pixels, "bands of \(height)")
        }
        XCTAssertEqual(try picture.readAll(), picture)
    }
}
