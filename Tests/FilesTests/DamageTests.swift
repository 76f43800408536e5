import Files
import PictureFixtures
import Raster
import Settings
import XCTest

/// Bytes that flip in the data of a picture: it is refused, or told, or hardly changed; no decoder draws it wrong
/// without a word where its data disagree with themselves.
final class DamageTests: XCTestCase {
    /// Much goes on in it, as in a photograph.
    private static let picture: Bitmap = {
        var random = Xorshift(seed: 12)
        let ground = Bitmap.gradient(width: 96, height: 80)
        return Bitmap(
            width: 96, height: 80,
            pixels: ground.pixels.map { pixel in
                let noise = Float.random(in: -0.08...0.08, using: &random)
                return SIMD4(pixel.x + noise, pixel.y + noise, pixel.z - noise, 1)
            })
    }()

    private struct Kind {
        let name: String
        /// What makes FILE from SOURCE.
        let command: [String]
        /// The largest share of pixels that may change without a word, in one of `flips` files.
        let mostUntold: Float
        /// How many of the files are refused or told at least.
        let told: Int

        init(_ name: String, _ arguments: String, mostUntold: Float, told: Int) {
            self.name = name
            self.told = told
            command = ["convert", "SOURCE", "-depth", "8"] + arguments.split(separator: " ").map(String.init)
            self.mostUntold = mostUntold
        }

        /// What ImageMagick cannot write everywhere: version 7 leaves WebP out of its TIFFs without a word.
        init(_ name: String, pillowTiff compression: String, mostUntold: Float, told: Int) {
            self.name = name
            self.told = told
            let script = """
                import sys
                from PIL import Image, TiffImagePlugin
                TiffImagePlugin.STRIP_SIZE = 16 * 96 * 3
                Image.open(sys.argv[1]).save(sys.argv[2], "TIFF", compression="\(compression)")
                """
            command = ["/usr/bin/python3", "-c", script, "SOURCE", "FILE"]
            self.mostUntold = mostUntold
        }
    }

    private static let flips = 24

    /// Deflate has sums. LZW and runs have none: a code may become another of the same length. A block of a JPEG that
    /// is read wrong in as many bits cannot be told from another one, and shifts those behind it.
    private static let kinds = [
        Kind("Deflate", "-compress Zip TIFF:FILE", mostUntold: 0, told: 24),
        Kind("Deflate, 16 bits", "-depth 16 -compress Zip TIFF:FILE", mostUntold: 0, told: 24),
        Kind("Deflate, tiles", "-compress Zip -define tiff:tile-geometry=32x32 TIFF:FILE", mostUntold: 0, told: 20),
        Kind("Deflate, planes", "-compress Zip -interlace Plane TIFF:FILE", mostUntold: 0, told: 24),
        Kind("LZW", "-compress LZW TIFF:FILE", mostUntold: 0.2, told: 12),
        Kind("runs in a TIFF", "-colorspace Gray -posterize 3 -compress RLE TIFF:FILE", mostUntold: 0.05, told: 2),
        Kind("JPEG in a TIFF", "-compress JPEG -quality 90 TIFF:FILE", mostUntold: 1, told: 8),
        Kind("WebP in a TIFF", pillowTiff: "webp", mostUntold: 0.2, told: 18),
        Kind("GIF", "-colors 64 GIF:FILE", mostUntold: 0.05, told: 12),
        Kind("runs in a BMP", "-colors 16 -compress RLE BMP3:FILE", mostUntold: 0.1, told: 4),
        Kind("JPEG", "-quality 90 JPEG:FILE", mostUntold: 1, told: 8),
        Kind("WebP", "-quality 90 WEBP:FILE", mostUntold: 0.2, told: 18),
        Kind("WebP without loss", "-define webp:lossless=true WEBP:FILE", mostUntold: 1, told: 1),
    ]

    func testFlippedBytesAreToldOrHarmless() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write(Pnm.rgb(Self.picture), as: "source.ppm")
        for kind in Self.kinds {
            let file = folder.file("sound")
            try Tools.run(
                kind.command.map {
                    $0 == "SOURCE" ? source : $0.replacingOccurrences(of: "FILE", with: file)
                })
            let sound = try PictureFile.load(file), bytes = try TemporaryFolder.bytes(file)
            XCTAssertEqual(sound.warnings, [], kind.name)
            var random = Xorshift(seed: 99)
            var told = 0
            for _ in 0..<Self.flips {
                // The last tenth of a TIFF may hold its directory.
                let place = Int.random(in: bytes.count / 5..<bytes.count * 9 / 10, using: &random)
                var damaged = bytes
                damaged[place] ^= UInt8.random(in: 1...255, using: &random)
                let share = try Self.untoldShare(folder.write(damaged, as: "damaged"), sound.bitmap)
                XCTAssertLessThanOrEqual(share ?? 0, kind.mostUntold, "\(kind.name), byte \(place)")
                told += share == nil ? 1 : 0
            }
            XCTAssertGreaterThanOrEqual(told, kind.told, kind.name)
        }
    }

    /// - Returns: the share of pixels that differ visibly from `sound`; `nil` when the file is refused or told.
    private static func untoldShare(_ file: String, _ sound: Bitmap) throws -> Float? {
        do {
            let read = try PictureFile.load(file)
            guard read.warnings.isEmpty else {
                XCTAssertTrue(read.warnings.allSatisfy { "\($0)".contains("damaged") }, "\(read.warnings)")
                return nil
            }
            let changed = zip(read.bitmap.pixels, sound.pixels).count { largestDifference($0, $1) > 4.0 / 255 }
            return Float(changed) / Float(sound.pixels.count)
        } catch StyleError.unreadableFile {
            return nil
        }
    }

    /// Bytes that were put into rows of plain samples move all that follow. Bytes behind the end do not, whatever they
    /// are.
    func testBytesPutIntoABitmapAreTold() throws {
        let folder = try TemporaryFolder()
        for width in [96, 93] {
            let picture = areaResampled(Self.picture, width: width, height: 80)
            let source = try folder.write(Pnm.rgb(picture), as: "source.ppm"), file = folder.file("sound.bmp")
            try Tools.run(["convert", source, "-type", "TrueColor", "BMP3:\(file)"])
            let sound = try PictureFile.load(file), bytes = try TemporaryFolder.bytes(file)
            XCTAssertEqual(sound.warnings, [])
            var random = Xorshift(seed: 7)
            func noise(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }
            var told = 0
            for count in [2, 3, 4, 7, 16, 50, 100, 300] {
                for share in [3, 5] {
                    let longer =
                        bytes[..<(bytes.count * share / 8)] + noise(count) + bytes[(bytes.count * share / 8)...]
                    let untold = try Self.untoldShare(folder.write(Array(longer), as: "longer.bmp"), sound.bitmap)
                    told += untold == nil ? 1 : 0
                }
                let behind = try PictureFile.load(folder.write(bytes + noise(max(16, count)), as: "behind.bmp"))
                XCTAssertEqual(behind.warnings, [], "\(count) bytes behind the end")
                XCTAssertEqual(behind.bitmap, sound.bitmap)
            }
            XCTAssertGreaterThanOrEqual(told, width == 93 ? 16 : 12, "rows of \(width) pixels")
        }
    }

    /// A strip whose data do not end with its last block has been read wrong, in a place that nobody can tell.
    func testAStripThatGoesOnBehindItsBlocksIsTold() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write(Pnm.rgb(Self.picture), as: "source.ppm"), file = folder.file("sound.tif")
        try Tools.run(["convert", source, "-compress", "JPEG", "-define", "tiff:rows-per-strip=80", "TIFF:\(file)"])
        let sound = try PictureFile.load(file), bytes = try TemporaryFolder.bytes(file)
        XCTAssertEqual(sound.warnings, [])
        let end = try XCTUnwrap(bytes.indices.dropLast().first { bytes[$0..<$0 + 2] == [0xFF, 0xD9] })
        let told = try (0..<20).count { part in
            // Four bytes are gone, and four others are there before the strip's end, so that all else keeps its place.
            let place = end / 3 + end * part / 40
            let damaged = bytes[..<place] + bytes[(place + 4)..<end] + [0, 0, 0, 0] + bytes[end...]
            return try Self.untoldShare(folder.write(Array(damaged), as: "damaged.tif"), sound.bitmap) == nil
        }
        XCTAssertEqual(told, 20)
    }

    /// The sum over all bytes of an IDAT's pixels, where the chunk's own is right: as a program leaves it that changes
    /// the one alone.
    func testTheSumOfAPngsPixelsIsLookedAt() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(Self.picture, to: folder.file("sound.png"))
        let script = """
            import struct, sys, zlib
            data = open(sys.argv[1], "rb").read()
            at, chunks = 8, []
            while at < len(data):
                size = struct.unpack(">I", data[at:at + 4])[0]
                chunks.append([data[at + 4:at + 8], data[at + 8:at + 8 + size]])
                at += 12 + size
            last = max(i for i, chunk in enumerate(chunks) if chunk[0] == b"IDAT")
            body = bytearray(chunks[last][1])
            body[-1] ^= 0x55
            chunks[last][1] = bytes(body)
            with open(sys.argv[2], "wb") as file:
                file.write(data[:8])
                for kind, body in chunks:
                    file.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
            """
        try Tools.python(script, folder.file("sound.png"), folder.file("wrong.png"))
        XCTAssertNil(try Self.untoldShare(folder.file("wrong.png"), PictureFile.load(folder.file("sound.png")).bitmap))
    }

    /// JPEG 2000 files whose encoder ended each block of codes in a way that can be foretold.
    func testWhatAJpeg2000FileSaysOfItsDataIsLookedAt() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write(Pnm.rgb(Self.picture), as: "source.ppm"), file = folder.file("sound.jp2")
        // Predictable termination and one termination for each pass (ITU-T T.800, table A.19).
        try Tools.run(["opj_compress", "-i", source, "-o", file, "-M", "20", "-r", "8"])
        let sound = try PictureFile.load(file), bytes = try TemporaryFolder.bytes(file)
        XCTAssertEqual(sound.warnings, [])
        let told = try (0..<10).count { part in
            var damaged = bytes
            let place = bytes.count / 5 + bytes.count * 7 / 100 * part
            for index in place..<place + 20 { damaged[index] ^= 0x5A }
            return try Self.untoldShare(folder.write(damaged, as: "damaged.jp2"), sound.bitmap) == nil
        }
        XCTAssertGreaterThanOrEqual(told, 3)
    }

    /// Files that other programs write in unusual ways are sound.
    func testUnusualDataAreNotCalledDamaged() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write(Pnm.rgb(Self.picture), as: "source.ppm")
        let script = """
            import sys
            from PIL import Image
            picture = Image.open(sys.argv[1]).convert("RGB")
            picture.save(sys.argv[2] + "/progressive.jpg", progressive=True)
            picture.save(sys.argv[2] + "/subsampled.jpg", subsampling=2, quality=60)
            picture.convert("CMYK").save(sys.argv[2] + "/inks.jpg")
            picture.convert("L").save(sys.argv[2] + "/gray.jpg", quality=100)
            picture.quantize(256).save(sys.argv[2] + "/interlaced.gif", interlace=1)
            picture.quantize(4).save(sys.argv[2] + "/few.gif", transparency=0)
            picture.crop((0, 0, 95, 79)).save(sys.argv[2] + "/lossless.webp", lossless=True)
            picture.convert("RGBA").save(sys.argv[2] + "/alpha.webp", quality=70)
            """
        try Tools.python(script, source, folder.path)
        let restarts = """
            import cv2, sys
            cv2.imwrite(sys.argv[2], cv2.imread(sys.argv[1]), [cv2.IMWRITE_JPEG_RST_INTERVAL, 3])
            """
        try Tools.python(restarts, source, folder.file("restarts.jpg"))
        for (name, arguments) in [
            ("one strip.tif", "-compress Zip -define tiff:rows-per-strip=1000"),
            ("short last strip.tif", "-compress LZW -define tiff:rows-per-strip=7"),
            ("packed bits.tif", "-compress RLE -define tiff:rows-per-strip=7"),
            ("strips.tif", "-compress JPEG -define tiff:rows-per-strip=16"),
            ("tiles.tif", "-compress LZW -define tiff:tile-geometry=64x64"),
        ] {
            let words = arguments.split(separator: " ").map(String.init)
            try Tools.run(["convert", source, "-depth", "8"] + words + [folder.file(name)])
        }
        for name in try folder.names() where !name.hasSuffix(".ppm") {
            XCTAssertEqual(try PictureFile.load(folder.file(name)).warnings, [], name)
        }
    }
}
