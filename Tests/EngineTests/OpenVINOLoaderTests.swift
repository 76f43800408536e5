@testable import Engine
import Foundation
@testable import Models
import NetworkFixtures
import XCTest

final class OpenVINOLoaderTests: FolderTestCase {
    func testReportsInputsAndOutputsWithOpenDimensions() throws {
        let network = try OpenVINOLoader().network(file: write(SampleNetwork.affine(factor: 2)), precision: .float32)
        XCTAssertEqual(
            network.inputs, [TensorSpec(name: "x", shape: [1, 3, nil, nil]), TensorSpec(name: "shift", shape: [1])])
        XCTAssertEqual(network.outputs.map(\.name), ["y", "z"])
        XCTAssertEqual(network.outputs[0].shape, [1, 3, nil, nil])
    }

    func testComputesEverySizeInAnyOrder() throws {
        let network = try OpenVINOLoader().network(file: write(SampleNetwork.affine(factor: 2)), precision: .float32)
        for (height, width) in [(1, 1), (5, 7), (64, 48), (5, 7), (2, 300), (1, 1)] {
            let x = ramp(height, width)
            let results = try network.run(["x": x, "shift": Tensor(shape: [1], values: [0.25])])
            XCTAssertEqual(results["y"], Tensor(shape: x.shape, values: x.values.map { max(0, $0 * 2 + 0.25) }))
            XCTAssertEqual(results["z"], Tensor(shape: x.shape, values: x.values.map { $0 + 0.25 }))
        }
    }

    func testOneNetworkForEachFileAndArithmetic() throws {
        let loader = OpenVINOLoader()
        let path = try write(SampleNetwork.affine(factor: 2))
        func load(_ arithmetic: Arithmetic) throws -> ObjectIdentifier {
            ObjectIdentifier(try XCTUnwrap(loader.network(file: path, arithmetic: arithmetic) as? CompiledNetwork))
        }
        XCTAssertEqual(try load(.f32), try load(.f32))
        XCTAssertNotEqual(try load(.f32), try load(.bf16))
    }

    func testFloat32RepeatsToTheByteInEveryLoader() throws {
        let path = try write(SampleNetwork.deep())
        let x = ramp(96, 80)
        let results = try (0..<6).map { index in
            let loader = OpenVINOLoader(cacheFolder: index < 3 ? nil : "\(folder)/cache")
            return try XCTUnwrap(loader.network(file: path, precision: .float32).run(["x": x])["y"])
        }
        for other in results.dropFirst() {
            XCTAssertEqual(other.values.map(\.bitPattern), results[0].values.map(\.bitPattern))
        }
        XCTAssertGreaterThan(Set(results[0].values).count, 1000, "a constant picture would repeat too")
    }

    func testARestedNetworkIsLoadedAgainAndDrawsAlike() throws {
        let path = try write(SampleNetwork.deep()), x = ramp(96, 80)
        let network = try OpenVINOLoader().network(file: path, precision: .float32)
        let before = try network.run(["x": x])
        network.rest()
        network.rest()
        XCTAssertEqual(try network.run(["x": x])["y"], before["y"])
        try FileManager.default.removeItem(atPath: path)
        XCTAssertEqual(try network.run(["x": x])["y"], before["y"], "what is loaded needs no file")
        network.rest()
        XCTAssertThrowsError(try network.run(["x": x]), "nothing was kept") { XCTAssertTrue("\($0)".contains(path)) }
    }

    /// What half precision may do to a drawing is HalfPrecisionTests' matter; noise through eight layers is its worst
    /// case.
    func testHalfPrecisionIsNeverAnotherPicture() throws {
        let loader = OpenVINOLoader()
        let path = try write(SampleNetwork.deep())
        let x = ramp(96, 80)
        let exact = try XCTUnwrap(loader.network(file: path, precision: .float32).run(["x": x])["y"])
        for arithmetic in [Arithmetic.automatic, .bf16, .f16] {
            let half = try XCTUnwrap(loader.network(file: path, arithmetic: arithmetic).run(["x": x])["y"])
            XCTAssertLessThanOrEqual(largestDifference(exact, half), 8 * 2 / 255, "\(arithmetic)")
        }
    }

    func testFourThreadsAtOnceGetTheirOwnResults() throws {
        let network = try OpenVINOLoader().network(file: write(SampleNetwork.affine(factor: 3)), precision: .float32)
        let wrong = Counter()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for round in 0..<40 {
                let x = ramp(8 + thread * 5, 8 + round, seed: thread * 100 + round)
                let shift = Float(thread)
                let results = try? network.run(["x": x, "shift": Tensor(shape: [1], values: [shift])])
                if results?["y"]?.values != x.values.map({ max(0, $0 * 3 + shift) }) { wrong.add() }
            }
        }
        XCTAssertEqual(wrong.value, 0)
    }

    func testFourThreadsMayLoadAtOnce() throws {
        let loader = OpenVINOLoader(cacheFolder: "\(folder)/cache")
        let paths = try (0..<4).map { try write(SampleNetwork.affine(factor: Float($0)), "\($0 % 2).onnx") }
        let wrong = Counter()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            let factor = Float(2 + thread % 2)
            let network = try? loader.network(file: paths[thread], precision: .float32)
            let y = try? network?.run(["x": ramp(4, 4), "shift": Tensor(zeros: [1])])["y"]
            if y?.values != ramp(4, 4).values.map({ max(0, $0 * factor) }) { wrong.add() }
        }
        XCTAssertEqual(wrong.value, 0)
    }

    func testManySizesDoNotFillTheMemory() throws {
        let network = try OpenVINOLoader().network(
            file: "\(repository)/.third-party/mtcnn/pnet.onnx", precision: .float32)
        func run(_ sizes: Range<Int>) throws {
            for size in sizes {
                _ = try network.run(["input_1": Tensor(zeros: [1, 60 + size % 25, 60 + size / 25, 3])])
            }
        }
        try run(0..<250)
        let before = residentMegabytes()
        try run(250..<750)
        XCTAssertLessThan(residentMegabytes() - before, 60, "with the engine's own limit it grows by 150 MB here")
    }

    func testManyFacesGetTheNetworkOfTheirSize() throws {
        let catalog = ModelCatalog(folders: ["\(repository)/Models"]) { _ in nil }
        let model = try XCTUnwrap(catalog.models.first { $0.manifest.id == "cel" })
        let loader = OpenVINOLoader()
        let network = try loader.network(of: model, precision: .half),
            plain = try loader.network(file: model.path, precision: .half)
        func inputs(_ height: Int, _ width: Int) -> [String: Tensor] {
            Dictionary(
                uniqueKeysWithValues: plain.inputs.map { spec in
                    guard spec.name != model.manifest.input.name else { return (spec.name, ramp(height, width)) }
                    return (spec.name, Tensor(zeros: spec.shape.enumerated().map { $1 ?? ($0 == 2 ? height : width) }))
                })
        }
        let expected = try plain.run(inputs(512, 512))
        for _ in 0..<FaceSizedNetwork.patience {
            XCTAssertEqual(try network.run(inputs(512, 512)), expected, "the network for every size")
        }
        let fast = try network.run(inputs(512, 512))
        XCTAssertNotEqual(
            fast, expected, "the two networks do not round alike; when they do, the test sees only one of them")
        XCTAssertEqual(fast.mapValues(\.shape), expected.mapValues(\.shape))
        let colour = try XCTUnwrap(model.manifest.outputs.colour ?? model.manifest.outputs.flat)
        XCTAssertEqual(try network.run(inputs(64, 96))[colour]?.shape, [1, 3, 64, 96])
        XCTAssertTrue(
            try loader.network(of: model, precision: .float32) is CompiledNetwork, "float32 repeats to the byte")
    }

    func testANetworkOfOneSizeIsCompiledOnce() throws {
        _ = try write(SampleNetwork.negative([1, 3, 512, 512]), "fixed.onnx")
        let model = try XCTUnwrap(ModelCatalog(folders: [], dropIns: [folder], digest: { _ in nil }).models.first)
        XCTAssertTrue(try OpenVINOLoader().network(of: model, precision: .half) is CompiledNetwork)
    }

    private func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
        zip(a.values, b.values).map { abs($0 - $1) }.max() ?? .infinity
    }

    private func residentMegabytes() -> Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 / 1_000_000 : 0
    }
}

/// `@unchecked Sendable` holds because a lock guards what changes.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func add() { lock.withLock { count += 1 } }
    var value: Int { lock.withLock { count } }
}
