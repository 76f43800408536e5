import XCTest

/// `plug-in-anime-style-batch` in a real GIMP without a window.
final class BatchProcedureTests: XCTestCase {
    private var session: GimpSession { get throws { try GimpSession.shared.get() } }

    /// A new folder with the portrait under each of `names`.
    private func photographs(_ names: String...) throws -> URL {
        let folder = try session.folder.appendingPathComponent("batch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("in"), withIntermediateDirectories: true)
        for name in names {
            try FileManager.default.copyItem(at: GimpSession.portrait, to: folder.appendingPathComponent("in/\(name)"))
        }
        return folder
    }

    private static func drawings(_ folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("out").path)) ?? [])
            .sorted()
    }

    /// A call that says what it returns.
    private func call(
        _ name: String, _ folder: URL, pattern: String = "*", format: String = "", overwrite: Int = 0,
        style: String = "cel", strength: String = "100"
    ) -> String {
        """
        (begin (say "case" "\(name)")
          (catch (say "\(name)-refused" 1)
            (say "\(name)" (plug-in-anime-style-batch RUN-NONINTERACTIVE "\(folder.path)/in/\(pattern)"
              "\(folder.path)/out" "\(format)" \(overwrite) "\(style)" \(strength) 1 -1 -1 -1 -1 -1 -1 -1))))
        """
    }

    func testGoesOnAfterABadFileAndWhereItStopped() throws {
        let folder = try photographs("first photo.png", "third.of.three.png")
        try Data("no picture".utf8).write(to: folder.appendingPathComponent("in/second.jpg"))
        try Data("a note".utf8).write(to: folder.appendingPathComponent("in/notes.txt"))
        let output = try session.run(call("first", folder), call("again", folder))
        XCTAssertSaid(output, "first", [2, 1, 0])
        XCTAssertTrue(output.section("first").contains("in/second.jpg cannot be read"), output.text)
        XCTAssertTrue(
            output.section("first").contains("out/third.of.three.png"), "each drawing is reported: \(output.text)")
        XCTAssertEqual(Self.drawings(folder), ["first photo.png", "third.of.three.png"])
        XCTAssertSaid(output, "again", [0, 1, 2])
        let png = try Data(contentsOf: folder.appendingPathComponent("out/first photo.png"))
        XCTAssertEqual(Array(png.prefix(4)), [0x89, 0x50, 0x4E, 0x47])
        XCTAssertNotEqual(png, try Data(contentsOf: GimpSession.portrait))
    }

    func testReplacesOnlyWhenAsked() throws {
        let folder = try photographs("a.png", "b.png")
        let out = folder.appendingPathComponent("out")
        try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
        try Data("kept".utf8).write(to: out.appendingPathComponent("a.png"))
        // What a batch that was killed leaves where files need a name from the beginning.
        let half = out.appendingPathComponent(".anime-style-0123456789abcdef.part")
        try Data("half".utf8).write(to: half)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -600)], ofItemAtPath: half.path)
        let kept = try session.run(call("keep", folder))
        XCTAssertSaid(kept, "keep", [1, 0, 1])
        XCTAssertEqual(try Data(contentsOf: out.appendingPathComponent("a.png")), Data("kept".utf8))
        XCTAssertEqual(Self.drawings(folder), ["a.png", "b.png"], "the rest of a killed batch is gone")
        let replaced = try session.run(call("replace", folder, pattern: "a*", overwrite: 1))
        XCTAssertSaid(replaced, "replace", [1, 0, 0])
        XCTAssertGreaterThan(try Data(contentsOf: out.appendingPathComponent("a.png")).count, 1000)
    }

    func testEveryFormat() throws {
        let folder = try photographs("a.png")
        let formats = ["jpg", "webp", "tif", "PNG"]
        let output = try session.run(formats.map { call($0, folder, format: $0) }.joined(separator: "\n"))
        for format in formats { XCTAssertSaid(output, format, [1, 0, 0]) }
        XCTAssertEqual(Self.drawings(folder), ["a.png", "a.png.jpg", "a.png.tif", "a.png.webp"])
        let marks = try ["a.png.jpg", "a.png.webp", "a.png.tif"].map {
            Array(try Data(contentsOf: folder.appendingPathComponent("out/\($0)")).prefix(2))
        }
        XCTAssertEqual(marks, [[0xFF, 0xD8], Array("RI".utf8), Array("II".utf8)])
    }

    func testRefusalsAreSentences() throws {
        let folder = try photographs("a.png")
        let cases: [(name: String, call: String, says: String)] = [
            (
                "nothing", call("nothing", folder, pattern: "*.xyz"),
                "in/*.xyz cannot be read (no picture is named like that)"
            ),
            ("gone", call("gone", folder, pattern: "none/*.png"), "no picture is named like that"),
            ("format", call("format", folder, format: "gif"), "The value gif for format is not allowed"),
            ("overwrite", call("overwrite", folder, overwrite: 2), "The value 2 for overwrite is not allowed"),
            ("style", call("style", folder, style: "no-such-style"), "“no-such-style” is not installed"),
            ("strength", call("strength", folder, strength: "101"), "The value 101 for strength is not allowed"),
            (
                "same", call("same", folder).replacingOccurrences(of: "/out\"", with: "/in/\""),
                "where the photographs are; choose another folder for them"
            ),
            (
                "last",
                """
                (begin (say "case" "last") (catch (say "last-refused" 1)
                  (plug-in-anime-style-batch RUN-WITH-LAST-VALS "" "" "" 0 "" -1 -1 -1 -1 -1 -1 -1 -1 -1)))
                """,
                "Nothing was drawn in this session"
            ),
            (
                "dialog",
                """
                (begin (say "case" "dialog") (catch (say "dialog-refused" 1)
                  (plug-in-anime-style-batch RUN-INTERACTIVE "" "" "" 0 "" -1 -1 -1 -1 -1 -1 -1 -1 -1)))
                """,
                "RUN-NONINTERACTIVE"
            ),
        ]
        // GIMP 3 looks at numbers' ranges itself, and its Script-Fu makes every number but 0 a yes.
        let asked = cases.filter { !GimpHost.is3 || $0.name != "overwrite" }
        let output = try session.run(asked.map(\.call).joined(separator: "\n"))
        for each in asked {
            let says = GimpHost.is3 && each.name == "strength" ? "out of range" : each.says
            XCTAssertTrue(output.section(each.name).contains(says), "\(each.name): \(output.section(each.name))")
            XCTAssertSaid(output, "\(each.name)-refused", [1])
        }
        XCTAssertEqual(Self.drawings(folder), [])
    }

    func testProcedureIsDocumented() throws {
        let documented = try ProcedureDocumentation("plug-in-anime-style-batch")
        XCTAssertEqual(documented.arguments.prefix(5), ["run-mode", "pattern", "output-folder", "format", "overwrite"])
        XCTAssertEqual(documented.arguments.last, "options")
        XCTAssertEqual(documented.results, ["drawn", "failed", "kept"])
    }

    /// The plug-in's process that runs a call.
    private static func plugIn(_ program: String) -> pid_t? {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.lazy.compactMap { pid_t($0) }.first { id in
            let words = (FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()).split(separator: 0).map
            { String(decoding: $0, as: UTF8.self) }
            return words.first == program && words.contains("-run")
        }
    }

    /// GIMP's Cancel button kills the plug-in: what is there is whole, and the next call does the rest.
    func testKilledBatchGoesOn() throws {
        let names = (0..<8).map { "p\($0).png" }
        let folder = try photographs()
        for name in names {
            try FileManager.default.copyItem(at: GimpSession.portrait, to: folder.appendingPathComponent("in/\(name)"))
        }
        let (session, program) = (try self.session, try self.session.plugIn.path + "/gimp-anime-style")
        _ = try session.run(
            call("killed", folder),
            whileRunning: { gimp in
                while gimp.isRunning {
                    if !Self.drawings(folder).filter({ $0.hasSuffix(".png") && !$0.hasPrefix(".") }).isEmpty,
                        let plugIn = Self.plugIn(program)
                    {
                        kill(plugIn, SIGKILL)
                        return
                    }
                    usleep(2_000)
                }
            })
        let left = Self.drawings(folder).filter { !$0.hasPrefix(".") }
        XCTAssertTrue((1..<names.count).contains(left.count), "\(left)")
        let output = try session.run(call("rest", folder))
        XCTAssertSaid(output, "rest", [Double(names.count - left.count), 0, Double(left.count)])
        XCTAssertEqual(Self.drawings(folder), names)
    }
}
