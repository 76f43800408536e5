import Files
import Foundation
import PictureFixtures
import Raster
import XCTest

/// Colours that a file says otherwise than by a short RGB profile.
final class ColourFileTests: XCTestCase {
    private let picture = Bitmap.gradient(width: 48, height: 32)

    private func png(_ folder: TemporaryFolder, _ chunks: [(String, [UInt8])], depth: SampleDepth = .u16) throws
        -> LoadedImage
    {
        try PictureFile.save(picture, to: folder.file("plain.png"), like: PictureTraits(depth: depth), overwrite: true)
        let bytes = Png.withColour(chunks, try TemporaryFolder.bytes(folder.file("plain.png")))
        return try PictureFile.load(folder.write(bytes, as: "colour.png"))
    }

    /// sRGB's encoding of a light (IEC 61966-2-1).
    private func encoded(_ light: Float) -> Float {
        light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
    }

    private func assert(_ image: LoadedImage, is expected: (SIMD4<Float>) -> SIMD4<Float>, _ name: String) {
        let wanted = Bitmap(width: 48, height: 32, pixels: picture.pixels.map(expected))
        XCTAssertLessThanOrEqual(image.bitmap.largestDifference(wanted), 0.5 / 255, name)
    }

    private let gamma = Png.word(100_000),
        srgbPrimaries = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000].flatMap(Png.word)

    // MARK: - PNG

    func testGammaIsHonouredInEightAndSixteenBits() throws {
        let folder = try TemporaryFolder()
        for depth in [SampleDepth.u8, .u16] {
            let linear = try png(folder, [("gAMA", gamma)], depth: depth)
            let wanted = Bitmap(
                width: 48, height: 32,
                pixels: picture.pixels.map {
                    SIMD4(encoded($0.x), encoded($0.y), encoded($0.z), 1)
                })
            // Eight bits of light are coarse in the dark.
            XCTAssertLessThanOrEqual(
                linear.bitmap.largestDifference(wanted), depth == .u8 ? 2 / 255 : 0.5 / 255, "\(depth)")
        }
        let cube = try png(folder, [("gAMA", Png.word(33333)), ("cHRM", srgbPrimaries)])
        assert(
            cube, is: { SIMD4(self.encoded(pow($0.x, 3)), self.encoded(pow($0.y, 3)), self.encoded(pow($0.z, 3)), 1) },
            "1/3")
    }

    func testWhatSaysSRGBStaysAsItIs() throws {
        let folder = try TemporaryFolder()
        for chunks in [
            [("gAMA", Png.word(45455))], [("gAMA", Png.word(45455)), ("cHRM", srgbPrimaries)],
            [("cHRM", srgbPrimaries)],
            [("gAMA", gamma), ("sRGB", [0])], [("gAMA", gamma), ("cICP", [1, 13, 0, 1])],
        ] {
            let image = try png(folder, chunks)
            assert(image, is: { $0 }, "\(chunks.map(\.0))")
            XCTAssertNil(image.traits.iccProfile, "\(chunks.map(\.0))")
        }
    }

    func testPrimariesAreHonoured() throws {
        let folder = try TemporaryFolder()
        // Display P3's primaries under sRGB's curve: its red has more light of sRGB's red than sRGB has.
        let primaries = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000].flatMap(Png.word)
        let byNumbers = try png(folder, [("cHRM", primaries), ("gAMA", Png.word(45455))])
        let byCode = try png(folder, [("cICP", [12, 13, 0, 1])])
        XCTAssertLessThanOrEqual(byNumbers.bitmap.largestDifference(byCode.bitmap), 0.1 / 255)
        // Light of sRGB from that of P3 (CSS Color 4, 18.1), red.
        func light(_ value: Float) -> Float { value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4) }
        let given = picture[40, 20]
        let red = 1.2249401762805 * light(given.x) - 0.2249401762805 * light(given.y)
        XCTAssertEqual(byCode.bitmap[40, 20].x, encoded(red), accuracy: 1 / 255)
        XCTAssertNotNil(byCode.traits.iccProfile)
    }

    func testCodePointsGoBeforeTheProfileAndTheProfileBeforeNumbers() throws {
        let folder = try TemporaryFolder()
        let profile = ("iCCP", Png.profileData(IccProfile.swapped))
        assert(
            try png(folder, [("cICP", [1, 8, 0, 1]), profile, ("gAMA", Png.word(45455))]),
            is: { SIMD4(self.encoded($0.x), self.encoded($0.y), self.encoded($0.z), 1) }, "cICP: linear light")
        XCTAssertEqual(try png(folder, [profile, ("gAMA", gamma)]).traits.iccProfile, IccProfile.swapped)
    }

    /// Colours wider than sRGB stay; what differs from sRGB by its curve alone is written as sRGB.
    func testADrawingCarriesColoursSaidInNumbers() throws {
        let folder = try TemporaryFolder()
        XCTAssertNil(try png(folder, [("gAMA", gamma)]).traits.iccProfile)
        let image = try png(folder, [("cICP", [12, 13, 0, 1])])
        XCTAssertNotNil(image.traits.iccProfile)
        for name in ["a.png", "a.tif"] {
            try PictureFile.save(image.bitmap, to: folder.file(name), like: image.traits)
            let back = try PictureFile.load(folder.file(name))
            XCTAssertLessThanOrEqual(back.bitmap.largestDifference(image.bitmap), 0.5 / 255, name)
            XCTAssertEqual(back.traits.iccProfile, image.traits.iccProfile, name)
        }
    }

    // MARK: - Profiles

    /// A profile longer than one of JPEG's segments, here made long by a tag that nobody reads.
    func testLongProfilesAreRead() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(picture, to: folder.file("plain.jpg"))
        let plain = try TemporaryFolder.bytes(folder.file("plain.jpg"))
        var long = IccProfile.swapped + [UInt8](repeating: 0, count: 70_000)
        long.replaceSubrange(0..<4, with: Png.word(long.count))
        let short = try PictureFile.load(folder.write(Jpeg.withProfile(IccProfile.swapped, plain), as: "short.jpg"))
        for segment in [65519, 1000] {
            let image = try PictureFile.load(
                folder.write(Jpeg.withProfile(long, segment: segment, plain), as: "long.jpg"))
            XCTAssertEqual(image.bitmap, short.bitmap, "segments of \(segment)")
            XCTAssertEqual(image.traits.iccProfile, long, "segments of \(segment)")
        }
    }

    func testAProfileThatCannotBeUsedIsTold() throws {
        let folder = try TemporaryFolder()
        let broken = IccProfile.swapped.enumerated().map { $0.offset > 140 && $0.offset < 240 ? 0xFF : $0.element }
        for bits in [8, 16] {
            let file = Tiff.rgb(picture, bits: bits, orientation: 1, profile: broken)
            let image = try PictureFile.load(folder.write(file, as: "a.tif"))
            XCTAssertLessThanOrEqual(image.bitmap.largestDifference(picture), 0.501 / 255)
            XCTAssertEqual(image.warnings.count, 1)
            XCTAssertNil(image.traits.iccProfile)
        }
    }

    // MARK: - Inks

    /// Through Debian's own profile for print, which comes with Ghostscript and so with GIMP. What is wanted is what
    /// Little CMS computes stage by stage: the table that it makes of all stages by default is up to 18 levels off.
    func testInksAreConvertedByTheirProfile() throws {
        let profile = "/usr/share/color/icc/ghostscript/default_cmyk.icc"
        let folder = try TemporaryFolder()
        let script = """
            import sys
            from PIL import Image, ImageCms
            inks = Image.open(sys.argv[1])
            srgb, unrounded = ImageCms.createProfile("sRGB"), 0x100
            colours = ImageCms.profileToProfile(inks, sys.argv[2], srgb, outputMode="RGB", flags=unrounded)
            colours.save(sys.argv[3])
            """
        // Every few pixels another corner of the inks, where a coarse table of them would be far off.
        let inks = Bitmap(width: 48, height: 32) { x, y in
            SIMD4(Float(x) / 48, Float(y) / 32, Float(x * 7 % 48) / 47, Float(y * 5 % 32) / 40)
        }
        let eight = folder.file("inks.tif")
        _ = try folder.write(
            Tiff.rgb(inks, bits: 8, orientation: 1, profile: try TemporaryFolder.bytes(profile), photometric: 5),
            as: "inks.tif")
        try Tools.python(script, eight, profile, folder.file("wanted.png"))
        let jpeg = folder.file("inks.jpg")
        try Tools.run(["convert", eight, "-quality", "100", "-sampling-factor", "1x1", jpeg])
        let sixteen = try folder.write(
            Tiff.rgb(inks, bits: 16, orientation: 1, profile: try TemporaryFolder.bytes(profile), photometric: 5),
            as: "sixteen.tif")
        try Tools.python(script, jpeg, profile, folder.file("wanted-jpeg.png"))
        let samples = inks.pixels.flatMap { pixel in
            (0..<4).flatMap { channel -> [UInt8] in
                let value = Int((pixel[channel] * 65535).rounded())
                return [UInt8(value & 255), UInt8(value >> 8)]
            }
        }
        try Tools.python(
            Self.sixteenBits, try folder.write(samples, as: "samples"), profile, folder.file("wanted-sixteen.ppm"))
        for (path, wanted) in [(eight, "wanted.png"), (sixteen, "wanted-sixteen.ppm"), (jpeg, "wanted-jpeg.png")] {
            let image = try PictureFile.load(path), wanted = try PictureFile.load(folder.file(wanted)).bitmap
            XCTAssertLessThanOrEqual(image.bitmap.largestDifference(wanted), 1.01 / 255, path)
            XCTAssertEqual(image.warnings, [], path)
            XCTAssertNil(image.traits.iccProfile, path)
        }
        XCTAssertEqual(try PictureFile.load(sixteen).traits.depth, .u16)
    }

    /// Pillow has no inks of 16 bits, so Little CMS itself is called: 48×32 pixels to a PPM of 8 bits. The numbers of
    /// the formats are those of lcms2.h: colour model, channels and bytes.
    private static let sixteenBits = """
        import array, ctypes, sys
        lcms = ctypes.CDLL("liblcms2.so.2")
        pointer, number = ctypes.c_void_p, ctypes.c_uint32
        for call in (lcms.cmsOpenProfileFromFile, lcms.cmsCreate_sRGBProfile, lcms.cmsCreateTransform):
            call.restype = pointer
        lcms.cmsCreateTransform.argtypes = [pointer, number, pointer, number, number, number]
        lcms.cmsDoTransform.argtypes = [pointer, pointer, pointer, number]
        inks = lcms.cmsOpenProfileFromFile(sys.argv[2].encode(), b"r")
        cmyk16, rgb16 = 6 << 16 | 4 << 3 | 2, 4 << 16 | 3 << 3 | 2
        perceptual, unrounded = 0, 0x100
        transform = lcms.cmsCreateTransform(inks, cmyk16, lcms.cmsCreate_sRGBProfile(), rgb16, perceptual, unrounded)
        samples = array.array("H", open(sys.argv[1], "rb").read())
        colours = array.array("H", [0] * (3 * 48 * 32))
        lcms.cmsDoTransform(transform, samples.buffer_info()[0], colours.buffer_info()[0], 48 * 32)
        open(sys.argv[3], "wb").write(b"P6 48 32 255 " + bytes((value + 128) // 257 for value in colours))
        """
}
