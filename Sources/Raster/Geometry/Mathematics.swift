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
