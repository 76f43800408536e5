/// A style model's network, fed and read as its manifest says.
public struct Generator: Sendable {
    public let manifest: ModelManifest
    private let network: NeuralNetwork

    public init(manifest: ModelManifest, network: NeuralNetwork) {
        self.manifest = manifest
        self.network = network
    }
}
