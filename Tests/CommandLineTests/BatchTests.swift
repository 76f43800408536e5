import Files
import PictureFixtures
import Raster
import XCTest

/// `anime-style batch`.
final class BatchTests: XCTestCase {
    /// A folder of small photographs called `names`.
    private func photos(_ program: CommandLineProgram, _ names: String...) throws -> String {
        let folder = program.folder.file("photos")
        for name in names {
            let path = "\(folder)/\(name)"
            try FileManager.default.createDirectory(
                atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
            try PictureFile.save(.gradient(width: 64, height: 48), to: path)
        }
        return folder
    }

    func testGoodAndBadFiles() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "a.png", "b.jpg", "c.webp", "d.tif"), out = program.folder.file("out")
        _ = try program.folder.write(Array("no picture".utf8), as: "photos/bad.jpg")
        _ = try program.folder.write(Array("a note".utf8), as: "photos/notes.txt")
        let run = try program.run("batch", input, out)
        XCTAssertEqual(run.status, 1)
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: out).sorted(), ["a.png", "b.jpg", "c.webp", "d.tif"])
        XCTAssertEqual(run.errors.components(separatedBy: "anime-style: ").count, 2, run.errors)
        let last = try XCTUnwrap(run.errors.split(separator: "\n").last)
        XCTAssertTrue(last.contains("bad.jpg") && last.contains("cannot be read"), run.errors)
        XCTAssertTrue(run.errors.contains("4 drawn") && run.errors.contains("1 failed"), run.errors)
        XCTAssertFalse(run.errors.contains("\u{1B}"), "no progress bar where there is no terminal")
        for name in ["a.png", "b.jpg", "c.webp", "d.tif"] {
            XCTAssertEqual(try PictureFile.load("\(out)/\(name)").bitmap.width, 64)
        }
    }

    /// Files with faults of many kinds, good ones between them: each is drawn or named, and the report is reached.
    func testDamagedPicturesEndInTheReport() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "0.png", "5.jpg", "9.webp"), out = program.folder.file("out")
        let picture = Bitmap.gradient(width: 64, height: 48), sound = try TemporaryFolder.bytes("\(input)/5.jpg")
        var files: [String: [UInt8]] = [
            "cut.jpg": Array(sound.prefix(sound.count / 2)), "no-end.jpg": sound.dropLast(2),
        ]
        for place in stride(from: 128, to: IccProfile.swapped.count - 4, by: 12) {
            var profile = IccProfile.swapped
            profile.replaceSubrange(place..<place + 4, with: [0x7F, 0xFF, 0xFF, 0xFF])
            files["profile-\(place).tif"] = Tiff.rgb(
                picture, bits: place % 24 == 8 ? 8 : 16, orientation: 1, profile: profile)
        }
        for (name, bytes) in files { _ = try program.folder.write(bytes, as: "photos/\(name)") }
        let run = try program.run("batch", input, out, "--format", "png")
        XCTAssertEqual(run.status, 1)
        let drawn = try FileManager.default.contentsOfDirectory(atPath: out).count
        XCTAssertTrue(run.errors.contains("\(drawn) drawn"), run.errors)
        XCTAssertTrue(run.errors.contains("\(files.count + 3 - drawn) failed"), run.errors)
        XCTAssertEqual(drawn, files.count + 2, "all but the one that is cut off: \(run.errors)")
        XCTAssertTrue(run.errors.contains("no-end.jpg: The photograph’s file is damaged"), run.errors)
        XCTAssertTrue(run.errors.contains("colour profile cannot be used"), run.errors)
    }

    func testGoesOnWhereItStopped() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "a.png", "b.png", "c.png"), out = program.folder.file("out")
        XCTAssertEqual(try program.run("batch", input, out, "--quiet").status, 0)
        _ = try program.folder.write(Array("edited by hand".utf8), as: "out/a.png")
        try FileManager.default.removeItem(atPath: "\(out)/b.png")
        let again = try program.run("batch", input, out)
        XCTAssertEqual(again.status, 0)
        XCTAssertTrue(again.errors.contains("1 drawn") && again.errors.contains("2 left out"), again.errors)
        XCTAssertEqual(try TemporaryFolder.bytes("\(out)/a.png"), Array("edited by hand".utf8))
        XCTAssertEqual(try PictureFile.load("\(out)/b.png").bitmap.width, 64)
        let nothing = try program.run("batch", input, out)
        XCTAssertEqual(nothing.status, 0)
        XCTAssertTrue(nothing.errors.contains("all 3"), nothing.errors)
        XCTAssertEqual(try program.run("batch", input, out, "--overwrite", "--quiet").errors, "")
        XCTAssertEqual(try PictureFile.load("\(out)/a.png").bitmap.width, 64)
    }

    func testFormatsAndFolders() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "a.png", "a.jpg", "deep/er/b.png"), out = "\(input)/out"
        XCTAssertEqual(try program.run("batch", input, out, "--format", "jpg", "--recursive", "--quiet").status, 0)
        let found = try XCTUnwrap(FileManager.default.subpaths(atPath: out)).filter { $0.hasSuffix(".jpg") }.sorted()
        XCTAssertEqual(found, ["a.jpg", "a.png.jpg", "deep/er/b.jpg"], "names that would collide stay apart")
        let again = try program.run("batch", input, out, "--format", "jpg", "--recursive")
        XCTAssertTrue(again.errors.contains("all 3"), "its own drawings are not photographs: \(again.errors)")
        let flat = program.folder.file("flat")
        XCTAssertEqual(try program.run("batch", input, flat, "--quiet").status, 0)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: flat).sorted(), ["a.jpg", "a.png"])
    }

    func testImpossibleFolders() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "a.png"), out = program.folder.file("out")
        assertOneSentence(try program.run("batch", program.folder.file("none"), out), "none", "not a folder")
        assertOneSentence(try program.run("batch", "\(input)/a.png", out), "not a folder")
        assertOneSentence(try program.run("batch", input, input + "/", "--overwrite"), "other than")
        assertOneSentence(try program.run("batch", input, "\(input)/a.png"), "not a folder")
        try FileManager.default.createDirectory(
            atPath: program.folder.file("empty"), withIntermediateDirectories: false)
        assertOneSentence(try program.run("batch", program.folder.file("empty"), out), "no pictures")
        assertOneSentence(try program.run("batch", input, out, "--style", "none"), "none", "not found")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }

    /// Ctrl-C in the middle: whole files only, status 130, and the next run does the rest.
    func testInterruption() throws {
        let program = try CommandLineProgram()
        let names = (0..<40).map { "p\($0).png" }
        let input = program.folder.file("photos"), out = program.folder.file("out")
        try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: false)
        for name in names { try PictureFile.save(.gradient(width: 200, height: 150), to: "\(input)/\(name)") }
        let process = try program.start(["batch", input, out])
        let deadline = Date().addingTimeInterval(60)
        while (try? FileManager.default.contentsOfDirectory(atPath: out))?.isEmpty ?? true, Date() < deadline {
            usleep(10_000)
        }
        process.interrupt()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 130)
        let left = try FileManager.default.contentsOfDirectory(atPath: out)
        XCTAssertTrue((1..<40).contains(left.count), "\(left.count) drawings")
        for name in left { XCTAssertEqual(try PictureFile.load("\(out)/\(name)").bitmap.width, 200, name) }
        XCTAssertEqual(try program.run("batch", input, out, "--quiet").status, 0)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: out).count, 40)
    }
}
