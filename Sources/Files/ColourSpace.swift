import CLcms
import Raster

/// How a channel of a file or a buffer is stored; the names are babl's.
public enum SampleDepth: String, Sendable, CaseIterable {
    case u8, u16, float

    /// Size of one sample.
    package var bytes: Int {
        switch self {
        case .u8: return 1
        case .u16: return 2
        case .float: return 4
        }
    }

    /// Sample `index` of a row, 0…1.
    func read(_ row: UnsafeRawPointer, _ index: Int) -> Float {
        switch self {
        case .u8: return Float(row.load(fromByteOffset: index, as: UInt8.self)) / 255
        case .u16: return Float(row.load(fromByteOffset: index * 2, as: UInt16.self)) / 65535
        case .float: return row.load(fromByteOffset: index * 4, as: Float.self)
        }
    }

    /// Stores `value` (0…1) as sample `index` of a row, rounded.
    func write(_ value: Float, _ row: UnsafeMutableRawPointer, _ index: Int) {
        switch self {
        case .u8: row.storeBytes(of: UInt8(value * 255 + 0.5), toByteOffset: index, as: UInt8.self)
        case .u16: row.storeBytes(of: UInt16(value * 65535 + 0.5), toByteOffset: index * 2, as: UInt16.self)
        case .float: row.storeBytes(of: value, toByteOffset: index * 4, as: Float.self)
        }
    }
}

/// The colour space of a file's samples: sRGB, or that of an ICC profile through Little CMS.
///
/// babl would serve too, but picks its conversions by timing them, so that the last bits differ from run to run (measured
/// with 0.1.98: 3 of 40), and it knows no table-based profiles.
public struct ColourSpace: Sendable {
    private let icc: [UInt8]?

    public static let sRGB = ColourSpace()

    private init() { icc = nil }

    /// - Parameter icc: a whole ICC profile of an RGB or gray space.
    /// - Returns: `nil` when it cannot be used: not a profile, damaged, or of another kind like CMYK.
    public init?(icc: [UInt8]) {
        guard ["RGB", "GRAY"].contains(Self.signature(icc)), icc.count < Int(Int32.max) else { return nil }
        self.icc = icc
        guard let transform = Transform(icc: icc, toSRGB: true) else { return nil }
        transform.close()
    }

    /// The colour model that an ICC profile describes, like “RGB” or “GRAY” (ICC.1:2022, 7.2.8: bytes 16 to 19).
    static func signature(_ icc: [UInt8]) -> String {
        guard icc.count > 128 else { return "" }
        return String(decoding: icc[16..<20], as: UTF8.self).filter { $0 != " " }
    }

    /// Reads rows of interleaved samples in this space into an sRGB bitmap; colours outside sRGB come to lie outside 0…1.
    /// - Parameters:
    ///   - samples: the first sample of the first row; three or four channels, straight alpha.
    ///   - stride: bytes from one row to the next.
    func bitmap(samples: UnsafeRawPointer, stride: Int, width: Int, height: Int, depth: SampleDepth, alpha: Bool) -> Bitmap {
        let transform = icc.flatMap { Transform(icc: $0, toSRGB: true) }
        defer { transform?.close() }
        let channels = alpha ? 4 : 3
        var picture = Bitmap(width: width, height: height)
        picture.forEachRow { y, pixels in
            let row = samples + y * stride
            for x in 0..<width {
                let first = x * channels
                pixels[x] = SIMD4(depth.read(row, first), depth.read(row, first + 1), depth.read(row, first + 2), alpha ? depth.read(row, first + 3) : 1)
            }
            transform?.apply(to: pixels)
        }
        return picture
    }

    /// Writes an sRGB bitmap as rows of interleaved samples in this space. Integers are clamped; what is not a number becomes 0.
    func write(_ picture: Bitmap, to samples: UnsafeMutableRawPointer, stride: Int, depth: SampleDepth, alpha: Bool) {
        let transform = icc.flatMap { Transform(icc: $0, toSRGB: false) }
        defer { transform?.close() }
        let channels = alpha ? 4 : 3
        var picture = picture
        picture.forEachRow { y, pixels in
            let row = samples + y * stride
            for x in pixels.indices { pixels[x].replace(with: 0, where: pixels[x] .!= pixels[x]) }
            transform?.apply(to: pixels)
            for x in pixels.indices {
                if depth != .float { pixels[x].clamp(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 1)) }
                for channel in 0..<channels { depth.write(pixels[x][channel], row, x * channels + channel) }
            }
        }
    }
}

extension ColourSpace {
    /// Turns numbers in this space into sRGB; those of a gray space are in all three channels. Alpha stays.
    public func convertToSRGB(_ picture: inout Bitmap) { convert(&picture, toSRGB: true) }

    /// Turns sRGB into numbers in this space; those of a gray space come to be in the first channel. Alpha stays.
    public func convertFromSRGB(_ picture: inout Bitmap) { convert(&picture, toSRGB: false) }

    private func convert(_ picture: inout Bitmap, toSRGB: Bool) {
        guard let transform = icc.flatMap({ Transform(icc: $0, toSRGB: toSRGB) }) else { return }
        defer { transform.close() }
        picture.forEachRow { _, pixels in transform.apply(to: pixels) }
    }
}

/// A conversion between a profile's space and sRGB, relative colorimetric, in unbounded floats. Safe to use from several
/// threads.
private struct Transform: @unchecked Sendable {
    private let handle: cmsHTRANSFORM

    /// - Parameter toSRGB: from the profile's space to sRGB, else back.
    init?(icc: [UInt8], toSRGB: Bool) {
        guard let profile = cmsOpenProfileFromMem(icc, cmsUInt32Number(icc.count)), let sRGB = cmsCreate_sRGBProfile() else { return nil }
        defer {
            cmsCloseProfile(profile)
            cmsCloseProfile(sRGB)
        }
        // A gray space is the first of three equal channels.
        let file = ColourSpace.signature(icc) == "GRAY" ? shim_gray_with_extra_floats(3) : shim_rgb_with_extra_floats(1)
        let float = shim_rgb_with_extra_floats(1)
        // Without its one-pixel cache a transform is safe to share.
        let flags = cmsUInt32Number(cmsFLAGS_NOCACHE), relative = cmsUInt32Number(INTENT_RELATIVE_COLORIMETRIC)
        let made = toSRGB ? cmsCreateTransform(profile, file, sRGB, float, relative, flags)
            : cmsCreateTransform(sRGB, float, profile, file, relative, flags)
        guard let made else { return nil }
        handle = made
    }

    /// Converts colours in place and leaves alpha as it is.
    func apply(to pixels: UnsafeMutableBufferPointer<SIMD4<Float>>) {
        guard let base = pixels.baseAddress else { return }
        cmsDoTransform(handle, base, base, cmsUInt32Number(pixels.count))
    }

    func close() { cmsDeleteTransform(handle) }
}
