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
import Raster
import Settings
import Synchronization

/// Times the generator alone; `Benchmarks/generator.py` compares the answer with a reference.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Time one drawing of a square by a style's network.",
        discussion:
            "Prints the network's own time and that of the whole step with its tensor conversions, in milliseconds.")

    @Option(help: "Id of the style.")
    var style = "cel"

    @Option(parsing: .unconditional, help: "Side of the square, in pixels.")
    var size = 512

    @Option(parsing: .unconditional, help: "How often to draw, after ten drawings that are not counted.")
    var runs = 10

    @Option(help: "Arithmetic.")
    var precision: Precision = .half

    @Flag(help: "Print every run's seconds as JSON.")
    var json = false

    /// What is printed with `--json`; seconds in the order of the runs.
    private struct Report: Encodable {
        let style: String
        let size: Int
        let precision: String
        let networkSeconds: [Double]
        let paintSeconds: [Double]
    }

    mutating func validate() throws {
        guard (8...4096).contains(size) else { throw ValidationError("The size must be 8 to 4096 pixels.") }
        guard (1...10_000).contains(runs) else { throw ValidationError("The number of runs must be 1 to 10000.") }
    }

    func run() throws {
        let console = Console()
        let interruption = Interruption(console)
        try reportingErrors(to: console, interruption) {
            let report = try interruption.endingAtOnce(measure)
            guard !json else {
                return try console.result(String(decoding: JSONEncoder().encode(report), as: UTF8.self))
            }
            try console.result(
                "\(style), \(size)×\(size), \(precision.rawValue), median of \(runs): "
                    + "network \(Self.median(report.networkSeconds)) ms, whole step "
                    + "\(Self.median(report.paintSeconds)) ms"
            )
        }
    }

    private func measure() throws -> Report {
        let engine = StyleEngine.installed()
        let model = try engine.catalog.model(style)
        let loader = OpenVINOLoader(cacheFolder: engine.installation.cacheFolder)
        let network = TimedNetwork(try loader.network(of: model, precision: precision))
        let generator = Generator(manifest: model.manifest, network: network)
        let picture = Self.testPicture(side: size)
        var paints: [Double] = []
        for _ in 0..<runs + Self.warmUp {
            let duration = try ContinuousClock().measure { _ = try generator.paint(picture) }
            paints.append(duration.seconds)
        }
        return Report(
            style: style, size: size, precision: precision.rawValue,
            networkSeconds: Array(network.seconds.dropFirst(Self.warmUp)),
            paintSeconds: Array(paints.dropFirst(Self.warmUp)))
    }

    /// So many that the engine has done all that it does for many faces.
    private static let warmUp = 10

    /// A smooth coloured pattern; time does not depend on what is drawn.
    private static func testPicture(side: Int) -> Bitmap {
        Bitmap(width: side, height: side) { x, y in
            let (u, v) = (Float(x) / Float(side), Float(y) / Float(side))
            return SIMD4(u, v, 1 - u * v, 1)
        }
    }

    /// In milliseconds.
    private static func median(_ seconds: [Double]) -> String {
        (seconds.sorted()[seconds.count / 2] * 1000).hundredths
    }
}

/// Writes down how long each run of another network takes.
private final class TimedNetwork: NeuralNetwork {
    private let network: NeuralNetwork
    private let measured = Mutex<[Double]>([])

    init(_ network: NeuralNetwork) { self.network = network }

    var inputs: [TensorSpec] { network.inputs }
    var outputs: [TensorSpec] { network.outputs }
    /// One duration a run, in order.
    var seconds: [Double] { measured.withLock { $0 } }

    func run(_ tensors: [String: Tensor]) throws -> [String: Tensor] {
        let clock = ContinuousClock()
        let start = clock.now
        defer {
            let duration = start.duration(to: clock.now).seconds
            measured.withLock { $0.append(duration) }
        }
        return try network.run(tensors)
    }

    func rest() { network.rest() }
}

extension Duration {
    /// As a floating-point number of seconds.
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
