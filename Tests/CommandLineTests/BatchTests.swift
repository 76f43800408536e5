import Files
import PictureFixtures
import Raster
import Settings
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
        XCTAssertTrue(run.errors.contains("color profile cannot be used"), run.errors)
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
        XCTAssertEqual(found, ["a.jpg", "a.png.jpg", "deep/er/b.png.jpg"], "a name depends on its photograph alone")
        let again = try program.run("batch", input, out, "--format", "jpg", "--recursive")
        XCTAssertTrue(again.errors.contains("all 3"), "its own drawings are not photographs: \(again.errors)")
        let flat = program.folder.file("flat")
        XCTAssertEqual(try program.run("batch", input, flat, "--quiet").status, 0)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: flat).sorted(), ["a.jpg", "a.png"])
    }

    func testImpossibleFolders() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "a.png"), out = program.folder.file("out")
        assertOneSentence(try program.run("batch", program.folder.file("none"), out), "none", "does not exist")
        assertOneSentence(try program.run("batch", "\(input)/a.png", out), "not a folder")
        assertOneSentence(try program.run("batch", input, input + "/", "--overwrite"), "where the photographs are")
        assertOneSentence(
            try program.run("batch", input, "\(input)/a.png"), "a.png takes no files (it is not a folder)")
        assertOneSentence(try program.run("batch", "", out), "“” cannot be read (its path is empty)")
        assertOneSentence(try program.run("batch", input, ""), "“” takes no files (its path is empty)")
        try FileManager.default.createDirectory(
            atPath: program.folder.file("empty"), withIntermediateDirectories: false)
        assertOneSentence(try program.run("batch", program.folder.file("empty"), out), "no pictures")
        assertOneSentence(try program.run("batch", input, out, "--style", "none"), "none", "not installed")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }

    /// Photographs that come while a batch runs are drawn by the next one, and one that goes is a sentence at most.
    func testPhotographsThatComeAndGoMeanwhile() throws {
        let program = try CommandLineProgram()
        let names = (1...6).map { "b\($0).png" }
        let input = try photos(program, names[0], names[1], names[2], names[3], names[4], names[5])
        let out = program.folder.file("out")
        let errors = Pipe()
        let process = try program.start(["batch", input, out], errors: errors)
        while FileStatus("\(out)/b1.png") == nil, process.isRunning { usleep(10_000) }
        for name in ["a.png", "z.png"] {
            try FileManager.default.copyItem(atPath: "\(input)/b1.png", toPath: "\(input)/\(name)")
        }
        try FileManager.default.removeItem(atPath: "\(input)/b6.png")
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .exit)
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        XCTAssertTrue(said.contains("2 photographs came while this batch drew; run the same command again"), said)
        let first = try Folder.names(out).filter { !$0.hasPrefix(".") }
        XCTAssertEqual(first.filter { $0 != "b6.png" }, Array(names.dropLast()))
        XCTAssertEqual(process.terminationStatus, first.contains("b6.png") ? 0 : 1)
        XCTAssertEqual(try program.run("batch", input, out, "--quiet").status, 0)
        XCTAssertTrue(Set(try Folder.names(out)).isSuperset(of: ["a.png", "z.png"] + names.dropLast()))
    }

    /// A photograph that is added beside one of the same name changes nothing for that one.
    func testALaterPhotographOfTheSameName() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "a.png"), out = program.folder.file("out")
        XCTAssertEqual(try program.run("batch", input, out, "--quiet").status, 0)
        let first = try XCTUnwrap(FileStatus("\(out)/a.png")).version
        _ = try program.folder.write(Pnm.rgb(.gradient(width: 64, height: 48)), as: "photos/a.ppm")
        let again = try program.run("batch", input, out)
        XCTAssertTrue(again.errors.contains("1 drawn") && again.errors.contains("1 left out"), again.errors)
        XCTAssertEqual(try XCTUnwrap(FileStatus("\(out)/a.png")).version, first)
        XCTAssertEqual(try PictureFile.load("\(out)/a.ppm.png").bitmap.width, 64)
    }

    func testNamesThatAreNoTextAreKept() throws {
        let program = try CommandLineProgram()
        let odd = String(path: Array("caf".utf8) + [0xE9]), input = program.folder.file(odd)
        try Folder.make(input)
        try PictureFile.save(.gradient(width: 64, height: 48), to: "\(input)/\(odd).png")
        let out = program.folder.file("out\(odd)")
        // Process takes texts only, so that a shell has to spell the bytes.
        let script = "exec \"$0\" batch \"$1/$(printf 'caf\\351')\" \"$1/out$(printf 'caf\\351')\""
        let run = try program.runShell(script, program.folder.path)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(run.errors.contains("caf\\xE9.png"), run.errors)
        XCTAssertEqual(try Folder.names(out).map(\.pathBytes), ["\(odd).png".pathBytes])
    }

    /// Two at once into one folder: each photograph is drawn by one of them, and none fails.
    func testTwoBatchesShareTheWork() throws {
        let program = try CommandLineProgram()
        let names = (0..<16).map { "p\($0).png" }
        let input = program.folder.file("photos"), out = program.folder.file("out")
        try Folder.make(input)
        for name in names { try PictureFile.save(.gradient(width: 96, height: 64), to: "\(input)/\(name)") }
        for overwrite in [[], ["--overwrite"]] {
            let runs = try program.runTogether([["batch", input, out] + overwrite, ["batch", input, out] + overwrite])
            XCTAssertEqual(runs.map(\.status), [0, 0], "\(runs)")
            let drawn = runs.map(Self.drawn)
            XCTAssertEqual((drawn[0] + drawn[1]).sorted(), names.sorted(), "\(runs)")
            XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: out).sorted(), names.sorted())
        }
    }

    /// Names of the drawings that a batch reports as saved.
    private static func drawn(_ run: CommandLineProgram.Output) -> [String] {
        run.errors.split(separator: "\n").filter { $0.contains(".png") && !$0.contains("left to another") }.map {
            String($0.prefix { $0 != ":" })
        }
    }

    /// Four parts of one folder at once, one of them killed without warning: run again, each is drawn once, none is
    /// lost.
    func testShardsWithOneKilled() throws {
        let program = try CommandLineProgram()
        let names = (0..<24).map { "p\($0).png" }
        let input = program.folder.file("photos"), out = program.folder.file("out")
        try Folder.make(input)
        for name in names { try PictureFile.save(.gradient(width: 160, height: 120), to: "\(input)/\(name)") }
        func shard(_ number: Int) -> [String] { ["batch", input, out, "--shard", "\(number)/4"] }
        let errors = Pipe()
        let victim = try program.start(shard(1), errors: errors)
        let reader = errors.fileHandleForReading
        // It has drawn something and has more to do.
        var text = ""
        while !text.contains("\n"), case let bytes = reader.availableData, !bytes.isEmpty {
            text += String(decoding: bytes, as: UTF8.self)
        }
        kill(victim.processIdentifier, SIGKILL)
        let others = try program.runTogether((2...4).map(shard))
        victim.waitUntilExit()
        XCTAssertEqual(victim.terminationReason, .uncaughtSignal, "it was still at work")
        let finished = try Folder.names(out).filter { $0.hasSuffix(".png") }
        XCTAssertFalse(try Folder.names(out).contains { $0.hasSuffix(".part") }, "nothing half is left")
        let again = try program.run(shard(1))
        XCTAssertEqual(others.map(\.status) + [again.status], [0, 0, 0, 0])
        let later = Self.drawn(again)
        XCTAssertEqual((finished + later).sorted(), names.sorted(), "each once")
        XCTAssertEqual(Set(others.flatMap(Self.drawn)).count, others.flatMap(Self.drawn).count)
        for name in names { XCTAssertEqual(try PictureFile.load("\(out)/\(name)").bitmap.width, 160) }
        XCTAssertTrue(try program.run("batch", input, out).errors.contains("all 24"))
    }

    func testShardsAreChecked() throws {
        let program = try CommandLineProgram()
        let input = try photos(program, "a.png")
        for part in ["0/4", "5/4", "1", "a/b", "1/0", "-1/4", "1/4/2"] {
            let run = try program.run("batch", input, program.folder.file("out"), "--shard=\(part)")
            XCTAssertEqual(run.status, 64, part)
            XCTAssertTrue(run.errors.contains("--shard"), run.errors)
        }
        let parts = try (1...2).map { try program.run("batch", input, program.folder.file("out"), "--shard=\($0)/2") }
        XCTAssertEqual(parts.map(\.status), [0, 0])
        XCTAssertEqual(parts.count { $0.errors.contains("none of the photographs belongs to part") }, 1, "\(parts)")
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
        while !(((try? Folder.names(out)) ?? []).contains { $0.hasSuffix(".png") }), Date() < deadline {
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
