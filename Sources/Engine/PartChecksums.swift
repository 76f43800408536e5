/// `CompileCache.checksum` of the networks that no manifest names, so that a damaged one is told rather than
/// finding no face.
enum PartChecksums {
    static let detector: [String: UInt64] = [
        "pnet.onnx": 0x406A_F405_8EEC_A856,
        "rnet.onnx": 0x9228_BF70_9F4B_7333,
        "onet.onnx": 0x9E89_1221_457D_E755,
    ]
    static let mesh: [String: UInt64] = [
        "face_landmark.tflite": 0xAEDC_E42B_68B4_C79D,
        "iris_landmark.tflite": 0x982D_E9EE_A2F1_98F6,
    ]
    static let models: [String: UInt64] = ["hair.onnx": 0xA791_A578_F847_034F]

    /// By path.
    static func of(_ installation: Installation) -> [String: UInt64] {
        let folders = [
            (installation.detectorFolder, detector), (installation.meshFolder, mesh),
            (installation.modelFolder, models),
        ]
        return Dictionary(
            folders.flatMap { folder, sums in sums.map { ("\(folder)/\($0.key)", $0.value) } }, uniquingKeysWith: { $1 }
        )
    }
}
