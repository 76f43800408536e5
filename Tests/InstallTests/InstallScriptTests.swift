import Foundation
import XCTest

/// What install.sh says and does when asked for something else, or when a step fails.
final class InstallScriptTests: XCTestCase {
    private func withSandbox(_ body: (Sandbox) throws -> Void) throws {
        let sandbox = try Sandbox()
        defer { XCTAssertNoThrow(try sandbox.remove()) }
        try body(sandbox)
    }

    func testHelpNamesEveryOptionAndChangesNothing() throws {
        try withSandbox { sandbox in
            let outcome = try sandbox.install("--help")
            XCTAssertEqual(outcome.status, 0)
            for option in ["--demo", "--test", "--deb", "--prefix", "--uninstall", "--help", "swift.org/install"] {
                XCTAssertTrue(outcome.text.contains(option), option)
            }
            XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: sandbox.gimp), [])
        }
    }

    func testRefusesWhatItDoesNotKnow() throws {
        try withSandbox { sandbox in
            let cases: [(arguments: [String], says: String)] = [
                (["--dmeo"], "the option --dmeo is unknown"), (["photo.png"], "the argument photo.png is one too many"),
                (["--demo", "a", "b", "c"], "the argument c is one too many"),
                (["--deb", "a", "b"], "the argument b is one too many"),
                (["--deb", "/nowhere"], "the folder /nowhere does not exist"),
                (["--prefix"], "--prefix needs a folder"),
            ]
            for (arguments, says) in cases {
                let outcome = try execute("\(repository)/install.sh", arguments, environment: sandbox.environment)
                XCTAssertEqual(outcome.status, 1)
                XCTAssertTrue(outcome.text.contains(says), outcome.text)
                XCTAssertEqual(outcome.text.split(separator: "\n").count, 1, "one sentence: \(outcome.text)")
            }
        }
    }

    func testSaysHowToGetSwift() throws {
        try withSandbox { sandbox in
            let tools = "\(sandbox.folder)/everything-but-swift"
            try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
            for name in try FileManager.default.contentsOfDirectory(atPath: "/usr/bin") where !name.hasPrefix("swift") {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(tools)/\(name)", withDestinationPath: "/usr/bin/\(name)")
            }
            let environment = sandbox.environment.merging(["PATH": tools, "SWIFT_FOLDER": "/nowhere"]) { $1 }
            let outcome = try execute("\(repository)/install.sh", [], environment: environment)
            XCTAssertEqual(outcome.status, 1, outcome.text)
            XCTAssertTrue(
                outcome.text.contains("Swift is missing; install it as https://swift.org/install says"), outcome.text)
            XCTAssertEqual(outcome.text.split(separator: "\n").count, 1, outcome.text)
        }
    }

    func testAFailedStepNamesItselfAndKeepsTheOldInstallation() throws {
        try withSandbox { sandbox in
            XCTAssertEqual(try sandbox.install().status, 0)
            let before = try sandbox.inventory()
            let fault = "echo the fault; exit 7"
            let faults: [(tool: String, script: String, step: String)] = [
                ("swift", fault, "Building the command line"),
                ("cc", fault, "Building the program that reads and writes pictures"),
                ("patchelf", fault, "Putting the folder together"),
                ("ldd", "echo 'the fault: libswiftCore.so => not found'", "Checking it"),
                ("mv", fault, "Moving it into place"),
                ("mv", "case $1 in *.new.*) \(fault);; esac; exec /bin/mv \"$@\"", "Moving it into place"),
            ]
            for (tool, script, step) in faults {
                let outcome = try sandbox.installBuilt(tools: [tool: script])
                XCTAssertEqual(outcome.status, 1, tool)
                XCTAssertTrue(outcome.text.contains("the step \"\(step)\" failed"), outcome.text)
                XCTAssertTrue(outcome.text.contains("the fault"), outcome.text)
                try FileManager.default.removeItem(atPath: "\(sandbox.folder)/tools")
                XCTAssertEqual(try sandbox.inventory(), before, tool)
                XCTAssertEqual(try sandbox.leftovers(), [], tool)
            }
            XCTAssertEqual(try execute(sandbox.command, ["models"], environment: sandbox.environment).status, 0)
        }
    }

    func testKeepsAFileThatLiesWhereTheLinkWouldGo() throws {
        try withSandbox { sandbox in
            try FileManager.default.createDirectory(atPath: "\(sandbox.prefix)/bin", withIntermediateDirectories: true)
            try "mine".write(toFile: sandbox.command, atomically: true, encoding: .utf8)
            let outcome = try sandbox.installBuilt()
            XCTAssertEqual(outcome.status, 1)
            XCTAssertTrue(outcome.text.contains("is a file of its own and was kept"), outcome.text)
            XCTAssertEqual(try String(contentsOfFile: sandbox.command, encoding: .utf8), "mine")
            XCTAssertFalse(FileManager.default.fileExists(atPath: sandbox.plugIn))
        }
    }

    func testInstallsTwiceAndUninstallsWithoutATrace() throws {
        try withSandbox { sandbox in
            let manager = FileManager.default
            let neighbour = "\(sandbox.gimp)/plug-ins/another/another"
            let example = "\(sandbox.gimp)/scripts/anime-style-folder.scm"
            let ownModel = "\(sandbox.folder)/config/gimp-anime-style/models/mine.onnx"
            for path in [neighbour, ownModel] {
                try manager.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try "mine".write(toFile: path, atomically: true, encoding: .utf8)
            }
            for _ in 0..<2 {
                let outcome = try sandbox.installBuilt()
                XCTAssertEqual(outcome.status, 0, outcome.text)
                XCTAssertEqual(try sandbox.leftovers(), ["another"])
                XCTAssertTrue(manager.fileExists(atPath: example), "the Script-Fu example is where GIMP looks")
            }
            // Without --prefix: the folder itself remembers where its link is.
            let outcome = try execute("\(repository)/install.sh", ["--uninstall"], environment: sandbox.environment)
            XCTAssertEqual(outcome.status, 0, outcome.text)
            for gone in [sandbox.plugIn, sandbox.command, example, "\(sandbox.folder)/cache/gimp-anime-style"] {
                XCTAssertFalse(manager.fileExists(atPath: gone), gone)
            }
            XCTAssertThrowsError(try manager.destinationOfSymbolicLink(atPath: sandbox.command))
            let links = (try? manager.subpathsOfDirectory(atPath: "\(sandbox.prefix)/share")) ?? []
            XCTAssertEqual(links, [], "manual pages and completions go too")
            for kept in [neighbour, ownModel] { XCTAssertTrue(manager.fileExists(atPath: kept), kept) }
            let again = try sandbox.install("--uninstall")
            XCTAssertEqual(again.status, 0)
            XCTAssertTrue(again.text.contains("Nothing is installed"), again.text)
        }
    }
}
