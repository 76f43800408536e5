#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// The few functions of the C library's mathematics that the core uses, in one place.

package func cosine(_ angle: Double) -> Double { cos(angle) }
package func sine(_ angle: Double) -> Double { sin(angle) }
package func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
package func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
@inlinable
package func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }
@inlinable
package func cubeRoot(_ value: Float) -> Float { cbrtf(value) }
@inlinable
package func logarithm(_ value: Float) -> Float { logf(value) }
@inlinable
package func exponential(_ value: Float) -> Float { expf(value) }

/// The direction of (x, y) as a share of a full turn, 0…1, clockwise on screen from the right; 0 for (0, 0). Off by
/// less than 10⁻⁷ (the polynomial of Abramowitz and Stegun 1964, 4.4.49).
@inlinable
package func turn(_ y: Float, _ x: Float) -> Float {
    let (across, down) = (abs(x), abs(y))
    let longer = max(across, down)
    guard longer > 0 else { return 0 }
    let t = min(across, down) / longer, square = t * t
    var sum: Float = 0.0028662257
    sum = sum * square - 0.0161657367
    sum = sum * square + 0.0429096138
    sum = sum * square - 0.0752896400
    sum = sum * square + 0.1065626393
    sum = sum * square - 0.1420889944
    sum = sum * square + 0.1999355085
    sum = sum * square - 0.3333314528
    sum = (sum * square + 1) * t * (0.5 / .pi)
    let eighth = down > across ? 0.25 - sum : sum
    let half = x < 0 ? 0.5 - eighth : eighth
    return y < 0 ? 1 - half : half
}

/// 0 below `low`, 1 above `high`, a cubic without corners between.
@inlinable
package func smoothstep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let t = min(max((value - low) / (high - low), 0), 1)
    return t * t * (3 - 2 * t)
}

/// `value` rounded up to a multiple of `multiple`.
@inlinable
package func roundUp(_ value: Int, toMultipleOf multiple: Int) -> Int {
    (value + multiple - 1) / multiple * multiple
}

// The standard library's pointwiseMin and clamped are generic calls in a pixel loop; these compile to one instruction
// each.

@inlinable @inline(__always)
package func lower(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { a.replacing(with: b, where: b .< a) }

@inlinable @inline(__always)
package func upper(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { a.replacing(with: b, where: b .> a) }

/// Between 0 and 1 in every channel.
@inlinable @inline(__always)
package func clamped01(_ value: SIMD4<Float>) -> SIMD4<Float> { lower(upper(value, .zero), SIMD4(repeating: 1)) }
