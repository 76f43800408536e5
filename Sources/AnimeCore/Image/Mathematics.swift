#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// The few functions of the C library's mathematics that the core uses, in one place.

func cosine(_ angle: Double) -> Double { cos(angle) }
func sine(_ angle: Double) -> Double { sin(angle) }
func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }
func cubeRoot(_ value: Float) -> Float { cbrtf(value) }
func exponential(_ value: Float) -> Float { expf(value) }

/// 0 below `low`, 1 above `high`, a cubic without corners between.
func smoothstep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let t = min(max((value - low) / (high - low), 0), 1)
    return t * t * (3 - 2 * t)
}

/// `value` rounded up to a multiple of `multiple`.
func roundUp(_ value: Int, toMultipleOf multiple: Int) -> Int {
    (value + multiple - 1) / multiple * multiple
}

// The standard library's pointwiseMin and clamped are generic calls in a pixel loop; these compile to one instruction each.

@inline(__always)
func lower(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { a.replacing(with: b, where: b .< a) }

@inline(__always)
func upper(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { a.replacing(with: b, where: b .> a) }

/// Between 0 and 1 in every channel.
@inline(__always)
func clamped01(_ value: SIMD4<Float>) -> SIMD4<Float> { lower(upper(value, .zero), SIMD4(repeating: 1)) }
