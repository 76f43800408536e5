import XCTest

/// Replacing a layer: the window says which one, and nothing is replaced that the user did not see named.
final class ReplacingTests: WindowTestCase {
    private let ofPhotograph = "OK draws over the photograph “photo” itself, not over the drawing"
    private let ofLayer = "OK draws over the layer “"

    private func outputs(_ desk: Desk) throws -> Desk.Shown {
        try desk.wait(for: "the list of outputs") { shown in
            shown.first { $0.type == "GimpIntComboBox" && $0.name.hasPrefix("Where the drawing goes") }
        }
    }

    /// Of a drawing that stands for its photograph it is the photograph; without the tick it has to be chosen again.
    func testTheLayerIsNamed() throws {
        let tick = "Draw the photograph “photo” a_gain"
        let output = try withWindow(
            of: Self.call(on: "drawing"),
            preparation: """
                (gimp-item-set-name layer "photo")
                (define drawing (draw image layer 100 1))
                """
        ) { [self] desk in
            try desk.widget(tick)
            desk.choose(3, from: try outputs(desk))
            try waitForLabel(ofPhotograph, desk)
            desk.picture(named: "replaces the photograph")
            try desk.click(tick)
            try waitForLabel(ofPhotograph, isThere: false, desk)
            try desk.wait(for: "the window of the drawing itself") { shown in
                shown.contains { $0.name == tick && $0.value == "0" } ? true : nil
            }
            XCTAssertEqual(try outputs(desk).value, "0", "what was chosen for the photograph is not for the drawing")
            desk.choose(3, from: try outputs(desk))
            try waitForLabel(ofLayer, desk)
            desk.picture(named: "replaces the drawing")
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [2])
    }

    /// After a layer was replaced, Repeat and the next window make new layers.
    func testReplacingIsForOneLayerAlone() throws {
        let output = try withWindow(
            check: """
                (plug-in-anime-style RUN-WITH-LAST-VALS image layer "cel" 100 1 0 100 0 0 0 0 80 70)
                (say "repeated" (car (gimp-image-get-layers image)))
                """
        ) { [self] desk in
            desk.choose(3, from: try outputs(desk))
            try waitForLabel(ofLayer, desk)
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(output, "layers", [1])
        XCTAssertSaid(output, "repeated", [2])
        let next = try withWindow { [self] desk in
            try waitForPreset("Last used", desk)
            XCTAssertEqual(try outputs(desk).value, "0")
            try waitForLabel(ofLayer, isThere: false, desk)
            try desk.click("gtk-ok")
        }
        XCTAssertSaid(next, "layers", [2])
    }
}
