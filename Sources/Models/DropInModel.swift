#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Settings

/// A network that the user put into a folder of their own. Its manifest may leave out all that the graph says or that
/// has a usual value, or be missing altogether.
struct DropInModel {
    private let path: String
    private let file: String
    private let graph: OnnxGraph
    private let fields: JSONValue

    /// Largest manifest that is read, in bytes.
    static let maximumManifestBytes = 1 << 20

    /// - Parameters:
    ///   - folder: where the files lie.
    ///   - manifest: file name of the manifest; `nil` when there is none.
    ///   - network: name of the network's file, for when the manifest names none.
    /// - Throws: `StyleError.modelUnreadable`.
    init(folder: String, manifest: String?, network: String) throws {
        fields = try manifest.map { try Self.readFields("\(folder)/\($0)") } ?? .object([:])
        let name = fields["file"]?.text ?? network
        guard name.hasSuffix(".onnx"), !name.contains("/") else {
            throw StyleError.modelUnreadable(
                file: "\(folder)/\(manifest ?? network)",
                reason: "its file name has to end in .onnx and to name no folder")
        }
        file = name
        path = "\(folder)/\(name)"
        do {
            graph = try OnnxGraph(Array(ModelFile.contents(path)))
        } catch let refusal as OnnxGraph.Refusal {
            throw StyleError.modelUnreadable(file: path, reason: refusal.reason)
        }
    }

    /// The manifest's file name of the network, without looking at the network; `nil` when there is none or it cannot
    /// be read.
    static func networkNamed(inManifest path: String) -> String? { (try? readFields(path))?["file"]?.text }

    private static func readFields(_ path: String) throws -> JSONValue {
        let data = try ModelFile.contents(path, limit: maximumManifestBytes)
        let fields = try ModelManifest.decoded(JSONValue.self, from: data, path: path)
        guard case .object = fields else {
            throw StyleError.modelUnreadable(file: path, reason: ModelManifest.malformed)
        }
        return fields
    }

    /// The whole manifest, checked against the graph.
    /// - Throws: `StyleError.modelUnreadable`.
    func manifest() throws -> ModelManifest {
        do {
            let complete = try JSONEncoder().encode(JSONValue(guess()).merged(with: fields))
            return try JSONDecoder().decode(ModelManifest.self, from: complete).validated(path: path).checked(
                against: graph)
        } catch let error as StyleError {
            throw error
        } catch let refusal as OnnxGraph.Refusal {
            throw StyleError.modelUnreadable(file: path, reason: refusal.reason)
        } catch {
            throw StyleError.modelUnreadable(file: path, reason: ModelManifest.malformed)
        }
    }

    // MARK: - What the graph says

    private func guess() throws -> ModelManifest {
        guard let picture = graph.inputs.first(where: { $0.layout != nil }) ?? graph.inputs.first,
            let drawing = graph.outputs.first(where: { $0.layout != nil }) ?? graph.outputs.first
        else {
            throw OnnxGraph.Refusal(reason: "it has no input or no output")
        }
        guard graph.outputs.count == 1 || fields["outputs"]?["colour"] != nil || decidesLate else {
            throw OnnxGraph.Refusal(
                reason: "it has \(graph.outputs.count) outputs, so a manifest has to name the one that is the drawing")
        }
        let layout = picture.layout ?? drawing.layout
        guard layout != nil || fields["input"]?["layout"] != nil else {
            throw OnnxGraph.Refusal(
                reason:
                    "which side of its input is the three colors cannot be told, so a manifest has to name the layout")
        }
        let base = String(file.dropLast(".onnx".count))
        let size = picture.size(layout ?? .NCHW)
        return ModelManifest(
            schema: 1, id: ModelManifest.usableID(base),
            title: ["en": String(base.map { $0 == "_" ? " " : $0 })],
            description: [:], file: file, sha256: "", licence: "unknown", version: "",
            input: .init(
                name: picture.name, layout: layout ?? .NCHW, channels: .RGB, range: [-1, 1],
                multiple: size == nil ? 32 : 1, size: size),
            outputs: .init(colour: decidesLate ? nil : drawing.name, lines: nil), gates: nil, lineTint: [0, 0, 0],
            face: .init(
                size: size.map { min(max($0.min() ?? 512, 64), 2048) } ?? 512, template: FaceTemplate.ffhq512.name,
                templateScale: 0.6667),
            tiling: tiling(size),
            workingSize: tiling(size).allowed ? 1024 : size.map { min(max($0.max() ?? 1024, 64), 8192) } ?? 1024,
            defaults: .init(shares: [:]))
    }

    private var decidesLate: Bool { fields["outputs"]?["logits"] != nil }

    /// Tiles are drawn alike only when no operation looks at the whole picture, as instance normalisation does.
    private func tiling(_ size: [Int]?) -> ModelManifest.Tiling {
        let side = min(size?.min() ?? 512 + 64, 512 + 64)
        return .init(
            allowed: graph.operators.isSubset(of: Self.localOperators) && side >= 128, tile: max(64, side - 64),
            overlap: 64)
    }

    private static let localOperators: Set<String> = [
        "Conv", "ConvTranspose", "DepthToSpace", "SpaceToDepth", "MaxPool", "AveragePool", "Resize", "Upsample", "Pad",
        "BatchNormalization",
        "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Clip", "Tanh", "Sigmoid", "HardSigmoid", "HardSwish", "Softplus",
        "Erf",
        "Add", "Sub", "Mul", "Div", "Neg", "Abs", "Min", "Max", "Sqrt", "Pow", "Exp", "Log",
        "Constant", "Identity", "Transpose", "Concat", "Split", "Cast", "Shape", "Gather", "Slice", "Unsqueeze",
        "Squeeze", "Floor",
    ]
}

extension OnnxGraph.Value {
    /// By the place of the three colours; `nil` when it cannot be told.
    fileprivate var layout: ModelManifest.Layout? {
        guard let shape, shape.count == 4, (shape[1] == 3) != (shape[3] == 3) else { return nil }
        return shape[1] == 3 ? .NCHW : .NHWC
    }

    /// Width and height; `nil` where they are open.
    fileprivate func size(_ layout: ModelManifest.Layout) -> [Int]? {
        guard let shape, shape.count == 4 else { return nil }
        guard let height = shape[layout == .NCHW ? 2 : 1], let width = shape[layout == .NCHW ? 3 : 2] else {
            return nil
        }
        return [width, height]
    }
}

extension ModelManifest {
    static let malformed: Message = "its manifest is not valid JSON of the documented form"

    /// What the manifest at `path` says.
    /// - Throws: `StyleError.modelUnreadable`.
    package static func decoded<Value: Decodable>(_ type: Value.Type, from data: Data, path: String) throws -> Value {
        do {
            return try CheckedJSON.decode(type, from: data)
        } catch is CheckedJSON.TooDeep {
            let reason: Message = "its manifest nests deeper than \(CheckedJSON.mostLevels) levels"
            throw StyleError.modelUnreadable(file: path, reason: reason)
        } catch {
            throw StyleError.modelUnreadable(file: path, reason: malformed)
        }
    }

    /// - Throws: `OnnxGraph.Refusal` naming the first thing in which the graph differs.
    fileprivate func checked(against graph: OnnxGraph) throws -> ModelManifest {
        func require(_ condition: Bool, _ reason: Message) throws {
            if !condition { throw OnnxGraph.Refusal(reason: reason) }
        }
        let known = [input.name] + (gates.map { [$0.input, $0.mix] } ?? []) + (guides.map { [$0.input] } ?? [])
        for value in graph.inputs {
            try require(known.contains(value.name), "it needs the input “\(value.name)” besides the picture")
        }
        for name in known { try require(graph.inputs.contains { $0.name == name }, "it has no input “\(name)”") }
        for name in [outputs.colour, outputs.lines, outputs.flat, outputs.effects, outputs.logits, gates?.output]
            .compactMap({ $0 })
        {
            try require(graph.outputs.contains { $0.name == name }, "it has no output “\(name)”")
        }
        for value in graph.inputs.filter({ $0.name == input.name })
            + graph.outputs.filter({ $0.name == outputs.colour ?? outputs.flat })
        {
            try require(value.elementType == 1, "its tensor “\(value.name)” does not hold 32-bit floats")
            guard let shape = value.shape else { continue }
            let text = shape.map { $0.map(String.init) ?? "?" }.joined(separator: "×")
            let wanted = input.layout == .NCHW ? "1×3×height×width" : "1×height×width×3"
            let fits = shape.count == 4 && (shape[0] ?? 1) == 1 && (shape[input.layout == .NCHW ? 1 : 3] ?? 3) == 3
            try require(
                fits && (value.layout ?? input.layout) == input.layout,
                "its tensor “\(value.name)” is \(text) and has to be \(wanted)")
        }
        let picture = graph.inputs.first { $0.name == input.name }
        let sides = (picture?.shape).map { input.layout == .NCHW ? [$0[3], $0[2]] : [$0[2], $0[1]] } ?? [nil, nil]
        try require((sides[0] == nil) == (sides[1] == nil), "its input has a fixed width or height but not both")
        if let width = sides[0], let height = sides[1] {
            try require(
                input.size == [width, height],
                "it takes pictures of \(width)×\(height) only, and its manifest says another size")
        }
        return self
    }
}
