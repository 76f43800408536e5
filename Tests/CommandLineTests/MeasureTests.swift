import Evaluation
import Files
import PictureFixtures
import XCTest

/// `anime-style measure`.
final class MeasureTests: XCTestCase {
    func testThePortraitIsMeasured() throws {
        let program = try CommandLineProgram()
        let photos = program.folder.file("photos")
        try FileManager.default.createDirectory(atPath: photos, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: CommandLineProgram.portrait, toPath: "\(photos)/a.png")
        try PictureFile.save(.gradient(width: 120, height: 90), to: "\(photos)/b.png")
        _ = try program.folder.write(Array("no picture".utf8), as: "photos/c.jpg")
        let (sheet, json, markdown) = (
            program.folder.file("sheet.png"), program.folder.file("all.json"), program.folder.file("tables.md")
        )
        let arguments = [
            "measure", photos, "--style", "cel", "--sheet", sheet, "--json", json, "--markdown", markdown, "--painter",
            photos,
        ]
        let run = try program.run(arguments)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(run.text, try String(contentsOfFile: markdown, encoding: .utf8) + "\n")
        for words in [
            "1 of 2 photographs", "b.png", "c.jpg", "aligned", "squashed", "painter", "--keypoints",
            "--without-geometry-term",
        ] {
            XCTAssertTrue(run.text.contains(words), "“\(words)” is not in: \(run.text)")
        }
        let report = try JSONDecoder().decode(
            QualityReport.self, from: try Data(contentsOf: URL(fileURLWithPath: json)))
        XCTAssertEqual(report.photographs.map(\.name), ["a.png", "b.png"])
        let record = try XCTUnwrap(report.styles.first?.records.first)
        XCTAssertEqual(record.geometry.count, 6, "three variants, two readers")
        let aligned = try XCTUnwrap(record.geometry.last?.change)
        XCTAssertLessThan(aligned.drift.eyes, 0.08, "the style keeps the eyes where they are")
        XCTAssertLessThan(try XCTUnwrap(record.corrected).skin, 12)
        XCTAssertEqual(
            record.painterLines, record.photographLines, "the photograph itself stood in for the painter's picture")
        let picture = try PictureFile.load(sheet).bitmap
        XCTAssertGreaterThan(picture.pixels.count { $0.x < 0.5 }, 20_000)
        XCTAssertTrue(run.errors.contains("a.png, b.png"), run.errors)
        assertOneSentence(try program.run(arguments), "exists")
    }

    func testOtherModelsAndSeveralVariants() throws {
        let program = try CommandLineProgram()
        let model = CommandLineProgram.root.appendingPathComponent("Models/cel.onnx").path
        let run = try program.run(
            "measure", CommandLineProgram.portrait, "--style", "cel", "--quiet", "--variant", "other=\(model)@squashed",
            "--without-geometry-term", "cel")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(run.errors, "")
        let rows = run.text.split(separator: "\n").map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        func figures(_ variant: String) throws -> [String] {
            Array(try XCTUnwrap(rows.first { $0.first == variant }, variant).dropFirst())
        }
        XCTAssertEqual(try figures("other"), try figures("squashed to a square"), "the same network in the same way")
        XCTAssertEqual(try figures("aligned, without geometry term"), try figures("aligned"))
        XCTAssertFalse(run.text.contains("--without-geometry-term"))
    }

    func testFaults() throws {
        let program = try CommandLineProgram()
        let portrait = CommandLineProgram.portrait
        assertOneSentence(try program.run("measure", portrait, "--style", "none"), "none", "not installed")
        assertOneSentence(try program.run("measure", portrait, "--keypoints", program.folder.file("k.onnx")), "k.onnx")
        assertOneSentence(
            try program.run("measure", portrait, "--variant", "x=\(program.folder.file("x.onnx"))"), "x.onnx")
        assertOneSentence(try program.run("measure", program.folder.file("none.jpg")), "none.jpg")
        assertOneSentence(try program.run("measure", program.folder.path), "no pictures")
        for wrong in [
            ["--limit", "0"], ["--variant", "aligned=cel"], ["--variant", "cel"], ["--style", "cel", "--style", "cel"],
        ] {
            XCTAssertEqual(try program.run(["measure", portrait] + wrong).status, 64, "\(wrong)")
        }
    }
}
