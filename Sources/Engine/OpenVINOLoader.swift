#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import COpenVINO
import Models
import Settings
import Synchronization

/// Opens ONNX and TensorFlow Lite files with OpenVINO on the CPU. Safe to call from several threads; a second call for
/// the same network returns the first one's.
///
/// Networks are compiled once with the graph's open dimensions left open. Four networks compiled for one size each, up
/// to 1024², need 608 instead of 371 MB, and a detector's ten pyramid levels take 0.48 s instead of 0.07 s. Style
/// models that draw many faces are the exception, see `FaceSizedNetwork`.
public final class OpenVINOLoader: NetworkLoader {
    private let cacheFolder: String?
    private let threads: Int?
    private let checksums: [String: UInt64]
    private let engine = Mutex<Engine?>(nil)
    private let entries = Mutex<[Key: Entry]>([:])

    private struct Key: Hashable {
        let file: String
        let arithmetic: Arithmetic
        let fixed: FixedInput?
    }

    /// Its lock is held while the network is compiled, so that other networks can be compiled meanwhile.
    private final class Entry: Sendable {
        let network = Mutex<CompiledNetwork?>(nil)
    }

    /// - Parameters:
    ///   - cacheFolder: where compiled networks are kept between runs, created when needed; `nil`, or a folder that
    ///     cannot be written, keeps none.
    ///   - threads: CPU threads of one run; `nil` uses all cores.
    ///   - checksums: `CompileCache.checksum` of files that are what they were or refused, by path.
    public init(cacheFolder: String? = nil, threads: Int? = nil, checksums: [String: UInt64] = [:]) {
        self.cacheFolder = cacheFolder
        self.threads = threads
        self.checksums = checksums
    }

    /// See `NetworkLoader`.
    public func network(file: String, precision: Precision) throws -> NeuralNetwork {
        try network(file: file, arithmetic: Arithmetic(precision))
    }

    /// The network of a style model, which takes every size and, in half precision, becomes faster at that of a face
    /// when it draws many.
    public func network(of model: InstalledModel, precision: Precision) throws -> NeuralNetwork {
        let network = try network(file: model.path, precision: precision)
        // The two networks do not round alike, and float32 is to repeat to the byte, whatever has been drawn before.
        guard precision == .half else { return network }
        let (input, side) = (model.manifest.input, model.manifest.face.size)
        let face = FixedInput(
            name: input.name, shape: input.layout == .NCHW ? [1, 3, side, side] : [1, side, side, 3])
        guard let spec = network.inputs.first(where: { $0.name == face.name }), spec.shape.contains(nil),
            spec.admits(face.shape)
        else { return network }
        return FaceSizedNetwork(any: network, face: face) {
            try self.network(file: model.path, arithmetic: Arithmetic(precision), fixed: face)
        }
    }

    func network(file: String, arithmetic: Arithmetic, fixed: FixedInput? = nil) throws -> NeuralNetwork {
        let key = Key(file: file, arithmetic: arithmetic, fixed: fixed)
        let entry = entries.withLock { entries in
            if let entry = entries[key] { return entry }
            let entry = Entry()
            entries[key] = entry
            return entry
        }
        return try entry.network.withLock { network in
            if let network { return network }
            // The network outlives this loader, and compiles itself again after a rest.
            let source = NetworkSource(
                file: file, arithmetic: arithmetic, fixed: fixed, threads: threads, cacheFolder: cacheFolder,
                checksum: checksums[file])
            let engine = try startedEngine()
            let compiled = try CompiledNetwork(file: file) { try source.compiled(by: engine) }
            network = compiled
            return compiled
        }
    }
}

/// What the engine is asked to compute with.
enum Arithmetic: String, Hashable, Sendable {
    case f32, bf16, f16
    /// The engine picks what is fastest on this CPU.
    case automatic

    init(_ precision: Precision) {
        switch precision {
        case .float32: self = .f32
        case .half: self = copenvino_half_precision_pays() ? .automatic : .f32
        }
    }
}

extension OpenVINOLoader {
    private func startedEngine() throws -> Engine {
        try engine.withLock { engine in
            if let engine { return engine }
            do {
                let started = try Engine()
                engine = started
                return started
            } catch {
                if MemoryBudget.isExhausted { throw MemoryBudget.exhausted }
                throw StyleError.network(reason: "OpenVINO's libraries beside the program could not be started")
            }
        }
    }
}

/// A network file and how it is to be compiled.
private struct NetworkSource: Sendable {
    let file: String
    let arithmetic: Arithmetic
    let fixed: FixedInput?
    let threads: Int?
    let cacheFolder: String?
    /// `CompileCache.checksum` of the file as it should be.
    let checksum: UInt64?

    /// - Throws: `StyleError`.
    func compiled(by engine: Engine) throws -> CompiledModel {
        let content = try read()
        var properties = [
            (key: "PERFORMANCE_HINT", value: "LATENCY"), (key: "NUM_STREAMS", value: "1"),
            (key: "CPU_RUNTIME_CACHE_CAPACITY", value: Self.sizeDependentParts),
        ]
        if arithmetic != .automatic { properties.append((key: "INFERENCE_PRECISION_HINT", value: arithmetic.rawValue)) }
        if let threads { properties.append((key: "INFERENCE_NUM_THREADS", value: String(max(1, threads)))) }
        let cache = cacheFolder.flatMap { CompileCache(root: $0).lease(forFile: file, content: content) }
        defer { cache?.finish() }
        if let cache,
            let model = try? engine.compile(
                file: file, fixed: fixed, properties: properties + [(key: "CACHE_DIR", value: cache.path)])
        {
            return CompiledModel(model)
        }
        do {
            return try CompiledModel(engine.compile(file: file, fixed: fixed, properties: properties))
        } catch is EngineFailure {
            if MemoryBudget.isExhausted { throw MemoryBudget.exhausted }
            throw StyleError.modelUnreadable(file: file, reason: NetworkFormat(file: file).refusal)
        }
    }

    /// How many layers made for one size a network keeps. The engine's own 5000 grow with each size that it is given:
    /// by 0.6 MB for those of a detector that was given each level as it was, past 840 MB in a batch of mixed
    /// photographs; with 256 that stopped at 230 MB.
    private static let sizeDependentParts = "256"

    /// The file's bytes, once it is sure that the engine may be given it.
    private func read() throws -> Data {
        let format = NetworkFormat(file: file)
        let content = try ModelFile.contents(file, limit: format.maximumBytes)
        if let checksum, CompileCache.checksum(content) != checksum {
            throw StyleError.modelChecksum(file: file)
        }
        guard format.admits(content) else { throw StyleError.modelUnreadable(file: file, reason: format.refusal) }
        return content
    }
}
