@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import XCTest

/// A drawing taken apart is the same drawing.
final class DrawingTests: XCTestCase {
    private let photograph = waves(500, 420)
    private let left = face(SimilarityTransform(scale: 0.55, angle: 0.2, tx: 20, ty: 20))
    /// Near enough to the other face that their drawings blend.
    private let right = face(SimilarityTransform(scale: 0.5, angle: -0.3, tx: 170, ty: 120), score: 0.9)

    /// Draws a negative with lines where the picture is red, so that two drawings of one place differ.
    private final class NegativeNetwork: NeuralNetwork {
        let inputs = [TensorSpec(name: "image", shape: [1, 3, nil, nil])]
        let outputs = [
            TensorSpec(name: "colour", shape: [1, 3, nil, nil]), TensorSpec(name: "lines", shape: [1, 1, nil, nil]),
        ]

        func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
            guard let image = inputs["image"] else { throw StyleError.network(reason: "no image") }
            let (height, width) = (image.shape[2], image.shape[3])
            // Larger pictures come out brighter and with more lines, so that a face's drawing is not the whole's.
            let lift = Float(width) / 2000
            let lines = image.values.prefix(width * height).map { min(max(($0 + 1) * lift * 2, 0), 1) }
            return [
                "colour": Tensor(shape: image.shape, values: image.values.map { lift - $0 * 0.7 }),
                "lines": Tensor(shape: [1, 1, height, width], values: lines),
                "gates_out": Tensor(shape: [1, 4], values: [0, 0, 0, 0]),
            ]
        }
    }

    private func draw(
        _ photograph: Bitmap, _ region: Region, strength: Double = 1, lines: Double = 1, faces: [Face]? = nil
    ) throws -> Drawing {
        var options = StyleOptions()
        (options.region, options.strength, options.lineStrength) = (region, strength, lines)
        let stylizer = Stylizer(
            detector: FixedDetector(found: faces ?? [left, right]),
            generator: Generator(manifest: manifest(), network: NegativeNetwork()))
        return try stylizer.draw(photograph, options: options)
    }

    func testOverlayMixedInByItsCoverageIsThePicture() throws {
        for region in Region.allCases {
            let drawing = try draw(photograph, region, strength: 0.6)
            let overlay = try drawing.overlay()
            var mixed = photograph
            for index in mixed.pixels.indices {
                var pixel =
                    mixed.pixels[index] + (overlay.pixels[index] - mixed.pixels[index]) * overlay.pixels[index].w * 0.6
                pixel.w = 1
                mixed.pixels[index] = pixel
            }
            XCTAssertLessThan(largestDifference(mixed, try drawing.picture()), 0.002, "region \(region)")
            XCTAssertTrue(overlay.pixels.allSatisfy { (0...1).contains($0.w) })
            XCTAssertEqual(overlay.pixels.contains { $0.w < 1 }, region == .faces)
        }
    }

    func testLinesOverColourAreTheDrawing() throws {
        for region in Region.allCases {
            for alpha in region == .faces ? [Float(1), 0.4] : [1] {
                let photograph = waves(500, 420, alpha: alpha)
                var layers = try draw(photograph, region, lines: 1.7).layers()
                let drawing = layers.drawing
                XCTAssertEqual(drawing, try draw(photograph, region, lines: 1.7).overlay())
                LineSeparation.separate(flat: &layers.flat, drawing: &layers.drawing, alpha: photograph)
                var worst: Float = 0
                for index in stride(from: 0, to: drawing.pixels.count, by: 3) {
                    let (below, above) = (layers.flat.pixels[index], layers.drawing.pixels[index])
                    for pixel in [below, above] {
                        XCTAssertTrue(pixel.min() >= -1e-4 && pixel.max() <= 1 + 1e-4, "\(pixel)")
                    }
                    let total = above.w + below.w * (1 - above.w)
                    let mixed = (above * above.w + below * below.w * (1 - above.w)) / total
                    let d = mixed - drawing.pixels[index]
                    worst = max(worst, abs(d.x), abs(d.y), abs(d.z), abs(total - alpha))
                }
                XCTAssertLessThan(worst, 0.001, "region \(region), alpha \(alpha)")
                XCTAssertTrue(layers.drawing.pixels.contains { $0.w > 0.3 * alpha }, "the test needs lines")
            }
        }
    }

    func testColourWithoutItsLinesIsThatOfADrawingWithoutLines() throws {
        let layers = try draw(photograph, .both).layers()
        let clean = try draw(photograph, .both, lines: 0)
        XCTAssertTrue(try draw(photograph, .both, lines: 0).layers().flat.pixels.allSatisfy { $0.w == 0 })
        var flat = layers.flat
        for index in flat.pixels.indices { flat.pixels[index].w = 1 }
        XCTAssertLessThan(largestDifference(flat, try clean.picture()), 1e-4)
    }

    func testDrawingGoesOnAroundTheHeadAndThePhotographBeyond() throws {
        let overlay = try draw(photograph, .faces, faces: [left]).overlay()
        XCTAssertEqual(
            overlay[490, 410], SIMD4(photograph[490, 410].x, photograph[490, 410].y, photograph[490, 410].z, 0))
        let hidden = overlay.pixels.indices.filter { overlay.pixels[$0].w == 0 }
        let drawn = hidden.filter { abs(overlay.pixels[$0].y - photograph.pixels[$0].y) > 0.05 }
        XCTAssertGreaterThan(drawn.count, 500, "there must be something to bring out with a brush")
        XCTAssertLessThan(drawn.count, hidden.count)
    }

    func testSeparationIsExactWhateverItIsGiven() {
        var seed: UInt32 = 7
        func random() -> Float {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            return (Float(seed >> 8) / Float(1 << 24) * 1.2 - 0.1).clampedToUnit
        }
        for _ in 0..<2000 {
            let flat = SIMD4(random(), random(), random(), random()), drawing = SIMD4(random(), random(), random(), 1)
            let (below, above) = LineSeparation.separated(flat: flat, drawing: drawing, alpha: 1)
            XCTAssertEqual(below.w, 1)
            XCTAssertGreaterThanOrEqual(above.w, flat.w - 1e-6)
            let mixed = below + (above - below) * above.w
            for channel in 0..<3 {
                XCTAssertEqual(mixed[channel], drawing[channel], accuracy: 1e-4)
                XCTAssertEqual(above[channel], above[channel].clampedToUnit, accuracy: 1e-4)
            }
        }
    }

    func testSurvivesNotANumber() throws {
        var picture = photograph
        picture[200, 150] = SIMD4(.nan, .infinity, -.infinity, 1)
        for region in [Region.faces, .both] {
            var layers = try draw(picture, region).layers()
            XCTAssertTrue(layers.drawing[200, 150].max().isFinite)
            LineSeparation.separate(flat: &layers.flat, drawing: &layers.drawing, alpha: picture)
            XCTAssertTrue(layers.flat.pixels.allSatisfy { $0.sum().isFinite })
        }
    }
}

/// Put together from bands, at once or a few rows at a time.
extension Drawing {
    func overlay(bands height: Int? = nil) throws -> Bitmap {
        var pixels: [SIMD4<Float>] = []
        try forEachBandOfOverlay(ofHeight: height) { pixels += $2.pixels }
        return Bitmap(width: width, height: self.height, pixels: pixels)
    }

    func layers(bands height: Int? = nil) throws -> DrawnLayers {
        var (flat, drawing): ([SIMD4<Float>], [SIMD4<Float>]) = ([], [])
        try forEachBandOfLayers(ofHeight: height) {
            flat += $2.flat.pixels
            drawing += $2.drawing.pixels
        }
        return DrawnLayers(
            flat: Bitmap(width: width, height: self.height, pixels: flat),
            drawing: Bitmap(width: width, height: self.height, pixels: drawing))
    }

    func picture(bands height: Int) throws -> Bitmap {
        var pixels: [SIMD4<Float>] = []
        try forEachBandOfPicture(ofHeight: height) { first, photograph, band in
            XCTAssertEqual(first * width, pixels.count)
            XCTAssertEqual(photograph.height, band.height)
            pixels += band.pixels
        }
        return Bitmap(width: width, height: self.height, pixels: pixels)
    }
}

private extension Float {
    var clampedToUnit: Float { Swift.min(Swift.max(self, 0), 1) }
}
