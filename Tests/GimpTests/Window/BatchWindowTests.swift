import Foundation
import XCTest

/// The window of the batch.
final class BatchWindowTests: WindowTestCase {
    private let window = batchTitle

    func testEveryControlOfTheBatchWindow() throws {
        let output = try withWindow(window, of: Self.batchCall) { [window] desk in
            try desk.click("Li_ght, skin and hair", in: window)
            try desk.click("_Fast drawing", in: window)
            try desk.click("_Replace drawings that exist", in: window)
            try desk.wait(for: "fast drawing is off and replacing on") { shown in
                let values = ["_Fast drawing", "_Replace drawings that exist"].map { name in
                    shown.first { $0.name == name }?.value
                }
                return values == ["0", "1"] ? true : nil
            }
            desk.picture(named: "batch window")
            for list in desk.widgets.filter({ $0.type == "GimpIntComboBox" }) { desk.choose(1, from: list) }
            let numbers = desk.widgets.filter { $0.type == "GtkSpinButton" && $0.isUsable }
            for field in numbers {
                desk.type("17", into: field)
                desk.press("Tab")
            }
            let seventeens = desk.widgets.filter { $0.type == "GtkSpinButton" && $0.value == "17" }.count
            XCTAssertEqual(seventeens, numbers.count, "every number takes what is typed")
            XCTAssertGreaterThanOrEqual(seventeens, 9, "as many numbers as in the filter's own window")
            try desk.click(Self.reset, in: window)
            try desk.wait(for: "the style's own settings") { shown in
                shown.contains { $0.type == "GtkSpinButton" && $0.value == "17" } ? nil : true
            }
            try desk.click("gtk-ok", in: window)
            try desk.wait(for: "a word about the missing folders") { shown in
                shown.contains { $0.type == "GtkLabel" && $0.name.hasPrefix("Choose the folder of the photographs") }
                    ? true : nil
            }
            try desk.click("gtk-cancel", in: window)
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// Each of the two windows comes again as large as it was left.
    func testWindowsKeepTheirSizes() throws {
        for (title, call, size) in [(window, Self.batchCall, (610, 590)), ("Anime Style", Self.call(), (1010, 650))] {
            for isFirst in [true, false] {
                let output = try withWindow(title, of: call) { desk in
                    if isFirst { desk.resize(title, width: size.0, height: size.1) }
                    try desk.wait(for: "\(title) is \(size.0)×\(size.1) pixels") { shown in
                        shown.contains {
                            $0.window == title && $0.type == "GimpDialog" && $0.frame[2...] == [size.0, size.1]
                        } ? true : nil
                    }
                    desk.press("Escape")
                }
                XCTAssertSaid(output, "layers", [1])
            }
        }
    }

    /// What was chosen last comes again, with whole paths and a count of what there is to draw; OK draws it and is what
    /// comes again next.
    func testTheBatchWindowCountsDrawsAndRemembers() throws {
        let (folder, kept) = try fillBatch("count", with: ["in/a.png", "in/b.png", "in/c.png", "out/b.png"])
        defer { try? FileManager.default.removeItem(at: kept) }
        let output = try withWindow(window, of: Self.batchCall) { [self] desk in
            for text in [
                folder.appendingPathComponent("in").path, folder.appendingPathComponent("out").path,
                "2 photographs to draw 1 drawing exists already and is kept",
            ] {
                try desk.wait(for: text) { shown in
                    shown.contains { $0.type == "GtkLabel" && $0.name == text } ? true : nil
                }
            }
            try desk.click("_Replace drawings that exist", in: window)
            try desk.wait(for: "all are to be drawn") { shown in
                shown.contains { $0.type == "GtkLabel" && $0.name == "3 photographs to draw" } ? true : nil
            }
            try desk.click("gtk-help", in: window)
            try desk.click("gtk-close", in: "Help")
            try desk.waitForWindow("Help", isOpen: false)
            try desk.click("gtk-ok", in: window)
            let end = "3 drawn, 0 failed, 0 kept because they existed. The drawings are in "
            try waitForLabel("\(end)\(folder.appendingPathComponent("out").path).", desk)
            XCTAssertFalse(desk.widgets.contains { $0.type == "GtkProgressBar" }, "no empty bar is left")
            desk.picture(named: "batch end")
            try desk.click("gtk-close", in: window)
        }
        XCTAssertSaid(output, "layers", [1])
        for name in ["a.png", "b.png", "c.png"] {
            let drawing = try Data(contentsOf: folder.appendingPathComponent("out/\(name)"))
            XCTAssertNotEqual(drawing, try Data(contentsOf: GimpSession.portrait), "\(name) is drawn")
        }
        let remembered = try String(contentsOf: kept, encoding: .utf8)
        XCTAssertTrue(remembered.contains(GimpHost.is3 ? "(overwrite yes)" : "\"overwrite\":1"), remembered)
    }

    /// A folder that takes no files is told before the batch begins, in one sentence, until something else is chosen.
    func testAFolderThatTakesNoFilesIsToldAtOnce() throws {
        let (folder, kept) = try fillBatch("refused", with: ["in/a.png"])
        defer { try? FileManager.default.removeItem(at: kept) }
        _ = try keepBatch([
            "pattern": folder.appendingPathComponent("in").path, "output-folder": "/proc", "style": "cel",
        ])
        let output = try withWindow(window, of: Self.batchCall) { [self] desk in
            try waitForLabel("1 photograph to draw", desk)
            try desk.click("gtk-ok", in: window)
            try waitForLabel("The folder /proc takes no files (", desk)
            desk.picture(named: "refused folder")
            XCTAssertTrue(desk.widgets.contains { $0.name == "gtk-help" }, "the window stays")
            let names = try desk.wait(for: "the names") { shown in
                shown.first { $0.type == "GtkEntry" && $0.name.hasPrefix("Like *.jpg") }
            }
            desk.type("a*", into: names)
            try waitForLabel("The folder /proc takes no files (", isThere: false, desk)
            try desk.click("gtk-cancel", in: window)
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// What could not be drawn is listed, and the list is scrolled, so that Close stays on the screen.
    func testALongListOfFailuresIsScrolled() throws {
        let (folder, kept) = try fillBatch("failures", with: ["in/a.png"])
        defer { try? FileManager.default.removeItem(at: kept) }
        for number in 1...30 {
            try Data("no picture".utf8).write(to: folder.appendingPathComponent("in/broken \(number).png"))
        }
        let output = try withWindow(window, of: Self.batchCall) { [self] desk in
            try desk.click("gtk-ok", in: window)
            try waitForLabel("1 drawn, 30 failed", desk)
            try desk.wait(for: "a list of which a part is seen") { shown -> Bool? in
                guard let view = shown.first(where: { $0.type == "GtkViewport" && $0.frame[3] > 100 }) else {
                    return nil
                }
                return shown.contains {
                    $0.type == "GtkLabel" && $0.name.contains("broken 30.png") && $0.frame[3] > view.frame[3]
                } ? true : nil
            }
            desk.picture(named: "failures")
            let close = try desk.widget("gtk-close", in: window)
            XCTAssertLessThan(close.frame[1] + close.frame[3], Desk.height)
            desk.click(close)
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// Without photographs the styles are shown on the portrait that comes with the help pages.
    func testStylesArePictures() throws {
        let output = try withWindow(window, of: Self.batchCall) { [window] desk in
            try desk.wait(for: "a picture for each of three styles of the batch") { shown in
                Self.pictures(in: shown) == [100, 100, 100] ? true : nil
            }
            desk.picture(named: "batch styles")
            try desk.click("Soft", in: window)
            try desk.wait(for: "Soft is chosen for the batch") { shown in
                ["Soft": "1", "Cel": "0"].allSatisfy { name, value in
                    shown.contains { $0.type == "GtkRadioButton" && $0.name == name && $0.value == value }
                } ? true : nil
            }
            desk.press("Escape")
        }
        XCTAssertSaid(output, "layers", [1])
    }

    /// While a batch is drawn, its window says which file becomes which, with whole paths.
    func testTheProgressShowsWholePaths() throws {
        let (folder, kept) = try fillBatch("progress", with: ["in/a.png", "in/b.png"])
        defer { try? FileManager.default.removeItem(at: kept) }
        let output = try withWindow(window, of: Self.batchCall) { [window] desk in
            try desk.click("gtk-ok", in: window)
            let paths = ["in/b.png", "out/b.png"].map { folder.appendingPathComponent($0).path }
            try desk.wait(for: "the whole paths of the second file") { shown in
                shown.contains { $0.type == "GtkLabel" && $0.name == "2 of 2: \(paths[0]) → \(paths[1])" } ? true : nil
            }
            desk.picture(named: "batch progress")
            try desk.click("gtk-close", in: window)
        }
        XCTAssertSaid(output, "layers", [1])
        XCTAssertTrue(FileManager.default.fileExists(atPath: folder.appendingPathComponent("out/b.png").path))
    }

    /// Cancel ends a batch after the photograph at hand; started again, it goes on from there.
    func testCancelOfTheProgressStopsTheBatch() throws {
        let names = (1...6).map { "\($0).png" }
        let (folder, kept) = try fillBatch("stopped", with: names.map { "in/\($0)" })
        defer { try? FileManager.default.removeItem(at: kept) }
        let drawings = folder.appendingPathComponent("out")
        let output = try withWindow(window, of: Self.batchCall) { [window] desk in
            try desk.click("gtk-ok", in: window)
            try desk.wait(for: "the first photograph") { shown in
                shown.contains { $0.type == "GtkLabel" && $0.name.hasPrefix("1 of 6: ") } ? true : nil
            }
            try desk.click("gtk-cancel", in: window)
            try desk.wait(for: "a word about what was stopped") { shown in
                shown.contains { $0.type == "GtkLabel" && $0.name.hasPrefix("Stopped. Started again, ") } ? true : nil
            }
            desk.picture(named: "batch stopped")
            try desk.click("gtk-close", in: window)
        }
        XCTAssertSaid(output, "layers", [1])
        let drawn = try FileManager.default.contentsOfDirectory(atPath: drawings.path).sorted()
        XCTAssertLessThan(drawn.count, names.count, "\(drawn)")
        XCTAssertEqual(drawn, Array(names.prefix(drawn.count)), "whole drawings and nothing else")
        let whole = try RawPicture(GimpSession.portrait, in: [0, 0, 512, 512])
        for name in drawn {
            let drawing = try RawPicture(drawings.appendingPathComponent(name), in: [0, 0, 512, 512])
            XCTAssertGreaterThan(drawing.differences(from: whole, at: 0, 0).pixels, 512 * 512 / 4, "\(name) is drawn")
        }
    }
}
