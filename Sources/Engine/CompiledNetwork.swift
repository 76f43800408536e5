import COpenVINO
import Models
import Settings
import Synchronization

/// A network file that is compiled when it is wanted. Any shape that fits the graph runs without compiling again.
final class CompiledNetwork: NeuralNetwork {
    let inputs: [TensorSpec]
    let outputs: [TensorSpec]
    /// Name of the file, for messages.
    private let name: String
    private let compile: @Sendable () throws -> CompiledModel
    /// Its lock is held while the network is compiled again, so that it is compiled once.
    private let model: Mutex<CompiledModel?>
    /// Numbers of the largest input so far.
    private let mostGiven = Atomic<Int>(0)

    /// Networks that were given no more than this hold little: less than it takes to look through all free memory.
    private static let littleGiven = 500_000

    /// - Parameter compile: called now and after each rest.
    /// - Throws: what `compile` throws, `StyleError.modelUnreadable` when an input or output is not a tensor of 32-bit
    ///   floats.
    init(file: String, compile: @escaping @Sendable () throws -> CompiledModel) throws {
        self.compile = compile
        name = file.lastPathPart
        let compiled = try compile()
        do {
            inputs = try Self.specs(
                compiled.handle, count: ov_compiled_model_inputs_size, port: ov_compiled_model_input_by_index)
            outputs = try Self.specs(
                compiled.handle, count: ov_compiled_model_outputs_size, port: ov_compiled_model_output_by_index)
            guard !inputs.isEmpty, !outputs.isEmpty else { throw EngineFailure(status: NOT_FOUND.rawValue) }
        } catch let failure as UnsupportedTensor {
            throw StyleError.modelUnreadable(
                file: file, reason: "its tensor “\(failure.name)” does not hold 32-bit floats")
        } catch is EngineFailure {
            throw StyleError.modelUnreadable(file: file, reason: "its inputs and outputs cannot be told")
        }
        model = Mutex(compiled)
    }

    func run(_ tensors: [String: Tensor]) throws -> [String: Tensor] {
        let ordered = try arrange(tensors)
        mostGiven.max(ordered.reduce(0) { $0 + $1.values.count }, ordering: .relaxed)
        let model = try model.withLock { kept in
            let model = try kept ?? compile()
            kept = model
            return model
        }
        do {
            let request = try model.takeRequest()
            defer { model.giveBack(request) }
            try infer(request, ordered[...], index: 0)
            var results: [String: Tensor] = [:]
            for (index, spec) in outputs.enumerated() {
                results[spec.name] = try output(request, index)
            }
            return results
        } catch is EngineFailure {
            if MemoryBudget.isExhausted { throw MemoryBudget.exhausted }
            let shapes = ordered.map { $0.shape.map(String.init).joined(separator: "×") }.joined(separator: ", ")
            throw StyleError.network(reason: "\(name) failed on input of \(shapes)")
        }
    }

    /// A run that is under way keeps what it needs until it ends.
    func rest() {
        model.withLock { $0 = nil }
        if mostGiven.load(ordering: .relaxed) > Self.littleGiven { copenvino_return_memory() }
    }
}

/// What the engine has made of a network, with its idle inference requests and the memory of their layers: 180 MB of a
/// style's network once it has drawn a large face.
///
/// `@unchecked Sendable` holds because a compiled model may be used from several threads, the handle never changes, and
/// each run has a request of its own.
final class CompiledModel: @unchecked Sendable {
    fileprivate let handle: OpaquePointer
    /// Requests that no thread is using; each keeps the memory of its last outputs.
    private let idle = Mutex<[RequestHandle]>([])
    private static let idleLimit = 4

    /// Takes over `handle`.
    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit {
        idle.withLock { $0.forEach { ov_infer_request_free($0.pointer) } }
        ov_compiled_model_free(handle)
    }

    fileprivate func takeRequest() throws -> OpaquePointer {
        if let request = idle.withLock({ $0.popLast() }) { return request.pointer }
        return try made { ov_compiled_model_create_infer_request(handle, $0) }
    }

    fileprivate func giveBack(_ request: OpaquePointer) {
        let handle = RequestHandle(pointer: request)
        let kept = idle.withLock { requests in
            guard requests.count < Self.idleLimit else { return false }
            requests.append(handle)
            return true
        }
        if !kept { ov_infer_request_free(request) }
    }
}

/// `@unchecked Sendable` holds because a request is used by the one thread that took it out of the idle ones.
private struct RequestHandle: @unchecked Sendable {
    let pointer: OpaquePointer
}

private struct UnsupportedTensor: Error {
    let name: String
}

extension CompiledNetwork {
    private static func specs(
        _ model: OpaquePointer, count: (OpaquePointer, UnsafeMutablePointer<Int>) -> ov_status_e,
        port: (OpaquePointer, Int, UnsafeMutablePointer<OpaquePointer?>) -> ov_status_e
    ) throws -> [TensorSpec] {
        var size = 0
        try check(count(model, &size))
        return try (0..<size).map { index in
            let handle = try made { port(model, index, $0) }
            defer { ov_output_const_port_free(handle) }
            return try spec(handle)
        }
    }

    private static func spec(_ port: OpaquePointer) throws -> TensorSpec {
        var text: UnsafeMutablePointer<CChar>?
        try check(ov_port_get_any_name(port, &text))
        guard let text else { throw EngineFailure(status: NOT_FOUND.rawValue) }
        defer { ov_free(text) }
        let name = String(cString: text)
        var type = DYNAMIC
        try check(ov_port_get_element_type(port, &type))
        guard type == F32 else { throw UnsupportedTensor(name: name) }
        var shape = ov_partial_shape_t()
        try check(ov_port_get_partial_shape(port, &shape))
        defer { ov_partial_shape_free(&shape) }
        let rank = ov_rank_is_dynamic(shape.rank) ? 0 : Int(shape.rank.min)
        let dimensions = UnsafeBufferPointer(start: shape.dims, count: rank)
        return TensorSpec(name: name, shape: dimensions.map { ov_dimension_is_dynamic($0) ? nil : Int($0.min) })
    }

    /// The tensors in the order of the graph's inputs.
    /// - Throws: `StyleError.network` naming the first one that is missing, unknown, empty or of another shape.
    private func arrange(_ tensors: [String: Tensor]) throws -> [Tensor] {
        for given in tensors.keys.sorted() where !inputs.contains(where: { $0.name == given }) {
            throw StyleError.network(
                reason: "\(name) has no input “\(given)”, only \(inputs.map(\.name).joined(separator: ", "))")
        }
        return try inputs.map { spec in
            guard let tensor = tensors[spec.name] else {
                throw StyleError.network(reason: "\(name) needs the input “\(spec.name)”")
            }
            guard spec.admits(tensor.shape), !tensor.values.isEmpty else {
                let wanted = spec.shape.map { $0.map(String.init) ?? "?" }.joined(separator: "×")
                let given = tensor.shape.map(String.init).joined(separator: "×")
                throw StyleError.network(
                    reason: "the input “\(spec.name)” of \(name) is \(given) and must be \(wanted)")
            }
            return tensor
        }
    }

    /// Lends each input's own memory to the engine, one nested call an input, and runs.
    private func infer(_ request: OpaquePointer, _ tensors: ArraySlice<Tensor>, index: Int) throws {
        guard let tensor = tensors.first else { return try check(ov_infer_request_infer(request)) }
        try tensor.values.withUnsafeBufferPointer { values in
            var dimensions = tensor.shape.map(Int64.init)
            let handle = try dimensions.withUnsafeMutableBufferPointer { pointer in
                let shape = ov_shape_t(rank: Int64(pointer.count), dims: pointer.baseAddress)
                return try made {
                    ov_tensor_create_from_host_ptr(
                        F32, shape, UnsafeMutableRawPointer(mutating: values.baseAddress), $0)
                }
            }
            defer { ov_tensor_free(handle) }
            try check(ov_infer_request_set_input_tensor_by_index(request, index, handle))
            try infer(request, tensors.dropFirst(), index: index + 1)
        }
    }

    private func output(_ request: OpaquePointer, _ index: Int) throws -> Tensor {
        let handle = try made { ov_infer_request_get_output_tensor_by_index(request, index, $0) }
        defer { ov_tensor_free(handle) }
        var shape = ov_shape_t()
        try check(ov_tensor_get_shape(handle, &shape))
        defer { ov_shape_free(&shape) }
        let dimensions = UnsafeBufferPointer(start: shape.dims, count: Int(shape.rank)).map { Int($0) }
        let count = dimensions.reduce(1, *)
        var data: UnsafeMutableRawPointer?
        try check(ov_tensor_data(handle, &data))
        guard count > 0, let data else { return Tensor(zeros: dimensions) }
        let source = UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count)
        return Tensor(shape: dimensions, values: Array(source))
    }
}
