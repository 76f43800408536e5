@testable import Engine
import Foundation
@testable import Models
import NetworkFixtures
import XCTest

final class NetworkFaultTests: FolderTestCase {
    private func load(_ path: String) throws {
        _ = try OpenVINOLoader().network(file: path, precision: .float32)
    }

    func testMissingFileAndFolder() throws {
        XCTAssertTrue(
            refusal { try load("\(folder)/none.onnx") }.contains(
                "\(folder)/none.onnx cannot be used (there is no such file)"))
        XCTAssertTrue(refusal { try load(folder) }.contains("it is a folder"))
    }

    func testFilesThatAreNoNetworks() throws {
        let text = Array("This is a shopping list, not a network.\n".utf8)
        let garbage = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 193 &+ $0 / 7) }
        let intermediateRepresentation = Array("<?xml version=\"1.0\"?><net name=\"x\" version=\"11\"></net>".utf8)
        for (name, bytes) in [("text", text), ("garbage", garbage), ("empty", []), ("xml", intermediateRepresentation)]
        {
            let path = try write(bytes, "\(name).onnx")
            XCTAssertTrue(refusal { try load(path) }.contains("\(path) cannot be used (it is damaged"), name)
        }
    }

    func testTruncatedNetworks() throws {
        let whole = SampleNetwork.deep()
        for eighth in 1..<8 {
            let path = try write(Array(whole.prefix(whole.count * eighth / 8)), "cut\(eighth).onnx")
            XCTAssertTrue(refusal { try load(path) }.contains("cannot be used"), "\(eighth)/8")
        }
    }

    func testWeightsThatClaimToBeLargerThanTheyAre() throws {
        var onnx = OnnxWriter()
        onnx.input("x", [1, 3, nil, nil])
        onnx.output("y", [1, 3, nil, nil])
        onnx.constant(
            "weights", [3, 3, 1, 1], [Float](repeating: 1, count: 9), claimedShape: [1 << 30, 1 << 30, 1, 1])
        onnx.node("Conv", ["x", "weights"], "y")
        let path = try write(onnx.file)
        XCTAssertTrue(refusal { try load(path) }.contains("cannot be used"))
    }

    func testUnknownOperator() throws {
        var onnx = OnnxWriter()
        onnx.input("x", [1])
        onnx.output("y", [1])
        onnx.node("Daydream", ["x"], "y")
        let path = try write(onnx.file)
        XCTAssertTrue(refusal { try load(path) }.contains("cannot be used"))
    }

    func testTensorsThatAreNotFloats() throws {
        var onnx = OnnxWriter()
        onnx.input("numbers", [1], type: .int64)
        onnx.output("y", [1], type: .int64)
        onnx.node("Add", ["numbers", "numbers"], "y")
        let path = try write(onnx.file)
        XCTAssertTrue(refusal { try load(path) }.contains("“numbers” does not hold 32-bit floats"))
    }

    func testAFailedLoadIsNotRemembered() throws {
        let loader = OpenVINOLoader()
        let path = try write([1, 2, 3])
        XCTAssertThrowsError(try loader.network(file: path, precision: .float32))
        _ = try write(SampleNetwork.affine(factor: 2))
        XCTAssertNoThrow(try loader.network(file: path, precision: .float32))
    }

    func testInputsThatDoNotFit() throws {
        let network = try OpenVINOLoader().network(file: write(SampleNetwork.affine(factor: 2)), precision: .float32)
        let (x, shift) = (ramp(4, 4), Tensor(zeros: [1]))
        let cases: [(inputs: [String: Tensor], says: String)] = [
            (["x": x], "needs the input “shift”"),
            (["x": x, "shift": shift, "picture": x], "has no input “picture”, only x, shift"),
            (
                ["x": Tensor(zeros: [1, 4, 4, 4]), "shift": shift], "“x” of network.onnx is 1×4×4×4 and must be 1×3×?×?"
            ),
            (["x": Tensor(zeros: [3, 4, 4]), "shift": shift], "is 3×4×4 and must be 1×3×?×?"),
            (["x": Tensor(zeros: [1, 3, 0, 4]), "shift": shift], "is 1×3×0×4 and must be"),
            (["x": x, "shift": Tensor(zeros: [])], "“shift” of network.onnx is"),
            ([:], "needs the input"),
        ]
        for (inputs, says) in cases {
            let text = refusal { _ = try network.run(inputs) }
            XCTAssertTrue(text.contains(says), text)
        }
        XCTAssertNoThrow(try network.run(["x": x, "shift": shift]), "a refused call must not harm the next one")
    }

    func testASizeTheGraphItselfCannotTake() throws {
        var onnx = OnnxWriter()
        onnx.input("a", [nil, nil])
        onnx.input("b", [nil, nil])
        onnx.output("y", [nil, nil])
        onnx.node("MatMul", ["a", "b"], "y")
        let network = try OpenVINOLoader().network(file: write(onnx.file), precision: .float32)
        let text = refusal { _ = try network.run(["a": Tensor(zeros: [2, 3]), "b": Tensor(zeros: [4, 5])]) }
        XCTAssertTrue(text.contains("network.onnx failed on input of 2×3, 4×5"), text)
        let identity = Tensor(shape: [2, 2], values: [1, 0, 0, 1])
        let matrix = Tensor(shape: [2, 2], values: [1, 2, 3, 4])
        XCTAssertEqual(
            try network.run(["a": identity, "b": matrix])["y"], matrix, "a failed run must not harm the next one")
    }

    func testAnOutputThatNobodyMakes() throws {
        var onnx = OnnxWriter()
        onnx.input("x", [1])
        onnx.output("nowhere", [1])
        onnx.node("Relu", ["x"], "y")
        let path = try write(onnx.file)
        XCTAssertTrue(refusal { try load(path) }.contains("cannot be used"))
    }
}
