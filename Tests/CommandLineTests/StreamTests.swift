import Files
import Foundation
import PictureFixtures
import Raster
import Settings
import XCTest

/// Streams that are silent, unread, closed, or that other programs read.
final class StreamTests: XCTestCase {
    /// Too many bytes for a pipe to hold.
    private func large(_ program: CommandLineProgram) throws -> String {
        let path = program.folder.file("large.png")
        var random = Xorshift(seed: 3)
        let pixels = (0..<400 * 300).map { _ in
            SIMD4(Float.random(in: 0...1, using: &random), Float.random(in: 0...1, using: &random), 0.5, 1)
        }
        try PictureFile.save(Bitmap(width: 400, height: 300, pixels: pixels), to: path)
        return path
    }

    private func photograph(_ program: CommandLineProgram, _ name: String = "in.png") throws -> String {
        let path = program.folder.file(name)
        try PictureFile.save(.gradient(width: 64, height: 48), to: path)
        return path
    }

    func testASignalEndsWaitingForStandardInputAtOnce() throws {
        let program = try CommandLineProgram(), pipe = program.folder.file("pipe"), out = program.folder.file("a.png")
        let script = """
            mkfifo "$1"
            case $4 in
            stylize) "$0" stylize - "$2" <"$1" & ;;
            faces) "$0" faces - <"$1" & ;;
            esac
            program=$!
            exec 3>"$1"
            sleep 4
            kill -s "$3" "$program"
            wait "$program"
            """
        for (name, status, command) in [
            ("INT", Int32(130), "stylize"), ("TERM", 143, "stylize"), ("HUP", 129, "stylize"), ("INT", 130, "faces"),
            ("TERM", 143, "faces"),
        ] {
            let run = try program.runShell(script, "\(pipe)-\(name)-\(command)", out, name, command)
            assertOneSentence(run, status: status, "Cancelled; nothing was written.")
        }
        XCTAssertNil(FileStatus(out))
    }

    func testASignalEndsWaitingForAReaderAtOnce() throws {
        let program = try CommandLineProgram(), pipe = program.folder.file("pipe")
        let script = """
            mkfifo "$1"
            "$0" stylize "$2" - --strength 0 --quiet >"$1" & program=$!
            exec 3<"$1"
            head -c 1 <&3 >/dev/null
            sleep 1
            kill -s TERM "$program"
            wait "$program"
            """
        assertOneSentence(try program.runShell(script, pipe, large(program)), status: 143, "Cancelled")
    }

    /// A pipe that is full and that nobody reads, for what is told on standard output or standard error: a signal ends
    /// the work in order, with its status, and nothing is left of it but what was finished.
    func testASignalEndsTheWorkWhereNobodyReadsWhatIsTold() throws {
        let program = try CommandLineProgram(), photographs = program.folder.file("photos")
        try Folder.make(photographs)
        for name in ["a.png", "b.png", "c.png"] { _ = try photograph(program, "photos/\(name)") }
        let script = """
            mkfifo "$1"
            exec 3<>"$1"
            head -c 65536 /dev/zero >&3
            case $4 in
            output) "$0" $5 "$2" "$3" --json >&3 3>&- & ;;
            errors) "$0" $5 "$2" "$3" 2>&3 3>&- & ;;
            esac
            program=$!
            # The first drawing is finished, and is being told of.
            until [ -e "$3/a.png" ] || [ -f "$3" ]; do sleep 0.1; done
            sleep 1
            kill -s "$6" "$program"
            # Ended, and not waited for yet, it is a zombie.
            for i in 1 2 3 4 5 6 7 8 9 10; do
                [ "$(cut -d ' ' -f 3 "/proc/$program/stat")" = Z ] && break
                sleep 0.5
            done
            kill -s KILL "$program"
            wait "$program"
            """
        let runs = [
            ("output", "batch", "TERM", Int32(143)), ("errors", "batch", "INT", 130), ("output", "stylize", "INT", 130),
            ("errors", "stylize", "TERM", 143),
        ]
        for (index, (stream, command, signal, status)) in runs.enumerated() {
            let isBatch = command == "batch"
            let out = program.folder.file(isBatch ? "out\(index)" : "out\(index).png")
            let run = try program.runShell(
                script, program.folder.file("pipe\(index)"), isBatch ? photographs : "\(photographs)/a.png", out,
                stream,
                command, signal)
            XCTAssertEqual(run.status, status, "\(stream) of \(command): \(run.errors)")
            XCTAssertEqual(run.text, "", "\(stream) of \(command)")
            let names = isBatch ? try Folder.names(out) : []
            XCTAssertEqual(names.filter { $0.hasPrefix(".") }, [], "no lock is left")
            XCTAssertLessThan(names.count, 3, "the batch did not wait for its end")
            XCTAssertEqual(try PictureFile.load(isBatch ? "\(out)/a.png" : out).bitmap.width, 64)
        }
    }

    /// Lists and help, too.
    func testASignalEndsWaitingForWhoReadsLists() throws {
        let program = try CommandLineProgram()
        let script = """
            mkfifo "$1"
            exec 3<>"$1"
            head -c 65536 /dev/zero >&3
            "$0" $2 >&3 3>&- &
            program=$!
            sleep 3
            kill -s TERM "$program"
            wait "$program"
            """
        for (index, arguments) in ["models", "settings", "--help", "help batch"].enumerated() {
            assertOneSentence(
                try program.runShell(script, program.folder.file("pipe\(index)"), arguments), status: 143,
                "Ended while nobody read standard output")
        }
    }

    /// Nothing is half done where a picture's reader has gone, so that the program ends by the signal.
    func testAReaderOfAPictureWhoGoesEndsTheProgram() throws {
        let program = try CommandLineProgram(), picture = try photograph(program, "a.png")
        let status = program.folder.file("status")
        let run = try program.runShell(
            "{ \"$0\" stylize \"$1\" - --format png; echo $? >\"$2\"; } | true", picture, status)
        XCTAssertEqual(String(decoding: try TemporaryFolder.bytes(status), as: UTF8.self), "141\n", run.errors)
    }

    /// A reader who has had enough ends a batch in order, and without a word, as the signal would.
    func testAReaderWhoGoesEndsTheBatch() throws {
        let program = try CommandLineProgram(), photographs = program.folder.file("photos")
        try Folder.make(photographs)
        for name in ["a", "b", "c", "d", "e", "f"] { _ = try photograph(program, "photos/\(name).png") }
        let out = program.folder.file("out"), status = program.folder.file("status")
        let run = try program.runShell(
            "{ \"$0\" batch \"$1\" \"$2\" --json; echo $? >\"$3\"; } | head -n 1", photographs, out, status)
        XCTAssertTrue(run.text.contains("a.png"), run.text)
        XCTAssertEqual(run.errors, "")
        XCTAssertEqual(String(decoding: try TemporaryFolder.bytes(status), as: UTF8.self), "141\n")
        XCTAssertEqual(try Folder.names(out).filter { $0.hasPrefix(".") }, [])
    }

    /// Nobody takes an empty file for the help, or a completion script, that could not be written.
    func testWhatWasAskedForIsWrittenOrMissed() throws {
        let program = try CommandLineProgram()
        for arguments in [
            "--help", "--version", "help", "help batch", "stylize --help", "--generate-completion-script bash",
            "settings",
        ] {
            for (stream, reason) in [(">/dev/full", "No space left on device"), (">&-", "it is closed")] {
                assertOneSentence(
                    try program.runShell("exec \"$0\" \(arguments) \(stream)"),
                    "Standard output cannot be written (\(reason)); send it elsewhere")
            }
            let whole = try program.runShell("exec \"$0\" \(arguments)")
            XCTAssertEqual(whole.status, 0)
            XCTAssertFalse(whole.text.isEmpty)
        }
    }

    func testAClosedStandardInputIsClosed() throws {
        let program = try CommandLineProgram(), out = program.folder.file("a.png")
        for arguments in ["stylize - \"$1\"", "faces -"] {
            assertOneSentence(
                try program.runShell("exec \"$0\" \(arguments) <&-", out), "from standard input (it is closed)")
        }
    }

    /// What is wrong elsewhere is said although nothing comes from standard input.
    func testAnErrorDoesNotWaitForStandardInput() throws {
        let program = try CommandLineProgram(), pipe = program.folder.file("pipe")
        let script = """
            mkfifo "$1"
            exec 3<>"$1"
            timeout 60 "$0" stylize - "$2" --style none <"$1" 3>&-
            """
        assertOneSentence(try program.runShell(script, pipe, program.folder.file("a.png")), "none", "not installed")
    }

    func testAClosedStandardOutputIsASentence() throws {
        let program = try CommandLineProgram()
        let input = try photograph(program), out = program.folder.file("out.png")
        assertOneSentence(
            try program.runShell("exec \"$0\" stylize \"$1\" - >&-", input),
            "The picture cannot be sent to standard output (it is closed)")
        for arguments in ["models", "models --json", "faces \"$1\"", "settings", "stylize \"$1\" \"$2\" --json"] {
            assertOneSentence(
                try program.runShell("exec \"$0\" \(arguments) >&-", input, out),
                "Standard output cannot be written (it is closed)")
        }
        XCTAssertNil(FileStatus(out), "nothing was drawn in vain")
        try Folder.make(program.folder.file("photos"))
        _ = try photograph(program, "photos/a.png")
        let batch = "exec \"$0\" batch \"$1\" \"$2\" --json >&-"
        assertOneSentence(
            try program.runShell(batch, program.folder.file("photos"), program.folder.file("drawings")),
            "Standard output cannot be written (it is closed)")
    }

    /// As under `ulimit -u 1`, which does not count for root: the system refuses every thread.
    func testASystemWithoutThreadsIsASentence() throws {
        let program = try CommandLineProgram()
        let source = try program.folder.write(
            Array("int pthread_create(void) { return 11; }\n".utf8), as: "refuse.c")
        let library = program.folder.file("refuse.so")
        let made = try program.runShell("cc -shared -fPIC -fno-builtin -o \"$1\" \"$2\"", library, source)
        XCTAssertEqual(made.status, 0, made.errors)
        let script = "LD_PRELOAD=\"$3\" exec timeout 60 \"$0\" stylize \"$1\" \"$2\""
        assertOneSentence(
            try program.runShell(script, photograph(program), program.folder.file("out.png"), library),
            "lets this program start fewer than", "ulimit -u")
    }

    /// A machine gets back each name byte for byte.
    func testNamesInDocumentsCanBeRecovered() throws {
        let program = try CommandLineProgram()
        let source = try photograph(program), folder = program.folder.file("photos"), out = program.folder.file("out")
        let names = [
            Array("line\nend.png".utf8), Array("\u{1B}[31m\u{9B}\u{202E}.png".utf8), Array("写真 \\x41.png".utf8),
            Array("caf".utf8) + [0xE9] + Array(".png".utf8),
        ].map { String(path: $0) }
        try Folder.make(folder)
        for name in names {
            XCTAssertEqual("\(folder)/\(name)".withPath { symlink(source, $0) }, 0, name.printable)
        }
        let run = try program.run("batch", folder, out, "--json")
        XCTAssertEqual(run.status, 0, run.errors)
        let lines = run.text.split(separator: "\n")
        let events = try lines.map {
            try XCTUnwrap(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
        }
        XCTAssertFalse(
            run.text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || (127..<160).contains($0.value) })
        for (place, below) in [("photograph", folder), ("drawing", out)] {
            let paths = try events.compactMap { event -> [UInt8]? in
                guard let text = event[place] as? String else { return nil }
                guard let bytes = event["\(place)Bytes"] as? String else { return Array(text.utf8) }
                return [UInt8](try XCTUnwrap(Data(base64Encoded: bytes)))
            }
            XCTAssertEqual(
                Set(paths), Set(names.map { Array("\(below)/".utf8) + $0.pathBytes }), "\(place): \(run.text)")
        }
        XCTAssertEqual(events.compactMap { $0["photographBytes"] }.count, 1)
        // People see one line for each.
        let shown = try program.run("batch", folder, out, "--overwrite")
        XCTAssertTrue(shown.errors.contains("line\\x0Aend.png: "), shown.errors)
    }
}
