import Raster
import Foundation

/// A folder that lives as long as a test.
public final class TemporaryFolder {
    public let path: String

    public init() throws {
        path = NSTemporaryDirectory() + "/anime-style-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names in the folder, hidden ones too, sorted.
    public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    /// Writes `bytes` and returns the file's path.
    public func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    public static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}

/// Largest difference of any channel.
public func largestDifference(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> Float {
    let difference = a - b
    return max(difference.max(), -difference.min())
}

extension Bitmap {
    /// Smooth, with no two sides alike, so that a turned or mirrored copy differs everywhere.
    public static func gradient(width: Int, height: Int, transparent: Bool = false) -> Bitmap {
        Bitmap(width: width, height: height) { x, y in
            let (u, v) = ((Float(x) + 0.5) / Float(width), (Float(y) + 0.5) / Float(height))
            return SIMD4(0.1 + 0.8 * u, 0.9 - 0.7 * v, 0.3 + 0.4 * u * v, transparent ? 0.25 + 0.75 * v : 1)
        }
    }

    /// Largest difference of any channel of any pixel; infinite when the sizes differ.
    public func largestDifference(_ other: Bitmap, channels: [Int] = [0, 1, 2, 3]) -> Float {
        guard width == other.width, height == other.height else { return .infinity }
        return zip(pixels, other.pixels).reduce(0) { largest, pair in
            channels.reduce(largest) { max($0, abs(pair.0[$1] - pair.1[$1])) }
        }
    }
}

public enum Jpeg {
    /// `file` with an Exif segment right behind the start marker that says how the picture must be turned (1…8).
    public static func withOrientation(_ orientation: UInt8, _ file: [UInt8]) -> [UInt8] {
        let tiff: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
        let payload = Array("Exif".utf8) + [0, 0] + tiff
        let length = payload.count + 2
        return Array(file.prefix(2)) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + payload + Array(file.dropFirst(2))
    }
}

public enum Tiff {
    /// An uncompressed little-endian RGB file in one strip (TIFF 6.0, section 6), directory first.
    public static func rgb(_ picture: Bitmap, bits: Int, orientation: UInt8, profile: [UInt8]? = nil) -> [UInt8] {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let entries = profile == nil ? 11 : 12
        let bitsAt = 8 + 2 + 12 * entries + 4
        let dataAt = bitsAt + 6
        let largest = Float((1 << bits) - 1)
        let samples = picture.pixels.flatMap { pixel in
            (0..<3).flatMap { bytes(Int((pixel[$0] * largest).rounded()), bits / 8) }
        }
        // Tag, type (3: short, 4: long), count, value.
        var directory: [(Int, Int, Int, Int)] = [
            (256, 4, 1, picture.width), (257, 4, 1, picture.height), (258, 3, 3, bitsAt), (259, 3, 1, 1), (262, 3, 1, 2),
            (273, 4, 1, dataAt), (274, 3, 1, Int(orientation)), (277, 3, 1, 3), (278, 4, 1, picture.height),
            (279, 4, 1, samples.count), (284, 3, 1, 1),
        ]
        if let profile { directory.append((34675, 7, profile.count, dataAt + samples.count)) }
        let table = directory.flatMap { bytes($0.0, 2) + bytes($0.1, 2) + bytes($0.2, 4) + bytes($0.3, 4) }
        return [0x49, 0x49, 42, 0] + bytes(8, 4) + bytes(entries, 2) + table + bytes(0, 4)
            + bytes(bits, 2) + bytes(bits, 2) + bytes(bits, 2) + samples + (profile ?? [])
    }
}
