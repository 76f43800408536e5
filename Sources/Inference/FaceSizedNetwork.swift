import AnimeCore

/// A network compiled twice: for every size that its graph admits, and for that of a face.
struct FaceSizedNetwork: NeuralNetwork {
    let any: NeuralNetwork
    let usual: NeuralNetwork
    let face: FixedInput

    var inputs: [TensorSpec] { any.inputs }
    var outputs: [TensorSpec] { any.outputs }

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        try (inputs[face.name]?.shape == face.shape ? usual : any).run(inputs)
    }
}
