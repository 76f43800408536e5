import XCTest

/// Models that the user added, in a real GIMP.
final class DropInModelTests: XCTestCase {
    func testAModelThatWasAddedDrawsAndABrokenOneIsASentence() throws {
        let session = try GimpSession.shared.get()
        let files = FileManager.default
        let config = session.folder.appendingPathComponent("config-\(UUID().uuidString)")
        let models = config.appendingPathComponent("gimp-anime-style/models")
        try files.createDirectory(at: models, withIntermediateDirectories: true)
        let shipped = session.plugIn.appendingPathComponent("models").resolvingSymlinksInPath()
        var onnx = try Data(contentsOf: shipped.appendingPathComponent("cel.onnx"))
        var manifest = try XCTUnwrap(
            JSONSerialization.jsonObject(with: Data(contentsOf: shipped.appendingPathComponent("cel.json")))
                as? [String: Any])
        for id in ["mine", "damaged"] {
            manifest.merge(["id": id, "file": "\(id).onnx", "sha256": ""]) { $1 }
            try JSONSerialization.data(withJSONObject: manifest).write(to: models.appendingPathComponent("\(id).json"))
            try onnx.write(to: models.appendingPathComponent("\(id).onnx"))
            // All bits set is no number.
            onnx.replaceSubrange(onnx.count / 2..<onnx.count / 2 + 64, with: repeatElement(0xFF, count: 64))
        }
        try Data("no network".utf8).write(to: models.appendingPathComponent("text.onnx"))
        func call(_ style: String) -> String {
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              (refusal "\(style)" image (lambda ()
                (plug-in-anime-style RUN-NONINTERACTIVE image layer "\(style)" 100 1 0 100 0 0 0 -1 -1 -1))))
            """
        }
        let output = try session.run(
            call("mine"), call("damaged"), call("text"), environment: ["XDG_CONFIG_HOME": config.path])
        XCTAssertSaid(output, "mine-refused", [0])
        let (before, after) = (output.numbers("mine-before"), output.numbers("mine-after"))
        XCTAssertEqual([before.first, after.first], [1, 2], "the drawing is a layer of its own")
        XCTAssertEqual(before.suffix(6), after.suffix(6), "the photograph's histogram changed")
        for (style, says) in [("damaged", "not finite"), ("text", "damaged or not an ONNX network")] {
            XCTAssertSaid(output, "\(style)-refused", [1])
            XCTAssertSaid(output, "\(style)-after", output.numbers("\(style)-before"))
            XCTAssertTrue(
                output.section(style).contains("\(style).onnx cannot be used (")
                    && output.section(style).contains(says), output.section(style))
            XCTAssertFalse(output.section(style).contains("crashed"), output.section(style))
        }
    }
}
