import Files
import PictureFixtures
import Raster
import Settings
import XCTest

/// What a machine may keep from the program: memory, the network, sound files.
final class LimitTests: XCTestCase {
    private func photograph(_ program: CommandLineProgram) throws -> String {
        let path = program.folder.file("in.png")
        try PictureFile.save(.gradient(width: 64, height: 48), to: path)
        return path
    }

    /// Under every limit of addresses the program draws or says one sentence; without the check it would end by a
    /// signal.
    func testTooLittleMemoryIsASentence() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program)
        var (drawn, refused) = (0, 0)
        for (index, limit) in [300_000, 800_000, 1_400_000, 2_000_000, 3_000_000].enumerated() {
            let run = try program.runShell(
                "ulimit -v \(limit); exec \"$0\" stylize \"$1\" \"$2\"", input, program.folder.file("\(index).png"))
            if run.status == 0 {
                drawn += 1
            } else {
                refused += 1
                assertOneSentence(run, "too little memory")
            }
        }
        XCTAssertGreaterThanOrEqual(refused, 2)
        XCTAssertGreaterThanOrEqual(drawn, 1)
        let large = program.folder.file("large.jpg")
        let made = try program.runShell("convert -size 6000x4000 gradient:red-blue \"$1\"", large)
        XCTAssertEqual(made.status, 0, made.errors)
        assertOneSentence(
            try program.runShell(
                "ulimit -v 2000000; exec \"$0\" stylize \"$1\" \"$2\"", large, program.folder.file("large.png")),
            "too little memory")
    }

    /// Limits under which threads, stacks or files cannot be had: the program would wait for ever, end by a signal, or
    /// blame the disk.
    func testLimitsThatLeaveNoRoomToBeginAreASentence() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program)
        func run(_ limit: String, _ name: String = "a.png") throws -> CommandLineProgram.Output {
            try program.runShell(
                "ulimit \(limit); exec timeout -s KILL 120 \"$0\" stylize \"$1\" \"$2\" --quiet", input,
                program.folder.file(name))
        }
        var refused = 0
        for kilobytes in stride(from: 50_000, through: 250_000, by: 25_000) {
            let run = try run("-v \(kilobytes)")
            // The system's own words where not even its libraries fit.
            if run.status == 127 { continue }
            refused += 1
            assertOneSentence(run, "too little memory")
        }
        XCTAssertGreaterThanOrEqual(refused, 4)
        for kilobytes in [32, 64, 128] { assertOneSentence(try run("-s \(kilobytes)"), "a stack of \(kilobytes) kB") }
        for files in [9, 12, 63] {
            assertOneSentence(try run("-n \(files)"), "open \(files) files at once", "ulimit -n")
        }
        for (limit, name) in [("-s 256", "b.png"), ("-n 64", "c.png"), ("-S -n 12", "d.png")] {
            let run = try run(limit, name)
            XCTAssertEqual(run.status, 0, "\(limit): \(run.errors)")
            XCTAssertEqual(try PictureFile.load(program.folder.file(name)).bitmap.width, 64)
        }
    }

    /// What is drawn finer takes more, and that is said before the work.
    func testDetailThatDoesNotFitIsASentence() throws {
        let program = try CommandLineProgram(), large = program.folder.file("large.jpg")
        let made = try program.runShell("convert -size 6000x4000 gradient:red-blue \"$1\"", large)
        XCTAssertEqual(made.status, 0, made.errors)
        let start = Date()
        let run = try program.runShell(
            "ulimit -v 3500000; exec \"$0\" stylize \"$1\" \"$2\" --detail 100", large,
            program.folder.file("large.png"))
        assertOneSentence(run, "lower Detail")
        XCTAssertLessThan(Date().timeIntervalSince(start), 60, "nothing was drawn before")
    }

    /// The main job with no network at all.
    func testDrawsWithoutANetwork() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        let run = try program.runShell(
            """
            # Root needs no user's namespace, which nobody may make in a chroot.
            [ "$(id -u)" = 0 ] || set -- "$@" --map-root-user
            unshare $3 --net sh -c 'ip link 2>/dev/null | grep -c UP; exec "$0" stylize "$1" "$2"' "$0" "$1" "$2"
            """,
            input, out)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(["0", ""].contains(run.text.trimmingCharacters(in: .whitespacesAndNewlines)), run.text)
        XCTAssertEqual(try PictureFile.load(out).bitmap.width, 64)
    }

    /// A program that was copied without the one that reads and writes pictures, or beside one that cannot run, blames
    /// no photograph; a batch says it once.
    func testAMissingDecoderIsNotAPicturesFault() throws {
        let program = try CommandLineProgram()
        let photographs = program.folder.file("in"), alone = program.folder.file("alone")
        try Folder.make(photographs)
        try Folder.make(alone)
        for name in ["a.png", "b.png"] {
            try PictureFile.save(.gradient(width: 64, height: 48), to: "\(photographs)/\(name)")
        }
        try FileManager.default.copyItem(atPath: program.program.path, toPath: "\(alone)/anime-style")
        let out = program.folder.file("out"), codec = "\(alone)/anime-style-codec"
        func assertSaid(_ words: String...) throws {
            for (command, result) in [("stylize", "\(out).png"), ("batch", out)] {
                let photograph = command == "batch" ? photographs : "\(photographs)/a.png"
                let run = try program.runShell(
                    "exec \"$1\" $2 \"$3\" \"$4\" --quiet", "\(alone)/anime-style", command,
                    photograph, result)
                for word in words + ["anime-style-codec", "install the filter again"] {
                    assertOneSentence(run, word)
                }
                XCTAssertFalse(run.errors.contains("damaged"), run.errors)
            }
        }
        try assertSaid("is missing in /", "/alone; install")
        try Data("#!/bin/sh\nexit 127\n".utf8).write(to: URL(fileURLWithPath: codec))
        try assertSaid("permission denied")
        chmod(codec, 0o755)
        try assertSaid("a library that it needs is missing")
    }

    /// A detector or a mesh with one flipped bit: no face would be found, without a word.
    func testDamagedPartsAreNamed() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program)
        for part in ["detector/pnet.onnx", "detector/onet.onnx", "mesh/face_landmark.tflite"] {
            let home = program.folder.file("parts"), folder = part.parentFolder
            let link = "\(home)/\(folder)", whole = Folder.resolved(link)
            try FileManager.default.removeItem(atPath: link)
            try FileManager.default.copyItem(atPath: whole, toPath: link)
            var bytes = try TemporaryFolder.bytes("\(home)/\(part)")
            bytes[bytes.count / 2] ^= 0x10
            try Data(bytes).write(to: URL(fileURLWithPath: "\(home)/\(part)"))
            assertOneSentence(
                try program.run("stylize", input, program.folder.file("out.png")), part,
                "does not match its checksum")
            try FileManager.default.removeItem(atPath: link)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: whole)
        }
        let hair = program.folder.file("parts/models/hair.onnx")
        var bytes = try TemporaryFolder.bytes(Folder.resolved(hair))
        bytes[bytes.count / 2] ^= 0x10
        try FileManager.default.removeItem(atPath: hair)
        _ = try program.folder.write(bytes, as: "parts/models/hair.onnx")
        assertOneSentence(
            try program.run("stylize", input, program.folder.file("out.png")), "hair.onnx",
            "does not match its checksum")
    }
}
