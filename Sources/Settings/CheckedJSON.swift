#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// JSON that somebody else wrote.
public enum CheckedJSON {
    /// More than any file of this program nests; the decoder calls itself at each level and ends the process at some
    /// hundred.
    public static let mostLevels = 32

    /// Not decoded: it nests deeper than any file of this program.
    public struct TooDeep: Error {}

    /// Not decoded: it is no UTF-8.
    public struct OtherEncoding: Error {}

    /// Decodes `data` after a look at how deep it nests.
    /// - Throws: `TooDeep`, `OtherEncoding`, what `JSONDecoder` throws.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        // UTF-16 and UTF-32, which JSON may be in too, have zeros.
        guard !data.contains(0) else { throw OtherEncoding() }
        guard isShallow(data) else { throw TooDeep() }
        return try JSONDecoder().decode(type, from: data)
    }

    /// Counts brackets outside texts.
    static func isShallow(_ data: Data) -> Bool {
        var level = 0
        var (isText, isEscaped) = (false, false)
        for byte in data {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isText: isEscaped = true
            case UInt8(ascii: "\""): isText.toggle()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if !isText { level += 1 }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if !isText { level -= 1 }
            default: break
            }
            if level > mostLevels { return false }
        }
        return true
    }
}
