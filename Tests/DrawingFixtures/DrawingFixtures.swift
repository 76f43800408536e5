import Drawing
import Foundation
import Models
import Raster
import Settings

/// A network that gives its picture back, with what is asked for as lines; it records the sizes it was run at.
///
/// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept afterwards.
package final class EchoNetwork: NeuralNetwork, @unchecked Sendable {
    package let inputs = [TensorSpec(name: "image", shape: [1, 3, nil, nil])]
    package let outputs = [
        TensorSpec(name: "colour", shape: [1, 3, nil, nil]), TensorSpec(name: "lines", shape: [1, 1, nil, nil]),
    ]
    private let lines: Float
    package private(set) var shapes: [[Int]] = []
    package private(set) var gateMixes: [Float] = []

    package init(lines: Float = 0) { self.lines = lines }

    package func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        guard let image = inputs["image"] else { throw StyleError.network(reason: "no image") }
        shapes.append(image.shape)
        if let mix = inputs["gate_mix"] { gateMixes.append(mix.values[0]) }
        let plane = [1, 1, image.shape[2], image.shape[3]]
        return [
            "colour": image,
            "lines": Tensor(shape: plane, values: [Float](repeating: lines, count: plane[2] * plane[3])),
            "gates_out": Tensor(shape: [1, 4], values: [0.1, 0.2, 0.3, 0.4]),
        ]
    }
}

/// A detector that always gives the same faces that are large enough.
package struct FixedDetector: FaceDetector {
    let found: [Face]

    package init(found: [Face]) { self.found = found }

    package func faces(in scene: Scene, minimumSize: Double) throws -> [Face] {
        found.filter { min($0.box.width, $0.box.height) >= minimumSize }
    }
}

/// A model that `EchoNetwork` stands in for.
package func manifest(tile: Int = 512, overlap: Int = 64, workingSize: Int = 1024, gates: Bool = true) -> ModelManifest
{
    let gateFields = #""gates": {"input": "gates", "mix": "gate_mix", "output": "gates_out", "count": 4},"#
    let json = """
        {"schema": 1, "id": "echo", "title": {"en": "Echo"}, "description": {}, "file": "echo.onnx", "sha256": "",
         "licence": "Apache-2.0", "version": "1",
         "input": {"name": "image", "layout": "NCHW", "channels": "RGB", "range": [-1, 1], "multiple": 8},
         "outputs": {"colour": "colour", "lines": "lines"}, \(gates ? gateFields : "")
         "lineTint": [0.2, 0.3, 0.4], "face": {"size": 512, "template": "ffhq512", "templateScale": \(2.0 / 3)},
         "tiling": {"allowed": true, "tile": \(tile), "overlap": \(overlap)}, "workingSize": \(workingSize),
         "defaults": {"strength": 1, "lines": 1, "keepColors": 0}}
        """
    do {
        return try JSONDecoder().decode(ModelManifest.self, from: Data(json.utf8))
    } catch {
        fatalError("the manifest of the tests is no manifest: \(error)")
    }
}

/// A photograph stand-in: soft waves of all colours, nothing finer than 16 pixels.
package func waves(_ width: Int, _ height: Int, alpha: Float = 1) -> Bitmap {
    Bitmap(width: width, height: height) { x, y in
        let (u, v) = (Double(x) / 23, Double(y) / 31)
        return SIMD4(
            Float(0.5 + 0.4 * sine(u)), Float(0.5 + 0.4 * cosine(v + u / 2)), Float(0.5 + 0.3 * sine(v - u)), alpha)
    }
}

/// A face with the template's landmarks moved by `pose`.
package func face(_ pose: SimilarityTransform, score: Double = 0.99) -> Face {
    let landmarks = FaceTemplate.ffhq512.landmarks.map(pose.apply)
    let corner = pose.apply(Point(x: 130, y: 130)), far = pose.apply(Point(x: 382, y: 440))
    return Face(
        box: Box(x: corner.x, y: corner.y, width: abs(far.x - corner.x), height: abs(far.y - corner.y)),
        landmarks: landmarks, score: score)
}

/// Largest difference of any channel.
package func largestDifference(_ a: Bitmap, _ b: Bitmap) -> Float {
    guard a.width == b.width, a.height == b.height else { return .infinity }
    return zip(a.pixels, b.pixels).reduce(0) { worst, pair in
        let d = pair.0 - pair.1
        return max(worst, abs(d.x), abs(d.y), abs(d.z), abs(d.w))
    }
}
