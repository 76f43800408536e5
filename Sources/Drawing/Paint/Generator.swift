import Models
import Raster
import Settings

/// A style model's network, fed and read as its manifest says.
public struct Generator: Sendable {
    /// How the network is fed and read.
    public let manifest: ModelManifest
    private let network: NeuralNetwork

    /// Draws with `network` as `manifest` says.
    public init(manifest: ModelManifest, network: NeuralNetwork) {
        self.manifest = manifest
        self.network = network
    }

    /// Gives back the memory that the network keeps from picture to picture.
    func rest() { network.rest() }

    /// The pose in a square of the model's face size.
    var usualTemplate: FaceTemplate {
        FaceTemplate.ffhq512.scaled(toSize: Double(manifest.face.size), about: manifest.face.templateScale)
    }

    /// Landmark pose that the model draws a face in: a square of the model's face size, or larger or smaller in a few
    /// steps where the face has more or fewer pixels in the photograph and the model allows it. Smaller ones lose
    /// nothing: they are never under the face's own size but at the model's smallest.
    ///
    /// - Parameter interOcularDistance: of the face in the photograph, in pixels.
    public func template(interOcularDistance: Double) -> FaceTemplate {
        let face = manifest.face
        let pose = usualTemplate
        let step = roundUp(128, toMultipleOf: manifest.input.multiple)
        let wanted = Double(face.size) * interOcularDistance / pose.landmarks.interOcularDistance
        if let smallest = face.minimumSize, wanted <= Double(face.size - step) {
            return pose.scaled(
                toSize: Double(max(smallest, roundUp(Int(max(wanted, 1).rounded(.up)), toMultipleOf: step))), about: 1)
        }
        let grown = min(Double(face.maximumSize ?? face.size) - Double(face.size), wanted - Double(face.size))
        guard grown >= Double(step) else { return pose }
        return pose.scaled(toSize: Double(face.size + Int(grown) / step * step), about: 1)
    }

    /// Side of the largest square that is drawn in one run, in pixels; tiles may be longer, of no larger an area.
    public var largestSide: Int {
        let whole = manifest.tiling.allowed ? manifest.tiling.tile + manifest.tiling.overlap : manifest.workingSize
        return max(largestFace, whole)
    }

    /// Side of the largest square that a face is drawn in, in pixels.
    var largestFace: Int { manifest.face.maximumSize ?? manifest.face.size }

    /// Draws a picture of any size in one run; the edge goes on mirrored up to the model's size multiple. A model of
    /// one fixed size draws a larger picture scaled down.
    ///
    /// - Parameters:
    ///   - guides: guide maps from `guides(for:x:y:)`; `nil` stands for a picture without faces.
    ///   - gates: channel gates from `gates(for:guides:)`; `nil` lets the network compute its own.
    /// - Throws: `StyleError.network`.
    public func paint(_ picture: Bitmap, guides: Tensor? = nil, gates: Tensor? = nil) throws -> Painting {
        try draw(picture, guides: guides, gates: gates).decided
    }

    /// The same before anything is decided, for what is decided later.
    func draw(_ picture: Bitmap, guides: Tensor?, gates: Tensor? = nil) throws -> Painting {
        guard !takes(picture) else { return try paintWhole(picture, guides: guides, gates: gates) }
        let (width, height) = paddedSize(picture)
        let scale = min(Double(width) / Double(picture.width), Double(height) / Double(picture.height))
        let (fittingWidth, fittingHeight) = (
            max(1, Int(Double(picture.width) * scale)), max(1, Int(Double(picture.height) * scale))
        )
        let painting = try paintWhole(
            areaResampled(picture, width: fittingWidth, height: fittingHeight), guides: nil, gates: gates)
        return Painting(
            pixels: painting.pixels.stretched(width: picture.width, height: picture.height), lineTint: painting.lineTint
        )
    }

    /// `picture` is not larger than the network's input.
    private func paintWhole(_ picture: Bitmap, guides: Tensor?, gates: Tensor?) throws -> Painting {
        let outputs = try run(picture, guides: guides, gates: gates)
        let tint = SIMD3(manifest.lineTint[0], manifest.lineTint[1], manifest.lineTint[2])
        func output(_ name: String) throws -> Tensor {
            guard let tensor = outputs[name] else {
                throw StyleError.network(reason: "the model gave no output called \(name)")
            }
            return tensor
        }
        let size = paddedSize(picture)
        if let composition = manifest.composition {
            let codec = LogitCodec(composition, lineRange: manifest.lineRange, width: size.width, height: size.height)
            let drawing = try codec.decode(
                flat: output(composition.flat), effects: output(composition.effects),
                logits: output(composition.logits),
                width: picture.width, height: picture.height)
            return Painting(pixels: drawing.flat, lineTint: tint, undecided: drawing)
        }
        let colour = try output(manifest.outputs.colour ?? "")
        let lines = manifest.outputs.lines.flatMap { outputs[$0] }
        let codec = TensorCodec(manifest: manifest, width: size.width, height: size.height)
        var pixels = try codec.decode(colour: colour, lines: lines, width: picture.width, height: picture.height)
        if let range = manifest.lineRange {
            pixels.forEachRow { _, row in
                for x in row.indices { row[x].w = smoothstep(range[0], range[1], row[x].w) }
            }
        }
        return Painting(pixels: pixels, lineTint: tint)
    }

    /// The channel gates the network computes for `picture`; `nil` when the model has none to share.
    public func gates(for picture: Bitmap, guides: Tensor? = nil) throws -> Tensor? {
        guard let gates = manifest.gates else { return nil }
        return try run(picture, guides: guides, gates: nil)[gates.output]
    }

    /// Guide maps of the part of a canvas that starts at (x, y) and is as large as `picture`; `nil` when the model
    /// takes none.
    func guides(_ maps: GuideMaps?, for picture: Bitmap, x: Int = 0, y: Int = 0) -> Tensor? {
        guard let guides = manifest.guides, let maps else { return nil }
        let size = paddedSize(picture)
        return maps.tensor(guides.maps, x: x, y: y, width: size.width, height: size.height)
    }

    /// Guide maps of a whole canvas; `nil` when the model takes none or there is no face.
    func guideMaps(width: Int, height: Int, meshes: [FaceMesh]) -> GuideMaps? {
        manifest.guides == nil || meshes.isEmpty ? nil : GuideMaps(width: width, height: height, meshes: meshes)
    }

    private func run(_ picture: Bitmap, guides: Tensor?, gates: Tensor?) throws -> [String: Tensor] {
        let size = paddedSize(picture)
        let codec = TensorCodec(manifest: manifest, width: size.width, height: size.height)
        var inputs = [manifest.input.name: codec.encode(picture)]
        if let spec = manifest.gates {
            inputs[spec.input] = gates ?? Tensor(zeros: [1, spec.count])
            inputs[spec.mix] = Tensor(shape: [1], values: [gates == nil ? 0 : 1])
        }
        if let spec = manifest.guides {
            inputs[spec.input] = guides ?? Tensor(zeros: [1, spec.maps.count, size.height, size.width])
        }
        return try network.run(inputs)
    }

    /// Whether a picture is drawn in its own pixels, and not scaled down for a model of one fixed size.
    func takes(_ picture: Bitmap) -> Bool {
        let size = paddedSize(picture)
        return picture.width <= size.width && picture.height <= size.height
    }

    private func paddedSize(_ picture: Bitmap) -> (width: Int, height: Int) {
        if let size = manifest.input.size { return (size[0], size[1]) }
        return (
            roundUp(picture.width, toMultipleOf: manifest.input.multiple),
            roundUp(picture.height, toMultipleOf: manifest.input.multiple)
        )
    }
}

extension Bitmap {
    /// Enlarged to `width` × `height`, all four channels alike.
    fileprivate func stretched(width: Int, height: Int) -> Bitmap {
        let (scaleX, scaleY) = (Float(self.width) / Float(width), Float(self.height) / Float(height))
        var result = Bitmap(width: width, height: height)
        withSampler(.clamp) { sample in
            result.forEachRow { y, row in
                for x in row.indices { row[x] = sample((Float(x) + 0.5) * scaleX, (Float(y) + 0.5) * scaleY) }
            }
        }
        return result
    }
}
