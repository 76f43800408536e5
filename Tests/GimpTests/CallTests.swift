import XCTest

/// How a call runs: registration, repetition, timings, an end by force, a folder of photographs.
final class CallTests: XCTestCase {
    func testProcedureIsDocumented() throws {
        let documented = try ProcedureDocumentation("plug-in-anime-style")
        let frozen = [
            "run-mode", "image", GimpHost.is3 ? "drawables" : "drawable", "style", "strength", "region", "keep-colors",
            "line-strength", "min-face", "half-precision", "output", "lighting", "skin-constancy", "hair-limit",
            "options",
        ]
        XCTAssertEqual(documented.arguments, frozen)
        XCTAssertEqual(documented.results, ["layer"])
        XCTAssertTrue(documented.texts[4].contains("(0 to 100; "), documented.texts[4])
        XCTAssertTrue(documented.texts[14].contains("vividness=0 to 200"), documented.texts[14])
    }

    func testLastValuesWorkBeforeTheDialogWasEverOpened() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (plug-in-anime-style RUN-WITH-LAST-VALS image layer "" -1 -1 -1 -1 -1 -1 -1 -1 -1 -1)
              (say "layers" (car (gimp-image-get-layers image))))
            """)
        XCTAssertSaid(output, "layers", [2])
    }

    func testTwoCallsGiveTheSameDrawing() throws {
        let output = try GimpSession.shared.get().run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)) (first (draw image layer 100 2))
                   (second (draw image layer 100 2)))
              (say "differing" (differing image first second 0.002)))
            """)
        XCTAssertSaid(output, "differing", [0])
    }

    func testTimingsAreAppended() throws {
        let session = try GimpSession.shared.get()
        let file = session.folder.appendingPathComponent("timings")
        let call =
            "(let* ((image (portrait))) (draw image (photo-layer image) 100 2) (draw image (photo-layer image) 100 0))"
        _ = try session.run(call, environment: ["GIMP_ANIME_STYLE_TIMINGS": file.path])
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        let stages = [
            "start", "gegl-init", "selection", "read", "load", "detect", "align", "stylize", "tone", "paste-back",
            "write",
            "total",
        ]
        XCTAssertEqual(lines.map(\.first), (stages + stages).map(Optional.some))
        let seconds = lines.compactMap { $0.last.flatMap(Double.init) }
        XCTAssertEqual(seconds.count, lines.count)
        let (sum, total) = (seconds.prefix(stages.count - 1).reduce(0, +), seconds[stages.count - 1])
        XCTAssertLessThanOrEqual(sum, total + 0.1)
        XCTAssertGreaterThan(sum, total * 0.5)
    }

    func testFolderScriptGoesOnAfterABadFileAndKeepsWhatExists() throws {
        let session = try GimpSession.shared.get()
        let files = FileManager.default
        let photos = session.folder.appendingPathComponent("photos"),
            drawings = session.folder.appendingPathComponent("drawings")
        for folder in [photos, drawings] { try files.createDirectory(at: folder, withIntermediateDirectories: true) }
        for name in ["first photo.png", "third.of.three.png", "done.png"] {
            try files.copyItem(at: GimpSession.portrait, to: photos.appendingPathComponent(name))
        }
        try Data("no picture".utf8).write(to: photos.appendingPathComponent("second.jpg"))
        try Data("kept".utf8).write(to: drawings.appendingPathComponent("done.png"))
        let output = try session.run(
            "(script-fu-anime-style-folder \"\(photos.path)\" \"\(drawings.path)\" \"cel\" 100)")
        XCTAssertTrue(output.text.contains("2 drawn, 1 failed, 1 kept"), output.text)
        XCTAssertTrue(output.text.contains("\(photos.path)/second.jpg cannot be read"), output.text)
        XCTAssertEqual(
            try files.contentsOfDirectory(atPath: drawings.path).sorted(),
            ["done.png", "first photo.png", "third.of.three.png"])
        XCTAssertEqual(try Data(contentsOf: drawings.appendingPathComponent("done.png")), Data("kept".utf8))
        let png = try Data(contentsOf: drawings.appendingPathComponent("first photo.png"))
        XCTAssertEqual(Array(png.prefix(4)), [0x89, 0x50, 0x4E, 0x47])
        XCTAssertNotEqual(png, try Data(contentsOf: GimpSession.portrait))
    }

    /// The other examples of the installed script, each for one photograph.
    func testExamplesOfOnePhotograph() throws {
        let session = try GimpSession.shared.get(), photo = GimpSession.portrait.path
        let flat = session.folder.appendingPathComponent("example.png").path,
            layers = session.folder.appendingPathComponent("example.xcf").path
        let drawn = try session.run(
            "(anime-style-file \"\(photo)\" \"\(flat)\" \"cel\")",
            "(anime-style-layers \"\(photo)\" \"\(layers)\" \"cel\")")
        let output = try session.run(
            """
            (define (opened name) (car (gimp-file-load RUN-NONINTERACTIVE name name)))
            (let* ((photo (opened "\(photo)")) (layer (photo-layer photo))
                   (drawing (car (gimp-layer-new-from-drawable (photo-layer (opened "\(flat)")) photo))))
              (gimp-image-insert-layer photo drawing 0 0)
              (say "drawn" (differing photo layer drawing 0.03)))
            (let* ((image (opened "\(layers)")))
              (say "layers" (car (gimp-image-get-layers image)) (car (gimp-item-is-group (photo-group image)))))
            """)
        XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 512 * 512 / 3, drawn.text)
        XCTAssertSaid(output, "layers", [2, 1])
    }
}
