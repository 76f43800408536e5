import Foundation
import XCTest

/// Letters of twice the usual size on a screen of 1366×768.
final class LargeFontTests: WindowTestCase {
    /// Checks that the buttons below the window are whole on the screen, and closes it.
    private func assertButtonsAreOnTheScreen(_ title: String, of call: String) throws {
        // GTK 2 knows no scale of letters, only their size.
        let rules = try GimpSession.shared.get().folder.appendingPathComponent("large-fonts.rc")
        try "gtk-font-name = \"Sans 20\"\n".write(to: rules, atomically: true, encoding: .utf8)
        let fonts = GimpHost.is3 ? ["GDK_DPI_SCALE": "2"] : ["GTK2_RC_FILES": rules.path]
        let output = try withWindow(title, of: call, environment: fonts) { desk in
            for name in ["gtk-help", Self.reset, "gtk-cancel", "gtk-ok"] {
                let button = try desk.widget(name, in: title)
                let (left, top) = (button.frame[0], button.frame[1])
                let (right, bottom) = (left + button.frame[2], top + button.frame[3])
                XCTAssertTrue(
                    left >= 0 && top >= 0 && right <= Desk.width && bottom <= Desk.height,
                    "\(title): \(name) at \(button.frame)")
                XCTAssertGreaterThan(button.frame[3], 30, "the letters are large: \(name) at \(button.frame)")
            }
            desk.picture(named: "\(title) with large fonts")
            try desk.click("gtk-cancel", in: title)
        }
        XCTAssertSaid(output, "layers", [1])
    }

    func testTheWindowsButtonsAreOnTheScreen() throws {
        try assertButtonsAreOnTheScreen("Anime Style", of: Self.call())
    }

    func testTheBatchWindowsButtonsAreOnTheScreen() throws {
        try assertButtonsAreOnTheScreen(Self.batchTitle, of: Self.batchCall)
    }
}
