import Models
import Synchronization

/// A network for every size that its graph admits, compiled once more for the size of a face when many faces have come.
///
/// With the size known the engine merges pointwise layers and needs a sixth less time; making that network takes about
/// as long as a dozen faces save. The two differ in rounding. Safe to call from several threads.
final class FaceSizedNetwork: NeuralNetwork {
    /// Faces that are drawn before the second network is made.
    static let patience = 8

    private struct State {
        var seen = 0
        var network: NeuralNetwork?
    }

    private let any: NeuralNetwork
    private let face: FixedInput
    private let make: @Sendable () throws -> NeuralNetwork
    private let state = Mutex(State())

    /// - Parameter make: compiles the network for `face`; when it throws, the other one goes on.
    init(any: NeuralNetwork, face: FixedInput, make: @escaping @Sendable () throws -> NeuralNetwork) {
        (self.any, self.face, self.make) = (any, face, make)
    }

    var inputs: [TensorSpec] { any.inputs }
    var outputs: [TensorSpec] { any.outputs }

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        guard inputs[face.name]?.shape == face.shape else { return try any.run(inputs) }
        return try usual().run(inputs)
    }

    func rest() {
        any.rest()
        state.withLock(\.network)?.rest()
    }

    /// Its lock is held while the network is compiled, so that it is compiled once.
    private func usual() -> NeuralNetwork {
        state.withLock { state in
            state.seen += 1
            if state.seen == Self.patience + 1 { state.network = try? make() }
            return state.network ?? any
        }
    }
}
