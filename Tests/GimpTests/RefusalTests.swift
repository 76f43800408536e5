import XCTest

/// What cannot be drawn ends in one sentence, and nothing is changed.
final class RefusalTests: XCTestCase {
    /// Name, how the image is prepared, the call, and a part of the sentence.
    private static let cases: [(name: String, preparation: String, call: String, sentence: String)] = [
        (
            "indexed",
            "(gimp-image-convert-indexed image CONVERT-DITHER-NONE CONVERT-PALETTE-GENERATE 16 FALSE FALSE \"\")",
            draw(), "Image > Mode > RGB"
        ),
        (
            "outside-selection",
            "(gimp-layer-set-offsets layer 90 90) (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 0 40 40)",
            draw(),
            "Nothing of this layer is selected"
        ),
        ("one-pixel", "(gimp-layer-scale layer 1 1 FALSE)", draw(), "The picture is 1×1 pixels, too small to draw"),
        ("thin", "(gimp-layer-scale layer 160 7 FALSE)", draw(), "The picture is 160×7 pixels, too small to draw"),
        (
            "mask", "(gimp-layer-add-mask layer (car (gimp-layer-create-mask layer ADD-MASK-WHITE)))",
            draw(drawable: "(car (gimp-layer-get-mask layer))"),
            "select the layer itself"
        ),
        (
            "channel",
            "(gimp-image-insert-channel image (car (gimp-channel-new-from-component image RED-CHANNEL \"c\")) 0 0)",
            draw(drawable: "(car (gimp-image-get-active-channel image))"), "select the layer itself"
        ),
        ("selection-itself", "", draw(drawable: "(car (gimp-image-get-selection image))"), "select the layer itself"),
        (
            "floating",
            "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 9 9 40 40) (gimp-selection-float layer 0 0)", draw(),
            "Layer > Anchor Layer"
        ),
        (
            "quick-mask",
            "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 9 9 40 40) "
                + "(gimp-image-set-active-channel image (car (gimp-selection-save image))) "
                + "(gimp-item-set-name (car (gimp-image-get-active-channel image)) \"Qmask\")",
            draw(drawable: "(car (gimp-image-get-active-drawable image))"), "select the layer itself"
        ),
        (
            "replace-locked", "(gimp-item-set-lock-content layer TRUE)", draw(output: "3"),
            "The pixels of this layer are locked"
        ),
        (
            "replace-in-locked-group",
            "(gimp-image-insert-layer image (car (gimp-layer-group-new image)) 0 0) "
                + "(gimp-image-reorder-item image layer (photo-group image) 0) "
                + "(gimp-item-set-lock-content (photo-group image) TRUE)", draw(output: "3"),
            "The pixels of this layer are locked"
        ),
        (
            "replace-group",
            "(gimp-image-insert-layer image (car (gimp-layer-group-new image)) 0 0) "
                + "(gimp-image-reorder-item image layer (photo-group image) 0)",
            draw(drawable: "(photo-group image)", output: "3"), "A layer group has no pixels of its own"
        ),
        (
            "replace-tiny", "(gimp-layer-scale layer 1 1 FALSE)", draw(output: "3"),
            "The picture is 1×1 pixels, too small to draw"
        ),
        ("strength", "", draw(strength: "100.5"), "The value 100.5 for strength is not allowed; use 0 to 100."),
        ("strength-negative", "", draw(strength: "-2"), "The value -2 for strength is not allowed"),
        ("region", "", draw(region: "3"), "The value 3 for region is not allowed; use 0 to 2."),
        ("keep-colors", "", draw(keepColors: "101"), "The value 101 for keep-colors is not allowed"),
        (
            "line-strength", "", draw(lineStrength: "201"),
            "The value 201 for line-strength is not allowed; use 0 to 200."
        ),
        ("min-face", "", draw(minFace: "15"), "The value 15 for min-face is not allowed; use 0, or 16 to 100000."),
        ("half-precision", "", draw(halfPrecision: "2"), "The value 2 for half-precision is not allowed"),
        ("style", "", draw(style: "no-such-style"), "The style “no-such-style” is not installed; use one of: cel"),
        ("output", "", draw(output: "4"), "The value 4 for output is not allowed; use 0 to 3."),
        ("lighting", "", draw(lighting: "100.5"), "The value 100.5 for lighting is not allowed; use 0 to 100."),
        ("skin-constancy", "", draw(skin: "-3"), "The value -3 for skin-constancy is not allowed"),
        ("hair-limit", "", draw(hair: "101"), "The value 101 for hair-limit is not allowed"),
        ("run-mode", "", draw(runMode: "9"), "procedure browser"),
        ("no-display", "", draw(runMode: "RUN-INTERACTIVE"), "RUN-NONINTERACTIVE"),
    ]

    /// What GIMP 3 says otherwise: it takes a choice by its word, and looks at numbers' ranges itself.
    private static let sentencesOfGimp3 = [
        "region": "The value 3 for region is not allowed; use faces, photo, both.",
        "output": "The value 4 for output is not allowed; use layer, mask, group, replace.",
        "strength": "out of range", "strength-negative": "out of range", "keep-colors": "out of range",
        "line-strength": "out of range", "lighting": "out of range", "skin-constancy": "out of range",
        "hair-limit": "out of range",
    ]

    /// Of a yes or no, GIMP 3's Script-Fu makes every number but 0 a yes, and of an unknown run mode the usual one.
    private static let unknownToGimp3 = ["half-precision", "run-mode"]

    private static func draw(
        runMode: String = "RUN-NONINTERACTIVE", drawable: String = "layer", style: String = "cel",
        strength: String = "100", region: String = "1",
        keepColors: String = "0", lineStrength: String = "100", minFace: String = "0", halfPrecision: String = "0",
        output: String = "0", lighting: String = "0", skin: String = "80", hair: String = "70"
    ) -> String {
        "(plug-in-anime-style \(runMode) image \(drawable) \"\(style)\" \(strength) \(region) \(keepColors) "
            + "\(lineStrength) \(minFace) \(halfPrecision) \(output) \(lighting) \(skin) \(hair))"
    }

    func testRefusalsNameTheReasonAndChangeNothing() throws {
        let cases = Self.cases.filter { !GimpHost.is3 || !Self.unknownToGimp3.contains($0.name) }
        let calls = cases.map { each in
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              \(each.preparation)
              (refusal "\(each.name)" image (lambda () \(each.call))))
            """
        }
        let output = try GimpSession.shared.get().run(calls.joined(separator: "\n"))
        for each in cases {
            let sentence = GimpHost.is3 ? Self.sentencesOfGimp3[each.name] ?? each.sentence : each.sentence
            XCTAssertTrue(output.section(each.name).contains(sentence), "\(each.name): \(output.section(each.name))")
            assertUnchanged(output, each.name)
            XCTAssertFalse(output.section(each.name).contains("crashed"), each.name)
        }
    }

    /// A bad argument is the caller's mistake, a bad image is not; scripts can tell them apart.
    func testStatusTellsBadArgumentsFromBadImages() throws {
        func call(_ name: String, _ preparation: String, _ call: String) -> String {
            "(let* ((image (portrait)) (layer (photo-layer image))) (say \"case\" \"\(name)\") \(preparation) \(call))"
        }
        let output = try GimpSession.shared.get().run(
            call("argument", "", Self.draw(style: "none")),
            call("image", "(gimp-layer-scale layer 2 2 FALSE)", Self.draw()))
        XCTAssertTrue(
            output.section("argument").contains(
                "plug-in-anime-style failed on invalid input arguments: The style “none”"), output.text)
        XCTAssertTrue(output.section("image").contains("plug-in-anime-style failed: The picture is 2×2"), output.text)
    }

    func testMissingModelsAndDetector() throws {
        let session = try GimpSession.shared.get()
        let files = FileManager.default
        let parts = session.folder.appendingPathComponent("parts")
        let models = parts.appendingPathComponent("models")
        let call =
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (refusal "parts" image (lambda () \(Self.draw()))))
            """
        func sentence() throws -> String {
            let output = try session.run(call, environment: ["GIMP_ANIME_STYLE_HOME": parts.path])
            assertUnchanged(output, "parts")
            return output.section("parts")
        }
        try files.createDirectory(at: models, withIntermediateDirectories: true)
        let empty = try sentence()
        XCTAssertTrue(empty.contains("The model “cel” was not found in "), empty)
        XCTAssertTrue(empty.contains("install the filter again"), empty)

        for name in ["cel.json", "cel.onnx"] {
            try files.copyItem(
                at: session.plugIn.appendingPathComponent("models/\(name)").resolvingSymlinksInPath(),
                to: models.appendingPathComponent(name))
        }
        let withoutDetector = try sentence()
        XCTAssertTrue(withoutDetector.contains("detector/") && withoutDetector.contains(".onnx"), withoutDetector)

        try Data("damaged".utf8).write(to: models.appendingPathComponent("cel.onnx"))
        let damaged = try sentence()
        XCTAssertTrue(damaged.contains("does not match its checksum"), damaged)

        try Data("{".utf8).write(to: models.appendingPathComponent("cel.json"))
        let manifest = try sentence()
        XCTAssertTrue(manifest.contains("cel.json cannot be used"), manifest)
    }

    func testMissingLibraryIsOneSentence() throws {
        let session = try GimpSession.shared.get()
        let folder = session.folder.appendingPathComponent("alone")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appendingPathComponent("gimp-anime-style")
        try FileManager.default.copyItem(at: session.plugIn.appendingPathComponent("gimp-anime-style"), to: program)
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = GimpHost.current.command([program.path])
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .exit)
        XCTAssertEqual(process.terminationStatus, 1)
        XCTAssertTrue(text.contains("libAnimePlugin.so") && text.contains("./install.sh"), text)
        XCTAssertEqual(text.split(separator: "\n").count, 1, text)
    }

    private func assertUnchanged(_ output: GimpOutput, _ name: String, line: UInt = #line) {
        XCTAssertSaid(output, "\(name)-refused", [1], line: line)
        XCTAssertSaid(output, "\(name)-after", output.numbers("\(name)-before", line: line), line: line)
    }
}
