import CGegl
import Glibc

/// Puts an ICC profile into a finished PNG file. GdkPixbuf 2.42 fails when told to write one, and GEGL leaves out those
/// that equal sRGB.
struct PngProfile {
    let profile: [UInt8]

    /// - Returns: whether the file was rewritten.
    func embed(inFile path: String) -> Bool {
        guard let file = try? InputFile(path: path) else { return false }
        let bytes = embedded(in: file.bytes)
        file.close()
        guard let bytes, let output = fopen(path, "wb") else { return false }
        let written = fwrite(bytes, 1, bytes.count, output)
        return fclose(output) == 0 && written == bytes.count
    }

    /// `png` with an `iCCP` chunk behind its header (PNG, third edition, 11.3.2.3) in place of what it said about colour.
    private func embedded(in png: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let chunk = profileChunk() else { return nil }
        var result = Array(png.prefix(8))
        result.reserveCapacity(png.count + chunk.count)
        var position = 8
        while position + 12 <= png.count {
            let length = png[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = position + 12 + length
            guard end <= png.count else { return nil }
            let type = String(decoding: png[position + 4..<position + 8], as: UTF8.self)
            if !["iCCP", "sRGB", "gAMA", "cHRM"].contains(type) { result += png[position..<end] }
            if type == "IHDR" { result += chunk }
            position = end
        }
        return result
    }

    private func profileChunk() -> [UInt8]? {
        guard let compressed = deflated() else { return nil }
        let body = Array("iCCPICC profile".utf8) + [0, 0] + compressed
        return Self.bigEndian(UInt32(body.count - 4)) + body + Self.bigEndian(Self.crc(body))
    }

    private func deflated() -> [UInt8]? {
        guard let compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9) else { return nil }
        defer { g_object_unref(UnsafeMutableRawPointer(compressor)) }
        // zlib's bound for incompressible data is far below this.
        var output = [UInt8](repeating: 0, count: profile.count + profile.count / 100 + 1000)
        var (read, written): (gsize, gsize) = (0, 0)
        let state = g_converter_convert(compressor, profile, gsize(profile.count), &output, gsize(output.count),
                                        G_CONVERTER_INPUT_AT_END, &read, &written, nil)
        return state == G_CONVERTER_FINISHED ? Array(output.prefix(Int(written))) : nil
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    /// CRC-32 of PNG, annex D.
    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        }
    }
}
