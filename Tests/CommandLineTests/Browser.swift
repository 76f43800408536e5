import Files
import Foundation
import PictureFixtures
import Raster
import XCTest

/// Chromium without a screen, as Debian has it.
struct Browser {
    struct Missing: Error, CustomStringConvertible {
        let description = "No Chromium can be started; run ./install.sh --test, which installs chromium-headless-shell."
    }

    /// For what it writes.
    let folder: TemporaryFolder
    private static let programs = ["chromium-headless-shell", "chromium"]

    /// What the page's document is once it is loaded and its scripts have run.
    func document(of page: String, width: Int = 1200, isDark: Bool = false) throws -> String {
        try run(page, width, isDark, ["--dump-dom"])
    }

    /// What the page looks like, from its top.
    func picture(of page: String, width: Int, height: Int, isDark: Bool = false, named name: String) throws -> Bitmap {
        let path = folder.file("\(name).png")
        _ = try run(page, width, isDark, ["--screenshot=\(path)"], height: height)
        if let kept = ProcessInfo.processInfo.environment["GIMP_ANIME_STYLE_TEST_PICTURES"] {
            try? FileManager.default.copyItem(atPath: path, toPath: "\(kept)/\(name).png")
        }
        return try PictureFile.load(path).bitmap
    }

    /// Addresses beyond the page itself that are asked for while it is shown.
    func requests(of page: String) throws -> Set<String> {
        let log = folder.file("net.json")
        _ = try run(page, 1200, false, ["--log-net-log=\(log)", "--dump-dom"])
        let all = try XCTUnwrap(
            JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: log))) as? [String: Any])
        let events = try XCTUnwrap(all["events"] as? [[String: Any]])
        XCTAssertGreaterThan(events.count, 0, "the browser keeps a log")
        return Set(events.compactMap { ($0["params"] as? [String: Any])?["url"] as? String })
    }

    private func run(_ page: String, _ width: Int, _ isDark: Bool, _ arguments: [String], height: Int = 800) throws
        -> String
    {
        let program = try Self.programs.map { "/usr/bin/\($0)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }.orThrow(Missing())
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        // The page is our own, and a system's administrator has no sandbox in Chromium.
        process.arguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking",
                "--user-data-dir=\(folder.file("profile"))", "--window-size=\(width),\(height)",
                "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
            ] + arguments + [URL(fileURLWithPath: page).absoluteString]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0, "\(arguments)")
        return String(decoding: text, as: UTF8.self)
    }
}

extension Optional {
    fileprivate func orThrow(_ error: any Error) throws -> Wrapped {
        guard let self else { throw error }
        return self
    }
}
