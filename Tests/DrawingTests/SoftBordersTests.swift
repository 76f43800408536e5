@testable import Drawing
import Raster
import XCTest

private let side = 96

/// Distance of a pixel's centre from a slanted border through the middle, in pixels.
private func across(_ x: Int, _ y: Int) -> Float {
    let middle = Float(side) / 2
    return (Float(x) + 0.5 - middle) * 0.83 + (Float(y) + 0.5 - middle) * 0.5577
}

/// A smooth step from 0 to 1 of this width.
private func step(_ distance: Float, width: Float) -> Float { smoothstep(-width / 2, width / 2, distance) }

/// Colours that a network lets run into each other.
final class SoftBordersTests: XCTestCase {
    private func picture(_ value: @Sendable (_ x: Int, _ y: Int) -> Float) -> Bitmap {
        Bitmap(width: side, height: side) { x, y in
            let value = value(x, y)
            return SIMD4(value, 0.9 * value, 0.8 * value, 1)
        }
    }

    /// A wall and a shirt that differ by a tenth, with a camera's noise.
    private func photograph(noise: Float = 0.01) -> Bitmap {
        var random = SplitMix64(seed: 3)
        let grain = (0..<side * side).map { _ in
            (Float(random.next() >> 40) / Float(1 << 24) - 0.5) * 3.4 * noise
        }
        return picture { x, y in
            0.8 + 0.1 * min(max(across(x, y) + 0.5, 0), 1) + grain[y * side + x]
        }
    }

    private func sharpened(_ flat: Bitmap, _ photograph: Bitmap) -> Bitmap {
        var result = flat
        SoftBorders(photograph, flat, []).sharpen(&result, photograph)
        return result
    }

    /// Means on both sides of the border at these distances from it.
    private func contrast(_ picture: Bitmap, _ distances: ClosedRange<Float>) -> Float {
        var (sums, counts) = (SIMD2<Float>.zero, SIMD2<Float>.zero)
        for y in 16..<side - 16 {
            for x in 16..<side - 16 where distances.contains(abs(across(x, y))) {
                let place = across(x, y) < 0 ? 0 : 1
                sums[place] += picture[x, y].x
                counts[place] += 1
            }
        }
        return sums[1] / counts[1] - sums[0] / counts[0]
    }

    func testASoftBorderBecomesThePhotographs() {
        let photograph = photograph()
        let flat = picture { x, y in 0.85 + 0.1 * step(across(x, y), width: 36) }
        let after = sharpened(flat, photograph)
        XCTAssertLessThan(contrast(flat, 1.5...3), 0.02)
        XCTAssertGreaterThan(contrast(after, 1.5...3), 0.05)
        // The border has not moved: at it both sides are mixed.
        for (x, y) in (16..<80).flatMap({ y in (16..<80).map { ($0, y) } }) where abs(across(x, y)) > 1.5 {
            XCTAssertEqual(after[x, y].x > 0.9, across(x, y) > 0, "\(x), \(y)")
        }
        XCTAssertEqual(after.pixels.map(\.w), flat.pixels.map(\.w), "logits stay")
    }

    func testWhatIsDrawnSharpStaysAsItIsDrawn() {
        // The network's border lies where the photograph shows none.
        let flat = picture { x, y in 0.5 + 0.3 * min(max(across(x, y) - 9.5, 0), 1) }
        XCTAssertEqual(sharpened(flat, photograph()), flat)
    }

    func testWhereThePhotographHasNoBorderNoneIsMade() {
        let flat = picture { x, y in 0.85 + 0.1 * step(across(x, y), width: 36) }
        let plain = picture { _, _ in 0.7 }
        XCTAssertEqual(sharpened(flat, plain), flat)
    }

    func testStrandsOfHairAreNotBroughtBack() {
        let strands = picture { x, y in 0.4 + 0.2 * Float(sine(Double(x) * 1.3 + Double(y) * 0.4)) }
        let flat = picture { x, y in 0.4 + 0.2 * step(across(x, y), width: 36) }
        let after = sharpened(flat, strands)
        let most = zip(flat.pixels, after.pixels).map { abs($0.x - $1.x) }.max() ?? 1
        XCTAssertLessThan(most, 0.004)
    }

    func testTinyPicturesAreTaken() {
        for (width, height) in [(8, 8), (9, 8), (13, 70)] {
            let small = Bitmap(width: width, height: height) { x, y in SIMD4(Float(x) / 13, Float(y) / 70, 0.5, 1) }
            XCTAssertTrue(sharpened(small, small).pixels.allSatisfy { $0.x.isFinite && $0.w == 1 })
        }
    }
}
