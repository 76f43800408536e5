import CLcms
import Raster

/// The colour space of a file's samples: sRGB, or that of an ICC profile through Little CMS.
///
/// babl would serve too, but picks its conversions by timing them, so that the last bits differ from run to run
/// (measured with 0.1.98: 3 of 40), it knows no table-based profiles, and damaged ones end the process in it.
public struct ColourSpace: Sendable {
    private let toSRGB, fromSRGB: Transform?
    /// Whether the samples have three channels.
    private let isRGB: Bool

    /// IEC 61966-2-1, in which pictures are held.
    public static let sRGB = ColourSpace()

    private init() { (toSRGB, fromSRGB, isRGB) = (nil, nil, true) }

    /// - Parameter icc: a whole ICC profile of an RGB or gray space.
    /// - Returns: `nil` when it cannot be used: not a profile, damaged, or of another kind like CMYK.
    public init?(icc: [UInt8]) {
        guard ["RGB", "GRAY"].contains(Self.signature(icc)), icc.count < Int(Int32.max),
            let transform = Transform(icc: icc, toSRGB: true), transform.isSane
        else { return nil }
        isRGB = Self.signature(icc) == "RGB"
        guard !isRGB || !transform.keepsColours else {
            (toSRGB, fromSRGB) = (nil, nil)
            return
        }
        toSRGB = transform
        fromSRGB = Transform(icc: icc, toSRGB: false).flatMap { $0.isSane ? $0 : nil }
    }

    /// Whether a file of three colours can be written in this space; a scanner's profile may know only the way to sRGB.
    var isWritable: Bool { isSRGB || (isRGB && fromSRGB != nil) }

    /// The colour model that an ICC profile describes, like “RGB” or “GRAY” (ICC.1:2022, 7.2.8: bytes 16 to 19).
    private static func signature(_ icc: [UInt8]) -> String {
        guard icc.count > 128 else { return "" }
        return String(decoding: icc[16..<20], as: UTF8.self).filter { $0 != " " }
    }

    /// Turns a row of numbers in this space into sRGB; those of a gray space are in all three channels. Alpha stays.
    func convertToSRGB(_ row: UnsafeMutableBufferPointer<SIMD4<Float>>) { toSRGB?.apply(to: row) }

    /// Turns a row of sRGB into numbers in this space; those of a gray space come to be in the first channel. Alpha
    /// stays.
    func convertFromSRGB(_ row: UnsafeMutableBufferPointer<SIMD4<Float>>) { fromSRGB?.apply(to: row) }

    /// Turns numbers in this space into sRGB; those of a gray space are in all three channels. Alpha stays.
    public func convertToSRGB(_ picture: inout Bitmap) {
        guard let toSRGB else { return }
        picture.forEachRow { _, row in toSRGB.apply(to: row) }
    }

    /// Turns sRGB into numbers in this space; those of a gray space come to be in the first channel. Alpha stays.
    public func convertFromSRGB(_ picture: inout Bitmap) {
        guard let fromSRGB else { return }
        picture.forEachRow { _, row in fromSRGB.apply(to: row) }
    }

    /// Whether numbers in this space are sRGB as they are: that of sRGB itself, and of the many profiles that are meant
    /// to be sRGB.
    public var isSRGB: Bool { toSRGB == nil }
}

/// A conversion between a profile's space and sRGB, relative colorimetric, in unbounded floats.
///
/// `@unchecked Sendable` holds because the handle never changes, and Little CMS converts on several threads at once
/// when a transform has no cache.
private final class Transform: @unchecked Sendable {
    private let handle: cmsHTRANSFORM
    /// The same, faster.
    private let mixing: LightMixing?

    /// - Parameter toSRGB: from the profile's space to sRGB, else back.
    init?(icc: [UInt8], toSRGB: Bool) {
        guard let profile = cmsOpenProfileFromMem(icc, cmsUInt32Number(icc.count)) else { return nil }
        defer { cmsCloseProfile(profile) }
        guard let sRGB = cmsCreate_sRGBProfile() else { return nil }
        defer { cmsCloseProfile(sRGB) }
        // A gray space is the first of three equal channels.
        let isGray = cmsGetColorSpace(profile) == cmsSigGrayData
        let file = isGray ? shim_gray_with_extra_floats(3) : shim_rgb_with_extra_floats(1)
        let float = shim_rgb_with_extra_floats(1)
        // Without its one-pixel cache a transform is safe to share.
        let flags = cmsUInt32Number(cmsFLAGS_NOCACHE), relative = cmsUInt32Number(INTENT_RELATIVE_COLORIMETRIC)
        let made =
            toSRGB
            ? cmsCreateTransform(profile, file, sRGB, float, relative, flags)
            : cmsCreateTransform(sRGB, float, profile, file, relative, flags)
        guard let made else { return nil }
        handle = made
        let quick = toSRGB ? LightMixing(from: profile, to: sRGB) : LightMixing(from: sRGB, to: profile)
        mixing = quick.flatMap { Self.agree($0, made, inGray: isGray && !toSRGB) ? $0 : nil }
    }

    deinit { cmsDeleteTransform(handle) }

    /// Whether a tenth of a level of 8 bits is between the two at most; curves of 16 bits alone make half of that.
    ///
    /// - Parameter inGray: whether the first channel alone is to be the same.
    private static func agree(_ mixing: LightMixing, _ handle: cmsHTRANSFORM, inGray: Bool) -> Bool {
        var (quick, exact) = (colours, colours)
        quick.withUnsafeMutableBufferPointer { mixing.apply(to: $0) }
        cmsDoTransform(handle, exact, &exact, cmsUInt32Number(exact.count))
        return areSame(quick, exact, within: 0.1 / 255, channels: inGray ? 1 : 3)
    }

    private static func areSame(
        _ one: [SIMD4<Float>], _ other: [SIMD4<Float>], within limit: Float, channels: Int = 3
    ) -> Bool {
        zip(one, other).allSatisfy { one, other in (0..<channels).allSatisfy { abs(one[$0] - other[$0]) < limit } }
    }

    /// Converts colours in place and leaves alpha as it is.
    func apply(to pixels: UnsafeMutableBufferPointer<SIMD4<Float>>) {
        if let mixing { return mixing.apply(to: pixels) }
        guard let base = pixels.baseAddress else { return }
        cmsDoTransform(handle, base, base, cmsUInt32Number(pixels.count))
    }

    func applied(to pixels: [SIMD4<Float>]) -> [SIMD4<Float>] {
        var result = pixels
        result.withUnsafeMutableBufferPointer { apply(to: $0) }
        return result
    }

    /// All colours, coarsely.
    static let grid: [SIMD4<Float>] = (0..<729).map { index in
        let (red, green, blue) = (Float(index / 81), Float(index / 9 % 9), Float(index % 9))
        return SIMD4(red, green, blue, 8) / 8
    }

    /// And all that eight bits tell of gray.
    private static let colours = grid + (0...255).map { SIMD4(repeating: Float($0) / 255) }

    /// Whether it gives numbers, and none that no real space reaches, as a damaged profile may.
    var isSane: Bool {
        applied(to: Self.grid).allSatisfy { pixel in
            (0..<3).allSatisfy { pixel[$0].isFinite && abs(pixel[$0]) < 16 }
        }
    }

    /// How far apart profiles of sRGB lie, in the most saturated colours: GIMP's own is a tenth of a level of 8 bits
    /// off that of Little CMS, the most common one (IEC 61966-2.1, 1998, a curve of 1024 places) half of one.
    /// Converting between them would change nothing that shows and cost more than putting a drawing together.
    private static let sameSRGB: Float = 0.6 / 255

    /// Whether it leaves all colours where they are.
    var keepsColours: Bool {
        Self.areSame(applied(to: Self.colours), Self.colours, within: Self.sameSRGB)
    }
}
