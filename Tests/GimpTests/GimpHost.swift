import Foundation

/// The GIMP that the tests drive: the tests are the same for both.
///
/// `GIMP_ANIME_STYLE_TEST_HOST=3` means GIMP 3.0 or 3.2; without it, it is GIMP 2.10 where that is installed, else
/// GIMP 3. Where this system has no GIMP 3 of its own, the one of a Debian 13 beside it is driven, see
/// `tools/debian13-root.sh`: it sees the same files under the same paths, and its processes are this system's.
enum GimpHost {
    case gimp2, gimp3
    /// GIMP 3 in a Debian 13 beside this system.
    case gimp3Beside

    private static let has2 = isInstalled("gimp-console-2.10")
    /// This system's own GIMP 3.
    private static let own3 = ["3.0", "3.2"].first { isInstalled("gimp-console-\($0)") }

    static let current: GimpHost = {
        let wanted = ProcessInfo.processInfo.environment["GIMP_ANIME_STYLE_TEST_HOST"]
        if wanted == "3" { return own3 != nil ? .gimp3 : .gimp3Beside }
        return has2 || own3 == nil ? .gimp2 : .gimp3
    }()

    static var is3: Bool { current != .gimp2 }

    /// GIMP's precisions: 8, 16 and 32-bit integers, half, float and double, of linear light (100, 200 …), with the
    /// tone curve of the image's profile (150, 250 …) and, in GIMP 3, with sRGB's (175, 275 …).
    static let precisions: [Int] = [100, 200, 300, 500, 600, 700].flatMap { (linear: Int) -> [Int] in
        is3 ? [linear, linear + 50, linear + 75] : [linear, linear + 50]
    }

    private static func isInstalled(_ program: String) -> Bool { access("/usr/bin/\(program)", X_OK) == 0 }

    /// The variable that names GIMP's profile.
    var profileVariable: String { self == .gimp2 ? "GIMP2_DIRECTORY" : "GIMP3_DIRECTORY" }

    var pkgConfigName: String { self == .gimp2 ? "gimp-2.0" : "gimp-3.0" }

    /// The folder below `Plugin/scripts` with the example for this GIMP.
    var exampleFolder: String { self == .gimp2 ? "gimp-2.10" : "gimp-3.0" }

    /// The folder below `.build` that `install.sh` builds in for this host.
    var builtFolder: String {
        switch self {
        case .gimp2: "install"
        case .gimp3: Self.has2 ? "install-3" : "install"
        case .gimp3Beside: "debian-13"
        }
    }

    /// What a start of GIMP needs in its environment, whatever it is told of folders of settings and caches.
    var environment: [String: String] {
        guard self == .gimp3Beside else { return [:] }
        let own = ProcessInfo.processInfo.environment
        let cache = own["XDG_CACHE_HOME"] ?? "\(own["HOME"] ?? "/root")/.cache"
        return ["DEBIAN13_ROOT": own["DEBIAN13_ROOT"] ?? "\(cache)/gimp-anime-style-build/debian-13-root"]
    }

    /// A command that runs in the system that this GIMP belongs to.
    func command(_ words: [String]) -> [String] {
        guard self == .gimp3Beside else { return words }
        return ["\(GimpSession.root.path)/tools/debian13-root.sh", "run"] + words
    }

    /// The place of the portrait's copy, see `testScheme`, in the session's folder.
    func copy(in folder: URL) -> URL { folder.appendingPathComponent("portrait.xcf") }

    /// A start of GIMP that runs `commands`, each even when the one before failed.
    /// - Parameters:
    ///   - script: a path for a file of commands.
    ///   - hasWindows: whether it is a GIMP with windows, which needs a display.
    func start(_ commands: [String], script: URL, hasWindows: Bool) throws -> [String] {
        let program = hasWindows ? "gimp" : "gimp-console", kind = hasWindows ? ["-s", "-n"] : ["-i"]
        guard self != .gimp2 else {
            return ["\(program)-2.10", "-d", "-f"] + kind + (commands + ["(gimp-quit 0)"]).flatMap { ["-b", $0] }
        }
        // In GIMP 3 the first command that fails is the last one.
        let guarded = commands.map { "(catch #f \($0)\n)" }
        let copy = self.copy(in: script.deletingLastPathComponent())
        let scheme = [gimp3Scheme, testScheme(photo: GimpSession.portrait.path, copy: copy.path)] + guarded
        try scheme.joined(separator: "\n").write(to: script, atomically: true, encoding: .utf8)
        return command(
            ["\(program)-\(Self.own3 ?? "3.0")", "-d", "-f"] + kind + [
                "--quit", "--batch-interpreter=plug-in-script-fu-eval",
                "-b", commands.isEmpty ? "()" : "(load \"\(script.path)\")",
            ])
    }
}
