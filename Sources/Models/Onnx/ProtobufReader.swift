/// Walks the fields of one message in the wire format of Protocol Buffers
/// (https://protobuf.dev/programming-guides/encoding).
struct ProtobufReader {
    enum Value {
        case number(UInt64)
        /// A string, a message or packed numbers.
        case bytes(ArraySlice<UInt8>)
        /// Four or eight bytes that nothing here needs.
        case fixed
    }

    /// The bytes are no message.
    struct Malformed: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Number and value of the next field; `nil` at the end.
    /// - Throws: `Malformed`.
    mutating func next() throws -> (field: UInt64, value: Value)? {
        guard !rest.isEmpty else { return nil }
        let key = try number()
        switch key & 7 {
        case 0: return (key >> 3, .number(try number()))
        case 1: return (key >> 3, try fixed(8))
        case 2:
            let count = try number()
            guard count <= UInt64(rest.count) else { throw Malformed() }
            let bytes = rest.prefix(Int(count))
            rest = rest.dropFirst(Int(count))
            return (key >> 3, .bytes(bytes))
        case 5: return (key >> 3, try fixed(4))
        default: throw Malformed()
        }
    }

    private mutating func fixed(_ count: Int) throws -> Value {
        guard rest.count >= count else { throw Malformed() }
        rest = rest.dropFirst(count)
        return .fixed
    }

    /// Seven bits a byte, lowest first, ten bytes at most.
    private mutating func number() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }
}

extension ProtobufReader {
    /// All numbers of a repeated field that is packed.
    static func numbers(_ bytes: ArraySlice<UInt8>) throws -> [UInt64] {
        var reader = ProtobufReader(bytes)
        var result: [UInt64] = []
        while !reader.rest.isEmpty { result.append(try reader.number()) }
        return result
    }
}
