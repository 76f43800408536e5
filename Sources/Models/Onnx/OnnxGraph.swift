import Settings

/// What an ONNX file says about itself, read without an engine, so that a file which is not what a style model has to
/// be is refused before anything computes with it. Field numbers are those of onnx.proto (https://github.com/onnx/onnx,
/// IR version 12).
struct OnnxGraph {
    struct Value: Equatable {
        var name = ""
        /// As in `TensorProto.DataType`; 1 is a 32-bit float.
        var elementType: UInt64 = 0
        /// `nil` where the number of dimensions is left open, and in it for a dimension that may vary.
        var shape: [Int?]?
    }

    /// Why a file is refused, to be put into `StyleError.modelUnreadable`.
    struct Refusal: Error, Equatable {
        let reason: Message

        static let malformed = Refusal(reason: "it is damaged or not an ONNX network")
    }

    /// Inputs that are not weights.
    private(set) var inputs: [Value] = []
    private(set) var outputs: [Value] = []
    private(set) var operators: Set<String> = []
    private var weights: Set<String> = []
    private var nodeCount = 0

    private static let maximumNodes = 20_000
    private static let maximumValues = 20_000
    private static let maximumNameBytes = 500
    private static let maximumRank = 16

    /// - Throws: `Refusal` for what is no ONNX network, for weights in other files or larger than the bytes that hold
    ///   them, loops and branches, and operators outside the standard.
    init(_ file: [UInt8]) throws {
        do {
            var hasGraph = false
            try Self.each(file[...]) { field, value in
                switch (field, value) {
                case let (7, .bytes(graph)):
                    hasGraph = true
                    try readGraph(graph)
                case (25, _): throw Refusal(reason: "it defines operators of its own")
                default: break
                }
            }
            guard hasGraph, nodeCount > 0 else { throw Refusal.malformed }
        } catch is ProtobufReader.Malformed {
            throw Refusal.malformed
        }
        inputs.removeAll { weights.contains($0.name) }
    }

    private static func each(_ message: ArraySlice<UInt8>, _ body: (UInt64, ProtobufReader.Value) throws -> Void) throws
    {
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() { try body(field, value) }
    }

    private mutating func readGraph(_ graph: ArraySlice<UInt8>) throws {
        try Self.each(graph) { field, value in
            guard case let .bytes(bytes) = value else { return }
            switch field {
            case 1: try readNode(bytes)
            case 5: weights.insert(try Self.readTensor(bytes))
            case 11: inputs.append(try Self.readValue(bytes))
            case 12: outputs.append(try Self.readValue(bytes))
            case 15: throw Refusal(reason: "its weights are stored sparsely")
            default: break
            }
            guard max(weights.count, inputs.count, outputs.count) <= Self.maximumValues else {
                throw Refusal(reason: "it has too many weights")
            }
        }
    }

    private mutating func readNode(_ node: ArraySlice<UInt8>) throws {
        nodeCount += 1
        guard nodeCount <= Self.maximumNodes else {
            throw Refusal(reason: "it has more than \(Self.maximumNodes) operations")
        }
        try Self.each(node) { field, value in
            guard case let .bytes(bytes) = value else { return }
            switch field {
            case 4: operators.insert(try Self.text(bytes))
            case 5: try Self.checkAttribute(bytes)
            case 7:
                let domain = try Self.text(bytes)
                guard ["", "ai.onnx"].contains(domain) else {
                    throw Refusal(reason: "it needs operators of “\(domain)”, which are not standard ONNX")
                }
            default: break
            }
        }
    }

    /// Loops and branches are the operators with graphs in their attributes.
    private static func checkAttribute(_ attribute: ArraySlice<UInt8>) throws {
        try each(attribute) { field, value in
            switch (field, value) {
            case let (5, .bytes(tensor)), let (10, .bytes(tensor)): _ = try readTensor(tensor)
            case (6, _), (11, _):
                throw Refusal(reason: "it contains loops or branches, which a style model has no use for")
            case (22, _), (23, _): throw Refusal(reason: "its weights are stored sparsely")
            default: break
            }
        }
    }

    /// The tensor's name, once it is sure that its numbers lie in the file itself.
    private static func readTensor(_ tensor: ArraySlice<UInt8>) throws -> String {
        var name = ""
        var dimensions: [UInt64] = []
        try each(tensor) { field, value in
            switch (field, value) {
            case let (1, .number(size)): dimensions.append(size)
            case let (1, .bytes(packed)): dimensions += try ProtobufReader.numbers(packed)
            case let (8, .bytes(bytes)): name = try text(bytes)
            case (13, _), (14, .number(1...)): throw Refusal(reason: "it keeps its weights in another file")
            default: break
            }
            guard dimensions.count <= maximumRank else { throw Refusal.malformed }
        }
        // The smallest element has four bits.
        let limit = 2 * UInt64(tensor.count)
        if dimensions.contains(0) { return name }
        let fits =
            dimensions.reduce(UInt64(1)) { count, size in
                let (product, overflow) = count.multipliedReportingOverflow(by: size)
                return overflow || product > limit ? limit + 1 : product
            } <= limit
        guard fits else { throw Refusal(reason: "its weights claim to be larger than the file") }
        return name
    }

    private static func readValue(_ message: ArraySlice<UInt8>) throws -> Value {
        var result = Value()
        try each(message) { field, value in
            switch (field, value) {
            case let (1, .bytes(name)): result.name = try text(name)
            case let (2, .bytes(type)):
                try each(type) { kind, value in
                    // Sequences, maps and optional values keep an element type of 0.
                    guard kind == 1, case let .bytes(tensor) = value else { return }
                    try each(tensor) { field, value in
                        switch (field, value) {
                        case let (1, .number(type)): result.elementType = type
                        case let (2, .bytes(shape)): result.shape = try readShape(shape)
                        default: break
                        }
                    }
                }
            default: break
            }
        }
        return result
    }

    private static func readShape(_ shape: ArraySlice<UInt8>) throws -> [Int?] {
        var result: [Int?] = []
        try each(shape) { field, value in
            guard field == 1, case let .bytes(dimension) = value else { return }
            var size: Int?
            try each(dimension) { field, value in
                // Exporters write 0 and −1 for a dimension that varies.
                if case let (1, .number(number)) = (field, value) {
                    size = Int(exactly: number).flatMap { $0 > 0 ? $0 : nil }
                }
            }
            result.append(size)
            guard result.count <= maximumRank else { throw Refusal.malformed }
        }
        return result
    }

    /// Names end up in messages, so they have to be readable ones.
    private static func text(_ bytes: ArraySlice<UInt8>) throws -> String {
        guard bytes.count <= maximumNameBytes, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            let text = String(validating: bytes, as: UTF8.self)
        else {
            throw Refusal.malformed
        }
        return text
    }
}
