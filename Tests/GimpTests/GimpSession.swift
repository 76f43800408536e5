import Foundation
import XCTest

/// A sentence for the person who runs the tests.
struct SetupError: Error, CustomStringConvertible {
    let description: String
}

/// GIMP without a window, in a profile of its own that has the built plug-in; which GIMP, `GimpHost` says.
///
/// What is tested is the release build that `./install.sh --test` leaves in `.build/install/release` or, for a GIMP
/// beside this system, in `.build/debian-13/release`; `GIMP_ANIME_STYLE_BUILT` names another folder of built files,
/// `GIMP_ANIME_STYLE_TEST_MODELS` another one of models.
final class GimpSession: Sendable {
    /// One profile for all tests: GIMP needs a dozen seconds to ask all of its plug-ins the first time.
    static let shared = Result { try GimpSession() }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let portrait = root.appendingPathComponent(".third-party/photos/astronaut.png")
    /// Test pictures, timings and so on.
    let folder: URL
    let plugIn: URL
    let profile: URL
    private let host = GimpHost.current

    private init() throws {
        let files = FileManager.default
        folder = files.temporaryDirectory.appendingPathComponent("gimp-tests-\(UUID().uuidString)")
        profile = folder.appendingPathComponent("profile")
        plugIn = profile.appendingPathComponent("plug-ins/gimp-anime-style")
        // GIMP fills only a profile that it creates, so it starts once before the plug-in is put there.
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        try makeLocale()
        try runProcess(commands: [])
        try stage()
        XCTestObservationCenter.shared.addTestObserver(Cleaner(folder: folder))
    }

    /// Removes the folder after the last test.
    private final class Cleaner: NSObject, XCTestObservation {
        private let folder: URL

        init(folder: URL) { self.folder = folder }

        func testBundleDidFinish(_ testBundle: Bundle) { try? FileManager.default.removeItem(at: folder) }
    }

    /// From Debian 13 on, LANGUAGE counts in no locale that every system has, so that GIMP 3 gets one of its own.
    private func makeLocale() throws {
        guard GimpHost.is3 else { return }
        let locale = folder.appendingPathComponent("locales/en_US.UTF-8")
        try FileManager.default.createDirectory(
            at: locale.deletingLastPathComponent(), withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = host.command(["localedef", "-i", "en_US", "-f", "UTF-8", locale.path])
        try process.run()
        process.waitUntilExit()
        guard FileManager.default.fileExists(atPath: locale.path) else {
            throw SetupError(
                description:
                    """
                    The locale of the tests cannot be made; run ./install.sh --test, which installs \
                    localedef's sources.
                    """
            )
        }
    }

    /// Puts the plug-in together as `install.sh` does, with links where nothing depends on the place.
    private func stage() throws {
        let files = FileManager.default
        let environment = ProcessInfo.processInfo.environment
        let built =
            environment["GIMP_ANIME_STYLE_BUILT"].map { URL(fileURLWithPath: $0) }
            ?? Self.root.appendingPathComponent(".build/\(host.builtFolder)/release")
        let models =
            environment["GIMP_ANIME_STYLE_TEST_MODELS"].map { URL(fileURLWithPath: $0) }
            ?? Self.root.appendingPathComponent("Models")
        let detector = Self.root.appendingPathComponent(".third-party/mtcnn"),
            mesh = Self.root.appendingPathComponent(".third-party/mediapipe")
        for path in [
            built.appendingPathComponent("libAnimePlugin.so"), built.appendingPathComponent("gimp-anime-style"),
            built.appendingPathComponent("anime-style-codec"), models, detector, mesh, Self.portrait,
        ] {
            guard files.fileExists(atPath: path.path) else {
                throw SetupError(
                    description:
                        """
                        \(path.path) is missing, and the GIMP tests need it; run ./install.sh --test, which \
                        builds and fetches what is needed.
                        """
                )
            }
        }
        try checkIsNew(built.appendingPathComponent("libAnimePlugin.so"))
        try files.createDirectory(at: plugIn, withIntermediateDirectories: true)
        for name in ["gimp-anime-style", "libAnimePlugin.so", "anime-style-codec"] {
            try files.copyItem(at: built.appendingPathComponent(name), to: plugIn.appendingPathComponent(name))
        }
        try files.createSymbolicLink(at: plugIn.appendingPathComponent("models"), withDestinationURL: models)
        try files.createSymbolicLink(
            at: plugIn.appendingPathComponent("help"),
            withDestinationURL: Self.root.appendingPathComponent("Plugin/help"))
        try files.createSymbolicLink(at: plugIn.appendingPathComponent("detector"), withDestinationURL: detector)
        try files.createSymbolicLink(at: plugIn.appendingPathComponent("mesh"), withDestinationURL: mesh)
        let scripts = profile.appendingPathComponent("scripts")
        try files.createDirectory(at: scripts, withIntermediateDirectories: true)
        try files.copyItem(
            at: Self.root.appendingPathComponent("Plugin/scripts/\(host.exampleFolder)/anime-style-folder.scm"),
            to: scripts.appendingPathComponent("anime-style-folder.scm"))
        try testScheme(photo: Self.portrait.path, copy: host.copy(in: folder).path).write(
            to: scripts.appendingPathComponent("test-support.scm"), atomically: true, encoding: .utf8)
    }

    /// Gives the plug-in its catalogues.
    func addLanguages() throws {
        for name in try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Plugin/po").path) where name.hasSuffix(".po")
        {
            let folder = plugIn.appendingPathComponent("locale/\(name.dropLast(3))/LC_MESSAGES")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let compiler = Process()
            compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            compiler.arguments = [
                "msgfmt", "-o", folder.appendingPathComponent("gimp-anime-style.mo").path,
                Self.root.appendingPathComponent("Plugin/po/\(name)").path,
            ]
            try compiler.run()
            compiler.waitUntilExit()
            XCTAssertEqual(compiler.terminationStatus, 0, name)
        }
    }

    /// A plug-in that is older than what it is made of would be tested in the place of today's.
    private func checkIsNew(_ library: URL) throws {
        func date(_ url: URL) -> Date {
            (try? url.resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate ?? .distantPast
        }
        let others = ["/anime-style", "/Evaluation", host == .gimp2 ? "/Host3" : "/Host2"]
        let sources = FileManager.default.enumerator(
            at: Self.root.appendingPathComponent("Sources"), includingPropertiesForKeys: nil)
        let built = date(library)
        for case let source as URL in sources ?? .init() where source.pathExtension == "swift" {
            guard
                !others.contains(where: {
                    source.path.contains("Sources\($0)") || source.path.contains("AnimePlugin\($0)")
                }),
                date(source) > built
            else { continue }
            throw SetupError(
                description:
                    """
                    \(library.path) is older than \(source.lastPathComponent); build it again, or run \
                    ./install.sh --test, which does.
                    """
            )
        }
    }

    /// Runs batch commands in one GIMP; each starts even when the one before failed.
    /// - Parameters:
    ///   - folder: the folder that GIMP works in.
    ///   - hasWindows: whether GIMP itself has windows, on the display that the environment names.
    ///   - whileRunning: called on another thread once GIMP has started.
    func run(
        _ commands: String..., environment: [String: String] = [:], in folder: URL? = nil, hasWindows: Bool = false,
        whileRunning: (@Sendable (Process) -> Void)? = nil
    ) throws -> GimpOutput {
        GimpOutput(
            try runProcess(
                commands: commands, environment: environment, in: folder, hasWindows: hasWindows,
                whileRunning: whileRunning))
    }

    /// What GIMP has noted of its plug-ins.
    func registry() throws -> String {
        // Other plug-ins register texts that are no UTF-8.
        String(decoding: try Data(contentsOf: profile.appendingPathComponent("pluginrc")), as: UTF8.self)
    }

    @discardableResult
    private func runProcess(
        commands: [String], environment: [String: String] = [:], in workingFolder: URL? = nil,
        hasWindows: Bool = false, whileRunning: (@Sendable (Process) -> Void)? = nil
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let log = folder.appendingPathComponent("output-\(UUID().uuidString)")
        process.arguments = try host.start(
            commands, script: log.appendingPathExtension("scm"), hasWindows: hasWindows)
        process.currentDirectoryURL = workingFolder
        var variables = ProcessInfo.processInfo.environment
        variables["DISPLAY"] = nil
        variables["LC_ALL"] = GimpHost.is3 ? "en_US.UTF-8" : "C.UTF-8"
        if GimpHost.is3 { variables["LOCPATH"] = folder.appendingPathComponent("locales").path }
        variables[host.profileVariable] = profile.path
        variables["XDG_CONFIG_HOME"] = folder.appendingPathComponent("config").path
        variables["XDG_CACHE_HOME"] = folder.appendingPathComponent("cache").path
        process.environment = variables.merging(host.environment) { $1 }.merging(environment) { $1 }
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw SetupError(
                description: "GIMP cannot be started (\(error)); run ./install.sh --test, which installs it.")
        }
        if let whileRunning { DispatchQueue.global().async { whileRunning(process) } }
        let deadline = Date().addingTimeInterval(600)
        while process.isRunning, Date() < deadline { usleep(20_000) }
        if process.isRunning {
            process.terminate()
            throw SetupError(description: "GIMP did not end within ten minutes.")
        }
        return try String(contentsOf: log, encoding: .utf8)
    }
}

/// What GIMP printed.
struct GimpOutput {
    let text: String

    init(_ text: String) { self.text = text }

    /// The values of the line that `(say name value …)` of the test script printed, `nil` when there is none.
    func values(_ name: String) -> [String]? {
        for line in text.split(separator: "\n") {
            guard let mark = line.range(of: "@\(name) ") else { continue }
            return line[mark.upperBound...].split(separator: " ").map(String.init)
        }
        return nil
    }

    func numbers(_ name: String, file: StaticString = #filePath, line: UInt = #line) -> [Double] {
        guard let values = values(name) else {
            XCTFail("GIMP printed no “\(name)”:\n\(text.suffix(1500))", file: file, line: line)
            return []
        }
        return values.compactMap(Double.init)
    }

    /// What was printed between `(say "case" name)` and the next case.
    func section(_ name: String) -> String {
        guard let start = text.range(of: "@case \(name) ") else { return "" }
        let rest = text[start.upperBound...]
        return String(rest[..<(rest.range(of: "@case ")?.lowerBound ?? rest.endIndex)])
    }
}

/// Checks the numbers of one line that GIMP printed.
func XCTAssertSaid(
    _ output: GimpOutput, _ name: String, _ expected: [Double], within tolerance: Double = 0,
    file: StaticString = #filePath, line: UInt = #line
) {
    let numbers = output.numbers(name, file: file, line: line)
    guard numbers.count == expected.count else {
        if !numbers.isEmpty { XCTFail("\(name): \(numbers) instead of \(expected)", file: file, line: line) }
        return
    }
    for (number, wanted) in zip(numbers, expected) where abs(number - wanted) > tolerance {
        XCTFail("\(name): \(numbers) instead of \(expected)", file: file, line: line)
    }
}
