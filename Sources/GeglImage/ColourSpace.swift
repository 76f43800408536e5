import AnimeCore
import CGegl

/// How a channel of a file or a buffer is stored.
public enum SampleDepth: String, Sendable, CaseIterable {
    case u8, u16, float

    var bytes: Int {
        switch self {
        case .u8: return 1
        case .u16: return 2
        case .float: return 4
        }
    }
}

/// An RGB colour space known to babl, from an ICC profile.
public struct ColourSpace: @unchecked Sendable {
    // babl's objects are immutable and live as long as the process.
    let babl: OpaquePointer

    public static var sRGB: ColourSpace {
        Gegl.start()
        return ColourSpace(babl: babl_space("sRGB"))
    }

    private init(babl: OpaquePointer) { self.babl = babl }

    /// The space of a babl pixel format.
    init(ofFormat format: OpaquePointer) { self.init(babl: babl_format_get_space(format)) }

    /// - Parameter icc: a whole ICC profile.
    /// - Returns: `nil` when babl cannot use it (not an ICC profile, a table-based or a CMYK one).
    public init?(icc: [UInt8]) {
        Gegl.start()
        guard icc.count > 128, icc.count < Int(Int32.max), Self.signature(icc) != "CMYK" else { return nil }
        var message: UnsafePointer<CChar>?
        let space = icc.withUnsafeBytes {
            babl_space_from_icc($0.bindMemory(to: CChar.self).baseAddress, Int32(icc.count), BABL_ICC_INTENT_RELATIVE_COLORIMETRIC, &message)
        }
        guard let space else { return nil }
        babl = space
    }

    /// The colour model that an ICC profile describes, like “RGB” or “GRAY” (ICC.1:2022, 7.2.8: bytes 16 to 19).
    static func signature(_ icc: [UInt8]) -> String {
        guard icc.count >= 20 else { return "" }
        return String(decoding: icc[16..<20], as: UTF8.self).filter { $0 != " " }
    }

    /// babl's format of pixels in this space, gamma-encoded, straight alpha.
    func format(_ depth: SampleDepth, alpha: Bool) -> OpaquePointer {
        babl_format_with_space("\(alpha ? "R'G'B'A" : "R'G'B'") \(depth.rawValue)", babl)
    }

    /// Reads rows of interleaved samples in this space into an sRGB bitmap.
    /// - Parameters:
    ///   - samples: the first sample of the first row; three or four channels.
    ///   - stride: bytes from one row to the next.
    func bitmap(samples: UnsafeRawPointer, stride: Int, width: Int, height: Int, depth: SampleDepth, alpha: Bool) -> Bitmap {
        let fish = babl_fish(UnsafeRawPointer(format(depth, alpha: alpha)), UnsafeRawPointer(Self.sRGB.format(.float, alpha: true)))
        var picture = Bitmap(width: width, height: height)
        picture.forEachRow { y, row in
            _ = babl_process(fish, samples + y * stride, UnsafeMutableRawPointer(row.baseAddress), width)
        }
        return picture
    }

    /// Writes an sRGB bitmap as rows of interleaved samples in this space.
    func write(_ picture: Bitmap, to samples: UnsafeMutableRawPointer, stride: Int, depth: SampleDepth, alpha: Bool) {
        let fish = babl_fish(UnsafeRawPointer(Self.sRGB.format(.float, alpha: true)), UnsafeRawPointer(format(depth, alpha: alpha)))
        picture.pixels.withUnsafeBytes { pixels in
            guard let base = pixels.baseAddress else { return }
            let rowBytes = picture.width * MemoryLayout<SIMD4<Float>>.stride
            for y in 0..<picture.height {
                _ = babl_process(fish, base + y * rowBytes, samples + y * stride, picture.width)
            }
        }
    }
}
