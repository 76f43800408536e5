@testable import Engine
import Foundation
import Models
import NetworkFixtures
import XCTest

final class NetworkFormatTests: FolderTestCase {
    private func part(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: "\(repository)/.third-party/mediapipe/\(name).tflite")))
    }

    func testOpensTensorFlowLiteNetworks() throws {
        let loader = OpenVINOLoader(cacheFolder: "\(folder)/cache")
        let network = try loader.network(file: write(part("iris_landmark"), "iris.tflite"), precision: .float32)
        XCTAssertEqual(network.inputs, [TensorSpec(name: "input_1", shape: [1, 64, 64, 3])])
        let answer = try network.run(["input_1": Tensor(zeros: [1, 64, 64, 3])])
        XCTAssertEqual(answer["output_iris"]?.values.count, 15)
    }

    func testRefusesWhatIsNotOfTheNamesFormat() throws {
        let loader = OpenVINOLoader(), network = try part("iris_landmark")
        func refusal(_ bytes: [UInt8], _ name: String) throws -> String {
            let file = try write(bytes, name)
            return self.refusal { _ = try loader.network(file: file, precision: .float32) }
        }
        XCTAssertTrue(try refusal(network, "iris.onnx").contains("not an ONNX network"))
        XCTAssertTrue(try refusal(SampleNetwork.deep(), "deep.tflite").contains("not a TensorFlow Lite network"))
        XCTAssertTrue(try refusal(Array(network.prefix(5000)), "short.tflite").contains("damaged"))
        XCTAssertTrue(try refusal([], "empty.tflite").contains("damaged"))
        XCTAssertTrue(try refusal([UInt8](repeating: 0, count: 17 << 20), "large.tflite").contains("16 MB"))
    }
}
