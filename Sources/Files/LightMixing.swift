import CLcms
import Raster

/// A conversion between two spaces that are each a curve for every channel and a matrix, as nearly all are: the
/// channels become light, the light is mixed anew, and that becomes channels again (ICC.1:2022, F.3).
///
/// Little CMS says what the curves and the matrices are, and itself works out powers for each number; curves that were
/// worked out before take less than a tenth of the time.
struct LightMixing: Sendable {
    /// What each channel becomes light by, and light each channel.
    private let decoding, encoding: [SampledCurve]
    /// What one part of each channel's light adds to the three others.
    private let columns: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)

    /// - Returns: `nil` where one of the spaces is not of this kind. What becomes gray is in all three channels.
    init?(from source: cmsHPROFILE, to target: cmsHPROFILE) {
        guard let (curves, mixing) = Self.parts(of: source), let (goals, colorants) = Self.parts(of: target) else {
            return nil
        }
        var (unmixing, product, goal, light) = (cmsMAT3(), cmsMAT3(), colorants, mixing)
        if cmsGetColorSpace(target) == cmsSigGrayData {
            // Its lightness is Y.
            let row = cmsVEC3(n: (0, 1, 0))
            unmixing = cmsMAT3(v: (row, row, row))
        } else if _cmsMAT3inverse(&goal, &unmixing) == 0 {
            return nil
        }
        _cmsMAT3per(&product, &unmixing, &light)
        let rows = [product.v.0, product.v.1, product.v.2]
        func column(_ part: (cmsVEC3) -> Double) -> SIMD4<Float> {
            SIMD4(Float(part(rows[0])), Float(part(rows[1])), Float(part(rows[2])), 0)
        }
        columns = (column { $0.n.0 }, column { $0.n.1 }, column { $0.n.2 })
        let decoding = Self.sampled(curves, cmsDupToneCurve), encoding = Self.sampled(goals, cmsReverseToneCurve)
        guard decoding.count == 3, encoding.count == 3 else { return nil }
        (self.decoding, self.encoding) = (decoding, encoding)
    }

    /// The curves of the three channels, and the light of each as a column, XYZ; gray is the first channel alone. `nil`
    /// where there are none, or others go before them.
    private static func parts(of profile: cmsHPROFILE) -> (curves: [OpaquePointer], colorants: cmsMAT3)? {
        let tables = [cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigBToA0Tag, cmsSigBToA1Tag, cmsSigDToB1Tag, cmsSigBToD1Tag]
        guard cmsIsMatrixShaper(profile) != 0, cmsGetPCS(profile) == cmsSigXYZData,
            !tables.contains(where: { cmsIsTag(profile, $0) != 0 })
        else { return nil }
        let isGray = cmsGetColorSpace(profile) == cmsSigGrayData
        let tags =
            isGray
            ? [cmsSigGrayTRCTag, cmsSigGrayTRCTag, cmsSigGrayTRCTag]
            : [cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag]
        let curves = tags.compactMap { cmsReadTag(profile, $0).map { OpaquePointer($0) } }
        let light = isGray ? [cmsD50_XYZ().pointee, cmsCIEXYZ(), cmsCIEXYZ()] : colorants(of: profile)
        guard curves.count == 3, light.count == 3 else { return nil }
        func row(_ part: (cmsCIEXYZ) -> Double) -> cmsVEC3 {
            cmsVEC3(n: (part(light[0]), part(light[1]), part(light[2])))
        }
        return (curves, cmsMAT3(v: (row(\.X), row(\.Y), row(\.Z))))
    }

    private static func colorants(of profile: cmsHPROFILE) -> [cmsCIEXYZ] {
        [cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag].compactMap {
            cmsReadTag(profile, $0).map { $0.assumingMemoryBound(to: cmsCIEXYZ.self).pointee }
        }
    }

    /// One for each of `curves`, and one alone for those that are the same.
    ///
    /// - Parameter made: a curve of its own.
    private static func sampled(_ curves: [OpaquePointer], _ made: (OpaquePointer) -> OpaquePointer?) -> [SampledCurve]
    {
        var known: [OpaquePointer: SampledCurve] = [:]
        return curves.compactMap { curve in
            if known[curve] == nil { known[curve] = made(curve).map(SampledCurve.init) }
            return known[curve]
        }
    }

    /// Converts colours in place and leaves alpha as it is.
    func apply(to pixels: UnsafeMutableBufferPointer<SIMD4<Float>>) {
        let (red, green, blue) = (decoding[0], decoding[1], decoding[2])
        let (toRed, toGreen, toBlue) = (encoding[0], encoding[1], encoding[2])
        for index in pixels.indices {
            let pixel = pixels[index]
            let light = columns.0 * red(pixel.x) + columns.1 * green(pixel.y) + columns.2 * blue(pixel.z)
            pixels[index] = SIMD4(toRed(light.x), toGreen(light.y), toBlue(light.z), pixel.w)
        }
    }
}

/// A tone curve at some places, straight between them. From one power of two to the next they are as many, so that it
/// is as exact in the dark, where curves are steep, as in the light: to a few 1e-7 of each value.
///
/// `@unchecked Sendable` holds because neither the curve nor its table ever changes.
private final class SampledCurve: @unchecked Sendable {
    /// Of a number's bits, how many tell the place between two of the table's.
    /// Computed, as what follows: a stored one would be asked at each pixel whether it is there yet.
    private static var rest: UInt32 { 14 }
    /// Index that 0 would have, negated: the table begins with 2⁻²⁰…
    private static var first: Int { Int(Float(0x1p-20).bitPattern >> rest) }
    /// … and ends before 2.
    private static var count: Int { Int(Float(2).bitPattern >> rest) - first }

    private let curve: OpaquePointer
    private let table: UnsafeMutablePointer<Float>
    private let zero: Float

    /// - Parameter curve: goes with this object.
    init(_ curve: OpaquePointer) {
        self.curve = curve
        zero = cmsEvalToneCurveFloat(curve, 0)
        // One more, so that the last one has a next place too.
        table = .allocate(capacity: Self.count + 1)
        for index in 0...Self.count {
            let place = Float(bitPattern: UInt32(Self.first + index) << Self.rest)
            table[index] = cmsEvalToneCurveFloat(curve, place)
        }
    }

    deinit {
        cmsFreeToneCurve(curve)
        table.deallocate()
    }

    @inline(__always)
    func callAsFunction(_ value: Float) -> Float {
        let bits = value.bitPattern, index = Int(bits >> Self.rest) - Self.first
        // What is negative or no number is beyond all of them.
        guard index >= 0, index < Self.count else { return value == 0 ? zero : cmsEvalToneCurveFloat(curve, value) }
        let share = Float(Int32(bitPattern: bits & (1 << Self.rest - 1))) / Float(1 << Self.rest)
        return table[index] + (table[index + 1] - table[index]) * share
    }
}
