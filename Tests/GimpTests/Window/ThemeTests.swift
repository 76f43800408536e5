import Foundation
import XCTest

/// What themes and a resting pointer do to the filter's window.
final class ThemeTests: WindowTestCase {
    /// Opens the window with rules of a theme.
    private func withTheme(_ rules: String, _ use: @escaping (Desk) throws -> Void) throws {
        let session = try GimpSession.shared.get()
        let file =
            GimpHost.is3
            ? session.profile.appendingPathComponent("theme.css") : session.folder.appendingPathComponent("theme.rc")
        try rules.write(to: file, atomically: true, encoding: .utf8)
        defer { XCTAssertNoThrow(try FileManager.default.removeItem(at: file)) }
        let output = try withWindow(environment: GimpHost.is3 ? [:] : ["GTK2_RC_FILES": file.path]) { desk in
            try use(desk)
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// Whether pixels of pure red are on the screen.
    private func isRed(in frame: [Int], _ desk: Desk) throws -> Bool {
        let bytes = try desk.pixels(in: frame).bytes
        return stride(from: 0, to: bytes.count, by: 3).contains { bytes[$0] > 200 && bytes[$0 + 1] < 60 }
    }

    /// GIMP 3's themes write what is ticked in bold letters, and leave room about them.
    func testNothingMovesWhenATickIsTakenAway() throws {
        try XCTSkipUnless(GimpHost.is3, "GTK 2's letters stay as they are")
        try withTheme("checkbutton:checked label { font-weight: bold; } checkbutton label { padding: 3px 5px; }") {
            [self] desk in
            let face = try desk.wait(for: "the face") { shown in
                shown.first { $0.type == "GtkCheckButton" && $0.name.hasPrefix("Face 1 (") && $0.frame[3] > 1 }
            }
            try waitForLabel("The preview is up to date.", desk)
            let ticks = ["Split _view", "Face _boxes", face.name]
            let places = { (shown: [Desk.Shown]) in
                shown.filter { (ticks + ["100 %"]).contains($0.name) }.map(\.frame)
            }
            let before = places(desk.widgets)
            XCTAssertEqual(before.count, 4)
            for name in ticks {
                try desk.click(name)
                try desk.wait(for: "\(name) is off") { shown in
                    shown.contains { $0.name == name && $0.value == "0" } ? true : nil
                }
                desk.look()
                XCTAssertEqual(places(desk.widgets), before, name)
            }
        }
    }

    /// GIMP 2.10's themes have the grey of what cannot be used for what is ticked.
    func testWhatIsTickedIsWrittenAsAllElse() throws {
        try XCTSkipIf(GimpHost.is3, "GTK 3 knows no such color")
        try withTheme("style \"ticked\" { fg[ACTIVE] = \"#ff0000\" }\nwidget_class \"*Label*\" style \"ticked\"") {
            [self] desk in
            for name in ["Split view", "Cel"] {
                let label = try desk.wait(for: name) { shown in
                    shown.first { $0.type.hasSuffix("Label") && $0.name == name }
                }
                XCTAssertFalse(try isRed(in: label.frame, desk), name)
            }
        }
    }

    /// Buttons without a word have icons in the letters' color.
    func testIconsHaveTheThemesColor() throws {
        try XCTSkipUnless(GimpHost.is3, "GTK 2 draws icons as they are")
        try withTheme("* { -gtk-icon-style: symbolic; } button image { color: #ff0000; }") { [self] desk in
            for name in ["Zoom in (+)", "Show the whole photograph (0)", "Save these settings as a preset"] {
                XCTAssertTrue(try isRed(in: desk.widget(name).frame, desk), name)
            }
        }
    }

    /// A pointer that rests on the picture does not hide it; what can be done with it is told under the zoom.
    func testNoTipComesOverThePreview() throws {
        let output = try withWindow { [self] desk in
            let area = try desk.wait(for: "the preview") { shown in
                shown.filter { $0.type == "GtkDrawingArea" }.max { $0.frame[2] < $1.frame[2] }
            }
            desk.point(area.frame[0] + 40, area.frame[1] + 60)
            desk.point(area.frame[0] + 44, area.frame[1] + 64)
            usleep(2_500_000)
            XCTAssertFalse(desk.widgets.contains { $0.type == "GtkLabel" && $0.name.hasPrefix("Drag the line") })
            let zoom = try desk.wait(for: "the zoom") { shown in
                shown.first { $0.type == "GtkLabel" && $0.name == "100 %" }
            }
            desk.point(zoom.frame[0] + 10, zoom.frame[1] + 10)
            desk.point(zoom.frame[0] + 14, zoom.frame[1] + 12)
            try waitForLabel("Drag the line", desk)
            try desk.click("gtk-cancel")
        }
        XCTAssertSaid(output, "layers", [1])
    }
}
