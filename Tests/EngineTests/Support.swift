@testable import Engine
import Foundation
@testable import Models
import Settings
import XCTest

/// A test with a folder of its own, removed afterwards.
class FolderTestCase: XCTestCase {
    private(set) var folder = ""

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "inference-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Writes `bytes` and returns the path.
    func write(_ bytes: [UInt8], _ name: String = "network.onnx") throws -> String {
        let path = "\(folder)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Runs `body`, requires a `StyleError` and returns its sentence, which must not carry anything of the engine's own
    /// wording.
    func refusal(_ body: () throws -> Void, file: StaticString = #filePath, line: UInt = #line) -> String {
        do {
            try body()
            XCTFail("nothing was refused", file: file, line: line)
            return ""
        } catch let error as StyleError {
            let text = error.description
            for raw in ["ov_", "Exception", "src/", "GENERAL_ERROR", "status", "\n"] {
                XCTAssertFalse(text.contains(raw), "“\(raw)” in: \(text)", file: file, line: line)
            }
            return text
        } catch {
            XCTFail("not a StyleError: \(error)", file: file, line: line)
            return ""
        }
    }
}

/// A picture tensor with values that differ everywhere, −1…1.
func ramp(_ height: Int, _ width: Int, seed: Int = 0) -> Tensor {
    let count = 3 * height * width
    return Tensor(
        shape: [1, 3, height, width], values: (0..<count).map { Float(($0 &* 31 &+ seed &* 17) % 201) / 100 - 1 })
}

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
