@testable import Drawing
import DrawingFixtures
@testable import Models
import Raster
import Settings
import XCTest

/// Gives its picture back as flat colour, and a guide map as the logit of shade, so that both can be seen in the
/// drawing.
///
/// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept afterwards.
private final class LogitEcho: NeuralNetwork, @unchecked Sendable {
    let inputs = [
        TensorSpec(name: "image", shape: [1, 3, nil, nil]), TensorSpec(name: "guides", shape: [1, 2, nil, nil]),
    ]
    let outputs = [TensorSpec(name: "flat", shape: [1, 3, nil, nil])]
    var effectsSize: Int?

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        guard let image = inputs["image"], let guides = inputs["guides"] else {
            throw StyleError.network(reason: "no image or no guides")
        }
        let (height, width) = (image.shape[2], image.shape[3])
        guard guides.shape == [1, 2, height, width] else {
            throw StyleError.network(reason: "guides of \(guides.shape)")
        }
        let half = effectsSize ?? width / 2
        return [
            "flat": Tensor(shape: image.shape, values: image.values.map { $0 * 0.5 + 0.5 }),
            "effects": Tensor(
                shape: [1, 6, height / 2, half], values: [Float](repeating: -0.5, count: 3 * height * half)),
            "logits": Tensor(
                shape: [1, 2, height, width],
                values: guides.values[0..<height * width].map { $0 * 40 - 20 }
                    + [Float](repeating: -20, count: height * width)),
        ]
    }
}

/// Generators that leave the decisions to the product.
final class LateGeneratorTests: XCTestCase {
    private func late(tile: Int = 512) -> ModelManifest {
        var model = manifest(tile: tile, gates: false)
        model.schema = 2
        model.outputs = .init(colour: nil, lines: nil, flat: "flat", effects: "effects", logits: "logits")
        model.guides = .init(input: "guides", maps: [.oval, .eyes])
        model.logits = [.shade, .lines]
        model.decisions = [
            "shade": .init(sharpness: 1, readiness: 0, crispness: 1, strength: 0.5),
            "lines": .init(sharpness: 1, readiness: 0, crispness: 1),
        ]
        return model
    }

    private func mesh(_ size: Double) -> FaceMesh {
        var points = [Point](repeating: Point(x: size / 2, y: size / 2), count: FaceMesh.count)
        for (index, number) in MeshPoints.oval.enumerated() {
            let angle = 2 * .pi * Double(index) / Double(MeshPoints.oval.count)
            points[number] = Point(x: size * (0.5 + 0.25 * sine(angle)), y: size * (0.5 - 0.35 * cosine(angle)))
        }
        let places = [(0.4, 0.45), (0.6, 0.45), (0.42, 0.65), (0.58, 0.65)].map {
            Point(x: size * $0.0, y: size * $0.1)
        }
        for eye in 0...1 {
            for number in MeshPoints.upperLid[eye] + MeshPoints.lowerLid[eye] { points[number] = places[eye] }
            points[MeshPoints.mouthCorners[eye]] = places[2 + eye]
        }
        return FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
    }

    func testGuidesReachTheNetworkAndItsLogitsTheDrawing() throws {
        let model = try late().validated(path: "late.json")
        let generator = Generator(manifest: model, network: LogitEcho())
        let picture = Bitmap(width: 200, height: 200, filledWith: SIMD4(0.8, 0.6, 0.4, 1))
        let drawn = try TiledRunner(generator: generator).paint(picture, meshes: [mesh(200)]) { _ in }.decided
        // Shade is −0.5 · strength 0.5 within the oval.
        XCTAssertEqual(drawn.pixels[100, 100].x, 0.8 * 0.75, accuracy: 1e-3)
        XCTAssertEqual(drawn.pixels[5, 5].x, 0.8, accuracy: 1e-3)
        XCTAssertEqual(drawn.pixels[100, 100].w, 0, accuracy: 1e-3)
        let bare = try TiledRunner(generator: generator).paint(picture) { _ in }.decided
        XCTAssertEqual(bare.pixels[100, 100].x, 0.8, accuracy: 1e-3, "without a face the guides are zeros")
    }

    func testTilesGiveWhatOneRunGives() throws {
        let picture = waves(300, 260)
        func paint(_ tile: Int) throws -> Painting {
            try TiledRunner(generator: Generator(manifest: late(tile: tile), network: LogitEcho())).paint(
                picture, meshes: [mesh(280)]
            ) { _ in }.decided
        }
        let (whole, tiled) = (try paint(512), try paint(128))
        XCTAssertLessThan(largestDifference(whole.pixels, tiled.pixels), 1e-3)
        let (a, b) = (try XCTUnwrap(whole.undecided), try XCTUnwrap(tiled.undecided))
        XCTAssertLessThan(largestDifference(a.shade, b.shade), 1e-2)
        XCTAssertLessThan(largestDifference(a.flat, b.flat), 1e-2)
    }

    /// Layers of floats may hold what is no number; the stages that draw faces count and blur.
    func testAFacesSquareHoldsNumbers() throws {
        var photograph = waves(900, 800)
        for index in stride(from: 0, to: photograph.pixels.count, by: 1001) {
            photograph.pixels[index] = SIMD4(.nan, .infinity, -.infinity, 1)
        }
        let found = face(SimilarityTransform(scale: 1.2, angle: 0.3, tx: 200, ty: 60))
        let template = Generator(manifest: late(), network: LogitEcho()).template(interOcularDistance: 0)
        let pose = try XCTUnwrap(FacePose(found, template: template))
        let square = try pose.canvas(in: Scene(photograph), options: StyleOptions()).photograph
        XCTAssertTrue(square.pixels.allSatisfy { $0 == $0.finiteOrZero })
    }

    func testAFinishedFaceIsTheFace() throws {
        let photograph = waves(900, 800), generator = Generator(manifest: late(), network: LogitEcho())
        let found = face(SimilarityTransform(scale: 1.2, angle: 0.3, tx: 200, ty: 60))
        let pose = try XCTUnwrap(FacePose(found, template: generator.template(interOcularDistance: 0)))
        let canvas = try pose.canvas(in: Scene(photograph), options: StyleOptions())
        var drawn = try TiledRunner(generator: generator).paint(canvas.input, meshes: [mesh(512)]) { _ in }
        canvas.tone(&drawn, options: StyleOptions())
        let painted = pose.painted(drawn)
        let gray = Bitmap(width: 90, height: 80, filledWith: SIMD4(0.5, 0.5, 0.5, 0))
        for whole in [nil, Painting(pixels: gray, lineTint: .zero)] {
            let finished = try painted.finished(over: photograph, beyondHead: whole == nil)
            XCTAssertNotNil(finished.withFinished { $0 })
            let pictures = try [painted, finished].map { face -> [Bitmap] in
                let parts = PasteBack(photograph: photograph, whole: whole, faces: [face], options: StyleOptions())
                var overlay = Bitmap(width: 1, height: 1)
                try parts.forEachBand(ofHeight: 800, parts.overlay) { overlay = $1 }
                return [try parts.render(), overlay]
            }
            XCTAssertGreaterThan(largestDifference(pictures[0][0], photograph), 0.1)
            for (before, after) in zip(pictures[0], pictures[1]) {
                XCTAssertLessThan(largestDifference(before, after), 1.0 / 65535)
            }
        }
    }

    func testAPartAndBandsOfAnEnlargedDrawingAreToTheBitWhatTheWholeIsThere() throws {
        var model = late()
        model.workingSize = 256
        let photograph = waves(700, 610)
        let stylizer = Stylizer(
            detector: FixedDetector(found: [face(SimilarityTransform(scale: 0.5, angle: 0.2, tx: 180, ty: 90))]),
            generator: Generator(manifest: model, network: LogitEcho()))
        for region in Region.allCases {
            var options = StyleOptions()
            options.region = region
            let drawing = try stylizer.draw(photograph, options: options), picture = try drawing.picture()
            XCTAssertEqual(try drawing.picture(bands: 16), picture, "\(region)")
            for (columns, rows) in [
                (0..<700, 0..<610), (40..<41, 60..<61), (200..<433, 97..<300), (699..<700, 0..<610),
            ] {
                let part = try drawing.part(PixelArea(columns: columns, rows: rows))
                XCTAssertEqual(
                    part.picture, picture.read(rows: rows, columns: columns), "\(region), \(columns), \(rows)")
            }
        }
    }

    func testWrongShapesAndManifestsAreRefusedInOneSentence() throws {
        let network = LogitEcho()
        network.effectsSize = 7
        XCTAssertThrowsError(try Generator(manifest: late(), network: network).paint(waves(64, 64))) { error in
            XCTAssertTrue("\(error)".contains("1×6×32×7"), "\(error)")
        }
        func refusal(_ change: (inout ModelManifest) -> Void) -> String {
            var model = late()
            change(&model)
            do {
                _ = try model.validated(path: "late.json")
                return ""
            } catch { return "\(error)" }
        }
        XCTAssertTrue(refusal { $0.outputs.colour = "colour" }.contains("only one of the two ways"))
        XCTAssertTrue(refusal { $0.outputs.effects = nil }.contains("“effects”"))
        XCTAssertTrue(refusal { $0.logits = [.shade, .shade] }.contains("“logits”"))
        XCTAssertTrue(refusal { $0.decisions = nil }.contains("“decisions”"))
        XCTAssertTrue(refusal { $0.decisions?["shade"]?.sharpness = .infinity }.contains("100"))
        XCTAssertTrue(refusal { $0.guides?.maps = [] }.contains("“guides”"))
        XCTAssertEqual(refusal { $0.decisions?["lines"] = nil }, "", "a logit without a decision is not drawn")
    }

    func testTheIdentityDrawnLateIsThePhotograph() throws {
        let photograph = waves(640, 480)
        let stylizer = Stylizer(
            detector: FixedDetector(found: [face(SimilarityTransform(scale: 0.5, tx: 180, ty: 90))]),
            generator: Generator(manifest: late(), network: LogitEcho()))
        let result = try stylizer.stylize(photograph, options: StyleOptions())
        XCTAssertLessThan(largestDifference(result.picture, photograph), 0.02)
    }
}
