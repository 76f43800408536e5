#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Drawing
import Engine
import Evaluation
import Models
import Settings

/// `NAME=MODEL` with an optional `@MODE`.
struct VariantArgument: ExpressibleByArgument {
    let name: String
    let model: String
    let mode: Variant.Mode

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        name = String(argument[..<equals])
        var rest = argument[argument.index(after: equals)...]
        var mode = Variant.Mode.aligned
        if let at = rest.lastIndex(of: "@"), let named = Variant.Mode(rawValue: String(rest[rest.index(after: at)...]))
        {
            mode = named
            rest = rest[..<at]
        }
        model = String(rest)
        self.mode = mode
        guard !name.isEmpty, !model.isEmpty else { return nil }
    }
}

/// What the variants of the evaluation are called.
enum Variants {
    static let squashed = "squashed to a square"
    static let unaligned = "not aligned"
    static let aligned = "aligned"
    static let withoutTerm = "aligned, without geometry term"
    static let standard = [squashed, unaligned, withoutTerm, aligned]
    static let noteWithoutModel =
        "The variant “\(withoutTerm)” is left out: no such model was given (--without-geometry-term)."
}

/// The landmark detectors.
struct Readers {
    let all: [LandmarkReader]
    let detector: FaceDetector
    /// About what is missing.
    let notes: [String]

    /// - Parameter keypoints: path of the keypoint network.
    /// - Throws: `StyleError.modelUnreadable`.
    init(_ engine: StyleEngine, keypoints: String?) throws {
        let loader = OpenVINOLoader(cacheFolder: engine.installation.cacheFolder)
        let cascade = try MTCNN(folder: engine.installation.detectorFolder, loader: loader)
        detector = cascade
        let first: [LandmarkReader] = [
            DetectorReader(name: "MTCNN", detector: cascade), OutputNetworkReader(name: "O-Net", detector: cascade),
        ]
        guard let keypoints else {
            all = first
            notes = ["The keypoint network K is left out: none was given (--keypoints)."]
            return
        }
        // Half precision would add noise of its own to the points.
        all = first + [KeypointReader(name: "K", network: try loader.network(file: keypoints, precision: .float32))]
        notes = []
    }
}

extension StyleEngine {
    /// The generator of an installed style, or of an ONNX file with the manifest of the same name beside it.
    /// - Parameter manifest: for a file that has none.
    /// - Throws: `StyleError`.
    func generator(_ model: String, like manifest: ModelManifest, precision: Precision) throws -> Generator {
        guard model.hasSuffix(".onnx") else { return try stylizer(style: model, precision: precision).generator }
        let beside = "\(model.dropLast(".onnx".count)).json"
        var own = manifest
        if let data = FileManager.default.contents(atPath: beside) {
            own = try ModelManifest.decoded(ModelManifest.self, from: data, path: beside).validated(path: beside)
        }
        let loader = OpenVINOLoader(cacheFolder: installation.cacheFolder)
        return Generator(manifest: own, network: try loader.network(file: model, precision: precision))
    }
}

/// A style, how its drawings are made and measured, and the sheet they go on.
final class MeasuredStyle {
    let manifest: ModelManifest
    let measurement: StyleMeasurement
    var sheet: ContactSheet?
    private(set) var records: [StyleMeasurement.Record] = []

    /// - Parameter photographs: how many go on the sheet; `nil` makes none.
    /// - Throws: `StyleError` when a model cannot be used.
    init(_ id: String, _ engine: StyleEngine, _ arguments: Measure, _ readers: [LandmarkReader], photographs: Int?)
        throws
    {
        let stylizer = try engine.stylizer(style: id, precision: arguments.precision)
        let generator = stylizer.generator
        manifest = generator.manifest
        let aligned = Variant(name: Variants.aligned, mode: .aligned, generator: generator, meshes: stylizer.meshes)
        var variants = [
            Variant(name: Variants.squashed, mode: .squashed, generator: generator),
            Variant(name: Variants.unaligned, mode: .unaligned, generator: generator),
        ]
        if let model = arguments.withoutGeometryTerm {
            let other = try engine.generator(model, like: manifest, precision: arguments.precision)
            variants.append(
                Variant(name: Variants.withoutTerm, mode: .aligned, generator: other, meshes: stylizer.meshes))
        }
        variants.append(aligned)
        variants += try arguments.variant.map {
            let other = try engine.generator($0.model, like: generator.manifest, precision: arguments.precision)
            return Variant(
                name: $0.name, mode: $0.mode, generator: other,
                meshes: other.manifest.guides == nil ? nil : try engine.meshFinder())
        }
        measurement = StyleMeasurement(variants: variants, shipped: aligned, readers: readers)
        sheet = photographs.map { ContactSheet(count: $0) }
    }

    func append(_ record: StyleMeasurement.Record) { records.append(record) }

    var result: QualityReport.Style {
        QualityReport.Style(
            id: manifest.id, version: manifest.version, variants: measurement.variants.map(\.name), records: records)
    }
}
