import Files
import PictureFixtures
import Raster
import Settings
import XCTest

/// `anime-style stylize`.
final class StylizeTests: XCTestCase {
    private func gradient(
        _ program: CommandLineProgram, _ name: String, _ traits: PictureTraits = PictureTraits(), side: Int = 96
    ) throws -> String {
        let path = program.folder.file(name)
        try PictureFile.save(
            .gradient(width: side, height: side * 3 / 4, transparent: traits.hasAlpha), to: path, like: traits)
        return path
    }

    func testThePortraitIsDrawn() throws {
        let program = try CommandLineProgram()
        let out = program.folder.file("out.png")
        let run = try program.run("stylize", CommandLineProgram.portrait, out, "--timings")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(
            run.errors.hasPrefix("Drawn to \(out): 512×512 pixels, style cel, 1 face drawn apart"), run.errors)
        XCTAssertEqual(run.errors.split(separator: "\n").count, 1, "nothing to complain about")
        for word in ["find faces", "draw", "save", "all"] { XCTAssertTrue(run.text.contains(word), run.text) }
        let before = try PictureFile.load(CommandLineProgram.portrait), after = try PictureFile.load(out)
        XCTAssertEqual([after.bitmap.width, after.bitmap.height], [512, 512])
        let change = Self.meanChange(before.bitmap, after.bitmap)
        XCTAssertGreaterThan(change, 0.01, "the photograph was changed")
        XCTAssertLessThan(change, 0.25, "the picture is still the same scene")
        XCTAssertGreaterThan(Self.correlation(before.bitmap, after.bitmap), 0.8)
        XCTAssertTrue(after.bitmap.pixels.allSatisfy { $0.w == 1 })
    }

    /// Mean absolute difference of the green channels.
    private static func meanChange(_ a: Bitmap, _ b: Bitmap) -> Float {
        var sum: Float = 0
        for (before, after) in zip(a.pixels, b.pixels) { sum += abs(before.y - after.y) }
        return sum / Float(a.pixels.count)
    }

    /// Pearson correlation of the green channels.
    private static func correlation(_ a: Bitmap, _ b: Bitmap) -> Double {
        let count = Double(a.pixels.count)
        let meanA = a.pixels.reduce(0) { $0 + Double($1.y) } / count
        let meanB = b.pixels.reduce(0) { $0 + Double($1.y) } / count
        var (shared, spreadA, spreadB) = (0.0, 0.0, 0.0)
        for (before, after) in zip(a.pixels, b.pixels) {
            let (x, y) = (Double(before.y) - meanA, Double(after.y) - meanB)
            shared += x * y
            spreadA += x * x
            spreadB += y * y
        }
        return shared / (spreadA * spreadB).squareRoot()
    }

    func testFacesOnlyLeavesTheRestAPhotograph() throws {
        let program = try CommandLineProgram()
        let out = program.folder.file("out.png")
        XCTAssertEqual(try program.run("stylize", CommandLineProgram.portrait, out, "--region", "faces").status, 0)
        let before = try PictureFile.load(CommandLineProgram.portrait).bitmap, after = try PictureFile.load(out).bitmap
        // Corners are far from the one face at (180, 63)…(266, 173).
        for (x, y) in [(2, 2), (509, 2), (2, 509), (509, 509), (450, 300)] {
            XCTAssertLessThanOrEqual(largestDifference(before[x, y], after[x, y]), 0.501 / 255, "\(x), \(y)")
        }
        XCTAssertGreaterThan(before.largestDifference(after), 0.05)
    }

    func testStrengthZeroIsThePhotograph() throws {
        let program = try CommandLineProgram()
        let out = program.folder.file("out.png")
        XCTAssertEqual(try program.run("stylize", CommandLineProgram.portrait, out, "--strength", "0").status, 0)
        XCTAssertLessThanOrEqual(
            try PictureFile.load(out).bitmap.largestDifference(PictureFile.load(CommandLineProgram.portrait).bitmap),
            1.01 / 255)
    }

    func testEachToneOptionShows() throws {
        let program = try CommandLineProgram()
        let changes = [
            ("--skin", "0", "100"), ("--hair", "0", "100"), ("--lighting", "0", "100"), ("--vividness", "100", "0"),
        ]
        func drawn(with chosen: String?) throws -> Bitmap {
            let out = program.folder.file("\(chosen ?? "plain").png")
            let options = changes.flatMap { [$0.0, $0.0 == chosen ? $0.2 : $0.1] }
            XCTAssertEqual(
                try program.run(["stylize", CommandLineProgram.portrait, out, "--precision", "float32"] + options)
                    .status, 0)
            return try PictureFile.load(out).bitmap
        }
        let plain = try drawn(with: nil)
        for (name, _, _) in changes {
            XCTAssertGreaterThan(try drawn(with: name).largestDifference(plain), 2 / 255, name)
        }
    }

    func testPercentagesAreReadAsInGimpAndSharesAreNoticed() throws {
        let program = try CommandLineProgram()
        let photograph = try PictureFile.load(CommandLineProgram.portrait).bitmap
        func change(_ strength: String, says: Bool) throws -> Float {
            let out = program.folder.file("\(strength).png")
            let run = try program.run(
                "stylize", CommandLineProgram.portrait, out, "--precision", "float32", "--strength", strength)
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertEqual(run.errors.contains("--strength \(strength) is taken as \(strength) %"), says, run.errors)
            return Self.meanChange(try PictureFile.load(out).bitmap, photograph)
        }
        let whole = try change("80", says: false)
        XCTAssertEqual(try change("80%", says: false), whole)
        XCTAssertLessThan(try change("0.8", says: true), whole / 20, "a share of one percent, and a word about it")
    }

    func testEverySettingIsInTheHelp() throws {
        let program = try CommandLineProgram()
        let help = try program.run("help", "stylize").text
        for option in Setting.all.compactMap(\.option) { XCTAssertTrue(help.contains("--\(option) <"), option) }
        XCTAssertEqual(help, try program.run("stylize", "--help").text)
    }

    func testFullPrecisionRepeatsToTheByte() throws {
        let program = try CommandLineProgram()
        let outs = ["a.png", "b.png"].map(program.folder.file)
        for out in outs {
            XCTAssertEqual(
                try program.run("stylize", CommandLineProgram.portrait, out, "--precision", "float32").status, 0)
        }
        XCTAssertEqual(try TemporaryFolder.bytes(outs[0]), try TemporaryFolder.bytes(outs[1]))
    }

    func testOrientationIsApplied() throws {
        let program = try CommandLineProgram()
        let plain = try TemporaryFolder.bytes(gradient(program, "plain.jpg"))
        let turned = try program.folder.write(Jpeg.withOrientation(6, plain), as: "turned.jpg")
        for out in ["out.jpg", "out.png"].map(program.folder.file) {
            XCTAssertEqual(try program.run("stylize", turned, out, "--strength", "0").status, 0)
            let picture = try PictureFile.load(out).bitmap
            XCTAssertEqual([picture.width, picture.height], [72, 96])
            XCTAssertLessThanOrEqual(
                picture.largestDifference(try PictureFile.load(turned).bitmap), 10 / 255,
                "upright, and not turned twice")
        }
    }

    func testProfileDepthAndAlphaAreKept() throws {
        let program = try CommandLineProgram()
        let traits = PictureTraits(hasAlpha: true, depth: .u16, iccProfile: IccProfile.swapped)
        for name in ["in.png", "in.tif"] {
            let input = try gradient(program, name, traits)
            for out in ["out-of-\(name).png", "out-of-\(name).tif"].map(program.folder.file) {
                XCTAssertEqual(try program.run("stylize", input, out).status, 0)
                let (before, after) = (try PictureFile.load(input), try PictureFile.load(out))
                XCTAssertEqual(after.traits, traits, out)
                XCTAssertLessThanOrEqual(
                    after.bitmap.largestDifference(before.bitmap, channels: [3]), 1.0 / 65535, "alpha of \(out)")
            }
        }
        let jpeg = try gradient(program, "in.jpg", PictureTraits(iccProfile: IccProfile.linear))
        XCTAssertEqual(try program.run("stylize", jpeg, program.folder.file("out.jpg")).status, 0)
        XCTAssertEqual(try PictureFile.load(program.folder.file("out.jpg")).traits.iccProfile, IccProfile.linear)
    }

    func testNoFaceIsANoticeAndQuietHidesIt() throws {
        let program = try CommandLineProgram()
        let input = try gradient(program, "in.png")
        let told = try program.run("stylize", input, program.folder.file("a.png"))
        XCTAssertEqual(told.status, 0)
        XCTAssertTrue(told.errors.contains("No face was found"), told.errors)
        XCTAssertEqual(told.text, "")
        let hushed = try program.run("stylize", input, program.folder.file("b.png"), "--quiet")
        XCTAssertEqual(hushed.status, 0)
        XCTAssertEqual(hushed.errors, "")
    }

    func testANoteNamesItsOption() throws {
        let program = try CommandLineProgram()
        let note = "One face is smaller than 4000 pixels and was drawn with the rest. “--min-face” changes that."
        let run = try program.run(
            "stylize", CommandLineProgram.portrait, program.folder.file("a.png"), "--min-face", "4000")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(run.errors.contains(note), run.errors)
        let photos = program.folder.file("photos")
        try FileManager.default.createDirectory(atPath: photos, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: CommandLineProgram.portrait, toPath: "\(photos)/a.png")
        let batch = try program.run("batch", photos, program.folder.file("out"), "--min-face", "4000")
        XCTAssertTrue(batch.errors.contains(note), batch.errors)
        let all = try program.run("stylize", CommandLineProgram.portrait, program.folder.file("b.png"))
        XCTAssertFalse(all.errors.contains("--min-face"), all.errors)
    }

    func testExistingOutputIsKeptUnlessTold() throws {
        let program = try CommandLineProgram()
        let input = try gradient(program, "in.png")
        let out = try program.folder.write(Array("precious".utf8), as: "out.png")
        assertOneSentence(try program.run("stylize", input, out), out, "--overwrite")
        XCTAssertEqual(try TemporaryFolder.bytes(out), Array("precious".utf8))
        XCTAssertEqual(try program.run("stylize", input, out, "--overwrite", "--quiet").status, 0)
        XCTAssertEqual(try PictureFile.load(out).bitmap.width, 96)
    }

    func testBadInput() throws {
        let program = try CommandLineProgram()
        let out = program.folder.file("out.png")
        assertOneSentence(
            try program.run("stylize", program.folder.file("none.png"), out), "none.png", "cannot be read")
        assertOneSentence(try program.run("stylize", program.folder.path, out), "cannot be read", "folder")
        assertOneSentence(try program.run("stylize", "", out), "“” cannot be read (its path is empty)")
        for name in ["garbage.png", "garbage.jpg", "garbage.webp", "garbage.tif"] {
            let garbage = try program.folder.write(Array("this is no picture at all".utf8), as: name)
            assertOneSentence(try program.run("stylize", garbage, out), name, "cannot be read")
        }
        let jpeg = try TemporaryFolder.bytes(gradient(program, "whole.jpg", side: 200))
        let cut = try program.folder.write(Array(jpeg.prefix(jpeg.count / 2)), as: "cut.jpg")
        assertOneSentence(try program.run("stylize", cut, out), "cut.jpg", "cut off")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }

    func testOnePixel() throws {
        let program = try CommandLineProgram()
        let dot = program.folder.file("dot.png")
        try PictureFile.save(Bitmap(width: 1, height: 1), to: dot)
        assertOneSentence(try program.run("stylize", dot, program.folder.file("out.png")), "1×1", "too small")
    }

    func testUnwritableOutput() throws {
        let program = try CommandLineProgram()
        let input = try gradient(program, "in.png")
        assertOneSentence(
            try program.run("stylize", input, program.folder.file("none/out.png")), "folder does not exist")
        assertOneSentence(
            try program.run("stylize", input, "/proc/out.png", "--quiet"), "/proc/out.png", "cannot be written")
        assertOneSentence(try program.run("stylize", input, ""), "“” cannot be written (its path is empty)")
        assertOneSentence(
            try program.run("stylize", input, program.folder.file("out.xyz")), "out.xyz", ".png, .jpg, .webp or .tif")
        assertOneSentence(
            try program.run("stylize", input, program.folder.path + "/parts", "--overwrite"), "cannot be written")
    }

    func testUnknownStyleAndDamagedModel() throws {
        let program = try CommandLineProgram()
        let input = try gradient(program, "in.png"), out = program.folder.file("out.png")
        assertOneSentence(
            try program.run("stylize", input, out, "--style", "watercolour"), "watercolour", "not installed")
        let models = program.folder.file("parts/models")
        let manifest = try XCTUnwrap(
            FileManager.default.contentsOfDirectory(atPath: models).first { $0.hasSuffix(".json") })
        let id = String(manifest.dropLast(5)), model = id + ".onnx"
        try FileManager.default.removeItem(atPath: "\(models)/\(model)")
        _ = try program.folder.write([1, 2, 3], as: "parts/models/\(model)")
        assertOneSentence(try program.run("stylize", input, out, "--style", id), "checksum", model)
        try FileManager.default.removeItem(atPath: models)
        assertOneSentence(try program.run("stylize", input, out), "not found")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }

    func testMissingDetector() throws {
        let program = try CommandLineProgram()
        let input = try gradient(program, "in.png")
        try FileManager.default.removeItem(atPath: program.folder.file("parts/detector"))
        assertOneSentence(try program.run("stylize", input, program.folder.file("out.png")), "pnet.onnx")
    }

    func testWrongUsage() throws {
        let program = try CommandLineProgram()
        let out = program.folder.file("out.png")
        let wrong = [
            ["--strength", "100.5"], ["--strength", "-0.1"], ["--strength", "nan"], ["--lines", "201%"],
            ["--keep-colors", "700"],
            ["--min-face", "3"], ["--skin", "-1"], ["--hair", "101"], ["--lighting", "inf"], ["--region", "sky"],
            ["--precision", "double"], ["--nonsense"],
        ]
        for options in wrong {
            let pipe = Pipe()
            let process = try program.start(["stylize", CommandLineProgram.portrait, out] + options, errors: pipe)
            let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            XCTAssertEqual(process.terminationStatus, 64, "\(options): \(errors)")
            XCTAssertTrue(errors.contains("Error:"), "\(options): \(errors)")
        }
        XCTAssertEqual(try program.run("stylize").status, 64)
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }
}
