import Foundation
import XCTest

/// The filter's window, used as a user does: with a mouse and a keyboard, in a real GIMP.
final class WindowTests: WindowTestCase {
    /// The settings of one GIMP are there in the next, and a window that is cancelled in between changes nothing.
    func testSettingsAreKeptOverSessions() throws {
        _ = try withWindow { [self] desk in
            try setStrength(35, desk)
            try desk.click("gtk-ok")
        }
        _ = try withWindow { [self] desk in
            try waitForPreset("Last used", desk)
            try setStrength(60, desk)
            try desk.click("gtk-cancel")
        }
        let output = try withWindow { desk in
            try desk.wait(for: "the strength of the first session") { shown in
                shown.contains { $0.name == Self.strength && $0.value == "35" } ? true : nil
            }
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    func testEveryOtherButtonAndControl() throws {
        let output = try withWindow { [self] desk in
            for button in [
                "Zoom in (+)", "Zoom out (−)", "Show the photograph's own pixels (1)", "Show the whole photograph (0)",
                "Split _view", "Face _boxes", "Split _view", "Face _boxes",
            ] { try desk.click(button) }

            try desk.click("Li_ght, skin and hair")
            let tone = try desk.widget("_Fast drawing")
            desk.picture(named: "window")
            desk.click(tone)
            try desk.wait(for: "fast drawing is off") { shown in
                shown.contains { $0.name == "_Fast drawing" && $0.value == "0" } ? true : nil
            }
            for list in desk.widgets.filter({ $0.type == "GimpIntComboBox" }) {
                desk.choose(1, from: list)
                desk.choose(0, from: list)
            }
            for slider in desk.widgets.filter({ $0.type == "GtkHScale" && $0.isUsable }) {
                desk.click(slider, across: 0.9)
            }
            for field in desk.widgets.filter({ $0.type == "GtkSpinButton" && $0.isUsable }) {
                desk.type("17", into: field)
                desk.press("Tab")
            }
            try setStrength(55, desk)
            desk.picture(named: "all changed")

            try desk.click("gtk-help")
            try desk.wait(for: "a page without a browser") { shown in
                shown.contains { $0.type == "GtkTextView" && $0.value.contains("First drawing") } ? true : nil
            }
            desk.picture(named: "help")
            XCTAssertFalse(
                desk.widgets.contains { $0.type == "GtkTextView" && $0.value.contains("A portrait and its drawing") },
                "without its picture, a caption says nothing")
            try desk.click("gtk-close", in: "Help")
            try desk.waitForWindow("Help", isOpen: false)
            try desk.click(Self.reset)
            try desk.wait(for: "the style's own strength") { shown in
                shown.contains { $0.name == Self.strength && $0.value == "100" } ? true : nil
            }
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(output, "layers", [2])
    }

    /// The style's and the face's pictures come by themselves; a click on one chooses it.
    func testStylesAndFacesArePictures() throws {
        let output = try withWindow { desk in
            try desk.wait(for: "a picture for each of three styles and for the face") { shown in
                Self.pictures(in: shown) == [48, 100, 100, 100] ? true : nil
            }
            desk.picture(named: "styles")
            try desk.click("Soft")
            try desk.wait(for: "Soft is chosen") { shown in
                ["Soft": "1", "Cel": "0"].allSatisfy { name, value in
                    shown.contains { $0.type == "GtkRadioButton" && $0.name == name && $0.value == value }
                } ? true : nil
            }
            let face = try desk.wait(for: "the face") { shown in
                shown.first { $0.type == "GtkCheckButton" && $0.name.hasPrefix("Face 1 (") }
            }
            XCTAssertEqual(face.value, "1")
            desk.click(face)
            try desk.wait(for: "the face is left out") { shown in
                shown.contains { $0.name == face.name && $0.value == "0" } ? true : nil
            }
            desk.press("Escape")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// A group has no pixels to replace: the window says so, and does not let it be chosen.
    func testWhatCannotBeChosenSaysWhy() throws {
        let output = try withWindow(
            of: Self.call(on: "group"),
            preparation: """
                (define group (car (gimp-layer-group-new image)))
                (gimp-image-insert-layer image group 0 0)
                (gimp-image-reorder-item image layer group 0)
                """
        ) { desk in
            try desk.wait(for: "a word about the group") { shown in
                shown.contains {
                    $0.type == "GtkLabel" && $0.name.hasPrefix("“Replace the layer” cannot be chosen: A layer group")
                } ? true : nil
            }
            let list = try desk.wait(for: "the list of outputs") { shown in
                shown.first { $0.type == "GimpIntComboBox" && $0.name.hasPrefix("Where the drawing goes") }
            }
            XCTAssertTrue(list.name.contains("A layer group has no pixels of its own"), "the tooltip: \(list.name)")
            desk.choose(3, from: list)
            desk.picture(named: "greyed")
            try desk.wait(for: "the last output is not chosen") { shown in
                shown.contains { $0.name == list.name && $0.value != "3" } ? true : nil
            }
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// What is unfolded comes into sight, and a smallest face of fewer pixels than any that is drawn is none.
    func testWhatIsUnfoldedComesIntoSight() throws {
        let output = try withWindow { desk in
            try desk.click("Li_ght, skin and hair")
            try desk.wait(for: "the last control is in sight") { shown -> Bool? in
                guard let check = shown.first(where: { $0.name == "_Fast drawing" }),
                    let column = shown.first(where: { $0.type == "GtkViewport" && $0.frame[3] > 300 })
                else { return nil }
                return check.frame[1] + check.frame[3] <= column.frame[1] + column.frame[3] ? true : nil
            }
            desk.picture(named: "unfolded")
            let field = try desk.wait(for: "the smallest face") { shown in
                shown.first { $0.name.hasPrefix("Side of the smallest face") && $0.type == "GtkSpinButton" }
            }
            XCTAssertEqual(field.value, "automatic")
            for (typed, shown) in [("7", "16"), ("48", "48"), ("0", "automatic")] {
                desk.click(field, across: 0.3)
                desk.press("ctrl+a")
                desk.press(typed.map { "\($0)" })
                desk.press("Tab")
                try desk.wait(for: "\(typed) is \(shown)") { widgets in
                    widgets.contains { $0.name == field.name && $0.value == shown } ? true : nil
                }
            }
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// Who scrolls the column does not change what comes under the pointer; a slider that was clicked takes the wheel.
    func testTheWheelScrollsTheColumn() throws {
        let output = try withWindow { desk in
            let vividness = "0 draws in gray, 100 in the style's own colors, 200 in twice as vivid ones"
            func number(_ shown: [Desk.Shown]) -> String? {
                shown.first { $0.name == vividness && $0.type == "GtkSpinButton" }?.value
            }
            func slider() throws -> Desk.Shown {
                try desk.atRest {
                    try desk.wait(for: "the slider") { shown in
                        shown.first { $0.name == vividness && $0.type == "GtkHScale" }
                    }
                }
            }
            func values(_ shown: [Desk.Shown]) -> [String] {
                let types = ["GtkSpinButton", "GimpIntComboBox", "GtkComboBoxText"]
                return shown.filter { types.contains($0.type) }.map { "\($0.name): \($0.value)" }.sorted()
            }
            try desk.click("Li_ght, skin and hair")
            desk.turnWheel(over: try slider(), up: true, times: 12)
            let top = try slider(), first = values(desk.widgets)
            XCTAssertEqual(number(desk.widgets), "100")
            // One after the other comes under the pointer on the way down and up again.
            desk.turnWheel(over: top, times: 6)
            XCTAssertLessThan(try slider().frame[1], top.frame[1], "the column is scrolled")
            desk.turnWheel(over: top, up: true, times: 8)
            let back = try slider()
            XCTAssertEqual(back.frame, top.frame, "and scrolled back")
            XCTAssertEqual(values(desk.widgets), first, "nothing is changed")
            desk.click(back)
            desk.turnWheel(over: back, up: true, times: 2)
            try desk.wait(for: "a slider that was clicked is moved") { number($0) == "100" ? nil : true }
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// Escape while the photograph is read, the style is loaded and drafts are drawn leaves nothing behind.
    func testEscapeInTheMiddle() throws {
        for moment in [0.1, 0.7, 2] {
            let output = try withWindow { desk in
                usleep(UInt32(moment * 1e6))
                repeat {
                    desk.press("Escape")
                    desk.look()
                } while desk.widgets.contains { $0.window == "Anime Style" }
            }
            XCTAssertSaid(output, "layers", [1])
        }
    }

    /// A drawing of the filter stands for its photograph, until the tick is taken away.
    func testADrawingStandsForItsPhotograph() throws {
        let tick = "Draw the photograph “photo” a_gain"
        let output = try withWindow(
            of: Self.call(on: "drawing"),
            preparation: """
                (gimp-item-set-name layer "photo")
                (define drawing (draw image layer 100 1))
                """
        ) { desk in
            let before = try desk.widget(tick)
            XCTAssertEqual(before.value, "1")
            desk.picture(named: "again")
            desk.click(before)
            try desk.wait(for: "the window comes again without the tick") { shown in
                shown.contains { $0.name == tick && $0.value == "0" } ? true : nil
            }
            try desk.click(tick)
            try desk.wait(for: "the window comes again with the tick") { shown in
                shown.contains { $0.name == tick && $0.value == "1" } ? true : nil
            }
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(output, "layers", [3])
    }
}
