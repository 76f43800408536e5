import Files
import Foundation
import PictureFixtures
import Raster
import Settings
import XCTest

/// Every row of the table in docs/formats.md: what another program wrote is read as ImageMagick or its writer reads it.
final class FormatTests: XCTestCase {
    private enum Reference {
        /// What ImageMagick reads from the file.
        case imageMagick
        /// The picture that was written.
        case original
    }

    private struct Row {
        let format, samples: String
        /// What makes FILE from the 16-bit pictures COLOUR, GRAY and ALPHA, which have three, one and four channels.
        let command: [String]
        var reference = Reference.imageMagick
        /// Largest difference of any channel.
        var tolerance: Float = 1.01 / 255
        var depth = SampleDepth.u8
    }

    private static let sixteen: Float = 1.01 / 65535

    private static func convert(_ format: String, _ samples: String, _ arguments: String, depth: SampleDepth = .u8)
        -> Row
    {
        let words = (["convert"] + arguments.split(separator: " ").map(String.init))
        return Row(
            format: format, samples: samples, command: words, tolerance: depth == .u8 ? 1.01 / 255 : sixteen,
            depth: depth)
    }

    private static let png = [
        convert("PNG", "RGB, 8 bits", "COLOUR -depth 8 -define png:color-type=2 PNG24:FILE"),
        convert(
            "PNG", "RGB, 16 bits", "COLOUR -define png:bit-depth=16 -define png:color-type=2 PNG:FILE", depth: .u16),
        convert("PNG", "RGB and alpha, 8 bits", "ALPHA -depth 8 PNG32:FILE"),
        convert(
            "PNG", "RGB and alpha, 16 bits", "ALPHA -define png:bit-depth=16 -define png:color-type=6 PNG:FILE",
            depth: .u16),
        convert(
            "PNG", "gray, 1, 2 and 4 bits", "GRAY -depth 4 -define png:bit-depth=4 -define png:color-type=0 PNG:FILE"),
        convert("PNG", "gray, 8 bits", "GRAY -depth 8 -define png:color-type=0 PNG:FILE"),
        convert("PNG", "gray, 16 bits", "GRAY -define png:bit-depth=16 -define png:color-type=0 PNG:FILE", depth: .u16),
        convert("PNG", "gray and alpha, 8 bits", "ALPHA -colorspace Gray -depth 8 -define png:color-type=4 PNG:FILE"),
        convert("PNG", "palette, with or without transparency", "ALPHA -channel A -threshold 60% +channel PNG8:FILE"),
        convert("PNG", "interlaced", "ALPHA -depth 8 -interlace PNG PNG32:FILE"),
    ]

    private static let jpeg = [
        convert("JPEG", "colour, 4:4:4 and 4:2:0", "COLOUR -quality 90 -sampling-factor 2x2 JPEG:FILE"),
        convert("JPEG", "progressive", "COLOUR -quality 90 -interlace JPEG JPEG:FILE"),
        convert("JPEG", "gray", "GRAY -quality 90 JPEG:FILE"),
    ]

    private static let tiff = [
        convert("TIFF", "RGB, 8 bits", "COLOUR -depth 8 -compress LZW TIFF:FILE"),
        convert("TIFF", "RGB, 16 bits", "COLOUR -depth 16 -compress Zip TIFF:FILE", depth: .u16),
        convert(
            "TIFF", "RGB, floats of 16 bits",
            "COLOUR -depth 16 -define quantum:format=floating-point -compress Zip TIFF:FILE", depth: .float),
        convert(
            "TIFF", "RGB, floats of 32 bits",
            "COLOUR -depth 32 -define quantum:format=floating-point -compress Zip TIFF:FILE", depth: .float),
        convert(
            "TIFF", "RGB, floats of 64 bits",
            "COLOUR -depth 64 -define quantum:format=floating-point -compress Zip TIFF:FILE", depth: .float),
        convert("TIFF", "RGB and alpha, 8 bits", "ALPHA -depth 8 TIFF:FILE"),
        convert("TIFF", "RGB and alpha, 16 bits", "ALPHA -depth 16 TIFF:FILE", depth: .u16),
        convert("TIFF", "gray, 8 bits", "GRAY -depth 8 TIFF:FILE"),
        convert("TIFF", "gray, 16 bits", "GRAY -depth 16 TIFF:FILE", depth: .u16),
        convert("TIFF", "gray, white is zero, 8 bits", "GRAY -depth 8 -define quantum:polarity=min-is-white TIFF:FILE"),
        convert(
            "TIFF", "gray, white is zero, 16 bits", "GRAY -depth 16 -define quantum:polarity=min-is-white TIFF:FILE",
            depth: .u16),
        convert(
            "TIFF", "black and white, fax compression", "GRAY -threshold 50% -type Bilevel -compress Group4 TIFF:FILE"),
        convert("TIFF", "palette", "COLOUR -colors 200 -type Palette -depth 8 TIFF:FILE"),
        convert("TIFF", "JPEG compression", "COLOUR -depth 8 -compress JPEG -quality 90 TIFF:FILE"),
        convert("TIFF", "tiles", "COLOUR -depth 8 -define tiff:tile-geometry=32x32 TIFF:FILE"),
        convert("TIFF", "samples in planes", "ALPHA -depth 8 -interlace Plane TIFF:FILE"),
        convert("TIFF", "big-endian", "COLOUR -depth 16 -define tiff:endian=msb TIFF:FILE", depth: .u16),
        convert("TIFF", "BigTIFF", "COLOUR -depth 8 TIFF64:FILE"),
    ]

    private static let others = [
        convert("WebP", "lossy", "COLOUR -quality 90 WEBP:FILE"),
        convert("WebP", "lossless, with alpha", "ALPHA -define webp:lossless=true WEBP:FILE"),
        convert("GIF", "palette", "COLOUR -colors 64 GIF:FILE"),
        convert("BMP", "RGB, 8 bits", "COLOUR -depth 8 BMP3:FILE"),
        convert("BMP", "palette", "COLOUR -colors 64 -type Palette BMP3:FILE"),
        convert("HEIC", "8 bits", "COLOUR -depth 8 -quality 90 HEIC:FILE"),
        convert("AVIF", "8 bits", "COLOUR -depth 8 -quality 90 AVIF:FILE"),
        convert("JPEG 2000", "8 bits", "COLOUR -depth 8 -quality 100 JP2:FILE"),
        convert("JPEG 2000", "16 bits", "COLOUR -depth 16 -quality 100 JP2:FILE", depth: .u16),
        Row(
            format: "JPEG XL", samples: "8 bits", command: ["cjxl", "COLOUR8", "FILE", "-d", "0"],
            reference: .original),
        Row(
            format: "JPEG XL", samples: "16 bits", command: ["cjxl", "COLOUR", "FILE", "-d", "0"], reference: .original,
            tolerance: sixteen, depth: .u16),
    ]

    private static let rows = png + jpeg + tiff + others

    private static let picture = Bitmap.gradient(width: 61, height: 43)

    /// The pictures that the commands start from.
    private func inputs(_ folder: TemporaryFolder) throws -> [String: String] {
        let colour = try folder.write(Pnm.rgb(Self.picture), as: "colour.ppm")
        let alpha = try folder.write(Pnm.rgba(.gradient(width: 61, height: 43, transparent: true)), as: "alpha.pam")
        let (gray, eight) = (folder.file("gray.pgm"), folder.file("colour8.ppm"))
        try Tools.run(["convert", colour, "-colorspace", "Gray", "-depth", "16", gray])
        try Tools.run(["convert", colour, "-depth", "8", eight])
        return ["COLOUR": colour, "ALPHA": alpha, "GRAY": gray, "COLOUR8": eight]
    }

    func testEveryRowIsReadAsOtherProgramsReadIt() throws {
        let folder = try TemporaryFolder()
        let inputs = try inputs(folder)
        for row in Self.rows {
            let file = folder.file("\(row.format)-\(row.samples).picture")
            let words = row.command.map { word -> String in
                inputs[word] ?? (word.hasSuffix("FILE") ? word.replacingOccurrences(of: "FILE", with: file) : word)
            }
            do {
                try Tools.run(words)
                let image = try PictureFile.load(file)
                let expected =
                    row.reference == .original
                    ? Self.picture : try Tools.imageMagick(file, in: folder, depth: row.depth)
                XCTAssertLessThanOrEqual(
                    image.bitmap.largestDifference(expected), row.tolerance, "\(row.format), \(row.samples)")
                XCTAssertEqual(image.traits.depth, row.depth, "\(row.format), \(row.samples)")
                XCTAssertEqual(image.warnings, [], "\(row.format), \(row.samples)")
                try checkEnds(TemporaryFolder.bytes(file), image, "\(row.format), \(row.samples)", in: folder)
            } catch {
                XCTFail("\(row.format), \(row.samples): \(error)")
            }
        }
    }

    /// Bytes behind the end, or the same file once more, change nothing, and a file that is cut off is refused or told.
    private func checkEnds(_ bytes: [UInt8], _ image: LoadedImage, _ name: String, in folder: TemporaryFolder) throws {
        for (behind, what) in [((0..<100).map { UInt8($0) }, "bytes"), (bytes, "a file")] {
            let longer = try PictureFile.load(folder.write(bytes + behind, as: "longer"))
            XCTAssertEqual(longer.bitmap, image.bitmap, "\(what) behind the end: \(name)")
            XCTAssertEqual(longer.warnings, [], "\(what) behind the end: \(name)")
        }
        for share in [2, 5, 8] {
            let cut = try folder.write(Array(bytes.prefix(bytes.count * share / 10)), as: "cut")
            do {
                let read = try PictureFile.load(cut)
                XCTAssertTrue(read.bitmap == image.bitmap || !read.warnings.isEmpty, "\(share) of 10 parts: \(name)")
            } catch let error as StyleError {
                guard case .unreadableFile = error else { return XCTFail("\(share) of 10 parts: \(name), \(error)") }
            }
        }
    }

    /// Rows that other tests look at, since they need files of their own making.
    private static let elsewhere = [
        "JPEG, CMYK with a profile": "ColourFileTests", "TIFF, CMYK with a profile, 8 and 16 bits": "ColourFileTests",
        "TIFF, extra samples that are not alpha": "OddFileTests", "TIFF, several pages": "OddFileTests",
        "GIF, animated": "OddFileTests",
        "WebP, animated": "OddFileTests",
    ]

    func testTheTableOfTheDocumentHasTheseRows() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/formats.md"), encoding: .utf8)
        let documented = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
            line.split(separator: "|").prefix(2).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: ", ")
        }
        let tested = Self.rows.map { "\($0.format), \($0.samples)" } + Self.elsewhere.keys
        XCTAssertEqual(documented.filter { $0 != "format, samples" }.sorted(), tested.sorted())
    }
}
