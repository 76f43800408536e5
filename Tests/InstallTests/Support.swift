import Foundation
import XCTest

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// What a finished program left behind.
struct Outcome {
    let status: Int32
    /// Standard output and standard error, as they came.
    let text: String
}

/// Runs a program and waits for it.
func execute(_ program: String, _ arguments: [String], environment changes: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(changes) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
}

/// The GIMP that `install.sh` installs for first.
enum InstalledGimp {
    static let is3 = !FileManager.default.isExecutableFile(atPath: "/usr/bin/gimp-console-2.10")

    /// The value of a variable of its library's pkg-config file, such as `gimplibdir`.
    static func folder(_ variable: String) throws -> String {
        let outcome = try execute("pkg-config", ["--variable=\(variable)", is3 ? "gimp-3.0" : "gimp-2.0"])
        XCTAssertEqual(outcome.status, 0, outcome.text)
        return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A command of the shell that runs Script-Fu without a window.
    /// - Parameter script: without apostrophes.
    static func command(_ script: String) -> String {
        is3
            ? "gimp-console -i -d -f --quit --batch-interpreter=plug-in-script-fu-eval -b '\(script)'"
            : "gimp-console-2.10 -i -d -f -b '\(script)' -b '(gimp-quit 0)'"
    }
}

/// A place of its own to install into: GIMP's folder, the prefix, settings and cache all lie below one temporary
/// folder.
struct Sandbox {
    let folder: String
    var gimp: String { "\(folder)/GIMP folder" }
    var plugIn: String { "\(gimp)/plug-ins/gimp-anime-style" }
    var prefix: String { "\(folder)/prefix" }
    var command: String { "\(prefix)/bin/anime-style" }
    var environment: [String: String] {
        [
            "GIMP2_DIRECTORY": gimp, "GIMP3_DIRECTORY": gimp, "XDG_CACHE_HOME": "\(folder)/cache",
            "XDG_CONFIG_HOME": "\(folder)/config",
        ]
    }

    init() throws {
        folder = NSTemporaryDirectory() + "install-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: gimp, withIntermediateDirectories: true)
    }

    func remove() throws { try FileManager.default.removeItem(atPath: folder) }

    /// Runs install.sh; `tools` are programs that stand in for the machine's own, name → shell script.
    func install(_ arguments: String..., tools: [String: String] = [:]) throws -> Outcome {
        var environment = environment
        if !tools.isEmpty {
            let bin = "\(folder)/tools"
            try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
            for (name, script) in tools {
                try "#!/bin/sh\n\(script)\n".write(toFile: "\(bin)/\(name)", atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(bin)/\(name)")
            }
            environment["PATH"] = "\(bin):" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
        }
        return try execute("\(repository)/install.sh", ["--prefix", prefix] + arguments, environment: environment)
    }

    /// The same with what is built already, which the compilers need not look at again.
    func installBuilt(tools: [String: String] = [:]) throws -> Outcome {
        try install(tools: ["swift": "exit 0", "cc": "exit 0"].merging(tools) { $1 })
    }

    /// Every file below the plug-in's folder with its inode, so that a replaced file shows.
    func inventory() throws -> [String: UInt64] {
        var result: [String: UInt64] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: plugIn) {
            result[name] =
                try FileManager.default.attributesOfItem(atPath: "\(plugIn)/\(name)")[.systemFileNumber] as? UInt64
        }
        return result
    }

    /// What an unfinished installation would leave in GIMP's folder.
    func leftovers() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: gimp).filter { $0.contains("gimp-anime-style") }
            + FileManager.default.contentsOfDirectory(atPath: "\(gimp)/plug-ins").filter { $0 != "gimp-anime-style" }
    }
}

/// Runs shell scripts without the Swift toolchain: in a mount namespace where its folder is empty, or, where the kernel
/// allows no such namespace to this user, under the loader's own log, which then must not name anything of Swift.
struct HiddenToolchain {
    /// Folder that holds all of the toolchain, or at least its libraries where it is spread over /usr.
    let folder: String
    private let namespace: [String]?

    init() throws {
        let information = try execute("swift", ["-print-target-info"]).text
        let json = try JSONSerialization.jsonObject(with: Data(information.utf8)) as? [String: Any]
        let resources = try XCTUnwrap((json?["paths"] as? [String: Any])?["runtimeResourcePath"] as? String)
        let root = resources.hasSuffix("/usr/lib/swift") ? String(resources.dropLast("/usr/lib/swift".count)) : ""
        folder = root.isEmpty ? resources : root
        namespace = try [["-m"], ["-r", "-m"]].first {
            try execute("unshare", $0 + ["mount", "-t", "tmpfs", "none", "/mnt"]).status == 0
        }
    }

    /// - Parameter log: path that the loader's logs begin with.
    /// - Throws: `ToolchainUsed` naming the first library of Swift that was looked for.
    func shell(_ script: String, environment: [String: String], log: String) throws -> Outcome {
        var clean = environment
        clean["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        clean["LD_LIBRARY_PATH"] = ""
        if let namespace {
            let hide = "mount -t tmpfs none '\(folder)' && test -z \"$(ls -A '\(folder)')\" || exit 99\n"
            return try execute("unshare", namespace + ["sh", "-c", hide + script], environment: clean)
        }
        clean["LD_DEBUG"] = "files,libs"
        clean["LD_DEBUG_OUTPUT"] = log
        let outcome = try execute("sh", ["-c", script], environment: clean)
        let (parent, prefix) = ((log as NSString).deletingLastPathComponent, (log as NSString).lastPathComponent)
        let logs = try FileManager.default.contentsOfDirectory(atPath: parent).filter { $0.hasPrefix(prefix + ".") }
        guard !logs.isEmpty else { throw ToolchainUsed(library: "unknown, since the loader wrote no log") }
        for name in logs {
            let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(parent)/\(name)")), as: UTF8.self)
            if let line = text.split(separator: "\n").first(where: {
                $0.contains("libswift") || $0.contains(folder + "/")
            }) {
                throw ToolchainUsed(library: String(line))
            }
        }
        return outcome
    }
}

struct ToolchainUsed: Error {
    let library: String
}
