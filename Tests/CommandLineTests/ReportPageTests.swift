import Files
import Foundation
import PictureFixtures
import Raster
import XCTest

/// The pages of `stylize --report` and `measure --html`, as a browser shows them.
final class ReportPageTests: XCTestCase {
    /// What a script within a copy of the page sees of it. The page itself lets no script run.
    private struct Seen: Decodable {
        /// Columns of each picture, 0 for one that did not load.
        let pictures: [Int]
        /// Paths over the pictures, and those that are drawn as larger than nothing.
        let paths, visible: Int
        let requests: [String]
        /// Columns of the page beyond the window.
        let overflow: Int
        let text: String
    }

    private func look(at page: String, _ browser: Browser, width: Int = 1200) throws -> Seen {
        let script = """
            <script>
            addEventListener("load", () => {
              const paths = [...document.querySelectorAll(".mesh path")];
              const seen = {
                pictures: [...document.images].map(image => image.complete ? image.naturalWidth : 0),
                paths: paths.length,
                visible: paths.map(path => path.getBoundingClientRect())
                  .filter(box => box.width > 20 && box.height > 20).length,
                requests: performance.getEntriesByType("resource").map(entry => entry.name)
                  .filter(name => !name.startsWith("data:")),
                overflow: document.documentElement.scrollWidth - innerWidth,
                text: document.body.innerText,
              };
              const bytes = new TextEncoder().encode(JSON.stringify(seen));
              document.body.outerHTML = "<body>@@" + btoa(String.fromCharCode(...bytes)) + "@@</body>";
            });
            </script></body>
            """
        var text = try String(contentsOfFile: page, encoding: .utf8)
        let policy = try XCTUnwrap(
            text.range(of: "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", options: .regularExpression))
        XCTAssertTrue(text[policy].contains("default-src 'none'; img-src data:"), "the page says what it may load")
        text.removeSubrange(policy)
        let copy = try browser.folder.write(
            Array(text.replacingOccurrences(of: "</body>", with: script).utf8), as: "copy.html")
        let parts = try browser.document(of: copy, width: width).components(separatedBy: "@@")
        let data = try XCTUnwrap(Data(base64Encoded: try XCTUnwrap(parts.dropFirst().first, "the script has run")))
        return try JSONDecoder().decode(Seen.self, from: data)
    }

    func testAPhotographsPage() throws {
        let program = try CommandLineProgram(), browser = Browser(folder: program.folder)
        let (drawing, page) = (program.folder.file("out.png"), program.folder.file("report.html"))
        let run = try program.run("stylize", CommandLineProgram.portrait, drawing, "--report", page, "--json")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(run.text.contains("report.html"), run.text)
        let text = try String(contentsOfFile: page, encoding: .utf8)
        for word in ["http:", "https:", "<script", "<link", "url(", "@import"] {
            XCTAssertFalse(text.contains(word), "the page needs nothing but itself: \(word)")
        }
        XCTAssertEqual(try browser.requests(of: page), [], "nothing is asked of a network")
        let seen = try look(at: page, browser)
        XCTAssertEqual(seen.pictures.count, 4, "photograph and drawing, whole and of the face")
        XCTAssertTrue(seen.pictures.allSatisfy { $0 > 100 }, "all are loaded: \(seen.pictures)")
        XCTAssertEqual(seen.requests, [])
        XCTAssertEqual(seen.paths, 5, "points and outlines on both, and the photograph's outlines on the drawing")
        XCTAssertEqual(seen.visible, seen.paths)
        for words in [
            "The eyes are", "pixels apart", "left brow", "jaw", "of the eyes’ distance", "ΔE", "The skin’s colour is",
            "The hair’s colour is", "style cel, 1 face drawn apart",
        ] {
            XCTAssertTrue(seen.text.contains(words), "“\(words)” is not in: \(seen.text)")
        }
        for width in [360, 1200] {
            let narrow = try look(at: page, browser, width: width)
            XCTAssertLessThanOrEqual(narrow.overflow, 0, "\(width) columns are enough")
        }
        assertOneSentence(
            try program.run("stylize", CommandLineProgram.portrait, "\(drawing).png", "--report", page), "exists")
        XCTAssertEqual(
            try program.run("stylize", CommandLineProgram.portrait, drawing, "--report", "\(page).pdf").status, 64)
    }

    /// Light on dark where the reader has it so, and pictures where they belong.
    func testThePageIsReadableOnDarkAndLightScreens() throws {
        let program = try CommandLineProgram(), browser = Browser(folder: program.folder)
        let page = program.folder.file("report.html")
        let run = try program.run(
            "stylize", CommandLineProgram.portrait, program.folder.file("out.png"), "--report", page)
        XCTAssertEqual(run.status, 0, run.errors)
        for (isDark, width) in [(false, 1200), (true, 1200), (false, 400)] {
            let shown = try browser.picture(
                of: page, width: width, height: 900, isDark: isDark, named: "report-\(width)\(isDark ? "-dark" : "")")
            let ground = shown[2, 2]
            XCTAssertEqual(ground.y, isDark ? 0.1 : 1, accuracy: 0.02)
            // The suit's orange, which only the photograph and its drawing have.
            let orange = shown.pixels.count { $0.x > 0.7 && $0.y < 0.6 && $0.z < 0.4 }
            XCTAssertGreaterThan(orange, 5_000, "the pictures are shown")
            let contrast = shown.pixels.count { abs($0.y - ground.y) > 0.6 }
            XCTAssertGreaterThan(contrast, 1_000, "the words are readable")
        }
    }

    func testAPageWithoutAFaceAndOneOfManyPhotographs() throws {
        let program = try CommandLineProgram(), browser = Browser(folder: program.folder)
        let (input, page) = (program.folder.file("<b>.png"), program.folder.file("none.html"))
        try PictureFile.save(.gradient(width: 120, height: 90, transparent: true), to: input)
        let run = try program.run("stylize", input, program.folder.file("out.png"), "--report", page)
        XCTAssertEqual(run.status, 0, run.errors)
        let none = try look(at: page, browser)
        XCTAssertEqual(none.pictures, [120, 120])
        XCTAssertTrue(none.text.contains("<b>.png and its drawing"), none.text)
        XCTAssertTrue(none.text.contains("No face was drawn apart"), none.text)

        let photos = program.folder.file("photos"), all = program.folder.file("all.html")
        try Folder.make(photos)
        try FileManager.default.copyItem(atPath: CommandLineProgram.portrait, toPath: "\(photos)/a.png")
        let mirrored = try PictureFile.load(CommandLineProgram.portrait).bitmap
        try PictureFile.save(
            Bitmap(width: mirrored.width, height: mirrored.height) { mirrored[mirrored.width - 1 - $0, $1] },
            to: "\(photos)/b.png")
        try PictureFile.save(.gradient(width: 120, height: 90), to: "\(photos)/c.png")
        let measured = try program.run("measure", photos, "--style", "cel", "--style", "soft", "--html", all, "--quiet")
        XCTAssertEqual(measured.status, 0, measured.errors)
        XCTAssertEqual(try browser.requests(of: all), [])
        let many = try look(at: all, browser)
        XCTAssertEqual(many.pictures.count, 6, "two faces, each with two drawings")
        XCTAssertTrue(many.pictures.allSatisfy { $0 > 100 }, "\(many.pictures)")
        for words in ["All 2 faces", "Faces in cel, soft", "2 of 3 photographs", "c.png"] {
            XCTAssertTrue(many.text.contains(words), "“\(words)” is not in: \(many.text)")
        }
    }
}
