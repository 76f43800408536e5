import Foundation
import Raster
import PictureFixtures
import XCTest

/// Runs the built program as a process, with parts of this checkout.
final class CommandLineProgram {
    struct Output {
        var status: Int32
        var text: String
        var errors: String
    }

    /// The fixtures and the parts' folder; removed with this object.
    let folder: TemporaryFolder
    let program: URL
    private var environment: [String: String]

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// NASA's public-domain portrait of Eileen Collins, 512×512, fetched with the parts.
    static let portrait = root.appendingPathComponent(".third-party/photos/astronaut.png").path

    /// - Throws: when the program, a model or the detector is missing; `./install.sh` puts them there.
    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        program = try Self.builtProgram()
        environment = ProcessInfo.processInfo.environment
        environment["GIMP_ANIME_STYLE_HOME"] = try Self.parts(in: folder)
        environment["HOME"] = folder.file("home")
        environment["XDG_CONFIG_HOME"] = folder.file("config")
        // One cache for all tests: compiling the networks is most of a short run.
        environment["XDG_CACHE_HOME"] = NSTemporaryDirectory() + "/anime-style-test-cache"
        environment["LANG"] = "C.UTF-8"
    }

    private struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    private static func builtProgram() throws -> URL {
        // The test bundle and the program lie in the same folder of the build.
        let bundle = Bundle(for: CommandLineProgram.self).bundleURL
        let candidates = [
            bundle.deletingLastPathComponent(), bundle,
            URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent(),
        ]
        .map { $0.appendingPathComponent("anime-style") }
        guard
            let found = candidates.first(where: {
                FileManager.default.isExecutableFile(atPath: $0.path) && !isFolder($0.path)
            })
        else {
            throw Missing(
                description: "the program anime-style was not built beside the tests, in \(candidates[0].path)")
        }
        return found
    }

    private static func parts(in folder: TemporaryFolder) throws -> String {
        let home = folder.file("parts")
        let models = root.appendingPathComponent("Models").path,
            detector = root.appendingPathComponent(".third-party/mtcnn").path
        let mesh = root.appendingPathComponent(".third-party/mediapipe").path
        try FileManager.default.createDirectory(atPath: home + "/models", withIntermediateDirectories: true)
        let files = try FileManager.default.contentsOfDirectory(atPath: models).filter {
            $0.hasSuffix(".onnx") || $0.hasSuffix(".json")
        }
        guard files.contains(where: { $0.hasSuffix(".onnx") }) else {
            throw Missing(description: "there is no trained model in \(models)")
        }
        for file in files {
            try FileManager.default.createSymbolicLink(
                atPath: "\(home)/models/\(file)", withDestinationPath: "\(models)/\(file)")
        }
        for file in ["pnet", "rnet", "onet"].map({ "\(detector)/\($0).onnx" }) + [mesh, portrait]
        where !FileManager.default.fileExists(atPath: file) {
            throw Missing(description: "\(file) is missing; ./install.sh fetches it")
        }
        try FileManager.default.createSymbolicLink(atPath: home + "/detector", withDestinationPath: detector)
        try FileManager.default.createSymbolicLink(atPath: home + "/mesh", withDestinationPath: mesh)
        return home
    }

    private static func isFolder(_ path: String) -> Bool {
        var folder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &folder) && folder.boolValue
    }

    /// Starts the program and does not wait.
    func start(_ arguments: [String], output: Pipe = Pipe(), errors: Pipe = Pipe(), with other: URL? = nil) throws
        -> Process
    {
        let process = Process()
        process.executableURL = other ?? program
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return process
    }

    /// Runs the program to its end.
    func run(_ arguments: String...) throws -> Output { try run(arguments) }

    func run(_ arguments: [String]) throws -> Output { try run(program, arguments) }

    private func run(_ program: URL, _ arguments: [String]) throws -> Output {
        let output = Pipe(), errors = Pipe()
        let process = try start(arguments, output: output, errors: errors, with: program)
        // One pipe is read while the other is, so that neither fills up.
        let text = Background { output.fileHandleForReading.readDataToEndOfFile() }
        let problems = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationReason, .exit, "\(arguments) crashed")
        return Output(
            status: process.terminationStatus, text: String(decoding: try text.value(), as: UTF8.self),
            errors: String(decoding: problems, as: UTF8.self))
    }

    /// Runs the program several times at once, each to its end.
    func runTogether(_ calls: [[String]]) throws -> [Output] {
        let started = try calls.map { arguments in
            let (output, errors) = (Pipe(), Pipe())
            let process = try start(arguments, output: output, errors: errors)
            return (
                process, Background { output.fileHandleForReading.readDataToEndOfFile() },
                Background { errors.fileHandleForReading.readDataToEndOfFile() }
            )
        }
        return try started.map { process, text, problems in
            process.waitUntilExit()
            return Output(
                status: process.terminationStatus, text: String(decoding: try text.value(), as: UTF8.self),
                errors: String(decoding: try problems.value(), as: UTF8.self))
        }
    }

    /// Runs a shell's script with the program as `$0` and `arguments` behind it.
    func runShell(_ script: String, _ arguments: String...) throws -> Output {
        try run(URL(fileURLWithPath: "/bin/sh"), ["-c", script, program.path] + arguments)
    }
}

/// Asserts that the program ended with `status` and one sentence on the error stream that holds all of `words`.
func assertOneSentence(
    _ output: CommandLineProgram.Output, status: Int32 = 1, _ words: String..., file: StaticString = #filePath,
    line: UInt = #line
) {
    XCTAssertEqual(output.status, status, output.errors, file: file, line: line)
    XCTAssertEqual(output.text, "", file: file, line: line)
    let lines = output.errors.split(separator: "\n")
    XCTAssertEqual(lines.count, 1, output.errors, file: file, line: line)
    XCTAssertTrue(output.errors.hasPrefix("anime-style: "), output.errors, file: file, line: line)
    for word in words {
        XCTAssertTrue(output.errors.contains(word), "“\(word)” is not in: \(output.errors)", file: file, line: line)
    }
}
