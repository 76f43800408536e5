import Foundation
import XCTest

/// A picture's bytes as they are in its file, without any conversion of colours.
struct RawPicture {
    let width: Int
    let height: Int
    /// R, G and B of each pixel, row by row.
    let bytes: [UInt8]

    /// - Parameters:
    ///   - file: of any format that ImageMagick reads.
    ///   - frame: left, top, width and height of what is wanted.
    init(_ file: URL, in frame: [Int]) throws {
        let raw = file.deletingPathExtension().appendingPathExtension("rgb"), process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "convert", file.path, "-crop", "\(frame[2])x\(frame[3])+\(frame[0])+\(frame[1])", "+repage", "-alpha",
            "off",
            "-depth", "8", raw.path,
        ]
        try process.run()
        process.waitUntilExit()
        (width, height) = (frame[2], frame[3])
        bytes = [UInt8](try Data(contentsOf: raw))
        guard bytes.count == 3 * width * height else {
            throw SetupError(
                description:
                    "\(file.lastPathComponent) has \(bytes.count) bytes, not those of \(width)×\(height) pixels.")
        }
    }

    /// How far `other` differs when this picture's first pixel is put at (x, y) of it.
    /// - Returns: pixels that differ at all, and the largest difference of any channel, of 255.
    func differences(from other: RawPicture, at x: Int, _ y: Int) -> (pixels: Int, largest: Int) {
        var (pixels, largest) = (0, 0)
        bytes.withUnsafeBufferPointer { bytes in
            other.bytes.withUnsafeBufferPointer { others in
                for row in 0..<height {
                    var (here, there) = (3 * row * width, 3 * ((y + row) * other.width + x))
                    let end = here + 3 * width
                    // Rows that are alike need no look at each pixel.
                    if memcmp(bytes.baseAddress! + here, others.baseAddress! + there, 3 * width) == 0 { continue }
                    while here < end {
                        var worst = 0
                        for channel in 0...2 {
                            worst = max(worst, abs(Int(bytes[here + channel]) - Int(others[there + channel])))
                        }
                        pixels += worst == 0 ? 0 : 1
                        largest = max(largest, worst)
                        (here, there) = (here + 3, there + 3)
                    }
                }
            }
        }
        return (pixels, largest)
    }
}
