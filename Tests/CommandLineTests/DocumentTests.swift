import Foundation
import XCTest

/// The documents' tables of settings are what the table in Sources/Settings says.
final class DocumentTests: XCTestCase {
    private func check(in root: URL, _ program: URL) throws -> (status: Int32, text: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", root.appendingPathComponent("tools/settings-docs.py").path, program.path, "--check",
        ]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    func testTheTablesAreCurrent() throws {
        let outcome = try check(in: CommandLineProgram.root, CommandLineProgram().program)
        XCTAssertEqual(outcome.status, 0, outcome.text)
    }

    func testAStaleTableIsNoticed() throws {
        let program = try CommandLineProgram()
        let copy = URL(fileURLWithPath: program.folder.file("copy"))
        for name in [
            "tools/settings-docs.py", "README.md", "README.zh_CN.md", "Plugin/debian/anime-style.1",
            "Plugin/help/en/index.html",
            "Plugin/help/zh_CN/index.html", "Plugin/po/zh_CN.po",
        ] {
            let target = copy.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: CommandLineProgram.root.appendingPathComponent(name), to: target)
        }
        let readme = copy.appendingPathComponent("README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        try text.replacingOccurrences(of: "0 to 200 %", with: "0 to 300 %").write(
            to: readme, atomically: true, encoding: .utf8)
        let outcome = try check(in: copy, program.program)
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.text.hasPrefix("README.md is not as the settings table says"), outcome.text)
    }
}
