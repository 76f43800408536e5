import CGegl

/// The picture formats with their own treatment.
public enum FileFormat: String, Sendable, CaseIterable {
    case png, jpg, webp, tif
    /// Anything else that GdkPixbuf reads, like GIF or BMP; never written.
    case other

    /// By file name; `nil` when the extension is none of png, jpg, jpeg, webp, tif, tiff.
    public init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: "."), fileName[dot...].contains("/") == false else { return nil }
        switch fileName[fileName.index(after: dot)...].lowercased() {
        case "png": self = .png
        case "jpg", "jpeg": self = .jpg
        case "webp": self = .webp
        case "tif", "tiff": self = .tif
        default: return nil
        }
    }

    /// By the first bytes of a file, whatever its name says.
    init(firstBytes b: [UInt8]) {
        func starts(_ bytes: [UInt8], at offset: Int = 0) -> Bool { b.dropFirst(offset).starts(with: bytes) }
        if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpg
        } else if starts(Array("RIFF".utf8)), starts(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if [[0x49, 0x49, 42, 0], [0x4D, 0x4D, 0, 42], [0x49, 0x49, 43, 0], [0x4D, 0x4D, 0, 43]].contains(where: { starts($0) }) {
            self = .tif
        } else {
            self = .other
        }
    }

    /// Whether the bytes of a file run to the format's own end mark; the decoders take a cut-off file for a whole one.
    func isComplete(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .jpg: return Self.jpegHasEnd(bytes)
        case .png: return bytes.count > 20 && bytes.suffix(8).elementsEqual([0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
        case .webp: return bytes.count >= 12 && Self.littleEndian(bytes, at: 4) + 8 <= bytes.count
        case .tif, .other: return !bytes.isEmpty
        }
    }

    /// Walks the marker segments (ITU-T T.81, annex B) to the first scan and looks for the end-of-image marker behind it,
    /// so that the end of a thumbnail inside the Exif data does not count.
    private static func jpegHasEnd(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 2
        while position + 4 <= bytes.count {
            guard bytes[position] == 0xFF else { return false }
            let marker = bytes[position + 1]
            if marker == 0xFF {
                position += 1
                continue
            }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            position += 2 + length
            if marker == 0xDA { break }
        }
        while position + 1 < bytes.count {
            if bytes[position] == 0xFF, bytes[position + 1] == 0xD9 { return true }
            position += 1
        }
        return false
    }

    private static func littleEndian(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    /// The payload of a WebP file's `ICCP` chunk (RFC 9649, 2.7.1.2).
    static func webpProfile(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var position = 12
        while position + 8 <= bytes.count {
            let size = littleEndian(bytes, at: position + 4)
            guard size <= bytes.count - position - 8 else { return nil }
            if bytes[position..<position + 4].elementsEqual("ICCP".utf8) { return Array(bytes[position + 8..<position + 8 + size]) }
            position += 8 + size + size % 2
        }
        return nil
    }
}
