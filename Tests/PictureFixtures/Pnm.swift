import Raster

/// The plainest files there are, which every program reads (netpbm's PPM and PAM).
public enum Pnm {
    /// A PPM file of 16 bits; values are clamped to 0…1 and alpha is left out.
    public static func rgb(_ picture: Bitmap) -> [UInt8] {
        Array("P6\n\(picture.width) \(picture.height)\n65535\n".utf8) + samples(picture, channels: 3)
    }

    /// A PAM file of 16 bits with straight alpha.
    public static func rgba(_ picture: Bitmap) -> [UInt8] {
        let header =
            "P7\nWIDTH \(picture.width)\nHEIGHT \(picture.height)\nDEPTH 4\nMAXVAL 65535\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
        return Array(header.utf8) + samples(picture, channels: 4)
    }

    private static func samples(_ picture: Bitmap, channels: Int) -> [UInt8] {
        picture.pixels.flatMap { pixel in
            (0..<channels).flatMap { channel -> [UInt8] in
                let value = Int((min(max(pixel[channel], 0), 1) * 65535).rounded())
                return [UInt8(value >> 8), UInt8(value & 255)]
            }
        }
    }
}
