import Files
import Foundation
import PictureFixtures
import Raster
import Settings
import XCTest

/// What makes the program a good neighbour of shells, pipes and other programs.
final class ToolTests: XCTestCase {
    private func photograph(_ program: CommandLineProgram, _ name: String = "in.png") throws -> String {
        let path = program.folder.file(name)
        try PictureFile.save(.gradient(width: 64, height: 48), to: path)
        return path
    }

    func testVersionIsThatOfTheChanges() throws {
        let run = try CommandLineProgram().run("--version")
        XCTAssertEqual(run.status, 0)
        XCTAssertEqual(run.text, "anime-style \(ProductVersion.text)\n")
        let changes = try String(
            contentsOf: CommandLineProgram.root.appendingPathComponent("CHANGELOG.md"), encoding: .utf8)
        let first = try XCTUnwrap(changes.split(separator: "\n").first { $0.hasPrefix("## ") })
        let number = first.dropFirst(3).prefix { $0 == "." || $0.isNumber }
        XCTAssertTrue(ProductVersion.text == number || ProductVersion.text == "\(number).0", "\(first)")
    }

    func testPipes() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program)
        let out = program.folder.file("out")
        let run = try program.runShell("cat \"$1\" | \"$0\" stylize - - --quiet > \"$2\"", input, out)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(try TemporaryFolder.bytes(out).prefix(4), [0x89, 0x50, 0x4E, 0x47])
        XCTAssertEqual(try PictureFile.load(out).bitmap.width, 64)
        let jpeg = try program.runShell("\"$0\" stylize - - --format jpg <\"$1\" >\"$2\"", input, out)
        XCTAssertEqual(jpeg.status, 0, jpeg.errors)
        XCTAssertEqual(try TemporaryFolder.bytes(out).prefix(2), [0xFF, 0xD8])
        XCTAssertTrue(jpeg.errors.contains("Drawn to standard output: 64×48 pixels"), jpeg.errors)
        let faces = try program.runShell("cat \"$1\" | \"$0\" faces - --json", input)
        XCTAssertTrue(faces.text.contains("\"width\" : 64"), faces.text + faces.errors)
        assertOneSentence(try program.run("stylize", "-", program.folder.file("a.png")), "standard input", "empty")
        let cut = try program.runShell(
            "head -c 200 \"$1\" | \"$0\" stylize - \"$2\"", input, program.folder.file("a.png"))
        assertOneSentence(cut, "No picture can be read from standard input (it is cut off)")
        assertOneSentence(
            try program.runShell("exec \"$0\" stylize \"$1\" - --quiet >/dev/full", input),
            "The picture cannot be sent to standard output (the disk is full); send it to a file")
        XCTAssertEqual(try program.run("stylize", input, "-", "--json").status, 64)
    }

    func testStylizeSaysWhereThePictureIsAndWhatItDid() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        let run = try program.run("stylize", input, out)
        let last = try XCTUnwrap(run.errors.split(separator: "\n").last)
        XCTAssertTrue(last.hasPrefix("Drawn to \(out): 64×48 pixels, style cel, no face drawn apart, "), run.errors)
        XCTAssertEqual(try program.run("stylize", input, out, "--overwrite", "--quiet").errors, "")
        let other = program.folder.file("other.jpg")
        let note = try program.run("stylize", input, other, "--format", "png")
        XCTAssertTrue(note.errors.contains("a file of the format png, as --format says"), note.errors)
        XCTAssertEqual(try TemporaryFolder.bytes(other).prefix(2), [0x89, 0x50])
    }

    func testJSON() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        func object(_ text: some StringProtocol) throws -> [String: Any] {
            try XCTUnwrap(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        }
        let one = try program.run("stylize", input, out, "--json")
        let drawn = try object(one.text)
        XCTAssertEqual(drawn["drawing"] as? String, out)
        XCTAssertEqual(drawn["width"] as? Int, 64)
        XCTAssertEqual(drawn["style"] as? String, "cel")
        XCTAssertEqual((drawn["notes"] as? [String])?.count, 1)
        XCTAssertEqual(one.errors, "")
        let failed = try program.run("stylize", input, out, "--json")
        XCTAssertEqual(failed.status, 1)
        XCTAssertTrue((try object(failed.text)["error"] as? String)?.contains("exists already") ?? false, failed.text)
        try Folder.make(program.folder.file("photos"))
        _ = try photograph(program, "photos/a.png")
        _ = try program.folder.write(Array("no picture".utf8), as: "photos/b.png")
        let batch = try program.run("batch", program.folder.file("photos"), program.folder.file("drawings"), "--json")
        XCTAssertEqual(batch.status, 1)
        let events = try batch.text.split(separator: "\n").map(object)
        XCTAssertEqual(events.map { $0["event"] as? String }, ["drawn", "failed", "end"])
        XCTAssertEqual(events[0]["drawing"] as? String, program.folder.file("drawings/a.png"))
        XCTAssertEqual(events[1]["photograph"] as? String, program.folder.file("photos/b.png"))
        XCTAssertEqual((events[2]["count"] as? [String: Any])?["failed"] as? Int, 1)
    }

    /// What a batch does not draw, and why, is in its documents too.
    func testDocumentsNameWhatIsNotDrawn() throws {
        let program = try CommandLineProgram(), folder = program.folder.file("photos")
        try Folder.make("\(folder)/closed")
        for name in ["a.png", ".hidden.png", "closed/b.png"] { _ = try photograph(program, "photos/\(name)") }
        _ = try program.folder.write(Array("a note".utf8), as: "photos/notes.txt")
        let run = try program.runShell(
            """
            chmod 0 "$1/closed"
            # Root looks into every folder, unless it may not.
            [ "$(id -u)" = 0 ] && rights="setpriv --bounding-set -dac_override,-dac_read_search"
            $rights "$0" batch "$1" "$2" --recursive --json
            status=$?
            chmod 755 "$1/closed"
            exit $status
            """, folder, program.folder.file("out"))
        XCTAssertEqual(run.status, 1, run.errors)
        let events = try run.text.split(separator: "\n").map {
            try XCTUnwrap(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        XCTAssertEqual(
            events.map { $0["event"] as? String }, ["failed", "leftOut", "leftOut", "drawn", "end"], run.text)
        guard events.count == 5 else { return }
        XCTAssertEqual(events[0]["folder"] as? String, "\(folder)/closed")
        XCTAssertTrue((events[0]["error"] as? String)?.contains("permission denied") ?? false, run.text)
        XCTAssertEqual(events[1]["file"] as? String, "\(folder)/notes.txt")
        XCTAssertEqual(events[2]["file"] as? String, "\(folder)/.hidden.png")
        XCTAssertEqual(events[2]["notes"] as? [String], ["it is hidden"])
        let count = try XCTUnwrap(events[4]["count"] as? [String: Any])
        XCTAssertEqual(count["leftOut"] as? Int, 2)
        XCTAssertEqual(count["failed"] as? Int, 1)
    }

    /// A number below zero is a value, and one sentence says which ones are allowed.
    func testValuesThatAreNotAllowedAreNamed() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        func assertUsage(_ arguments: [String], _ words: String..., line: UInt = #line) throws {
            let run = try program.run(arguments)
            XCTAssertEqual(run.status, 64, run.errors, line: line)
            XCTAssertFalse(run.errors.contains("Missing"), run.errors, line: line)
            for word in words { XCTAssertTrue(run.errors.contains(word), run.errors, line: line) }
        }
        for part in ["9/8", "-1/3", "0/3", "a", "1/2/3", "", "1/100001"] {
            try assertUsage(
                ["batch", program.folder.path, out, "--shard", part],
                "The value \(part.isEmpty ? "“”" : part) for --shard is not allowed", "such as 2/8")
        }
        try assertUsage(["stylize", input, out, "--strength", ""], "The value “” for --strength is not allowed")
        try assertUsage(["faces", input, "--min-face", "-3"], "--min-face must be 16 to 100000")
        try assertUsage(["measure", input, "--limit", "-1"], "--limit must be at least 1")
        try assertUsage(["bench", "--size", "-5"], "The size must be 8 to 4096")
        try assertUsage(["bench", "--runs", "-1"], "runs must be 1 to 10000")
        assertOneSentence(
            try program.run("stylize", input, out, "--report", program.folder.file("none/page.html")),
            "(its folder does not exist); choose a folder you may write to.")
        let pipe = program.folder.file("pipe.png")
        XCTAssertEqual(pipe.withPath { mkfifo($0, 0o600) }, 0)
        assertOneSentence(try program.run("stylize", pipe, out), "pipe.png cannot be read (it is a pipe)")
        assertOneSentence(try program.run("stylize", input, pipe), "pipe.png cannot be written (it is a pipe)")
    }

    func testWhatIsMeantIsSuggested() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        assertOneSentence(
            try program.run("stylize", input, out, "--style", "cell"),
            "“cell” is not installed, perhaps “cel” is meant",
            "cel, luminous, soft")
        assertOneSentence(try program.run("stylise", input, out), status: 64, "perhaps “stylize” is meant", "batch")
        assertOneSentence(try program.run(input, out), status: 64, "anime-style stylize PHOTOGRAPH DRAWING")
        assertOneSentence(try program.run("help", "batsch"), status: 64, "perhaps “batch” is meant")
        assertOneSentence(
            try program.run("stylize", input, out, "--style", ""), "“” is not installed; use one of", "cel")
        let negative = try program.run("stylize", input, out, "--strength", "-5")
        XCTAssertEqual(negative.status, 64)
        XCTAssertTrue(negative.errors.contains("The value -5 for --strength is not allowed"), negative.errors)
        let option = try program.run("stylize", input, out, "--streng", "80")
        XCTAssertEqual(option.status, 64)
        XCTAssertTrue(option.errors.contains("Did you mean '--strength'?"), option.errors)
    }

    /// A terminal that only prints what comes gets no commands; another one gets a bar.
    func testProgressSuitsTheTerminal() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        for (terminal, hasBar) in [("dumb", false), ("xterm", true)] {
            let run = try program.runShell(
                "TERM=\(terminal) script -qefc \"'$0' stylize '$1' '$2' --overwrite\" /dev/null", input, out)
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertEqual(run.text.contains("\u{1B}["), hasBar, run.text)
            XCTAssertTrue(run.text.contains("Drawn to"), run.text)
        }
    }

    /// A list that is cut short is no list, and no stream's words end in a drawing.
    func testStreamsThatCannotBeWritten() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        assertOneSentence(try program.runShell("exec \"$0\" models >/dev/full"), "Standard output cannot be written")
        let closed = try program.runShell("exec \"$0\" stylize \"$1\" \"$2\" <&- >&- 2>&-", input, out)
        XCTAssertEqual(closed.status, 0)
        XCTAssertEqual(try PictureFile.load(out).bitmap.width, 64)
    }

    /// A limit of files' sizes, which the system tells by a signal.
    func testAFileThatMayNotGrowIsASentence() throws {
        let program = try CommandLineProgram()
        let input = program.folder.file("large.png"), out = program.folder.file("out.png")
        try PictureFile.save(.gradient(width: 300, height: 200), to: input)
        assertOneSentence(
            try program.runShell("ulimit -f 8; exec \"$0\" stylize \"$1\" \"$2\"", input, out),
            "The folder of temporary files takes no more of the picture")
        XCTAssertNil(FileStatus(out))
    }

    func testSignalsEndWithTheirStatus() throws {
        let program = try CommandLineProgram()
        let input = program.folder.file("photos"), out = program.folder.file("out")
        try Folder.make(input)
        for index in 0..<20 { try PictureFile.save(.gradient(width: 200, height: 150), to: "\(input)/\(index).png") }
        for (number, status) in [(SIGINT, Int32(130)), (SIGTERM, 143), (SIGHUP, 129)] {
            let process = try program.start(["batch", input, out])
            let before = (try? Folder.names(out).count) ?? 0
            while (try? Folder.names(out).filter { !$0.hasPrefix(".") }.count) ?? 0 <= before, process.isRunning {
                usleep(20_000)
            }
            kill(process.processIdentifier, number)
            process.waitUntilExit()
            XCTAssertEqual(process.terminationReason, .exit)
            XCTAssertEqual(process.terminationStatus, status)
            let names = try Folder.names(out)
            XCTAssertEqual(names.filter { $0.hasPrefix(".") }, [], "nothing half is left")
            for name in names { XCTAssertEqual(try PictureFile.load("\(out)/\(name)").bitmap.width, 200) }
        }
    }

    /// Manual pages and completions are made by the program itself.
    func testManualPagesAndCompletions() throws {
        let program = try CommandLineProgram()
        let share = program.folder.file("share")
        let tool = CommandLineProgram.root.appendingPathComponent("tools/make-share.py").path
        let made = try program.runShell("python3 \"$1\" \"$0\" \"$2\"", tool, share)
        XCTAssertEqual(made.status, 0, made.errors)
        let pages = try Folder.names("\(share)/man/man1")
        for command in ["", "-stylize", "-batch", "-faces", "-models", "-settings", "-measure"] {
            XCTAssertTrue(pages.contains("anime-style\(command).1"), "\(pages)")
        }
        XCTAssertFalse(pages.contains { $0.contains("try-model") })
        let batch = String(decoding: try TemporaryFolder.bytes("\(share)/man/man1/anime-style-batch.1"), as: UTF8.self)
        for text in ["\\-\\-shard", "\\-\\-min\\-face", ".SH EXIT STATUS", "143"] {
            XCTAssertTrue(batch.contains(text), "\(text) in \(batch)")
        }
        let bash = "\(share)/bash-completion/completions/anime-style"
        let answer = try program.runShell(
            """
            bash -c 'PATH=$(dirname "$0"):$PATH; . "$1"; COMP_WORDS=(anime-style styl); COMP_CWORD=1; \
            COMP_LINE="anime-style styl"; COMP_POINT=16; _anime-style anime-style styl anime-style; \
            printf "%s\\n" "${COMPREPLY[@]}"' "$0" "$1"
            """,
            bash)
        XCTAssertTrue(answer.text.contains("stylize"), answer.text + answer.errors)
        for file in ["zsh/site-functions/_anime-style", "fish/vendor_completions.d/anime-style.fish"] {
            let text = String(decoding: try TemporaryFolder.bytes("\(share)/\(file)"), as: UTF8.self)
            XCTAssertTrue(text.contains("shard") && text.contains("stylize"), file)
        }
    }
}
