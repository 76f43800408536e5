/// Writes small ONNX networks, so that the tests need no files of others. Field numbers are those of onnx.proto (IR
/// version 8).
package struct OnnxWriter {
    package enum ElementType: UInt64 { case float = 1, int64 = 7, float16 = 10 }

    /// No nodes.
    package init() {}

    private var nodes: [[UInt8]] = []
    private var initializers: [[UInt8]] = []
    private var inputs: [[UInt8]] = []
    private var outputs: [[UInt8]] = []

    /// `nil` in a shape is a dimension left open.
    package mutating func input(_ name: String, _ shape: [Int?], type: ElementType = .float) {
        inputs.append(Self.value(name, shape, type))
    }
    package mutating func output(_ name: String, _ shape: [Int?], type: ElementType = .float) {
        outputs.append(Self.value(name, shape, type))
    }

    package mutating func constant(_ name: String, _ shape: [Int], _ values: [Float], claimedShape: [Int]? = nil) {
        var tensor = (claimedShape ?? shape).flatMap { Self.number(1, UInt64($0)) }
        tensor += Self.number(2, ElementType.float.rawValue) + Self.text(8, name)
        tensor += Self.bytes(
            9, values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) })
        initializers.append(tensor)
    }

    package mutating func node(_ type: String, _ from: [String], _ to: String, integers: [String: [Int]] = [:]) {
        var node =
            from.flatMap { Self.text(1, $0) } + Self.text(2, to) + Self.text(3, "node_\(nodes.count)")
            + Self.text(4, type)
        for (name, values) in integers.sorted(by: { $0.key < $1.key }) {
            let listed = Self.text(1, name) + values.flatMap { Self.number(8, UInt64($0)) } + Self.number(20, 7)
            node += Self.bytes(5, listed)
        }
        nodes.append(node)
    }

    /// Weights that lie in another file.
    package mutating func externalConstant(_ name: String, _ shape: [Int], location: String) {
        let entry = Self.text(1, "location") + Self.text(2, location)
        let tensor =
            shape.flatMap { Self.number(1, UInt64($0)) } + Self.number(2, ElementType.float.rawValue)
            + Self.text(8, name)
        initializers.append(tensor + Self.bytes(13, entry) + Self.number(14, 1))
    }

    /// Numbers for the operators that take sizes as inputs.
    package mutating func constant(_ name: String, integers: [Int]) {
        let tensor =
            Self.number(1, UInt64(integers.count)) + Self.number(2, ElementType.int64.rawValue) + Self.text(8, name)
        initializers.append(
            tensor
                + Self.bytes(
                    9, integers.flatMap { value in withUnsafeBytes(of: Int64(value).littleEndian, Array.init) }))
    }

    /// A node of another operator set, or with a graph of its own as loops have.
    package mutating func node(_ type: String, _ from: [String], _ to: String, domain: String = "", hasGraph: Bool) {
        var node = from.flatMap { Self.text(1, $0) }
        node += Self.text(2, to) + Self.text(4, type) + Self.text(7, domain)
        if hasGraph {
            node += Self.bytes(5, Self.text(1, "body") + Self.bytes(6, Self.text(2, "inner")) + Self.number(20, 5))
        }
        nodes.append(node)
    }

    package var file: [UInt8] {
        let graph =
            Self.list(1, nodes) + Self.text(2, "graph") + Self.list(5, initializers) + Self.list(11, inputs)
            + Self.list(12, outputs)
        return Self.number(1, 8) + Self.bytes(7, graph) + Self.bytes(8, Self.text(1, "") + Self.number(2, 13))
    }

    private static func value(_ name: String, _ shape: [Int?], _ type: ElementType) -> [UInt8] {
        let dimensions = shape.enumerated().flatMap { index, size in
            bytes(1, size.map { number(1, UInt64($0)) } ?? text(2, "\(name)_\(index)"))
        }
        return text(1, name) + bytes(2, bytes(1, number(1, type.rawValue) + bytes(2, dimensions)))
    }

    private static func variableLength(_ value: UInt64) -> [UInt8] {
        var (rest, result) = (value, [UInt8]())
        while rest >= 0x80 {
            result.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return result + [UInt8(rest)]
    }

    private static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] {
        variableLength(field << 3) + variableLength(value)
    }

    private static func bytes(_ field: UInt64, _ value: [UInt8]) -> [UInt8] {
        variableLength(field << 3 | 2) + variableLength(UInt64(value.count)) + value
    }

    private static func list(_ field: UInt64, _ values: [[UInt8]]) -> [UInt8] { values.flatMap { bytes(field, $0) } }

    private static func text(_ field: UInt64, _ value: String) -> [UInt8] { bytes(field, Array(value.utf8)) }
}

/// Networks with results that a test can work out by itself.
package enum SampleNetwork {
    /// y = max(0, factor · x + shift) for pictures 1×3×H×W, and z = x + shift.
    package static func affine(factor: Float, shift: String = "shift") -> [UInt8] {
        var onnx = OnnxWriter()
        onnx.input("x", [1, 3, nil, nil])
        onnx.input(shift, [1])
        onnx.output("y", [1, 3, nil, nil])
        onnx.output("z", [1, 3, nil, nil])
        let weights = (0..<9).map { Float($0 % 4 == 0 ? factor : 0) }
        onnx.constant("weights", [3, 3, 1, 1], weights)
        onnx.node("Conv", ["x", "weights"], "scaled")
        onnx.node("Add", ["scaled", shift], "moved")
        onnx.node("Relu", ["moved"], "y")
        onnx.node("Add", ["x", shift], "z")
        return onnx.file
    }

    /// y = −x, in any layout.
    package static func negative(_ shape: [Int?], input: String = "x", output: String = "y") -> [UInt8] {
        var onnx = OnnxWriter()
        onnx.input(input, shape)
        onnx.output(output, shape)
        onnx.node("Neg", [input], output)
        return onnx.file
    }

    /// Instance normalisation, as the AnimeGAN family has it.
    package static func normalised() -> [UInt8] {
        var onnx = OnnxWriter()
        onnx.input("x", [1, 3, nil, nil])
        onnx.output("y", [1, 3, nil, nil])
        onnx.constant("scale", [3], [0.5, 0.5, 0.5])
        onnx.constant("bias", [3], [0, 0, 0])
        onnx.node("InstanceNormalization", ["x", "scale", "bias"], "n")
        onnx.node("Tanh", ["n"], "y")
        return onnx.file
    }

    /// Eight 3×3 convolutions of 16 channels with pseudo-random weights, Relu between them, three channels of about
    /// −1…1 out.
    package static func deep() -> [UInt8] {
        var onnx = OnnxWriter()
        var state: UInt32 = 7
        func random() -> Float {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Float(state >> 8) / Float(1 << 24) * 2 - 1
        }
        onnx.input("x", [1, 3, nil, nil])
        onnx.output("y", [1, 3, nil, nil])
        var (from, channels) = ("x", 3)
        for layer in 0..<8 {
            let out = layer == 7 ? 3 : 16
            let scale = (6 / Float(channels * 9)).squareRoot()
            onnx.constant("w\(layer)", [out, channels, 3, 3], (0..<out * channels * 9).map { _ in random() * scale })
            onnx.node("Conv", [from, "w\(layer)"], "c\(layer)", integers: ["pads": [1, 1, 1, 1]])
            if layer < 7 { onnx.node("Relu", ["c\(layer)"], "r\(layer)") }
            (from, channels) = ("r\(layer)", out)
        }
        onnx.node("Tanh", ["c7"], "y")
        return onnx.file
    }
}
