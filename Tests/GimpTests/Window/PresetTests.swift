import Foundation
import XCTest

/// The presets' buttons, which both windows have.
final class PresetTests: WindowTestCase {
    private static let save = "Save these settings as a preset"
    private static let rename = "Rename the chosen preset"
    private static let delete = "Delete the chosen preset"

    private var presets: URL {
        get throws { try GimpSession.shared.get().profile.appendingPathComponent("gimp-anime-style/presets.json") }
    }

    /// Name → strength.
    private func savedPresets() throws -> [String: Double] {
        let file = try JSONSerialization.jsonObject(with: Data(contentsOf: presets)) as? [String: Any]
        let entries = file?["presets"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: entries.compactMap { entry in
                guard let name = entry["name"] as? String, let value = entry["value"] as? [String: Any],
                    let strength = value["strength"] as? Double
                else { return nil }
                return (name, strength)
            })
    }

    private func name(_ name: String, in window: String, _ desk: Desk) throws {
        let entry = try desk.wait(for: "the field in \(window)") { shown in
            shown.first { $0.window == window && $0.type == "GtkEntry" }
        }
        desk.type(name, into: entry)
        try desk.click("gtk-ok", in: window)
    }

    func testPresetsOfTheFiltersWindow() throws { try useAllButtons("Anime Style", of: Self.call()) }

    func testPresetsOfTheBatchWindow() throws { try useAllButtons(Self.batchTitle, of: Self.batchCall) }

    /// A style's own settings are called so whichever style is chosen, and a change that is taken back is none.
    func testTheListSaysWhatTheControlsSay() throws {
        try? FileManager.default.removeItem(at: presets)
        let output = try withWindow { [self] desk in
            try desk.click(Self.reset)
            try waitForPreset("Style's own settings", desk)
            try desk.click("Soft")
            try desk.wait(for: "Soft is chosen") { shown in
                shown.contains { $0.type == "GtkRadioButton" && $0.name == "Soft" && $0.value == "1" } ? true : nil
            }
            try waitForPreset("Style's own settings", desk)
            try setStrength(40, desk)
            try waitForPreset("Changed", desk)
            try setStrength(100, desk)
            try waitForPreset("Style's own settings", desk)
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// The box begins with the style's title, and takes no empty name.
    func testAPresetHasAName() throws {
        try? FileManager.default.removeItem(at: presets)
        let box = "Save Preset"
        let output = try withWindow { [self] desk in
            try desk.click("Luminous")
            try desk.click(Self.save)
            let entry = try desk.wait(for: "the field") { $0.first { $0.window == box && $0.type == "GtkEntry" } }
            XCTAssertEqual(entry.value, "Luminous")
            desk.type("  ", into: entry)
            try desk.wait(for: "OK is greyed") { shown in
                shown.contains { $0.window == box && $0.name == "gtk-ok" && !$0.isUsable } ? true : nil
            }
            desk.picture(named: "no name")
            try name("Mine", in: box, desk)
            try waitForPreset("Mine", desk)
            XCTAssertEqual(try savedPresets().keys.sorted(), ["Mine"])
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    private func useAllButtons(_ window: String, of call: String) throws {
        try? FileManager.default.removeItem(at: presets)
        let output = try withWindow(window, of: call) { [self] desk in
            try desk.click(Self.reset, in: window)
            try waitForPreset("Style's own settings", desk)
            try desk.click(Self.save, in: window)
            try name("First", in: "Save Preset", desk)
            try waitForPreset("First", desk)
            XCTAssertEqual(try savedPresets(), ["First": 100])

            try replace(in: window, desk)
            try desk.click(Self.rename, in: window)
            try name("  Second ", in: "Rename Preset", desk)
            try waitForPreset("Second", desk)
            XCTAssertEqual(try savedPresets(), ["Second": 40])

            try saveAnotherAndDeleteIt(in: window, desk)
            try setStrength(70, desk)
            desk.click(try desk.widget(Self.presetList, in: window))
            desk.press("End", "Return")
            try waitForPreset("Second", desk)
            try desk.wait(for: "the preset's strength") { shown in
                shown.contains { $0.name == Self.strength && $0.value == "40" } ? true : nil
            }
            desk.picture(named: "presets of \(window)")
            try desk.click("gtk-cancel", in: window)
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// Saves other settings under the name that is there, once in vain.
    private func replace(in window: String, _ desk: Desk) throws {
        try setStrength(40, desk)
        try waitForPreset("First (changed)", desk)
        desk.picture(named: "changed preset of \(window)")
        try desk.click(Self.save, in: window)
        let entry = try desk.wait(for: "the field") {
            $0.first { $0.window == "Save Preset" && $0.type == "GtkEntry" }
        }
        XCTAssertEqual(entry.value, "First", "the name is there already")
        try desk.click("gtk-ok", in: "Save Preset")
        desk.picture(named: "replace preset of \(window)")
        try desk.click("gtk-cancel", in: "Replace Preset")
        try desk.waitForWindow("Replace Preset", isOpen: false)
        XCTAssertEqual(try savedPresets(), ["First": 100], "asked first")
        // Another name can be given at once.
        try desk.click("gtk-ok", in: "Save Preset")
        try desk.click("_Replace", in: "Replace Preset")
        try waitForPreset("First", desk)
        XCTAssertEqual(try savedPresets(), ["First": 40])
    }

    private func saveAnotherAndDeleteIt(in window: String, _ desk: Desk) throws {
        try desk.click(Self.save, in: window)
        try name("Another", in: "Save Preset", desk)
        try waitForPreset("Another", desk)
        try desk.click(Self.delete, in: window)
        try desk.click("gtk-cancel", in: "Delete Preset")
        try desk.waitForWindow("Delete Preset", isOpen: false)
        try desk.click(Self.delete, in: window)
        try desk.click("_Delete", in: "Delete Preset")
        try waitForPreset("Changed", desk)
        XCTAssertEqual(try savedPresets(), ["Second": 40])
    }
}
