import Foundation
import XCTest

/// Tests of the filter's windows, used as a user does: with a mouse and a keyboard, in a real GIMP.
class WindowTestCase: XCTestCase {
    /// What opens the filter's window.
    /// - Parameter item: the Script-Fu variable of the layer that is to be drawn.
    static func call(on item: String = "layer") -> String {
        GimpHost.is3
            ? "(plug-in-anime-style #:run-mode RUN-INTERACTIVE #:image image #:drawables (vector \(item)))"
            : "(plug-in-anime-style RUN-INTERACTIVE image \(item))"
    }

    static let batchCall =
        GimpHost.is3
        ? "(plug-in-anime-style-batch #:run-mode RUN-INTERACTIVE)" : "(plug-in-anime-style-batch RUN-INTERACTIVE)"
    static let batchTitle = "Anime Style Batch"
    static let reset = GimpHost.is3 ? "_Reset" : "gimp-reset"

    /// Opens a window on the portrait and lets `use` use it.
    /// - Parameters:
    ///   - title: the window's.
    ///   - call: what opens it; the filter's, if it is not given.
    ///   - scale: that of the screen's pixels.
    ///   - columns, rows: the screen's.
    ///   - preparation: Script-Fu that changes the portrait or its layer first.
    ///   - check: Script-Fu that looks at the image after the window was closed.
    ///   - changes: of GIMP's environment.
    /// - Returns: what GIMP said at the end: `layers` is how many there are then.
    func withWindow(
        _ title: String = "Anime Style", of call: String = call(), scale: Int = 1, columns: Int = Desk.width,
        rows: Int = Desk.height, preparation: String = "", check: String = "",
        environment changes: [String: String] = [:], _ use: @escaping (Desk) throws -> Void
    ) throws -> GimpOutput {
        let session = try GimpSession.shared.get()
        let desk = try Desk(in: session.folder, scale: scale, columns: columns, rows: rows)
        defer { desk.close() }
        let done = DispatchSemaphore(value: 0)
        // Used on GIMP's thread alone: this one waits for it meanwhile.
        nonisolated(unsafe) let (hands, steps) = (desk, use)
        let output = try session.run(
            """
            (let* ((image (portrait)) (layer (photo-layer image)))
              \(preparation)
              \(call)
              (say "layers" (car (gimp-image-get-layers image)))
              \(check))
            """, environment: desk.environment.merging(changes) { $1 }
        ) { gimp in
            defer { done.signal() }
            do {
                try hands.waitForWindow(title)
                try steps(hands)
            } catch {
                XCTFail("\(error)")
                gimp.terminate()
            }
        }
        done.wait()
        for word in ["crashed", "fatal error"] { XCTAssertFalse(output.text.contains(word), output.text) }
        let complaints = output.text.split(separator: "\n").filter {
            $0.contains("(gimp-anime-style") && $0.contains("CRITICAL")
        }
        XCTAssertEqual(complaints, [], "GTK has nothing to complain of")
        return output
    }

    // MARK: - What both windows have

    static let strength = "0 leaves the photograph, 100 is the whole drawing"
    static let presetList = "Settings kept under a name"

    /// Columns of the styles' and faces' pictures, the smallest first.
    static func pictures(in shown: [Desk.Shown]) -> [Int] {
        shown.filter { $0.type == "GtkImage" }.compactMap { Int($0.value) }.filter { $0 > 0 }.sorted()
    }

    func setStrength(_ value: Int, _ desk: Desk) throws {
        let field = try desk.wait(for: "strength") { shown in
            shown.first { $0.name == Self.strength && $0.type == "GtkSpinButton" }
        }
        desk.type("\(value)", into: field)
        desk.press("Tab")
    }

    /// Waits until a label that begins like that is, or is not, on the screen.
    func waitForLabel(_ beginning: String, isThere: Bool = true, _ desk: Desk) throws {
        try desk.wait(for: "“\(beginning)” is \(isThere ? "there" : "gone")") { shown in
            shown.contains { $0.type == "GtkLabel" && $0.name.hasPrefix(beginning) } == isThere ? true : nil
        }
    }

    /// Waits for what the list of presets says.
    func waitForPreset(_ text: String, _ desk: Desk) throws {
        try desk.wait(for: "the list of presets says \(text)") { shown in
            shown.contains { $0.name == Self.presetList && $0.value == text } ? true : nil
        }
    }

    // MARK: - The last batch

    /// Makes a folder with folders `in` and `out` and portraits of the names given, and has both be those of the last
    /// batch.
    /// - Returns: the folder, and the file that has the last batch's arguments, to be removed.
    func fillBatch(_ name: String, with portraits: [String]) throws -> (folder: URL, kept: URL) {
        let files = FileManager.default, folder = try GimpSession.shared.get().folder.appendingPathComponent(name)
        let (photographs, drawings) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
        for folder in [photographs, drawings] {
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        for name in portraits { try files.copyItem(at: GimpSession.portrait, to: folder.appendingPathComponent(name)) }
        return (
            folder, try keepBatch(["pattern": photographs.path, "output-folder": drawings.path, "style": "cel"])
        )
    }

    /// Writes down `texts` as a call's last arguments, as the GIMP at hand does: of GIMP 2.10's the filter takes care
    /// itself, GIMP 3 has a file of its own for each procedure.
    /// - Returns: the file.
    func keepBatch(_ texts: [String: String]) throws -> URL {
        let profile = try GimpSession.shared.get().profile, name = "plug-in-anime-style-batch"
        let file = profile.appendingPathComponent(
            GimpHost.is3 ? "plug-in-settings/GimpProcedureConfigRun-\(name).last" : "gimp-anime-style/\(name).json")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        if GimpHost.is3 {
            let lines = texts.map { "(\($0.key) \"\($0.value)\")\n" }
            try lines.joined().write(to: file, atomically: true, encoding: .utf8)
        } else {
            try JSONSerialization.data(withJSONObject: ["texts": texts, "numbers": [:]]).write(to: file)
        }
        return file
    }
}
