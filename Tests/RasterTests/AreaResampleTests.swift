import DrawingFixtures
@testable import Raster
import XCTest

final class AreaResampleTests: XCTestCase {
    private let sizes = [(1, 1), (2, 3), (7, 5), (31, 64), (5, 300), (97, 41)]

    func testWeighsPixelsByTheCoveredShare() {
        let row = Bitmap(width: 3, height: 1, pixels: [0.2, 0.5, 0.8].map { SIMD4(Float($0), 0, 1, 1) })
        let half = areaResampled(row, width: 2, height: 1)
        XCTAssertEqual(half[0, 0].x, (0.2 + 0.5 * 0.5) / 1.5, accuracy: 1e-6)
        XCTAssertEqual(half[1, 0].x, (0.5 * 0.5 + 0.8) / 1.5, accuracy: 1e-6)
        let column = Bitmap(width: 1, height: 5, pixels: [1, 0, 0, 0, 1].map { SIMD4(Float($0), 0, 0, 1) })
        XCTAssertEqual(areaResampled(column, width: 1, height: 2)[0, 1].x, 1 / 2.5, accuracy: 1e-6)
    }

    func testOneColourStaysOneColour() {
        let colour = SIMD4<Float>(0.1, 0.7, 1.9, 0.6)
        for (width, height) in sizes {
            let picture = Bitmap(width: width, height: height, filledWith: colour)
            for (newWidth, newHeight) in sizes {
                for pixel in areaResampled(picture, width: newWidth, height: newHeight).pixels {
                    for channel in 0..<4 { XCTAssertEqual(pixel[channel], colour[channel], accuracy: 1e-5) }
                }
            }
        }
    }

    func testShrinkingKeepsTheMean() {
        func mean(_ bitmap: Bitmap) -> SIMD4<Double> {
            bitmap.pixels.reduce(SIMD4<Double>.zero) { $0 + SIMD4<Double>($1) } / Double(bitmap.pixels.count)
        }
        let picture = waves(97, 61)
        for (width, height) in [(96, 60), (48, 30), (31, 61), (13, 7), (97, 1), (1, 1)] {
            let difference = mean(areaResampled(picture, width: width, height: height)) - mean(picture)
            for channel in 0..<4 { XCTAssertEqual(difference[channel], 0, accuracy: 1e-6) }
        }
    }

    func testAPartOfAFilterGivesAPartOfTheResult() {
        let picture = waves(97, 61)
        let columns = AxisFilter(sourceCount: 97, origin: 0, extent: 97, count: 40, edge: .extend),
            rows = AxisFilter(sourceCount: 61, origin: 0, extent: 61, count: 23, edge: .extend)
        func pixels(_ columns: AxisFilter, _ rows: AxisFilter) -> Bitmap {
            let (across, down) = (columns.used, rows.used)
            let source = picture.read(rows: down, columns: across)
            return AreaResampler(columns: columns, rows: rows, weighsByAlpha: false).rows(
                0..<rows.taps.count, of: AreaPart(source, origin: (across.lowerBound, down.lowerBound)))
        }
        let whole = pixels(columns, rows)
        for (right, low) in [(0..<40, 0..<23), (7..<19, 5..<6), (39..<40, 20..<23)] {
            XCTAssertEqual(pixels(columns.part(right), rows.part(low)), whole.read(rows: low, columns: right))
        }
    }

    func testFindsTheCentresOfPixels() {
        let ramp = Bitmap(width: 120, height: 90) { x, y in SIMD4((Float(x) + 0.5) / 120, (Float(y) + 0.5) / 90, 0, 1) }
        for (width, height) in [(60, 45), (24, 30), (50, 37), (119, 89), (7, 3)] {
            let small = areaResampled(ramp, width: width, height: height)
            // A pixel that is cut in two is one colour on both sides of the cut: at most an eighth of a pixel off.
            let pixel: Float = 120 % width == 0 ? 1e-3 : 0.126
            for y in 0..<height {
                for x in 0..<width {
                    XCTAssertEqual(small[x, y].x * 120, (Float(x) + 0.5) / Float(width) * 120, accuracy: pixel)
                    XCTAssertEqual(small[x, y].y * 90, (Float(y) + 0.5) / Float(height) * 90, accuracy: pixel)
                }
            }
        }
        let large = areaResampled(ramp, width: 200, height: 180)
        XCTAssertEqual(large[100, 90].x, 100.5 / 200, accuracy: 1e-5)
        XCTAssertEqual(large[100, 90].y, 90.5 / 180, accuracy: 1e-5)
    }

    func testWhatIsTransparentDoesNotBleed() {
        let picture = Bitmap(width: 63, height: 63) { x, _ in x % 3 == 0 ? SIMD4(1, 1, 1, 0) : SIMD4(0.25, 0.5, 0.75, 1)
        }
        for pixel in areaResampled(picture, width: 7, height: 7).pixels {
            XCTAssertEqual(pixel.x, 0.25, accuracy: 1e-5)
            XCTAssertEqual(pixel.z, 0.75, accuracy: 1e-5)
            XCTAssertEqual(pixel.w, 2.0 / 3, accuracy: 1e-5)
        }
        XCTAssertEqual(
            areaResampled(Bitmap(width: 8, height: 8, filledWith: SIMD4(1, 1, 1, 0)), width: 3, height: 3)[1, 1], .zero)
    }

    func testNumbersThatAreNoneDoNotSpread() {
        var picture = Bitmap(width: 9, height: 9, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        picture[4, 4] = SIMD4(.nan, .infinity, -.infinity, 1)
        let small = areaResampled(picture, width: 3, height: 3)
        XCTAssertTrue(small.pixels.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite && $0.w.isFinite })
        XCTAssertEqual(small[0, 0].x, 0.5, accuracy: 1e-6)
        XCTAssertEqual(small[1, 1].x, 0.5 * 8 / 9, accuracy: 1e-6)
    }

    func testTheSameSizeIsTheSameBitmap() {
        let picture = waves(37, 23, alpha: 0.3)
        XCTAssertEqual(areaResampled(picture, width: 37, height: 23), picture)
    }

    func testRegionsThatReachOutsideFadeToZero() {
        let filter = AxisFilter(sourceCount: 4, origin: -3, extent: 12, count: 4, edge: .zero)
        let sums = filter.taps.map { taps in filter.weights[taps.offset..<taps.offset + taps.count].reduce(0, +) }
        XCTAssertEqual(sums, [0, 1, Float(1) / 3, 0])
        XCTAssertEqual(filter.used, 0..<4)
        let far = AxisFilter(sourceCount: 4, origin: 50, extent: 2, count: 8, edge: .zero)
        XCTAssertTrue(far.taps.allSatisfy { $0.count == 0 })
        XCTAssertTrue(far.used.isEmpty)
    }
}
