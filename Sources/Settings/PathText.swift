/// Paths as texts. A file system's names are bytes, and texts are UTF-8: a byte that is no part of any UTF-8 character
/// is kept as one of the last 128 characters of Unicode's private use area, so that the same bytes come out again.
/// Python's surrogate escapes (PEP 383) do the same; Swift's texts hold no surrogates.
extension String {
    private static let escapes: ClosedRange<UInt32> = 0x10FF80...0x10FFFF

    /// A name or a path as the system has it.
    public init(path bytes: some Collection<UInt8>) {
        self = ""
        if let text = Self.unescaped(bytes) {
            self = text
            return
        }
        var rest = Array(bytes)[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if let character = Self.unescaped(rest.prefix(length)) {
                unicodeScalars.append(contentsOf: character.unicodeScalars)
                rest = rest.dropFirst(length)
            } else {
                if let escape = Unicode.Scalar(0x10FF00 | UInt32(first)) { unicodeScalars.append(escape) }
                rest = rest.dropFirst()
            }
        }
    }

    /// A name or a path that ends with a zero byte.
    public init(path characters: UnsafePointer<CChar>) {
        var length = 0
        while characters[length] != 0 { length += 1 }
        self.init(path: UnsafeRawBufferPointer(start: characters, count: length))
    }

    /// `nil` when it is not UTF-8, or has characters that stand for bytes here.
    private static func unescaped(_ bytes: some Collection<UInt8>) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        return text.unicodeScalars.contains { escapes.contains($0.value) } ? nil : text
    }

    /// The byte that `scalar` stands for.
    static func escapedByte(_ scalar: Unicode.Scalar) -> UInt8? {
        escapes.contains(scalar.value) ? UInt8(truncatingIfNeeded: scalar.value) : nil
    }

    /// The bytes of this name or path as the system wants them.
    public var pathBytes: [UInt8] {
        // The first byte of all escapes.
        guard utf8.contains(0xF4) else { return Array(utf8) }
        return unicodeScalars.flatMap { scalar in
            Self.escapedByte(scalar).map { [$0] } ?? Array(String(scalar).utf8)
        }
    }

    /// Whether it has no bytes beside those of UTF-8 characters.
    public var isText: Bool {
        !utf8.contains(0xF4) || !unicodeScalars.contains { Self.escapes.contains($0.value) }
    }

    /// Calls `body` with this path as the system wants it.
    public func withPath<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        try (pathBytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { characters in
            guard let start = characters.baseAddress else { return try body("") }
            return try body(start)
        }
    }

    /// The path without its last part: `.` for a bare name.
    public var parentFolder: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }

    /// The path's last part.
    public var lastPathPart: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
        return String(self[utf8.index(after: slash)...])
    }

    /// What follows `start`, with which this path begins.
    public func path(behind start: String) -> String {
        String(decoding: utf8.dropFirst(start.utf8.count), as: UTF8.self)
    }
}
