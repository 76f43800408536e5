/// CIE L*a*b* (CIE 15:2004) under D65, from and to sRGB (IEC 61966-2-1). L is 0…100.
package enum Lab {
    @inlinable @inline(__always)
    static var white: SIMD3<Float> { SIMD3(0.95047, 1, 1.08883) }

    /// - Parameter colour: R'G'B' in `x`, `y`, `z`; clamped to 0…1.
    @inlinable
    package static func from(_ colour: SIMD4<Float>) -> SIMD3<Float> {
        let (r, g, b) = (linear(colour.x), linear(colour.y), linear(colour.z))
        let x = shaped((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / white.x)
        let y = shaped(0.2126729 * r + 0.7151522 * g + 0.0721750 * b)
        let z = shaped((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / white.z)
        return SIMD3(116 * y - 16, 500 * (x - y), 200 * (y - z))
    }

    /// L of `from`, to the bit, at half of its cost.
    ///
    /// - Parameter colour: as there.
    @inlinable
    package static func lightness(_ colour: SIMD4<Float>) -> Float {
        let (r, g, b) = (linear(colour.x), linear(colour.y), linear(colour.z))
        return 116 * shaped(0.2126729 * r + 0.7151522 * g + 0.0721750 * b) - 16
    }

    /// R'G'B' in `x`, `y`, `z`, clamped to 0…1; `w` is 0.
    @inlinable
    package static func toRGB(_ lab: SIMD3<Float>) -> SIMD4<Float> {
        let fy = (lab.x + 16) / 116
        let x = white.x * unshaped(fy + lab.y / 500), y = unshaped(fy), z = white.z * unshaped(fy - lab.z / 200)
        let r = 3.2404542 * x - 1.5371385 * y - 0.4985314 * z
        let g = -0.9692660 * x + 1.8760108 * y + 0.0415560 * z
        let b = 0.0556434 * x - 0.2040259 * y + 1.0572252 * z
        return SIMD4(encoded(r), encoded(g), encoded(b), 0)
    }

    /// Distance of a colour from grey.
    @inlinable
    package static func chroma(_ lab: SIMD3<Float>) -> Float { (lab.y * lab.y + lab.z * lab.z).squareRoot() }

    @inlinable
    static func linear(_ value: Float) -> Float {
        let v = min(max(value, 0), 1)
        return v <= 0.04045 ? v / 12.92 : power((v + 0.055) / 1.055, 2.4)
    }

    @inlinable
    static func encoded(_ value: Float) -> Float {
        let v = min(max(value, 0), 1)
        return v <= 0.0031308 ? 12.92 * v : 1.055 * power(v, 1 / 2.4) - 0.055
    }

    @inlinable
    static func shaped(_ t: Float) -> Float {
        t > 216.0 / 24389 ? cubeRoot(t) : (24389.0 / 27 * t + 16) / 116
    }

    @inlinable
    static func unshaped(_ t: Float) -> Float {
        t * t * t > 216.0 / 24389 ? t * t * t : (116 * t - 16) * 27 / 24389
    }
}

/// A picture in CIE L*a*b*, row by row.
package struct LabImage: Sendable {
    package let width: Int
    package let height: Int
    package let values: [SIMD3<Float>]

    package init(_ picture: Bitmap) {
        width = picture.width
        height = picture.height
        values = picture.mapped(Lab.from)
    }

    /// Channels 0…2 are L, a and b.
    package func plane(_ channel: Int) -> Plane {
        Plane(width: width, height: height, values: values.map { $0[channel] })
    }
}

extension Bitmap {
    /// L of each pixel, 0…100.
    package var lightness: Plane { Plane(width: width, height: height, values: mapped(Lab.lightness)) }

    /// What becomes of each pixel, row by row, on all cores.
    fileprivate func mapped<Value: Sendable>(_ value: @Sendable (SIMD4<Float>) -> Value) -> [Value] {
        pixels.withSharedBuffer { pixels in
            [Value](count: width * height) { values in
                parallelFor(height) { y in
                    for index in y * width..<(y + 1) * width { values[index] = value(pixels[index]) }
                }
            }
        }
    }
}
