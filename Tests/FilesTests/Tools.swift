import Files
import Foundation
import PictureFixtures
import Raster
import XCTest

/// Other programs that write and read pictures, so that this package is not compared with itself.
enum Tools {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs a program of Debian's; `./install.sh --test` installs them.
    static func run(_ arguments: [String]) throws {
        let process = Process(), errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        // Threads that wait for each other cost more than they bring on pictures this small.
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(arguments.joined(separator: " ")): \(String(decoding: text, as: UTF8.self))")
        }
    }

    /// A script for Debian's Python with Pillow.
    static func python(_ script: String, _ arguments: String...) throws {
        try run(["/usr/bin/python3", "-c", script] + arguments)
    }

    /// What ImageMagick reads, at 8 or 16 bits; the first picture of several, turned upright.
    static func imageMagick(_ path: String, in folder: TemporaryFolder, depth: SampleDepth) throws -> Bitmap {
        let (raw, size) = (folder.file("reference.rgba"), folder.file("reference.txt"))
        // Of a picture without alpha, ImageMagick's "on" would show what happened to lie in memory.
        try run([
            "convert", "\(path)[0]", "-auto-orient", "-alpha", "set", "-depth", depth == .u8 ? "8" : "16", "-endian",
            "LSB",
            "-write", "RGBA:\(raw)", "-format", "%w %h", "info:\(size)",
        ])
        let sides = String(decoding: try TemporaryFolder.bytes(size), as: UTF8.self).split(separator: " ").compactMap {
            Int($0)
        }
        let bytes = try TemporaryFolder.bytes(raw)
        guard sides.count == 2, bytes.count == sides[0] * sides[1] * (depth == .u8 ? 4 : 8) else {
            throw Failure(description: "\(path): \(sides), \(bytes.count)")
        }
        func value(_ index: Int) -> Float {
            depth == .u8
                ? Float(bytes[index]) / 255
                : Float(UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8) / 65535
        }
        return Bitmap(
            width: sides[0], height: sides[1],
            pixels: (0..<sides[0] * sides[1]).map {
                SIMD4(value(4 * $0), value(4 * $0 + 1), value(4 * $0 + 2), value(4 * $0 + 3))
            })
    }
}
