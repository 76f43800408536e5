import Raster
import Foundation

/// A folder that lives as long as a test.
public final class TemporaryFolder {
    /// Where it lies.
    public let path: String

    /// Makes it.
    public init() throws {
        path = NSTemporaryDirectory() + "/anime-style-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // Foundation cannot name files whose names are no UTF-8.
        if (try? FileManager.default.removeItem(atPath: path)) == nil {
            _ = try? Process.run(URL(fileURLWithPath: "/bin/rm"), arguments: ["-rf", path])
        }
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names in the folder, hidden ones too, sorted.
    public func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

    /// Writes `bytes` and returns the file's path.
    public func write(_ bytes: [UInt8], as name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// A file's bytes.
    public static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
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

/// JPEG files, byte by byte.
public enum Jpeg {
    /// `file` with an Exif segment right behind the start marker that says how the picture must be turned (1…8).
    public static func withOrientation(_ orientation: UInt8, _ file: [UInt8]) -> [UInt8] {
        let tiff: [UInt8] = [
            0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ]
        let payload = Array("Exif".utf8) + [0, 0] + tiff
        let length = payload.count + 2
        return Array(file.prefix(2)) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + payload
            + Array(file.dropFirst(2))
    }

    /// `file` with an ICC profile in as many segments as it needs, or in shorter ones (ICC.1:2022, B.4).
    public static func withProfile(_ profile: [UInt8], segment most: Int = 65519, _ file: [UInt8]) -> [UInt8] {
        let count = max(1, (profile.count + most - 1) / most)
        let segments = (0..<count).flatMap { index -> [UInt8] in
            let part = profile[index * most..<min((index + 1) * most, profile.count)]
            let length = 2 + 14 + part.count
            return [0xFF, 0xE2, UInt8(length >> 8), UInt8(length & 255)] + Array("ICC_PROFILE".utf8) + [
                0, UInt8(index + 1), UInt8(count),
            ] + part
        }
        return Array(file.prefix(2)) + segments + Array(file.dropFirst(2))
    }
}

/// TIFF files, byte by byte.
public enum Tiff {
    /// An uncompressed little-endian file in one strip (TIFF 6.0, section 6), directory first.
    /// - Parameters:
    ///   - photometric: 2 red, green and blue; 5 cyan, magenta, yellow and black, which are the picture's four
    ///     channels.
    ///   - extraSamples: after the colours, of no stated meaning and of changing values.
    public static func rgb(
        _ picture: Bitmap, bits: Int, orientation: UInt8, profile: [UInt8]? = nil, photometric: Int = 2,
        extraSamples: Int = 0
    ) -> [UInt8] {
        func bytes(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let colours = photometric == 5 ? 4 : 3, count = colours + extraSamples
        let entries = 11 + (profile == nil ? 0 : 1) + (extraSamples > 0 ? 1 : 0)
        let bitsAt = 8 + 2 + 12 * entries + 4, extraAt = bitsAt + 2 * count, dataAt = extraAt + 2 * extraSamples
        let largest = Float((1 << bits) - 1)
        let samples = picture.pixels.enumerated().flatMap { index, pixel in
            (0..<colours).flatMap { bytes(Int((pixel[$0] * largest).rounded()), bits / 8) }
                + (0..<extraSamples).flatMap { bytes(index * 37 + $0 * 101, bits / 8) }
        }
        // Tag, type (3: short, 4: long), count, value; one or two shorts stand in the entry itself.
        var directory: [(Int, Int, Int, Int)] = [
            (256, 4, 1, picture.width), (257, 4, 1, picture.height), (258, 3, count, bitsAt), (259, 3, 1, 1),
            (262, 3, 1, photometric),
            (273, 4, 1, dataAt), (274, 3, 1, Int(orientation)), (277, 3, 1, count), (278, 4, 1, picture.height),
            (279, 4, 1, samples.count), (284, 3, 1, 1),
        ]
        if extraSamples > 0 { directory.append((338, 3, extraSamples, extraSamples > 2 ? extraAt : 0)) }
        if let profile { directory.append((34675, 7, profile.count, dataAt + samples.count)) }
        let table = directory.flatMap { (tag: Int, type: Int, count: Int, value: Int) -> [UInt8] in
            bytes(tag, 2) + bytes(type, 2) + bytes(count, 4) + bytes(value, 4)
        }
        let depths = (0..<count).flatMap { _ in bytes(bits, 2) }
        var file: [UInt8] = [0x49, 0x49, 42, 0]
        file += bytes(8, 4) + bytes(entries, 2) + table + bytes(0, 4)
        file += depths + [UInt8](repeating: 0, count: 2 * extraSamples) + samples
        return file + (profile ?? [])
    }
}

/// PNG files, byte by byte.
public enum Png {
    /// `file` without what it says about colour, and with `chunks` (a type and its data) behind the header instead.
    public static func withColour(_ chunks: [(String, [UInt8])], _ file: [UInt8]) -> [UInt8] {
        var result = Array(file.prefix(8))
        var position = 8
        while position + 12 <= file.count {
            let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
            if !["iCCP", "sRGB", "gAMA", "cHRM", "cICP"].contains(type) {
                result += file[position..<min(position + 12 + length, file.count)]
            }
            if type == "IHDR" { result += chunks.flatMap { chunk($0.0, $0.1) } }
            position += 12 + length
        }
        return result
    }

    /// Data of an `iCCP` chunk, stored without compression (PNG, third edition, 11.3.2.3; RFC 1950 and 1951).
    public static func profileData(_ profile: [UInt8]) -> [UInt8] {
        var (low, high) = (1, 0)
        for byte in profile {
            low = (low + Int(byte)) % 65521
            high = (high + low) % 65521
        }
        let blocks = stride(from: 0, to: max(profile.count, 1), by: 65535).flatMap { start -> [UInt8] in
            let part = profile[start..<min(start + 65535, profile.count)], size = part.count
            let sizes = [size & 255, size >> 8, ~size & 255, ~size >> 8 & 255].map { UInt8($0) }
            return [start + size >= profile.count ? 1 : 0] + sizes + part
        }
        return Array("made".utf8) + [0, 0, 0x78, 0x01] + blocks + word(high << 16 | low)
    }

    /// Four bytes, the most significant first.
    public static func word(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        // CRC-32 of PNG, annex D.
        var sum = UInt32.max
        for byte in body {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
        }
        return word(data.count) + body + word(Int(~sum))
    }
}
