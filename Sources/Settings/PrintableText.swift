extension String {
    /// Safe to show in one line of a terminal or a window, whoever chose it: what would command a terminal, end the
    /// line or turn the direction of writing is spelled out, as are bytes of names that are no UTF-8: `\x1B`, `\xE9`,
    /// `\u202E`.
    public var printable: String {
        let isPlain = utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        guard !isPlain, unicodeScalars.contains(where: { Self.spelling($0) != nil }) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if let spelling = Self.spelling(scalar) {
                result += spelling
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// What is shown in place of `scalar`; `nil` when it can be shown itself.
    private static func spelling(_ scalar: Unicode.Scalar) -> String? {
        if let byte = escapedByte(scalar) { return hexadecimal("\\x", UInt32(byte), digits: 2) }
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: return hexadecimal("\\x", scalar.value, digits: 2)
        // Line and paragraph separators; embeddings, overrides and isolates of bidirectional text (UAX 9).
        case 0x2028...0x202E, 0x2066...0x2069: return hexadecimal("\\u", scalar.value, digits: 4)
        default: return nil
        }
    }

    private static func hexadecimal(_ prefix: String, _ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return prefix + String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}
