import Files
import PictureFixtures
import Raster
import Settings
import XCTest

/// Sound files that are unlike most, and unsound ones that every program opens.
final class OddFileTests: XCTestCase {
    private let picture = Bitmap.gradient(width: 60, height: 40)

    // MARK: - TIFF

    /// Masks and the like that other programs keep beside the colours, which nothing calls alpha.
    func testExtraSamplesOfATiffAreLeftOut() throws {
        let folder = try TemporaryFolder()
        for bits in [8, 16] {
            for extra in 1...3 {
                let file = Tiff.rgb(picture, bits: bits, orientation: 1, extraSamples: extra)
                let image = try PictureFile.load(folder.write(file, as: "extra.tif"))
                XCTAssertLessThanOrEqual(
                    image.bitmap.largestDifference(picture), 0.501 / 255, "\(bits) bits, \(extra) extra samples")
                XCTAssertFalse(image.traits.hasAlpha, "\(bits) bits, \(extra) extra samples")
            }
        }
    }

    /// Cameras and scanners put a small copy before the picture, marked as one or not; a document's first page is its
    /// picture.
    func testTheFirstPageThatIsNoThumbnailIsRead() throws {
        let folder = try TemporaryFolder()
        let (small, large, other) = (folder.file("small.tif"), folder.file("large.tif"), folder.file("other.tif"))
        try PictureFile.save(Bitmap(width: 15, height: 10, filledWith: SIMD4(1, 0, 0, 1)), to: small)
        try PictureFile.save(picture, to: large)
        try PictureFile.save(Bitmap(width: 40, height: 60, filledWith: SIMD4(0, 1, 0, 1)), to: other)
        // The entry of NewSubfileType (254): one long of value 1.
        let entry: [UInt8] = [0xFE, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0]
        for marks in 0...2 {
            let file = folder.file("pages.tif")
            try Tools.run(
                ["convert", small, large] + (marks > 0 ? ["-define", "tiff:subfiletype=REDUCEDIMAGE"] : []) + [file])
            var bytes = try TemporaryFolder.bytes(file)
            if marks == 1 {
                // ImageMagick marks both pages; the second one's directory comes last.
                let last = try XCTUnwrap((0..<bytes.count - 12).last { bytes[$0..<$0 + 12].elementsEqual(entry) })
                bytes[last + 8] = 0
            }
            let read = try PictureFile.load(folder.write(bytes, as: "marked.tif")).bitmap
            XCTAssertLessThanOrEqual(read.largestDifference(picture), 0.501 / 255, "\(marks) pages marked")
        }
        try Tools.run(["convert", large, other, folder.file("pages.tif")])
        XCTAssertEqual(try PictureFile.load(folder.file("pages.tif")).bitmap.width, 60)
    }

    func testDamagedDataOfATiffAreTold() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write(Pnm.rgb(.gradient(width: 200, height: 160)), as: "source.ppm")
        try Tools.run(["convert", source, "-depth", "8", "-compress", "JPEG", folder.file("sound.tif")])
        var bytes = try TemporaryFolder.bytes(folder.file("sound.tif"))
        XCTAssertEqual(try PictureFile.load(folder.file("sound.tif")).warnings, [])
        for index in bytes.count / 2..<bytes.count / 2 + 40 {
            bytes[index] = UInt8(truncatingIfNeeded: index &* 89) & 0x7F
        }
        let image = try PictureFile.load(folder.write(bytes, as: "damaged.tif"))
        XCTAssertEqual(image.warnings.count, 1)
        XCTAssertTrue(image.warnings.allSatisfy { "\($0)".contains("damaged") }, "\(image.warnings)")
    }

    // MARK: - Animations

    func testTheFirstFrameOfAnAnimationIsRead() throws {
        let folder = try TemporaryFolder()
        let script = """
            import sys
            from PIL import Image
            frames = [Image.new("RGB", (30, 20), colour) for colour in ((200, 40, 20), (20, 40, 200), (20, 200, 40))]
            frames[0].save(sys.argv[1], save_all=True, append_images=frames[1:], duration=100, lossless=True)
            """
        for name in ["a.webp", "a.gif"] {
            try Tools.python(script, folder.file(name))
            let image = try PictureFile.load(folder.file(name)).bitmap
            XCTAssertEqual(image.width, 30)
            let first = SIMD4<Float>(200, 40, 20, 255) / 255
            XCTAssertLessThanOrEqual(largestDifference(image[10, 10], first), 1.01 / 255, name)
        }
    }

    // MARK: - JPEG

    private func jpeg(_ folder: TemporaryFolder) throws -> [UInt8] {
        try PictureFile.save(.gradient(width: 200, height: 160), to: folder.file("sound.jpg"))
        return try TemporaryFolder.bytes(folder.file("sound.jpg"))
    }

    /// Every decoder skips bytes between segments and ends at the end; what is told has to be true.
    func testStrayBytesOfAJpegAreNoDamage() throws {
        let folder = try TemporaryFolder()
        let sound = try jpeg(folder)
        let plain = try PictureFile.load(folder.file("sound.jpg"))
        XCTAssertEqual(plain.warnings, [])
        // Before the second segment, which follows the first one's length, and before the first scan's segment.
        let second = 2 + 2 + Int(sound[4]) << 8 + Int(sound[5])
        let scan = try XCTUnwrap((0..<sound.count - 1).first { sound[$0] == 0xFF && sound[$0 + 1] == 0xDA })
        let stray: [UInt8] = [0, 1, 2, 3]
        let (data, end) = (Array(sound.dropLast(2)), Array(sound.suffix(2)))
        for (name, bytes, word) in [
            ("in the header", inserted(stray, into: sound, at: second), nil),
            ("before the scan", inserted(stray, into: sound, at: scan), nil),
            ("behind the end", sound + stray, nil),
            ("another picture behind the end", sound + sound, nil),
            ("before the end", data + (0..<20).map { UInt8($0) } + end, "belong to no part"),
            ("zeros before the end", data + [UInt8](repeating: 0, count: 1000) + end, "belong to no part"),
            ("another picture in place of the end", data + sound, "belong to no part"),
            ("no end", data, "Premature end of JPEG"),
        ] as [(String, [UInt8], String?)] {
            let image = try PictureFile.load(folder.write(bytes, as: "odd.jpg"))
            XCTAssertEqual(image.bitmap, plain.bitmap, name)
            XCTAssertEqual(image.warnings.count, word == nil ? 0 : 1, "\(name): \(image.warnings)")
            XCTAssertTrue(
                image.warnings.allSatisfy { "\($0)".contains(word ?? "nothing") }, "\(name): \(image.warnings)")
        }
    }

    private func inserted(_ bytes: [UInt8], into file: [UInt8], at place: Int) -> [UInt8] {
        var file = file
        file.insert(contentsOf: bytes, at: place)
        return file
    }

    /// Exif's orientation and the profile are found behind stray bytes too, as browsers find them.
    func testWhatAJpegSaysIsFoundBehindStrayBytes() throws {
        let folder = try TemporaryFolder()
        let sound = Jpeg.withProfile(IccProfile.swapped, Jpeg.withOrientation(6, try jpeg(folder)))
        let plain = try PictureFile.load(folder.write(sound, as: "turned.jpg"))
        XCTAssertEqual(plain.bitmap.width, 160)
        for stray: [UInt8] in [[1, 2, 3, 4], [0xFF, 0xFF, 0xFF], [0xFF, 0, 7], [0xFF, 0xD0]] {
            let image = try PictureFile.load(folder.write(inserted(stray, into: sound, at: 2), as: "stray.jpg"))
            XCTAssertEqual(image.bitmap, plain.bitmap, "\(stray)")
            XCTAssertEqual(image.traits, plain.traits, "\(stray)")
            XCTAssertEqual(image.warnings, [], "\(stray)")
        }
    }

    func testAJpegWhoseProfileLacksASegmentIsNotCalledDamaged() throws {
        let folder = try TemporaryFolder()
        let sound = try jpeg(folder)
        // "ICC_PROFILE", segment 1 of 2 (ICC.1:2010, B.4).
        let body = Array("ICC_PROFILE\0".utf8) + [1, 2] + IccProfile.swapped
        let length = body.count + 2
        let segment: [UInt8] = [0xFF, 0xE2, UInt8(length >> 8), UInt8(length & 255)] + body
        let image = try PictureFile.load(folder.write(inserted(segment, into: sound, at: 2), as: "half.jpg"))
        XCTAssertEqual(image.bitmap, try PictureFile.load(folder.file("sound.jpg")).bitmap)
        XCTAssertEqual(image.warnings.count, 1, "\(image.warnings)")
        XCTAssertTrue(image.warnings.allSatisfy { "\($0)".contains("profile") }, "\(image.warnings)")
    }

    /// Zeros are short codes for many programs' tables: the blocks come to their end before their data, which libjpeg
    /// calls bytes to spare.
    func testDamagedDataAreTold() throws {
        let folder = try TemporaryFolder()
        let sound = try jpeg(folder)
        for (name, byte) in [("mixed", { UInt8(truncatingIfNeeded: $0 &* 89) & 0x7F }), ("zeros", { _ in 0 })]
            as [(String, (Int) -> UInt8)]
        {
            var bytes = sound
            for index in bytes.count / 2..<bytes.count / 2 + 40 { bytes[index] = byte(index) }
            let image = try PictureFile.load(folder.write(bytes, as: "damaged.jpg"))
            XCTAssertEqual(image.bitmap.width, 200)
            XCTAssertEqual(image.warnings.count, 1, name)
            XCTAssertTrue(image.warnings.allSatisfy { "\($0)".contains("is damaged (") }, "\(image.warnings)")
        }
    }

    // MARK: - PNG

    func testOfAPngOnlyWhatChangesThePictureIsTold() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(picture, to: folder.file("sound.png"))
        let sound = try TemporaryFolder.bytes(folder.file("sound.png"))
        let plain = try PictureFile.load(folder.file("sound.png"))
        // gAMA of 1/1.8 (PNG, third edition, 11.3.2.2); its checksum is the last four of its twelve and four bytes.
        var gamma = Png.withColour([("gAMA", Png.word(55556))], sound)
        gamma[8 + 25 + 15] ^= 1
        for (name, bytes, word) in [
            ("bytes before the end", sound.dropLast(12) + [1, 2, 3, 4] + sound.suffix(12), nil),
            ("bytes behind the end", sound + [1, 2, 3, 4], nil), ("no end", sound.dropLast(12), "damaged"),
            ("a damaged gamma", gamma, "gAMA"),
        ] as [(String, [UInt8], String?)] {
            let image = try PictureFile.load(folder.write(bytes, as: "odd.png"))
            XCTAssertEqual(image.bitmap, plain.bitmap, name)
            XCTAssertEqual(image.warnings.count, word == nil ? 0 : 1, "\(name): \(image.warnings)")
            XCTAssertTrue(
                image.warnings.allSatisfy { "\($0)".contains(word ?? "nothing") }, "\(name): \(image.warnings)")
        }
    }

    // MARK: - Others

    func testFilesThatAreNoPicturesAreNamed() throws {
        let folder = try TemporaryFolder()
        let kinds = [
            "8BPS\0\u{1}": "PSD", "%PDF-1.7": "PDF", "gimp xcf file": "XCF", "\0\0\0\u{18}ftypcrx ": "camera raw",
            "\0\0\0\u{18}ftypisom": "video",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>": "SVG",
        ]
        for (start, kind) in kinds {
            let path = try folder.write(Array(start.utf8) + [UInt8](repeating: 0x20, count: 100), as: "a.jpg")
            XCTAssertThrowsError(try PictureFile.load(path)) { XCTAssertTrue("\($0)".contains("“\(kind)”"), "\($0)") }
        }
    }

    func testDateAuthorAndResolutionAreKept() throws {
        let folder = try TemporaryFolder()
        var metadata = PictureMetadata()
        metadata.changed = "2024:05:06 07:08:09"
        metadata.taken = "2023:01:02 03:04:05"
        metadata.digitized = "2023:01:02 03:04:06"
        metadata.author = "Ærøskøbing 写真"
        metadata.copyright = "CC0"
        (metadata.across, metadata.down) = (300, 300)
        for name in ["a.png", "a.jpg", "a.webp", "a.tif"] {
            try PictureFile.save(picture, to: folder.file(name), like: PictureTraits(metadata: metadata))
            let read = try PictureFile.load(folder.file(name)).traits.metadata
            XCTAssertEqual(read.across, 300, accuracy: 0.01, name)
            XCTAssertEqual(read.down, 300, accuracy: 0.01, name)
            var rounded = read
            (rounded.across, rounded.down) = (300, 300)
            XCTAssertEqual(rounded, metadata, name)
            // Another program's eyes; ImageMagick 6 knows no Exif data in PNG and WebP.
            guard name.hasSuffix("jpg") || name.hasSuffix("tif") else { continue }
            let date = folder.file("date.txt")
            try Tools.run(["convert", folder.file(name), "-format", "%[EXIF:DateTimeOriginal]", "info:\(date)"])
            XCTAssertEqual(String(decoding: try TemporaryFolder.bytes(date), as: UTF8.self), metadata.taken, name)
        }
    }

    func testNothingIsMadeUpWhereTheFileSaysNothing() throws {
        let folder = try TemporaryFolder()
        for name in ["a.png", "a.jpg", "a.webp", "a.tif"] {
            try PictureFile.save(picture, to: folder.file(name))
            XCTAssertEqual(try PictureFile.load(folder.file(name)).traits.metadata, PictureMetadata(), name)
        }
    }

    // MARK: - Bands

    func testBandsOfAFileAreThePicture() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(picture, to: folder.file("a.png"), like: PictureTraits(iccProfile: IccProfile.swapped))
        let whole = try PictureFile.load(folder.file("a.png")).bitmap
        let photograph = try PictureFile.open(folder.file("a.png"))
        for (rows, columns) in [(0..<40, 0..<60), (3..<17, 0..<60), (39..<40, 59..<60), (5..<30, 7..<21)] {
            XCTAssertEqual(try photograph.read(rows: rows, columns: columns), whole.read(rows: rows, columns: columns))
        }
        let writer = try PictureFile.create(folder.file("b.png"), width: 60, height: 40)
        try photograph.forEachBand(ofHeight: 7) { try writer.write($1) }
        XCTAssertFalse(try folder.names().contains("b.png"), "it appears when it is whole")
        try writer.finish()
        XCTAssertLessThanOrEqual(try PictureFile.load(folder.file("b.png")).bitmap.largestDifference(whole), 1.01 / 255)
    }

    func testAFileThatIsNotFinishedLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let writer = try PictureFile.create(folder.file("a.png"), width: 60, height: 40)
            try writer.write(picture.read(rows: 0..<10, columns: 0..<60))
            XCTAssertThrowsError(try writer.write(picture), "more rows than there is room for")
            XCTAssertThrowsError(try writer.finish(), "rows are missing")
        }
        XCTAssertEqual(try folder.names(), [])
    }
}
