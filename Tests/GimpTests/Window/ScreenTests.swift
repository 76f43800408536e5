import Foundation
import XCTest

/// The first window of a user on screens of several sizes.
final class ScreenTests: WindowTestCase {
    /// Lets `use` use a window for which no size was kept.
    private func withFirstWindow(
        columns: Int = Desk.width, rows: Int, of call: String, _ title: String,
        _ use: @escaping (Desk) throws -> Void
    ) throws {
        let folder = try GimpSession.shared.get().profile.appendingPathComponent("gimp-anime-style")
        for name in ["window.json", "batch-window.json"] {
            try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
        let output = try withWindow(title, of: call, columns: columns, rows: rows) { desk in
            try use(desk)
            try desk.click("gtk-cancel", in: title)
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// Checks that the column is not scrolled, and that the window is not higher than that and its usual height take.
    private func assertAllIsShown(of call: String, _ title: String) throws {
        try withFirstWindow(rows: 1080, of: call, title) { desk in
            let last = try desk.widget("Li_ght, skin and hair", in: title)
            desk.picture(named: "\(title) on 1080 rows")
            let column = try desk.wait(for: "the column") { shown in
                shown.first { $0.type == "GtkViewport" && $0.frame[3] > 300 }
            }
            let room = column.frame[1] + column.frame[3] - last.frame[1] - last.frame[3]
            XCTAssertGreaterThanOrEqual(room, 0, "\(title): \(column.frame)")
            let window = desk.widgets.first { $0.window == title && $0.type == "GimpDialog" }
            XCTAssertTrue(room == 0 || window?.frame[3] == 680, "\(title): \(column.frame), \(room) for nothing")
        }
    }

    /// Nothing is scrolled where there is room for all.
    func testAHighScreenShowsAllControls() throws {
        try assertAllIsShown(of: Self.call(), "Anime Style")
        try assertAllIsShown(of: Self.batchCall, Self.batchTitle)
    }

    /// What is counted and the folders' paths take lines.
    func testAHighScreenShowsAllControlsOfABatchThatWentBefore() throws {
        let (_, kept) = try fillBatch("counted", with: ["in/a.png", "in/b.png", "out/b.png"])
        defer { try? FileManager.default.removeItem(at: kept) }
        try assertAllIsShown(of: Self.batchCall, Self.batchTitle)
    }

    /// On the screen of a small old laptop the buttons are still there.
    func testALowScreenShowsTheButtons() throws {
        for (title, call) in [("Anime Style", Self.call()), (Self.batchTitle, Self.batchCall)] {
            try withFirstWindow(rows: 600, of: call, title) { desk in
                let button = try desk.widget("gtk-ok", in: title)
                desk.picture(named: "\(title) on 600 rows")
                XCTAssertTrue(
                    button.frame[1] >= 0 && button.frame[1] + button.frame[3] <= 600, "\(title): \(button.frame)")
            }
        }
    }

    /// What a wide screen has room for is the preview's, not the column's.
    func testAWideScreenShowsAPreviewAsWideAsTheControls() throws {
        try withFirstWindow(columns: 3840, rows: 1080, of: Self.call(), "Anime Style") { desk in
            _ = try desk.widget("gtk-ok")
            desk.picture(named: "A wide screen")
            let column = try desk.wait(for: "the column") { shown in
                shown.first { $0.type == "GtkViewport" && $0.frame[3] > 300 }
            }
            let window = try desk.wait(for: "the window") { $0.first { $0.type == "GimpDialog" } }
            XCTAssertEqual(window.frame[2], 960)
            XCTAssertLessThan(column.frame[2], window.frame[2] / 2, "\(column.frame) in \(window.frame)")
        }
    }
}
