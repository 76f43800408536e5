#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Models
import Settings

/// What a network's file has to be, by its name. The engine itself goes by content and would take any of its formats
/// under any name.
enum NetworkFormat {
    case onnx
    case tensorFlowLite

    init(file: String) {
        self = file.hasSuffix(".tflite") ? .tensorFlowLite : .onnx
    }

    /// Largest file that is read. The face mesh's networks, the only ones in TensorFlow Lite's format, take up to 3 MB.
    var maximumBytes: Int {
        switch self {
        case .onnx: return ModelFile.maximumBytes
        case .tensorFlowLite: return 16 << 20
        }
    }

    var refusal: Message {
        switch self {
        case .onnx: return "it is damaged or not an ONNX network that OpenVINO can run"
        case .tensorFlowLite: return "it is damaged or not a TensorFlow Lite network that OpenVINO can run"
        }
    }

    /// Whether the content can be of this format; neither is the engine's own XML.
    func admits(_ content: Data) -> Bool {
        guard let first = content.first else { return false }
        let isFlatBuffer = content.count > 8 && content.dropFirst(4).prefix(4).elementsEqual("TFL3".utf8)
        switch self {
        case .onnx: return first != UInt8(ascii: "<") && !isFlatBuffer
        case .tensorFlowLite: return isFlatBuffer
        }
    }
}
