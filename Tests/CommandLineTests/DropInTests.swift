import Files
import Foundation
import PictureFixtures
import XCTest

/// Models that the user added, tried by the real program in a process of its own.
final class DropInTests: XCTestCase {
    private static let models = CommandLineProgram.root.appendingPathComponent("Models")

    /// Puts a copy of the shipped style among the user's models, with some of its manifest's fields changed.
    private func add(
        _ id: String, to program: CommandLineProgram, fields: [String: Any] = [:],
        network: (inout Data) -> Void = { _ in }
    ) throws {
        var manifest = try XCTUnwrap(
            JSONSerialization.jsonObject(with: Data(contentsOf: Self.models.appendingPathComponent("cel.json")))
                as? [String: Any])
        manifest.merge(["id": id, "file": "\(id).onnx", "sha256": ""].merging(fields) { $1 }) { $1 }
        var onnx = try Data(contentsOf: Self.models.appendingPathComponent("cel.onnx"))
        network(&onnx)
        let folder = "config/gimp-anime-style/models"
        try FileManager.default.createDirectory(atPath: program.folder.file(folder), withIntermediateDirectories: true)
        _ = try program.folder.write(
            Array(JSONSerialization.data(withJSONObject: manifest)), as: "\(folder)/\(id).json")
        _ = try program.folder.write(Array(onnx), as: "\(folder)/\(id).onnx")
    }

    func testAModelThatWasAddedIsListedAndDraws() throws {
        let program = try CommandLineProgram()
        try add("mine", to: program, fields: ["licence": "CC0-1.0", "title": ["en": "Mine"]])
        let list = try program.run("models")
        XCTAssertEqual(list.status, 0)
        XCTAssertEqual(list.errors, "")
        let lines = list.text.split(separator: "\n")
        XCTAssertTrue(lines.first?.hasPrefix("cel\t") ?? false, "installed styles come first: \(list.text)")
        XCTAssertTrue(lines.contains { $0.hasPrefix("mine\tMine\tCC0-1.0\t") }, list.text)
        let input = program.folder.file("in.png"), out = program.folder.file("out.png")
        try PictureFile.save(.gradient(width: 64, height: 48), to: input)
        let run = try program.run("stylize", input, out, "--style", "mine")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(try PictureFile.load(out).bitmap.width, 64)
    }

    func testModelsThatFailWhenTheyDrawGetASentenceAndTheOthersStay() throws {
        let program = try CommandLineProgram()
        // All bits set is no number in 16 and in 32 bits.
        try add("nothing", to: program) {
            $0.replaceSubrange($0.count / 2..<$0.count / 2 + 64, with: repeatElement(0xFF, count: 64))
        }
        try add(
            "misfit", to: program,
            fields: ["gates": ["input": "gates", "mix": "gate_mix", "output": "gates_out", "count": 7]])
        try add("changed", to: program, fields: ["sha256": String(repeating: "0", count: 64)])
        let list = try program.run("models")
        XCTAssertEqual(list.status, 0)
        XCTAssertEqual(
            list.text.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }, ["cel", "luminous", "soft"])
        XCTAssertTrue(
            list.errors.contains("nothing.onnx cannot be used (the model's drawing holds values that are not finite"),
            list.errors)
        XCTAssertTrue(list.errors.contains("misfit.onnx cannot be used ("), list.errors)
        let sum = "changed.onnx cannot be used (it is not the file that the sha256 of its manifest belongs to); replace"
        XCTAssertTrue(list.errors.contains(sum), list.errors)
        XCTAssertEqual(list.errors.split(separator: "\n").count, 3, list.errors)
        let input = program.folder.file("in.png"), out = program.folder.file("out.png")
        try PictureFile.save(.gradient(width: 64, height: 48), to: input)
        assertOneSentence(try program.run("stylize", input, out, "--style", "nothing"), "nothing.onnx", "not finite")
        XCTAssertEqual(
            try program.run("stylize", input, out, "--quiet").status, 0, "the first style is the installed one")
    }
}
