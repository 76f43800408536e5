import XCTest

/// The recipes in the README do what it says, as they stand there.
final class ReadmeTests: XCTestCase {
    /// The Script-Fu that follows the first `-b` in the first code block of `readme` in which `procedure` is called in
    /// this GIMP.
    private func command(_ readme: String, calling procedure: String) throws -> String {
        let text = try String(contentsOf: GimpSession.root.appendingPathComponent(readme), encoding: .utf8)
        let blocks = text.components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        let program = GimpHost.is3 ? "gimp-console-3.0 " : "gimp-console-2.10 "
        let block = try XCTUnwrap(
            blocks.first { $0.contains("(\(procedure) ") && $0.contains(program) },
            "\(readme) calls \(procedure) nowhere in \(program)")
        let argument = try XCTUnwrap(block.components(separatedBy: "-b '").dropFirst().first, "\(readme): no -b")
        return try XCTUnwrap(argument.components(separatedBy: "'").first)
    }

    /// Runs what the README says in a folder with `photographs`.
    private func assertDraws(_ procedure: String, photographs: [String], drawings: [String]) throws {
        let command = try self.command("README.md", calling: procedure)
        XCTAssertEqual(
            command, try self.command("README.zh_CN.md", calling: procedure), "both languages give one recipe")
        let session = try GimpSession.shared.get()
        let folder = session.folder.appendingPathComponent("readme-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("photos"), withIntermediateDirectories: true)
        _ = try session.run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (for-each (lambda (name) (gimp-file-save RUN-NONINTERACTIVE image layer name name))
                        '("\(photographs.joined(separator: "\" \""))")))
            """, in: folder)
        let output = try session.run(command, in: folder)
        for name in drawings {
            let png = try? Data(contentsOf: folder.appendingPathComponent(name))
            XCTAssertEqual(
                png.map { Array($0.prefix(4)) }, [0x89, 0x50, 0x4E, 0x47], "\(name): \(output.text.suffix(1500))")
        }
    }

    func testOneFile() throws {
        try assertDraws("plug-in-anime-style", photographs: ["photo.jpg"], drawings: ["drawing.png"])
    }

    func testManyPhotographs() throws {
        try assertDraws(
            "plug-in-anime-style-batch", photographs: ["photos/a.jpg", "photos/b.jpg"],
            drawings: ["drawings/a.jpg.png", "drawings/b.jpg.png"])
    }

    /// Each help page has an example for each GIMP.
    func testTheHelpPagesExample() throws {
        let beginning = "(plug-in-anime-style " + (GimpHost.is3 ? "#:" : "RUN-NONINTERACTIVE ")
        for language in ["en", "zh_CN"] {
            let page = GimpSession.root.appendingPathComponent("Plugin/help/\(language)/index.html")
            let examples = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "<pre><code>")
                .dropFirst().compactMap { $0.components(separatedBy: "</code>").first }
            let example = try XCTUnwrap(examples.first { $0.hasPrefix(beginning) }, "\(page.path): \(examples)")
            let output = try GimpSession.shared.get().run(
                """
                (let* ((image (portrait)) (layer (photo-layer image)) (drawing (car \(example))))
                  (say "drawn" (differing image layer drawing 0.03)))
                """)
            XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 160 * 160 / 3, output.text)
        }
    }
}
