import Drawing
import Files
import PictureFixtures
import Raster
import XCTest

/// `anime-style faces` and `anime-style models`.
final class FacesAndModelsTests: XCTestCase {
    private struct Report: Codable {
        var width: Int
        var height: Int
        var faces: [Face]
    }

    func testFacesAsJSON() throws {
        let program = try CommandLineProgram()
        let run = try program.run("faces", CommandLineProgram.portrait, "--json")
        XCTAssertEqual(run.status, 0, run.errors)
        let report = try JSONDecoder().decode(Report.self, from: Data(run.text.utf8))
        XCTAssertEqual([report.width, report.height], [512, 512])
        XCTAssertEqual(report.faces.count, 1)
        let face = try XCTUnwrap(report.faces.first)
        // Where the eyes and the mouth are, read off the picture.
        let expected = [(204.0, 102.0), (247, 103), (225, 128), (203, 140), (246, 142)]
        for (found, place) in zip(face.landmarks.points, expected) {
            XCTAssertLessThan((found - Point(x: place.0, y: place.1)).length, 6)
        }
        XCTAssertGreaterThan(face.score, 0.95)
        let plain = try program.run("faces", CommandLineProgram.portrait)
        XCTAssertEqual(plain.text.split(separator: "\n").count, 1, plain.text)
    }

    func testFacesDrawn() throws {
        let program = try CommandLineProgram()
        let out = program.folder.file("marked.png")
        let run = try program.run("faces", CommandLineProgram.portrait, "--draw", out)
        XCTAssertEqual(run.status, 0, run.errors)
        let before = try PictureFile.load(CommandLineProgram.portrait).bitmap, after = try PictureFile.load(out).bitmap
        let changed = (0..<512 * 512).filter { largestDifference(before.pixels[$0], after.pixels[$0]) > 0.1 }
        XCTAssertGreaterThan(changed.count, 200)
        XCTAssertTrue(
            changed.allSatisfy { (150..<300).contains($0 % 512) && (40..<200).contains($0 / 512) },
            "marks lie on the face")
        assertOneSentence(try program.run("faces", CommandLineProgram.portrait, "--draw", out), "exists")
        XCTAssertEqual(try program.run("faces", CommandLineProgram.portrait, "--draw", out, "--overwrite").status, 0)
    }

    func testNoFaces() throws {
        let program = try CommandLineProgram()
        let input = program.folder.file("in.png")
        try PictureFile.save(.gradient(width: 120, height: 90), to: input)
        let run = try program.run("faces", input, "--json")
        XCTAssertEqual(run.status, 0)
        XCTAssertEqual(try JSONDecoder().decode(Report.self, from: Data(run.text.utf8)).faces, [])
        XCTAssertTrue(run.errors.contains("No face"), run.errors)
        XCTAssertEqual(try program.run("faces", input, "--min-face", "2").status, 64)
        assertOneSentence(try program.run("faces", program.folder.file("none.png")), "none.png")
    }

    func testModels() throws {
        let program = try CommandLineProgram()
        let run = try program.run("models")
        XCTAssertEqual(run.status, 0, run.errors)
        let lines = run.text.split(separator: "\n")
        XCTAssertFalse(lines.isEmpty)
        for line in lines { XCTAssertEqual(line.split(separator: "\t").count, 4, String(line)) }
        struct Entry: Codable { var id, title, licence, path: String }
        let list = try JSONDecoder().decode([Entry].self, from: Data(try program.run("models", "--json").text.utf8))
        XCTAssertEqual(list.count, lines.count)
        for entry in list { XCTAssertTrue(FileManager.default.fileExists(atPath: entry.path), entry.path) }
    }

    func testABrokenManifestIsReportedAndTheRestListed() throws {
        let program = try CommandLineProgram()
        _ = try program.folder.write(Array("{ not json".utf8), as: "parts/models/broken.json")
        let run = try program.run("models")
        XCTAssertEqual(run.status, 0)
        XCTAssertFalse(run.text.isEmpty)
        XCTAssertTrue(run.errors.contains("broken.json"), run.errors)
        try FileManager.default.removeItem(atPath: program.folder.file("parts/models"))
        assertOneSentence(try program.run("models"), "not found")
    }

    func testHelp() throws {
        let program = try CommandLineProgram()
        let help = try program.run("--help")
        XCTAssertEqual(help.status, 0)
        for name in ["stylize", "faces", "batch", "models"] {
            XCTAssertTrue(help.text.contains(name), help.text)
            XCTAssertEqual(try program.run(name, "--help").status, 0)
        }
    }
}
