@testable import Engine
@testable import Models
import NetworkFixtures
import Raster
import XCTest

/// Reading ONNX files without an engine.
final class OnnxGraphTests: XCTestCase {
    func testReadsTheInterface() throws {
        let graph = try OnnxGraph(SampleNetwork.affine(factor: 2))
        XCTAssertEqual(
            graph.inputs,
            [
                .init(name: "x", elementType: 1, shape: [1, 3, nil, nil]),
                .init(name: "shift", elementType: 1, shape: [1]),
            ])
        XCTAssertEqual(graph.outputs.map(\.name), ["y", "z"])
        XCTAssertEqual(graph.operators, ["Conv", "Add", "Relu"])
    }

    func testWeightsListedAmongTheInputsAreNone() throws {
        var onnx = OnnxWriter()
        onnx.input("x", [1, 3, nil, nil])
        onnx.input("w", [3, 3, 1, 1])
        onnx.output("y", [1, 3, nil, nil])
        onnx.constant("w", [3, 3, 1, 1], [Float](repeating: 1, count: 9))
        onnx.node("Conv", ["x", "w"], "y")
        XCTAssertEqual(try OnnxGraph(onnx.file).inputs.map(\.name), ["x"])
    }

    func testTheDetectorsNetworksAreRead() throws {
        for name in ["pnet", "rnet", "onet"] {
            let file = Array(try ModelFile.contents("\(repository)/.third-party/mtcnn/\(name).onnx"))
            XCTAssertEqual(try OnnxGraph(file).inputs.count, 1, name)
        }
    }

    /// Damage of every kind is refused or read, and never ends the program.
    func testRandomDamage() {
        var random = SplitMix64(seed: 1)
        let whole = [
            SampleNetwork.affine(factor: 2), SampleNetwork.negative([1, 3, nil, nil]), SampleNetwork.normalised(),
        ]
        var refused = 0
        for round in 0..<30_000 {
            var file = whole[round % whole.count]
            if round % 4 == 0 { file.removeLast(Int(random.next() % UInt64(file.count))) }
            for _ in 0..<(1 + random.next() % 6) where !file.isEmpty {
                let place = Int(random.next() % UInt64(file.count))
                switch random.next() % 4 {
                case 0: file[place] ^= 1 << UInt8(random.next() % 8)
                case 1: file[place] = 0xFF
                case 2: file.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                default: file.removeSubrange(place..<min(file.count, place + Int(random.next() % 20)))
                }
            }
            do { _ = try OnnxGraph(file) } catch {
                XCTAssertTrue(error is OnnxGraph.Refusal, "\(error)")
                refused += 1
            }
        }
        XCTAssertGreaterThan(refused, 10_000)
        XCTAssertLessThan(refused, 30_000, "some damage is only in the numbers")
    }

    func testHostileLengths() {
        let enormous: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        for file in [
            [0x3A] + enormous, [0x3A, 0x02, 0x0A] + enormous, [UInt8](repeating: 0xFF, count: 1000), [0x3B], [0x3A],
            [0x00],
        ] {
            XCTAssertThrowsError(try OnnxGraph(file), "\(file.prefix(8))") {
                XCTAssertEqual($0 as? OnnxGraph.Refusal, .malformed)
            }
        }
    }
}
