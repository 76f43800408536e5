#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `--json` prints: one document a line.
enum JSONLine {
    static func text(_ value: some Encodable) throws -> String {
        try document(value, [])
    }

    /// - Parameter formatting: beside sorted keys and plain slashes.
    static func document(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting = .prettyPrinted) throws
        -> String
    {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        return escaped(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// With JSON's own spelling for what might command a terminal; it stands within texts alone.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            let isPlain = scalar.value < 0x7F || String(scalar).printable == String(scalar)
            if isPlain {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            }
        }
    }
}

extension String {
    /// A path in a document: itself where it is text, else with `\xE9` for bytes that are none, for people alone.
    var jsonText: String { isText ? self : printable }

    /// The path's bytes where `jsonText` does not have them; documents show them in base64.
    var jsonBytes: Data? { isText ? nil : Data(pathBytes) }
}

/// An error as `--json` prints it.
struct JSONError: Encodable {
    let error: String
}
