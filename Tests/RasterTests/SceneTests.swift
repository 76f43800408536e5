import DrawingFixtures
@testable import Raster
import XCTest

/// What is read part by part is what the whole gives, to the bit.
final class SceneTests: XCTestCase {
    /// Odd sizes, where the last row and column of a level are averaged with themselves.
    private let picture = waves(333, 251)

    func testPartsOfEveryLevelAreThoseOfThePyramid() throws {
        let pyramid = Pyramid(picture), scene = try Scene(picture, mostHeld: 2000)
        XCTAssertNil(scene.heldLevel(2))
        XCTAssertNotNil(scene.heldLevel(3))
        for (level, whole) in pyramid.levels.enumerated() {
            let size = scene.size(ofLevel: level)
            XCTAssertEqual([size.width, size.height], [whole.width, whole.height])
            XCTAssertEqual(
                try scene.part(ofLevel: level, rows: 0..<size.height, columns: 0..<size.width), whole, "level \(level)")
            let rows = size.height / 3..<size.height, columns = size.width / 4..<size.width - 1
            XCTAssertEqual(
                try scene.part(ofLevel: level, rows: rows, columns: columns), whole.read(rows: rows, columns: columns),
                "level \(level)")
        }
    }

    func testWarpingReadsAllThatItShows() throws {
        let pyramid = Pyramid(picture), scene = try Scene(picture, mostHeld: 2000)
        for boundary in [Boundary.clamp, .mirror] {
            for (scale, tx, ty) in [
                (0.8, 40.0, 30.0), (1, -50, 180), (2.6, 250, -120), (3.5, -700, 400), (0.5, 900, 900), (6, -300, -260),
                (2, -2000, 90),
            ] {
                let map = SimilarityTransform(scale: scale, angle: 0.7, tx: tx, ty: ty)
                let parts = try scene.warped(width: 70, height: 50, by: map, boundary: boundary)
                XCTAssertEqual(
                    parts, pyramid.warped(width: 70, height: 50, by: map, boundary: boundary),
                    "\(boundary) \(scale) \(tx) \(ty)")
            }
        }
    }

    func testAreaAveragesAreTheSameByBands() throws {
        for (width, height) in [(333, 251), (100, 80), (40, 251), (500, 90), (1, 1), (700, 600)] {
            let banded = try areaResampled(Rows(picture: picture), width: width, height: height)
            XCTAssertEqual(banded, areaResampled(picture, width: width, height: height), "\(width)×\(height)")
        }
        // Far more rows than a band has.
        let tall = waves(9, 1500)
        XCTAssertEqual(
            try areaResampled(Rows(picture: tall), width: 5, height: 700), areaResampled(tall, width: 5, height: 700))
    }

    func testTransparencyIsFilledAlikeByBands() throws {
        var cut = picture
        for y in 30..<140 { for x in 60..<330 { cut[x, y].w = (x + y) % 5 == 0 ? 0.4 : 0 } }
        let whole = try TransparencyFill.opaque(Rows(picture: cut)).readAll()
        XCTAssertTrue(whole.pixels.allSatisfy { $0.w == 1 })
        for held in [30_000, 6000, 100] {
            let rows = try TransparencyFill.opaque(Rows(picture: cut), mostHeld: held)
            var pixels: [SIMD4<Float>] = []
            try rows.forEachBand(ofHeight: 16) { pixels += $1.pixels }
            XCTAssertEqual(pixels, whole.pixels, "at most \(held) pixels kept")
            XCTAssertEqual(
                try rows.read(rows: 37..<90, columns: 11..<140), whole.read(rows: 37..<90, columns: 11..<140))
        }
        let full = Rows(picture: picture)
        XCTAssertEqual(try TransparencyFill.opaque(full).readAll(), picture)
    }

    func testAFailedReadIsSaid() {
        struct Gone: Error {}
        struct Lost: RowSource {
            let width = 100, height = 100
            func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap { throw Gone() }
        }
        XCTAssertThrowsError(try Scene(Lost(), mostHeld: 100))
        XCTAssertThrowsError(try TransparencyFill.opaque(Lost()))
        XCTAssertThrowsError(try areaResampled(Lost(), width: 10, height: 10))
    }

    /// Hides that a picture is in memory.
    private struct Rows: RowSource {
        let picture: Bitmap
        var width: Int { picture.width }
        var height: Int { picture.height }
        func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap { picture.read(rows: rows, columns: columns) }
    }
}
