import Foundation
import XCTest

/// A screen of its own with the filter's window on it, and a user's hands. Call from one thread.
final class Desk {
    /// What tells GIMP and the filter to come to this screen.
    let environment: [String: String]
    private let screen = Process()
    private let display: String
    private let folder: URL
    private let list: URL

    /// The screen's pixels: those of a small laptop.
    static let (width, height) = (1366, 768)

    /// How many pixels one of the widgets' has, along a side.
    private let scale: Int

    /// Seconds that are waited for anything: machines that run tests are busy.
    private static let patience = 240.0

    /// - Parameters:
    ///   - scale: that of a screen with small pixels, which then has as many more; GTK 3 alone knows it.
    ///   - columns, rows: the screen's, where they are not those of a small laptop.
    init(in folder: URL, scale: Int = 1, columns: Int = Desk.width, rows: Int = Desk.height) throws {
        self.scale = scale
        self.folder = folder.appendingPathComponent("desk-\(UUID().uuidString)")
        list = self.folder.appendingPathComponent("widgets")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        let pipe = Pipe()
        screen.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The server picks a free display and says which.
        screen.arguments = [
            "Xvfb", "-displayfd", "1", "-screen", "0", "\(columns * scale)x\(rows * scale)x24", "-nolisten",
            "tcp",
        ]
        screen.standardOutput = pipe
        screen.standardError = FileHandle.nullDevice
        do {
            try screen.run()
        } catch {
            throw SetupError(
                description: "Xvfb cannot be started (\(error)); run ./install.sh --test, which installs it.")
        }
        // Icons, GTK 3's own settings and what reads pictures for it beside GIMP 3.2, but no program that could open
        // the help page.
        for name in ["icons", "mime", "glib-2.0", "glycin-loaders"] {
            try FileManager.default.createSymbolicLink(
                atPath: self.folder.appendingPathComponent(name).path, withDestinationPath: "/usr/share/\(name)")
        }
        let number = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        display = ":" + number.trimmingCharacters(in: .whitespacesAndNewlines)
        environment = try WidgetSpy.environment(list: list).merging([
            "DISPLAY": display,
            "XDG_DATA_DIRS": self.folder.path,
            "GDK_SCALE": "\(scale)",
        ]) { $1 }
    }

    func close() {
        screen.terminate()
        screen.waitUntilExit()
    }

    // MARK: - Eyes

    struct Shown {
        let window: String
        let type: String
        let name: String
        let frame: [Int]
        let isUsable: Bool
        let value: String

        /// Whether it is the same one in another place of its column.
        fileprivate func isTheSame(as other: Shown) -> Bool {
            (window, type, name) == (other.window, other.type, other.name) && frame[0] == other.frame[0]
                && frame[2...] == other.frame[2...]
        }
    }

    var widgets: [Shown] {
        let lines = (try? String(contentsOf: list, encoding: .utf8))?.split(separator: "\n") ?? []
        return lines.compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 9 else { return nil }
            let numbers = fields[3...7].compactMap { Int($0) }
            guard numbers.count == 5 else { return nil }
            return Shown(
                window: fields[0], type: fields[1], name: fields[2], frame: numbers.prefix(4).map { $0 * scale },
                isUsable: numbers[4] == 1,
                value: fields[8])
        }
    }

    /// Waits until `condition` holds of what is on the screen.
    @discardableResult
    func wait<Value>(for what: String, _ condition: ([Shown]) -> Value?) throws -> Value {
        let deadline = Date().addingTimeInterval(Self.patience)
        while Date() < deadline {
            if let value = condition(widgets) { return value }
            usleep(50_000)
        }
        picture(named: what)
        let seen = widgets.filter { !$0.name.isEmpty }.map { "\($0.window) | \($0.type) | \($0.name) | \($0.value)" }
        throw SetupError(description: "“\(what)” did not come to pass. On the screen:\n\(seen.joined(separator: "\n"))")
    }

    /// The widget of that name, as soon as it is there, usable and at rest.
    func widget(_ name: String, in window: String = "Anime Style") throws -> Shown {
        try atRest { try find(name, in: window) }
    }

    /// What is found, as soon as it is no longer moved by clicks, keys or the wheel.
    func atRest(_ find: () throws -> Shown) throws -> Shown {
        var found = try find(), before: [Int] = []
        while found.frame != before {
            before = found.frame
            _ = seenAnew()
            found = try find()
        }
        return found
    }

    private func find(_ name: String, in window: String) throws -> Shown {
        try wait(for: "\(name) in \(window)") { shown in
            shown.last { $0.window == window && $0.name == name && $0.isUsable && !$0.type.hasSuffix("Label") }
        }
    }

    func waitForWindow(_ title: String, isOpen: Bool = true) throws {
        try wait(for: "\(title) is \(isOpen ? "open" : "closed")") { shown in
            shown.contains { $0.window == title } == isOpen ? true : nil
        }
    }

    /// Keeps a picture of the screen where `GIMP_ANIME_STYLE_TEST_PICTURES` names a folder.
    func picture(named name: String) {
        guard let folder = ProcessInfo.processInfo.environment["GIMP_ANIME_STYLE_TEST_PICTURES"] else { return }
        let file = name.map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
        run("import", "-display", display, "-window", "root", "\(folder)/\(file).png")
    }

    /// What is on the screen within `frame` (left, top, width, height), away from the pointer.
    func pixels(in frame: [Int]) throws -> RawPicture {
        run("xdotool", "mousemove", "0", "0", "sleep", "1")
        let file = folder.appendingPathComponent("screen.png")
        run("import", "-display", display, "-window", "root", file.path)
        return try RawPicture(file, in: frame)
    }

    /// Forgets what was on the screen and waits until what is there by now, if the window is, is written down again,
    /// what the window does at short intervals included.
    func look() {
        for _ in 0..<2 {
            guard isListedAnew(within: 1) else { return }
            usleep(200_000)
        }
        _ = isListedAnew(within: 1)
    }

    private func isListedAnew(within seconds: Double) -> Bool {
        try? FileManager.default.removeItem(at: list)
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            if access(list.path, F_OK) == 0 { return true }
            usleep(5_000)
        }
        return false
    }

    /// What is on the screen once the window has caught up with the last click or key, however busy the machine is: the
    /// first list that is written afterwards may still be of before, and what unfolds is scrolled into sight some 40
    /// milliseconds later, which is less than those lists are apart.
    private func seenAnew() -> [Shown] {
        for _ in 0..<4 { guard isListedAnew(within: 10) else { break } }
        return widgets
    }

    // MARK: - Hands

    private func run(_ words: String...) { run(words) }

    private func run(_ words: [String]) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.environment = ProcessInfo.processInfo.environment.merging(["DISPLAY": display]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
            // Foundation's own wait looks twenty times a second.
            while process.isRunning { usleep(2_000) }
        } catch {
            XCTFail("\(words[0]) cannot be started; run ./install.sh --test, which installs it: \(error)")
        }
    }

    /// Turns the wheel until a widget of a scrolled column is in sight.
    /// - Returns: the widget where it is then.
    private func inSight(_ widget: Shown) -> Shown {
        // The last click or key may have scrolled the column.
        let shown = seenAnew()
        var widget =
            shown.first { $0.isTheSame(as: widget) && $0.frame == widget.frame }
            ?? shown.first { $0.isTheSame(as: widget) } ?? widget
        for _ in 0..<40 {
            let middle = widget.frame[1] + widget.frame[3] / 2
            let columns = widgets.filter { view in
                view.type == "GtkViewport" && view.window == widget.window && view.frame[0] <= widget.frame[0]
                    && view.frame[0] + view.frame[2] >= widget.frame[0] + widget.frame[2] && view.frame[3] > 150
            }
            guard let view = columns.first, !(view.frame[1]..<view.frame[1] + view.frame[3]).contains(middle) else {
                return widget
            }
            // At the very edge no control takes the wheel for itself.
            run(
                "xdotool", "mousemove", "\(view.frame[0] + 1)", "\(view.frame[1] + 10)", "click",
                middle < view.frame[1] ? "4" : "5")
            widget = seenAnew().first { $0.isTheSame(as: widget) } ?? widget
        }
        return widget
    }

    /// - Parameter across: where on the widget, as a share of its width.
    func click(_ widget: Shown, times: Int = 1, across: Double = 0.5) {
        let widget = inSight(widget)
        let x = widget.frame[0] + Int(Double(widget.frame[2]) * across), y = widget.frame[1] + widget.frame[3] / 2
        run(
            "xdotool", "mousemove", "\(x)", "\(y)", "sleep", "0.05", "click", "--repeat", "\(times)", "--delay", "40",
            "1", "sleep", "0.05")
    }

    /// Turns the wheel over the middle of `widget`.
    func turnWheel(over widget: Shown, up isUp: Bool = false, times: Int) {
        let x = widget.frame[0] + widget.frame[2] / 2, y = widget.frame[1] + widget.frame[3] / 2
        run(
            "xdotool", "mousemove", "\(x)", "\(y)", "sleep", "0.2", "click", "--repeat", "\(times)", "--delay", "60",
            isUp ? "4" : "5", "sleep", "0.3")
        _ = seenAnew()
    }

    func click(_ name: String, in window: String = "Anime Style") throws {
        let found = try widget(name, in: window)
        // GTK 3 folds by the title alone, which is shorter than the row.
        click(found, across: found.type.hasSuffix("Expander") ? 0.1 : 0.5)
    }

    /// Moves the middle of `widget` by so many pixels of the screen with the first button held.
    func drag(_ widget: Shown, by way: (x: Int, y: Int)) {
        let x = widget.frame[0] + widget.frame[2] / 2, y = widget.frame[1] + widget.frame[3] / 2
        run(
            "xdotool", "mousemove", "\(x)", "\(y)", "mousedown", "1", "sleep", "0.2", "mousemove",
            "\(x + way.x / 2)", "\(y + way.y / 2)", "sleep", "0.2", "mousemove", "\(x + way.x)", "\(y + way.y)",
            "sleep", "0.2", "mouseup", "1", "sleep", "0.2")
    }

    /// Gives a window another size, in the widgets' pixels, as dragging at its corner does.
    func resize(_ title: String, width: Int, height: Int) {
        run("xdotool", "search", "--name", "^\(title)$", "windowsize", "\(width * scale)", "\(height * scale)")
    }

    func press(_ keys: String...) { press(keys) }

    func press(_ keys: [String]) {
        run(["xdotool", "key", "--delay", "40"] + keys + ["sleep", "0.05"])
    }

    /// Moves the pointer, so that keys go to the window below it.
    func point(_ x: Int, _ y: Int) { run("xdotool", "mousemove", "\(x)", "\(y)", "sleep", "0.5") }

    /// Replaces what an entry says, and looks whether it does.
    func type(_ text: String, into entry: Shown) {
        for _ in 0..<4 {
            click(entry, across: 0.3)
            run("xdotool", "key", "ctrl+a", "sleep", "0.05", "type", "--delay", "20", text)
            if seenAnew().contains(where: { $0.isTheSame(as: entry) && $0.value == text }) { return }
        }
    }

    /// Picks the row of a drop-down list that is `index` rows below its first.
    func choose(_ index: Int, from list: Shown) {
        click(list)
        _ = seenAnew()
        press(["Home"] + [String](repeating: "Down", count: index) + ["Return"])
    }
}
