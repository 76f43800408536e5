import CCodec

/// The picture formats that are written; docs/formats.md has those that are read.
public enum FileFormat: String, Sendable, CaseIterable {
    case png, jpg, webp, tif

    /// By file name; `nil` when the extension is none of png, jpg, jpeg, jpe, jfif, webp, tif, tiff.
    public init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: "."), fileName[dot...].contains("/") == false else { return nil }
        switch fileName[fileName.index(after: dot)...].lowercased() {
        case "png": self = .png
        case "jpg", "jpeg", "jpe", "jfif": self = .jpg
        case "webp": self = .webp
        case "tif", "tiff": self = .tif
        default: return nil
        }
    }

    var codec: codec_format {
        switch self {
        case .png: return codec_png
        case .jpg: return codec_jpeg
        case .webp: return codec_webp
        case .tif: return codec_tiff
        }
    }

    /// How samples of `depth` are stored.
    func depth(for depth: SampleDepth) -> SampleDepth {
        switch self {
        case .png: return depth == .u8 ? .u8 : .u16
        case .tif: return depth
        case .jpg, .webp: return .u8
        }
    }
}
