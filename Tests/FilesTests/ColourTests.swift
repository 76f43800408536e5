import Files
import Foundation
import PictureFixtures
import Raster
import XCTest

/// Profiles: converted to sRGB on the way in, back on the way out, and carried along byte for byte.
final class ColourTests: XCTestCase {
    private let formats = [("a.png", SampleDepth.u8), ("a.png", .u16), ("a.tif", .u8), ("a.tif", .u16), ("a.jpg", .u8)]

    func testProfilesAreKeptToTheByte() throws {
        for profile in [IccProfile.linear, IccProfile.swapped] {
            for (name, depth) in formats {
                let folder = try TemporaryFolder()
                let traits = PictureTraits(depth: depth, iccProfile: profile)
                try PictureFile.save(.gradient(width: 20, height: 16), to: folder.file(name), like: traits)
                XCTAssertEqual(try PictureFile.load(folder.file(name)).traits.iccProfile, profile, "\(name) \(depth)")
            }
        }
    }

    func testColoursSurviveTheWayThroughAProfile() throws {
        // Moderate colours: red and green swapped is a wide gamut, in which eight bits are coarse.
        let picture = Bitmap.gradient(width: 48, height: 32)
        for (name, depth) in formats {
            let folder = try TemporaryFolder()
            try PictureFile.save(
                picture, to: folder.file(name), like: PictureTraits(depth: depth, iccProfile: IccProfile.swapped))
            let tolerance: Float = name == "a.jpg" ? 10 / 255 : depth == .u8 ? 1.5 / 255 : 0.001
            XCTAssertLessThanOrEqual(
                try PictureFile.load(folder.file(name)).bitmap.largestDifference(picture), tolerance, "\(name) \(depth)"
            )
        }
    }

    /// The same bytes mean another colour under another profile: computed by hand, not by the code under test.
    func testKnownColours() throws {
        let folder = try TemporaryFolder()
        // As stored in the file: red under a profile whose red is sRGB's green.
        let red = Bitmap(width: 8, height: 8, filledWith: SIMD4(0, 1, 0, 1))
        try PictureFile.save(red, to: folder.file("swapped.png"), like: PictureTraits(iccProfile: IccProfile.swapped))
        let stored = try Self.stripped(folder, "swapped.png")
        XCTAssertEqual(stored[4, 4].x, 1, accuracy: 0.02)
        XCTAssertEqual(stored[4, 4].y, 0, accuracy: 0.02)
        // Half of the light is 0.7354 in sRGB's encoding: 1.055 · 0.5^(1/2.4) − 0.055.
        let half = Bitmap(width: 8, height: 8, filledWith: SIMD4(0.7354, 0.7354, 0.7354, 1))
        try PictureFile.save(
            half, to: folder.file("linear.tif"), like: PictureTraits(depth: .u16, iccProfile: IccProfile.linear))
        try PictureFile.save(half, to: folder.file("linear.png"), like: PictureTraits(iccProfile: IccProfile.linear))
        XCTAssertEqual(try Self.stripped(folder, "linear.png")[4, 4].x, 0.5, accuracy: 0.003)
        XCTAssertEqual(try PictureFile.load(folder.file("linear.tif")).bitmap[4, 4].x, 0.7354, accuracy: 0.001)
    }

    /// The PNG's samples taken as sRGB: the same file with its `iCCP` chunk renamed to one that decoders skip.
    private static func stripped(_ folder: TemporaryFolder, _ name: String) throws -> Bitmap {
        var bytes = try TemporaryFolder.bytes(folder.file(name))
        var position = 8
        while position + 12 <= bytes.count {
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            if bytes[position + 4..<position + 8].elementsEqual("iCCP".utf8) {
                bytes.removeSubrange(position..<position + 12 + length)
                return try PictureFile.load(folder.write(bytes, as: "plain-\(name)")).bitmap
            }
            position += 12 + length
        }
        XCTFail("\(name) has no profile")
        return Bitmap(width: 1, height: 1)
    }

    func testAGrayProfileIsNotPutIntoAColourFile() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(
            .gradient(width: 20, height: 16), to: folder.file("a.png"),
            like: PictureTraits(iccProfile: IccProfile.grayLinear))
        XCTAssertNil(try PictureFile.load(folder.file("a.png")).traits.iccProfile)
    }

    /// Half of the light again, in files that another program wrote; a gray profile reads the first channel.
    func testProfilesOfOtherPrograms() throws {
        let folder = try TemporaryFolder()
        let half = Bitmap(width: 8, height: 8, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        for (name, profile) in [("linear", IccProfile.linear), ("gray", IccProfile.grayLinear)] {
            for bits in [8, 16] {
                let file = Tiff.rgb(half, bits: bits, orientation: 1, profile: profile)
                let image = try PictureFile.load(folder.write(file, as: "a.tif"))
                XCTAssertEqual(image.bitmap[3, 3].x, 0.7354, accuracy: 0.003, "\(name), \(bits) bits")
                XCTAssertEqual(image.bitmap[3, 3].z, 0.7354, accuracy: 0.003, "\(name), \(bits) bits")
                XCTAssertEqual(image.traits.iccProfile, profile, "\(name), \(bits) bits")
            }
        }
    }

    /// A saturated colour of a wide space is not dulled on its way through.
    func testColoursOutsideSRGBSurvive() throws {
        // Adobe RGB's green (1998), D50: outside sRGB.
        let wide = IccProfile.matrix(
            red: [0.6097, 0.3111, 0.0195], green: [0.2053, 0.6257, 0.0609], blue: [0.1492, 0.0632, 0.7446],
            gamma: 2.2, name: "wide")
        let folder = try TemporaryFolder()
        let file = Tiff.rgb(
            Bitmap(width: 8, height: 8, filledWith: SIMD4(0, 1, 0, 1)), bits: 16, orientation: 1, profile: wide)
        let image = try PictureFile.load(folder.write(file, as: "a.tif"))
        XCTAssertLessThan(image.bitmap[3, 3].x, -0.1)
        try PictureFile.save(image.bitmap, to: folder.file("b.png"), like: image.traits)
        let samples = try Self.stripped(folder, "b.png")[3, 3]
        XCTAssertLessThanOrEqual(largestDifference(samples, SIMD4(0, 1, 0, 1)), 0.002)
    }

    func testConversionRepeatsToTheBit() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(
            .gradient(width: 64, height: 48), to: folder.file("a.png"),
            like: PictureTraits(iccProfile: IccProfile.swapped))
        let first = try PictureFile.load(folder.file("a.png")).bitmap
        for _ in 0..<20 { XCTAssertEqual(try PictureFile.load(folder.file("a.png")).bitmap, first) }
    }

    /// What a profile of sRGB says goes in and out to the bit; one that is only near it is converted.
    func testProfilesOfSRGBChangeNothing() throws {
        XCTAssertEqual(ColourSpace(icc: IccProfile.sRGB)?.isSRGB, true)
        let folder = try TemporaryFolder(), picture = Bitmap.gradient(width: 48, height: 32)
        for profile in [nil, IccProfile.sRGB] {
            try PictureFile.save(
                picture, to: folder.file("a.png"), like: PictureTraits(depth: .u16, iccProfile: profile),
                overwrite: true)
            let image = try PictureFile.load(folder.file("a.png"))
            XCTAssertLessThanOrEqual(image.bitmap.largestDifference(picture), 0.51 / 65535)
            XCTAssertEqual(image.traits.iccProfile, profile)
        }
        let near = IccProfile.matrix(
            red: IccProfile.red, green: IccProfile.green, blue: IccProfile.blue, gamma: 2.2, name: "near sRGB")
        XCTAssertEqual(ColourSpace(icc: near)?.isSRGB, false)
        XCTAssertEqual(ColourSpace(icc: IccProfile.linear)?.isSRGB, false)
        XCTAssertEqual(ColourSpace(icc: IccProfile.grayLinear)?.isSRGB, false)
    }

    /// sRGB's primaries under another curve, worked out by hand; beyond 0…1 and for no number at all as well.
    func testColoursOfAPlainProfileAreWorkedOutExactly() throws {
        let space = try XCTUnwrap(
            ColourSpace(
                icc: IccProfile.matrix(
                    red: IccProfile.red, green: IccProfile.green, blue: IccProfile.blue, gamma: 1.5, name: "gamma 1.5"))
        )
        let values = (0..<2000).map { Float($0) / 1999 } + [1.2, 2.5]
        let given = Bitmap(width: values.count, height: 1, pixels: values.map { SIMD4($0, $0, $0, 0.25) })
        var made = given
        space.convertToSRGB(&made)
        for (value, pixel) in zip(values, made.pixels) {
            let light = pow(value, 1.5)
            let wanted = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
            // The fixture's primaries are rounded to four places.
            XCTAssertLessThanOrEqual(
                largestDifference(pixel, SIMD4(wanted, wanted, wanted, 0.25)), 4e-4, "\(value) became \(pixel)")
        }
        space.convertFromSRGB(&made)
        XCTAssertLessThanOrEqual(made.largestDifference(given), 4e-5)
        var odd = Bitmap(width: 3, height: 1, pixels: [-0.3, .nan, .infinity].map { SIMD4($0, 0.5, 0.5, 1) })
        space.convertToSRGB(&odd)
        XCTAssertLessThan(odd[0, 0].x, 0.5)
        XCTAssertEqual(odd[1, 0].w, 1)
    }

    func testABrokenProfileCountsAsSRGB() throws {
        XCTAssertNil(ColourSpace(icc: []))
        XCTAssertNil(ColourSpace(icc: [UInt8](repeating: 7, count: 500)))
        XCTAssertNil(ColourSpace(icc: Array(IccProfile.linear.prefix(140))))
        let folder = try TemporaryFolder()
        let picture = Bitmap.gradient(width: 20, height: 16)
        try PictureFile.save(
            picture, to: folder.file("a.jpg"), like: PictureTraits(iccProfile: [UInt8](repeating: 7, count: 500)))
        XCTAssertLessThanOrEqual(try PictureFile.load(folder.file("a.jpg")).bitmap.largestDifference(picture), 10 / 255)
    }
}
