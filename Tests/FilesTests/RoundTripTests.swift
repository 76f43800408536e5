import Files
import PictureFixtures
import Raster
import XCTest

/// What is saved comes back, within what each format can hold.
final class RoundTripTests: XCTestCase {
    private func roundTrip(_ picture: Bitmap, _ name: String, _ traits: PictureTraits = PictureTraits()) throws
        -> LoadedImage
    {
        let folder = try TemporaryFolder()
        try PictureFile.save(picture, to: folder.file(name), like: traits)
        XCTAssertEqual(try folder.names(), [name], "only the finished file is left")
        return try PictureFile.load(folder.file(name))
    }

    func testEightBitFormatsKeepEightBits() throws {
        let picture = Bitmap.gradient(width: 61, height: 43)
        for name in ["a.png", "a.tif"] {
            let back = try roundTrip(picture, name)
            XCTAssertLessThanOrEqual(back.bitmap.largestDifference(picture), 0.501 / 255, name)
            XCTAssertEqual(back.traits, PictureTraits(hasAlpha: false, depth: .u8, iccProfile: nil), name)
        }
    }

    func testSixteenBitsAreKept() throws {
        let picture = Bitmap.gradient(width: 61, height: 43)
        for name in ["a.png", "a.tiff"] {
            let back = try roundTrip(picture, name, PictureTraits(depth: .u16))
            XCTAssertLessThanOrEqual(back.bitmap.largestDifference(picture), 1.0 / 65535, name)
            XCTAssertEqual(back.traits, PictureTraits(hasAlpha: false, depth: .u16, iccProfile: nil), name)
        }
    }

    func testFloatsAreKeptByTiffAndBecomeSixteenBitsInPng() throws {
        let picture = Bitmap.gradient(width: 61, height: 43)
        let tiff = try roundTrip(picture, "a.tif", PictureTraits(depth: .float))
        XCTAssertLessThanOrEqual(tiff.bitmap.largestDifference(picture), 1e-5)
        XCTAssertEqual(tiff.traits.depth, .float)
        XCTAssertEqual(try roundTrip(picture, "a.png", PictureTraits(depth: .float)).traits.depth, .u16)
    }

    func testAlphaIsKept() throws {
        let picture = Bitmap.gradient(width: 40, height: 30, transparent: true)
        let cases: [(String, SampleDepth, Float)] = [
            ("a.png", .u8, 0.501 / 255), ("a.png", .u16, 1.0 / 65535),
            ("a.tif", .u16, 1.0 / 65535), ("a.tif", .u8, 3 / 255),
        ]
        for (name, depth, tolerance) in cases {
            let back = try roundTrip(picture, name, PictureTraits(hasAlpha: true, depth: depth))
            XCTAssertTrue(back.traits.hasAlpha, "\(name) \(depth)")
            XCTAssertLessThanOrEqual(back.bitmap.largestDifference(picture), tolerance, "\(name) \(depth)")
        }
        let webp = try roundTrip(picture, "a.webp", PictureTraits(hasAlpha: true))
        XCTAssertTrue(webp.traits.hasAlpha)
        XCTAssertLessThanOrEqual(webp.bitmap.largestDifference(picture, channels: [3]), 2 / 255)
    }

    func testLossyFormatsStayClose() throws {
        let picture = Bitmap.gradient(width: 64, height: 48)
        for name in ["a.jpg", "a.JPEG", "a.webp"] {
            let back = try roundTrip(picture, name)
            XCTAssertLessThanOrEqual(back.bitmap.largestDifference(picture), 8 / 255, name)
            XCTAssertEqual(back.traits.depth, .u8)
        }
    }

    func testJpegLaysTransparencyOnWhite() throws {
        let clear = Bitmap(width: 16, height: 16, filledWith: SIMD4(0.2, 0.1, 0, 0))
        let back = try roundTrip(clear, "a.jpg", PictureTraits(hasAlpha: true))
        XCTAssertLessThanOrEqual(
            back.bitmap.largestDifference(Bitmap(width: 16, height: 16, filledWith: SIMD4(1, 1, 1, 1))), 1.5 / 255)
        XCTAssertFalse(back.traits.hasAlpha)
    }

    func testValuesOutsideTheRangeAreClampedNotWrapped() throws {
        let wild = Bitmap(width: 8, height: 8, filledWith: SIMD4(-0.5, 1.7, .nan, 1))
        for name in ["a.png", "a.tif", "a.jpg", "a.webp"] {
            let back = try roundTrip(wild, name)
            XCTAssertLessThan(back.bitmap[3, 3].x, 0.06, name)
            XCTAssertGreaterThan(back.bitmap[3, 3].y, 0.94, name)
        }
    }

    func testOnePixel() throws {
        let dot = Bitmap(width: 1, height: 1, filledWith: SIMD4(1, 0, 0, 1))
        for name in ["a.png", "a.tif", "a.jpg", "a.webp"] {
            XCTAssertEqual(try roundTrip(dot, name).bitmap.pixels.count, 1, name)
        }
    }

    func testContentDecidesNotTheName() throws {
        let folder = try TemporaryFolder()
        let picture = Bitmap.gradient(width: 32, height: 24)
        try PictureFile.save(picture, to: folder.file("a.png"))
        try FileManager.default.moveItem(atPath: folder.file("a.png"), toPath: folder.file("a.jpg"))
        XCTAssertLessThanOrEqual(
            try PictureFile.load(folder.file("a.jpg")).bitmap.largestDifference(picture), 0.501 / 255)
    }
}
