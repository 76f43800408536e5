@testable import Drawing
import DrawingFixtures
@testable import Models
import Raster
import Settings
import XCTest

/// Gives its picture back under any names and layout, and a lines output of the wrong size on demand.
private struct LayoutEcho: NeuralNetwork {
    var input = "in"
    var output = "out"
    var breaks = false
    var inputs: [TensorSpec] { [TensorSpec(name: input, shape: [1, nil, nil, 3])] }
    var outputs: [TensorSpec] { [TensorSpec(name: output, shape: [1, nil, nil, 3])] }

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        guard let image = inputs[input] else { throw StyleError.network(reason: "no \(input)") }
        return [output: breaks ? Tensor(zeros: [1, 3, 8, 8]) : image]
    }
}

/// Gives its picture back and remembers its shape.
///
/// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept afterwards.
private final class ShapeRecorder: NeuralNetwork, @unchecked Sendable {
    private(set) var shape: [Int] = []
    var inputs: [TensorSpec] { [] }
    var outputs: [TensorSpec] { [] }

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        shape = inputs["in"]?.shape ?? []
        return ["out": inputs["in"] ?? Tensor(zeros: [0])]
    }
}

final class GeneratorTests: XCTestCase {
    private func dropIn(
        _ layout: ModelManifest.Layout, _ channels: ModelManifest.Channels, range: [Float], multiple: Int
    ) -> ModelManifest {
        var model = manifest(gates: false)
        model.input = .init(name: "in", layout: layout, channels: channels, range: range, multiple: multiple)
        model.outputs = .init(colour: "out", lines: nil)
        return model
    }

    func testEveryLayoutOrderAndRangeGivesThePictureBack() throws {
        let picture = waves(37, 21)
        for layout in [ModelManifest.Layout.NCHW, .NHWC] {
            for channels in [ModelManifest.Channels.RGB, .BGR] {
                for range: [Float] in [[-1, 1], [0, 1], [0, 255]] {
                    for multiple in [1, 8, 16, 32] {
                        let model = dropIn(layout, channels, range: range, multiple: multiple)
                        let painting = try Generator(manifest: model, network: LayoutEcho()).paint(picture)
                        XCTAssertLessThan(
                            largestDifference(
                                painting.pixels,
                                Bitmap(width: 37, height: 21) { x, y in
                                    var pixel = picture[x, y]
                                    pixel.w = 0
                                    return pixel
                                }), 1e-5, "\(layout) \(channels) \(range) \(multiple)")
                    }
                }
            }
        }
    }

    func testTensorHasTheManifestsShapeAndChannelOrder() {
        let red = Bitmap(width: 5, height: 3, filledWith: SIMD4(1, 0, 0, 1))
        let planar = TensorCodec(manifest: dropIn(.NCHW, .BGR, range: [-1, 1], multiple: 8), width: 8, height: 8)
            .encode(red)
        XCTAssertEqual(planar.shape, [1, 3, 8, 8])
        XCTAssertEqual(planar.values[0], -1)
        XCTAssertEqual(planar.values[128], 1)
        let interleaved = TensorCodec(manifest: dropIn(.NHWC, .RGB, range: [0, 255], multiple: 8), width: 8, height: 8)
            .encode(red)
        XCTAssertEqual(interleaved.shape, [1, 8, 8, 3])
        XCTAssertEqual(Array(interleaved.values[0..<3]), [255, 0, 0])
    }

    func testAnOutputOfTheWrongSizeOrNameIsRefused() {
        let model = dropIn(.NHWC, .RGB, range: [-1, 1], multiple: 1)
        XCTAssertThrowsError(try Generator(manifest: model, network: LayoutEcho(breaks: true)).paint(waves(16, 16)))
        XCTAssertThrowsError(try Generator(manifest: model, network: LayoutEcho(output: "other")).paint(waves(16, 16)))
    }

    func testAnOutputOfAnotherShapeOrOfNoNumbersIsRefused() {
        struct Answer: NeuralNetwork {
            var inputs: [TensorSpec] { [] }
            var outputs: [TensorSpec] { [] }
            let tensor: Tensor
            func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] { ["out": tensor] }
        }
        let model = dropIn(.NCHW, .RGB, range: [-1, 1], multiple: 1)
        func paint(_ tensor: Tensor) throws {
            _ = try Generator(manifest: model, network: Answer(tensor: tensor)).paint(waves(16, 8))
        }
        XCTAssertNoThrow(try paint(Tensor(zeros: [1, 3, 8, 16])))
        XCTAssertThrowsError(try paint(Tensor(zeros: [1, 8, 16, 3])), "as many numbers in another order") {
            XCTAssertTrue("\($0)".contains("1×8×16×3 instead of 1×3×8×16"), "\($0)")
        }
        for shape in [[], [0], [1, 3, 16, 32], [3, 8, 16], [2, 3, 8, 16]] {
            XCTAssertThrowsError(try paint(Tensor(zeros: shape)), "\(shape)")
        }
        for value in [Float.nan, .infinity, -.infinity] {
            var tensor = Tensor(zeros: [1, 3, 8, 16])
            tensor.values[200] = value
            XCTAssertThrowsError(try paint(tensor)) { XCTAssertTrue("\($0)".contains("not finite"), "\($0)") }
        }
    }

    func testAModelOfOneSizeDrawsAnyPicture() throws {
        for layout in [ModelManifest.Layout.NCHW, .NHWC] {
            var model = dropIn(layout, .RGB, range: [-1, 1], multiple: 1)
            model.input.size = [96, 64]
            for (width, height) in [(96, 64), (40, 30), (96, 20), (200, 100), (100, 300), (97, 64), (1500, 9)] {
                // A wave so long that scaling it down and up again hardly changes it.
                let picture = Bitmap(width: width, height: height) { x, y in
                    SIMD4(Float(x) / Float(width), Float(y) / Float(height), 0.5, 1)
                }
                let network = ShapeRecorder()
                let painting = try Generator(manifest: model, network: network).paint(picture)
                XCTAssertEqual(network.shape, layout == .NCHW ? [1, 3, 64, 96] : [1, 64, 96, 3])
                XCTAssertEqual([painting.pixels.width, painting.pixels.height], [width, height])
                let middle = picture[width / 2, height / 2] - painting.pixels[width / 2, height / 2]
                XCTAssertLessThan(max(abs(middle.x), abs(middle.y)), 0.02, "\(width)×\(height)")
                XCTAssertLessThan(abs(painting.pixels[width - 1, height - 1].x - 1), 0.04, "\(width)×\(height)")
            }
        }
    }

    func testLinesDarkenTowardsTheTintAndSaturate() {
        let flat = SIMD4<Float>(0.8, 0.6, 0.4, 0.5)
        XCTAssertEqual(LineInk(tint: SIMD3(0.5, 0.5, 0.5), strength: 1)(flat).x, 0.6, accuracy: 1e-6)
        XCTAssertEqual(LineInk(tint: SIMD3(0.5, 0.5, 0.5), strength: 2)(flat).x, 0.4, accuracy: 1e-6)
        XCTAssertEqual(
            LineInk(tint: SIMD3(0.5, 0.5, 0.5), strength: 2)(SIMD4(0.8, 0, 0, 0.9)).x, 0.4, accuracy: 1e-6,
            "coverage ends at 1")
        XCTAssertEqual(LineInk(tint: .zero, strength: 0)(flat).y, 0.6)
    }

    func testLargeFacesAreDrawnLargerInStepsUpToTheModelsLimit() {
        var model = manifest()
        let usual = Generator(manifest: model, network: EchoNetwork())
        XCTAssertEqual(
            usual.template(interOcularDistance: 400).size, 512, "without a limit of its own a model draws one size")
        model.face.maximumSize = 768
        let generator = Generator(manifest: model, network: EchoNetwork())
        for (distance, side) in [(10.0, 512.0), (84, 512), (104, 512), (106, 640), (127, 768), (900, 768)] {
            let template = generator.template(interOcularDistance: distance)
            XCTAssertEqual(template.size, side, "\(distance)")
            XCTAssertEqual(template.landmarks.interOcularDistance, 83.95 * side / 512, accuracy: 0.1)
        }
    }

    func testSmallFacesAreDrawnSmallerInStepsDownToTheModelsSmallest() {
        var model = manifest()
        (model.face.minimumSize, model.face.maximumSize) = (256, 768)
        let generator = Generator(manifest: model, network: EchoNetwork())
        for (distance, side) in [(0.0, 256.0), (10, 256), (41, 256), (43, 384), (62, 384), (64, 512), (106, 640)] {
            let template = generator.template(interOcularDistance: distance)
            XCTAssertEqual(template.size, side, "\(distance)")
            XCTAssertEqual(template.landmarks.interOcularDistance, 83.95 * side / 512, accuracy: 0.1)
        }
    }

    func testLineRangeSharpensCoverage() throws {
        var model = manifest()
        model.lineRange = [0.2, 0.6]
        for (coverage, wanted) in [(Float(0.1), Float(0)), (0.4, 0.5), (0.7, 1)] {
            let painting = try Generator(manifest: model, network: EchoNetwork(lines: coverage)).paint(waves(16, 16))
            XCTAssertEqual(painting.pixels[8, 8].w, wanted, accuracy: 1e-5)
        }
    }
}
