import Foundation
import Settings
import XCTest

final class PresetStoreTests: XCTestCase {
    private struct Look: Codable, Equatable {
        var strength: Double
        var region = Region.both
    }

    private var folder = URL(fileURLWithPath: "/")
    private var path: String { folder.appendingPathComponent("deeper/presets.json").path }

    override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("presets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    override func tearDown() { try? FileManager.default.removeItem(at: folder) }

    private func write(_ text: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder.appendingPathComponent("deeper").path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func testWhatIsSavedIsThereNextTime() throws {
        var store = PresetStore<Look>(path: path)
        XCTAssertEqual(store.presets, [])
        XCTAssertEqual(try store.save(Look(strength: 40), as: "  soft skin "), "soft skin")
        try store.save(Look(strength: 90, region: .faces), as: "Alle Gesichter 顔")
        try store.save(Look(strength: 50), as: "soft skin")
        XCTAssertEqual(store.presets.map(\.name), ["Alle Gesichter 顔", "soft skin"])

        var again = PresetStore<Look>(path: path)
        XCTAssertEqual(again.presets, store.presets)
        XCTAssertEqual(again["soft skin"], Look(strength: 50))
        XCTAssertNil(again["none"])
        try again.remove("soft skin")
        try again.remove("none")
        XCTAssertEqual(PresetStore<Look>(path: path).presets.map(\.name), ["Alle Gesichter 顔"])
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("deeper").path),
            ["presets.json"],
            "nothing is left behind")
    }

    func testBrokenFileIsAnEmptyListAndIsKept() throws {
        for text in ["", "{", "[1, 2]", "{\"presets\": 3}", "\u{0}\u{1}", "{\"schema\": 1}"] {
            try write(text)
            var store = PresetStore<Look>(path: path)
            XCTAssertEqual(store.presets, [], text)
            try store.save(Look(strength: 1), as: "new")
            XCTAssertEqual(PresetStore<Look>(path: path).presets.count, 1, text)
            XCTAssertEqual(FileManager.default.contents(atPath: path + ".broken"), Data(text.utf8))
        }
    }

    func testOneBrokenEntryDoesNotTakeTheOthersAlong() throws {
        try write(
            """
            {"schema": 2, "more": true, "presets": [
             {"name": "a", "value": {"strength": 3, "region": "faces", "newer": 1}}, {"name": "b"}, 7,
             {"name": "c", "value": {"strength": "x", "region": "both"}},
             {"name": "d", "value": {"strength": 4, "region": "photo"}}]}
            """)
        XCTAssertEqual(PresetStore<Look>(path: path).presets.map(\.name), ["a", "d"])
    }

    func testFailedWriteKeepsTheList() throws {
        try Data().write(to: folder.appendingPathComponent("deeper"))
        var store = PresetStore<Look>(path: path)
        XCTAssertThrowsError(try store.save(Look(strength: 1), as: "new"))
        XCTAssertEqual(store.presets, [])
    }

    func testNames() {
        XCTAssertEqual(PresetStore<Look>.usable(" a b "), "a b")
        for name in ["", " ", "\t\n"] { XCTAssertNil(PresetStore<Look>.usable(name)) }
    }
}
