import Settings

/// A dense array of floats: `values.count` is the product of `shape`, last dimension fastest.
public struct Tensor: Equatable, Sendable {
    /// Sizes of the dimensions.
    public var shape: [Int]
    /// Row-major.
    public var values: [Float]

    /// Wraps values; their count must fit the shape.
    public init(shape: [Int], values: [Float]) {
        precondition(values.count == shape.reduce(1, *), "value count must match the shape")
        self.shape = shape
        self.values = values
    }

    /// A tensor of zeros.
    public init(zeros shape: [Int]) {
        self.init(shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
    }
}

/// What a graph says about one of its inputs or outputs; `nil` marks a dimension that may vary.
public struct TensorSpec: Equatable, Sendable {
    /// In the graph.
    public let name: String
    /// Sizes of the dimensions.
    public let shape: [Int?]

    /// An input or output of this name and shape.
    public init(name: String, shape: [Int?]) {
        self.name = name
        self.shape = shape
    }

    /// Whether a tensor of this shape fits.
    public func admits(_ given: [Int]) -> Bool {
        given.count == shape.count && zip(given, shape).allSatisfy { $1 == nil || $0 == $1 }
    }
}

/// A loaded network: named tensors in, named tensors out. Safe to call from several threads.
///
/// The core defines this protocol and never imports an engine; the module `Engine` implements it.
public protocol NeuralNetwork: Sendable {
    var inputs: [TensorSpec] { get }
    var outputs: [TensorSpec] { get }

    /// - Throws: `StyleError.network` when a name or a shape does not fit the graph or the engine fails.
    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor]

    /// Gives back the memory that is kept from run to run; the next run begins with loading the network again. Does
    /// nothing unless the engine can.
    func rest()
}

extension NeuralNetwork {
    /// Nothing.
    public func rest() {}
}

/// Opens network files. Implementations cache one compiled network per (file, shape, precision).
public protocol NetworkLoader: Sendable {
    /// - Parameter file: path of an ONNX file or, by its ending `.tflite`, of a TensorFlow Lite one.
    /// - Throws: `StyleError.modelUnreadable` when the file is missing, broken or not a network.
    func network(file: String, precision: Precision) throws -> NeuralNetwork
}
