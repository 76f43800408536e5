import Foundation
import XCTest

/// Letters of twice the usual size on a screen of 1366×768.
final class LargeFontTests: WindowTestCase {
    /// What makes letters twice as large.
    private func fonts() throws -> [String: String] {
        // GTK 2 knows no scale of letters, only their size.
        let rules = try GimpSession.shared.get().folder.appendingPathComponent("large-fonts.rc")
        try "gtk-font-name = \"Sans 20\"\n".write(to: rules, atomically: true, encoding: .utf8)
        return GimpHost.is3 ? ["GDK_DPI_SCALE": "2"] : ["GTK2_RC_FILES": rules.path]
    }

    /// Checks that the buttons below the window are whole on the screen, and the styles' titles and the face, too;
    /// closes it.
    private func assertButtonsAreOnTheScreen(_ title: String, of call: String) throws {
        let output = try withWindow(title, of: call, environment: fonts()) { desk in
            for name in ["gtk-help", Self.reset, "gtk-cancel", "gtk-ok"] {
                let button = try desk.widget(name, in: title)
                let (left, top) = (button.frame[0], button.frame[1])
                let (right, bottom) = (left + button.frame[2], top + button.frame[3])
                XCTAssertTrue(
                    left >= 0 && top >= 0 && right <= Desk.width && bottom <= Desk.height,
                    "\(title): \(name) at \(button.frame)")
                XCTAssertGreaterThan(button.frame[3], 30, "the letters are large: \(name) at \(button.frame)")
            }
            for style in ["Cel", "Luminous", "Soft"] {
                XCTAssertTrue(
                    desk.widgets.contains { $0.type == "GtkLabel" && $0.name == style && $0.value == "" },
                    "\(title): \(style) is whole")
            }
            if title == "Anime Style" {
                let face = try desk.wait(for: "the face") { shown in
                    shown.first { $0.type == "GtkCheckButton" && $0.name.hasPrefix("Face 1 (") && $0.frame[3] > 1 }
                }
                let bottom = face.frame[1] + face.frame[3]
                XCTAssertTrue(
                    desk.widgets.contains {
                        $0.type == "GtkViewport" && (face.frame[1] - 20...face.frame[1]).contains($0.frame[1])
                            && $0.frame[1] + $0.frame[3] >= bottom
                    }, "the list of one face needs no scrolling: \(face.frame)")
            }
            desk.picture(named: "\(title) with large fonts")
            try desk.click("gtk-cancel", in: title)
        }
        XCTAssertSaid(output, "layers", [1])
    }

    func testTheWindowsButtonsAreOnTheScreen() throws {
        try assertButtonsAreOnTheScreen("Anime Style", of: Self.call())
    }

    /// Words are longer in other languages.
    func testAWindowInGermanIsNoWiderThanTheScreen() throws {
        try GimpSession.shared.get().addLanguages()
        for (title, call) in [("Anime-Stil", Self.call()), ("Anime-Stil: Stapelverarbeitung", Self.batchCall)] {
            let output = try withWindow(
                title, of: call, environment: fonts().merging(["LANGUAGE": "de"]) { $1 }
            ) { desk in
                _ = try desk.widget("gtk-ok", in: title)
                desk.picture(named: "\(title) with large fonts")
                let buttons = desk.widgets.filter { $0.window == title && $0.type == "GtkButton" }
                XCTAssertGreaterThanOrEqual(buttons.count, 7, "\(title): those of presets and below the window")
                for button in buttons {
                    XCTAssertLessThanOrEqual(
                        button.frame[0] + button.frame[2], Desk.width, "\(title): \(button.name)")
                    // Those with an icon alone, beside ticks in two lines.
                    XCTAssertLessThan(
                        button.frame[3], 2 * button.frame[2], "\(title): \(button.name) at \(button.frame)")
                }
                try desk.click("gtk-cancel", in: title)
            }
            XCTAssertSaid(output, "layers", [1])
        }
    }

    func testTheBatchWindowsButtonsAreOnTheScreen() throws {
        try assertButtonsAreOnTheScreen(Self.batchTitle, of: Self.batchCall)
    }
}
