#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CProcess
import Glibc

/// Where the product's parts lie on this machine.
public struct Installation: Equatable, Sendable {
    /// The running program, symbolic links followed.
    public let program: String
    /// Folder of the style models that came with the program.
    public let modelFolder: String
    /// Folder of the style models that the user added.
    public let userModelFolder: String
    /// Folder of the face detector's `pnet.onnx`, `rnet.onnx` and `onet.onnx`.
    public let detectorFolder: String
    /// Folder of the face mesh's `face_landmark.tflite` and `iris_landmark.tflite`.
    public let meshFolder: String
    /// The network that finds hair, beside the style models.
    public var hairNetwork: String { "\(modelFolder)/hair.onnx" }
    /// Folder for compiled networks; created when first written.
    public let cacheFolder: String

    /// The parts of the running program.
    public static func current() -> Installation {
        let program = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { path in
            path.baseAddress.flatMap { process_program_path($0, path.count) ? String(cString: $0) : nil }
        }
        return Installation(
            executable: program ?? CommandLine.arguments.first ?? "",
            environment: ProcessInfo.processInfo.environment)
    }

    /// - Parameters:
    ///   - executable: path of the running program; symbolic links are followed, so that a link in `bin` finds its
    ///     parts.
    ///   - environment: `GIMP_ANIME_STYLE_HOME` names another folder of parts; `XDG_CONFIG_HOME`, `XDG_CACHE_HOME` and
    ///     `HOME` as the XDG Base Directory Specification says.
    public init(executable: String, environment: [String: String]) {
        let resolved = URL(fileURLWithPath: executable).resolvingSymlinksInPath().path
        let parts = environment["GIMP_ANIME_STYLE_HOME"] ?? Self.folder(of: resolved)
        let home = environment["HOME"] ?? "/"
        func base(_ variable: String, _ fallback: String) -> String {
            guard let value = environment[variable], value.hasPrefix("/") else { return "\(home)/\(fallback)" }
            return value
        }
        program = resolved
        modelFolder = "\(parts)/models"
        userModelFolder = "\(base("XDG_CONFIG_HOME", ".config"))/gimp-anime-style/models"
        detectorFolder = "\(parts)/detector"
        meshFolder = "\(parts)/mesh"
        cacheFolder = "\(base("XDG_CACHE_HOME", ".cache"))/gimp-anime-style"
    }

    /// Folder of the running program.
    public var programFolder: String { Self.folder(of: program) }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
