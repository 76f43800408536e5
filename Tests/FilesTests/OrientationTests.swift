import Files
import PictureFixtures
import Raster
import XCTest

/// Exif orientation: applied once on the way in, never written.
final class OrientationTests: XCTestCase {
    /// Where the upright picture's pixel (x, y) lies in a stored picture of `w`×`h` (Exif 2.32, 4.6.4 A, tag 274:
    /// which sides of the scene the stored first row and first column are).
    private func stored(_ orientation: UInt8, _ x: Int, _ y: Int, w: Int, h: Int) -> (Int, Int) {
        switch orientation {
        case 2: return (w - 1 - x, y)
        case 3: return (w - 1 - x, h - 1 - y)
        case 4: return (x, h - 1 - y)
        case 5: return (y, x)
        case 6: return (y, h - 1 - x)
        case 7: return (w - 1 - y, h - 1 - x)
        case 8: return (w - 1 - y, x)
        default: return (x, y)
        }
    }

    func testEveryOrientationOfAJpeg() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(.gradient(width: 48, height: 32), to: folder.file("a.jpg"))
        let plain = try PictureFile.load(folder.file("a.jpg")).bitmap
        for orientation in UInt8(1)...8 {
            let bytes = Jpeg.withOrientation(orientation, try TemporaryFolder.bytes(folder.file("a.jpg")))
            let upright = try PictureFile.load(folder.write(bytes, as: "turned.jpg")).bitmap
            XCTAssertEqual(upright.width, orientation < 5 ? 48 : 32, "orientation \(orientation)")
            XCTAssertEqual(upright.height, orientation < 5 ? 32 : 48, "orientation \(orientation)")
            for (x, y) in [(0, 0), (upright.width - 1, 0), (0, upright.height - 1), (5, 9)] {
                let (sx, sy) = stored(orientation, x, y, w: 48, h: 32)
                XCTAssertEqual(upright[x, y], plain[sx, sy], "orientation \(orientation) at \(x), \(y)")
            }
        }
    }

    func testTheResultIsNotTurnedAgain() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(.gradient(width: 48, height: 32), to: folder.file("a.jpg"))
        let bytes = Jpeg.withOrientation(6, try TemporaryFolder.bytes(folder.file("a.jpg")))
        let upright = try PictureFile.load(folder.write(bytes, as: "turned.jpg"))
        for name in ["b.jpg", "b.png", "b.tif", "b.webp"] {
            try PictureFile.save(upright.bitmap, to: folder.file(name), like: upright.traits)
            XCTAssertLessThanOrEqual(
                try PictureFile.load(folder.file(name)).bitmap.largestDifference(upright.bitmap), 10 / 255, name)
        }
    }

    /// TIFF of either depth, with its directory first, unlike what this package writes.
    func testTiff() throws {
        let folder = try TemporaryFolder()
        let picture = Bitmap.gradient(width: 24, height: 16)
        for bits in [8, 16] {
            for orientation in UInt8(1)...8 {
                let file = Tiff.rgb(picture, bits: bits, orientation: orientation)
                let image = try PictureFile.load(folder.write(file, as: "turned.tif"))
                let upright = image.bitmap
                XCTAssertEqual(image.traits.depth, bits == 8 ? .u8 : .u16)
                guard upright.width == (orientation < 5 ? 24 : 16) else {
                    XCTFail("\(bits) bits, orientation \(orientation): \(upright.width)×\(upright.height)")
                    continue
                }
                for (x, y) in [(0, 0), (upright.width - 1, 0), (0, upright.height - 1), (5, 9)] {
                    let (sx, sy) = stored(orientation, x, y, w: 24, h: 16)
                    let difference = upright[x, y] - picture[sx, sy]
                    XCTAssertLessThan(
                        (difference * difference).sum(), 0.0001,
                        "\(bits) bits, orientation \(orientation) at \(x), \(y)")
                }
            }
        }
    }

    func testATiffThatEndsBeforeItsPixelsDoIsRefused() throws {
        let folder = try TemporaryFolder()
        for bits in [8, 16] {
            let file = Tiff.rgb(.gradient(width: 60, height: 40), bits: bits, orientation: 1)
            XCTAssertThrowsError(
                try PictureFile.load(folder.write(Array(file.prefix(file.count * 2 / 3)), as: "cut.tif")),
                "\(bits) bits")
        }
    }
}
