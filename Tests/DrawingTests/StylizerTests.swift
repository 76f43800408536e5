@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import Synchronization
import XCTest

final class StylizerTests: XCTestCase {
    private let photograph = waves(700, 600)
    private let left = face(SimilarityTransform(scale: 0.9, angle: 0.2, tx: 30, ty: 20))
    private let right = face(SimilarityTransform(scale: 0.7, angle: -0.3, tx: 300, ty: 200), score: 0.9)

    private func stylizer(
        _ faces: [Face], network: NeuralNetwork = EchoNetwork(), manifest model: ModelManifest = manifest()
    ) -> Stylizer {
        Stylizer(detector: FixedDetector(found: faces), generator: Generator(manifest: model, network: network))
    }

    private func options(_ region: Region) -> StyleOptions {
        var options = StyleOptions()
        options.region = region
        return options
    }

    func testIdentityGeneratorGivesThePhotographBack() throws {
        for region in Region.allCases {
            let result = try stylizer([left, right]).stylize(photograph, options: options(region))
            XCTAssertLessThanOrEqual(largestDifference(result.picture, photograph), 1 / 255, "region \(region)")
        }
    }

    /// Its memory is wanted for what follows, but not as long as there is something to draw.
    func testTheNetworkRestsAfterItsLastRunWhereNoPhotographFollows() throws {
        let drawn = try [false, true].map { once in
            let network = RestingNetwork()
            var stylizer = stylizer([left, right], network: network)
            stylizer.drawsOnce = once
            let picture = try stylizer.stylize(photograph, options: options(.both)).picture
            let wasRun = network.wasRun.withLock { $0 }
            XCTAssertEqual(wasRun.filter { !$0 }.count, once ? 1 : 0)
            XCTAssertEqual(wasRun.last, !once)
            XCTAssertGreaterThanOrEqual(wasRun.filter { $0 }.count, 3, "two faces and the whole")
            return picture
        }
        XCTAssertEqual(drawn[0], drawn[1])
    }

    func testOrderOfFacesDoesNotMatter() throws {
        let network = EchoNetwork(lines: 0.5)
        let one = try stylizer([left, right], network: network).stylize(photograph, options: options(.faces))
        let other = try stylizer([right, left], network: network).stylize(photograph, options: options(.faces))
        XCTAssertEqual(one.picture, other.picture)
        XCTAssertGreaterThan(largestDifference(one.picture, photograph), 0.1, "the lines must show")
    }

    /// Faces are toned two at a time, but for a window, which gets each one at once.
    func testFacesTonedSideBySideAreThoseTonedOneByOne() throws {
        let middle = face(SimilarityTransform(scale: 0.5, angle: 0.1, tx: 400, ty: 20), score: 0.8)
        let stylizer = stylizer([left, right, middle], network: EchoNetwork(lines: 0.5))
        for region in [Region.faces, .both] {
            let together = try stylizer.draw(photograph, options: options(region)).picture()
            var nothing: DrawingMemory?
            let window = VisiblePart(area: { nil }, show: { _, _ in XCTFail("nothing is looked at") })
            let apart = try stylizer.draw(
                photograph, style: "", options: options(region), &nothing, visible: window, progress: { _ in })
            XCTAssertEqual(apart.faces.count, 3)
            XCTAssertEqual(try apart.picture(), together, "\(region)")
        }
    }

    func testFacesOnlyLeavesTheRestUntouched() throws {
        let result = try stylizer([right], network: EchoNetwork(lines: 1)).stylize(photograph, options: options(.faces))
        XCTAssertEqual(result.picture[5, 5], photograph[5, 5])
        XCTAssertEqual(result.picture[20, 590], photograph[20, 590])
        let nose = right.landmarks.nose
        let at = (x: Int(nose.x), y: Int(nose.y))
        XCTAssertEqual(result.picture[at.x, at.y].x, photograph[at.x, at.y].x * 0.2, accuracy: 0.01)
        XCTAssertEqual(result.picture[at.x, at.y].z, photograph[at.x, at.y].z * 0.4, accuracy: 0.01)
    }

    func testStrengthMixesLinearly() throws {
        var half = options(.photo)
        half.strength = 0.5
        let drawing = try stylizer([], network: EchoNetwork(lines: 1)).stylize(photograph, options: options(.photo))
            .picture
        let mixed = try stylizer([], network: EchoNetwork(lines: 1)).stylize(photograph, options: half).picture
        for index in stride(from: 0, to: photograph.pixels.count, by: 997) {
            let expected = (photograph.pixels[index] + drawing.pixels[index]) / 2
            XCTAssertEqual(mixed.pixels[index].y, expected.y, accuracy: 1e-5)
        }
        half.strength = 0
        XCTAssertEqual(
            try stylizer([left], network: EchoNetwork(lines: 1)).stylize(photograph, options: half).picture, photograph)
    }

    func testLineStrengthNeedsNoNetworkOfItsOwn() throws {
        var none = options(.photo)
        none.lineStrength = 0
        let clean = try stylizer([], network: EchoNetwork(lines: 0.4)).stylize(photograph, options: none).picture
        XCTAssertLessThanOrEqual(largestDifference(clean, photograph), 1e-5)
    }

    func testAlphaIsKeptAndTransparencyDoesNotBleed() throws {
        var cutOut = photograph
        for index in cutOut.pixels.indices where index % 700 < 350 { cutOut.pixels[index] = SIMD4(0, 0, 0, 0) }
        let result = try stylizer([]).stylize(cutOut, options: options(.photo)).picture
        XCTAssertEqual(result.pixels.map(\.w), cutOut.pixels.map(\.w))
        let beside = result[351, 300], before = cutOut[351, 300]
        XCTAssertEqual(beside.x, before.x, accuracy: 0.02, "black under transparency must not darken the edge")
    }

    func testWithoutAFaceTheWholeIsDrawnAndSaidSo() throws {
        let result = try stylizer([], network: EchoNetwork(lines: 1)).stylize(photograph, options: options(.faces))
        XCTAssertEqual(result.notices, [.noFace])
        XCTAssertEqual(result.picture[5, 5].x, photograph[5, 5].x * 0.2, accuracy: 0.01)
    }

    func testSmallFacesAreNamed() throws {
        var large = options(.both)
        large.minimumFaceSize = 150
        let small = face(SimilarityTransform(scale: 0.5, tx: 100, ty: 100))
        let result = try stylizer([left, small]).stylize(photograph, options: large)
        XCTAssertEqual(result.faces, [left])
        XCTAssertEqual(result.notices, [.facesTooSmall(count: 1, minimumSize: 150, areDrawn: true)])
    }

    func testFacesThatAreLeftOutAreNotDrawnApart() throws {
        let network = EchoNetwork(lines: 0.5)
        var without = options(.faces)
        without.excludedFaces = [left.box.centre + Point(x: 20, y: -15)]
        let drawn = try stylizer([left, right], network: network).stylize(photograph, options: without)
        XCTAssertEqual(drawn.faces, [right])
        XCTAssertEqual(
            drawn.picture, try stylizer([right], network: network).stylize(photograph, options: options(.faces)).picture
        )

        without.excludedFaces = [left.box.centre, right.box.centre]
        let untouched = try stylizer([left, right], network: network).stylize(photograph, options: without)
        XCTAssertEqual(untouched.picture, photograph, "leaving out all faces is no wish for the whole")
        XCTAssertEqual(untouched.notices, [])

        without.excludedFaces = [Point(x: 690, y: 10)]
        XCTAssertEqual(
            try stylizer([left, right], network: network).stylize(photograph, options: without).faces, [left, right])
        without.excludedFaces = [Point(x: .nan, y: 10)]
        XCTAssertThrowsError(try stylizer([left]).stylize(photograph, options: without))
    }

    func testTiledEqualsWhole() throws {
        let whole = try stylizer([], manifest: manifest(tile: 4096)).stylize(photograph, options: options(.photo))
            .picture
        let network = EchoNetwork()
        let tiled = try stylizer([], network: network, manifest: manifest(tile: 200, overlap: 32)).stylize(
            photograph, options: options(.photo)
        ).picture
        XCTAssertLessThan(largestDifference(whole, tiled), 1e-5)
        XCTAssertEqual(network.shapes.count, 11, "one run for the gates and 5 × 2 tiles")
        XCTAssertEqual(network.gateMixes.first, 0)
        XCTAssertTrue(network.gateMixes.dropFirst().allSatisfy { $0 == 1 }, "every tile gets the gates of the whole")
        XCTAssertEqual(
            Set(network.shapes.dropFirst()).count, 1, "tiles have one shape, so that one compiled network serves them")
    }

    func testTileCutsCoverTheSideAndShareTheOverlap() {
        for total in stride(from: 10, through: 3000, by: 137) {
            let cut = TiledRunner.Cut(length: total, share: 512, overlap: 64, multiple: 8)
            XCTAssertEqual(cut.starts.first, 0)
            XCTAssertEqual(cut.starts.last.map { $0 + cut.length }, total)
            for (a, b) in zip(cut.starts, cut.starts.dropFirst()) {
                XCTAssertGreaterThanOrEqual(a + cut.length - b, 63, "total \(total)")
            }
        }
    }

    /// What neighbouring tiles share is drawn twice.
    func testTilesAreCutSoThatLittleIsDrawnTwice() {
        let model = manifest(tile: 512, overlap: 64), most = 576 * 576
        func cut(_ width: Int, _ height: Int) -> TiledRunner.Grid {
            TiledRunner.Grid(width: width, height: height, tiling: model.tiling, input: model.input)
        }
        for (width, height, share) in [(1774, 1182, 0.19), (1448, 1448, 0.2), (6476, 324, 0.2), (640, 640, 0.11)] {
            let grid = cut(width, height)
            let (tile, own) = (grid.columns.length * grid.rows.length, width * height)
            XCTAssertLessThanOrEqual(tile, most, "\(width)×\(height): no more memory than a square tile takes")
            XCTAssertLessThan(
                Double(grid.count * tile), (1 + share) * Double(own), "\(width)×\(height) in \(grid.count) tiles")
            for cut in [grid.columns, grid.rows] {
                for (a, b) in zip(cut.starts, cut.starts.dropFirst()) {
                    XCTAssertGreaterThanOrEqual(a + cut.length - b, 64, "\(width)×\(height)")
                }
            }
        }
        XCTAssertEqual(cut(560, 560).count, 1)
    }

    /// A model of one fixed size draws what is larger scaled down, and so blurred.
    func testTilesFitIntoAModelOfOneSize() {
        var model = manifest(tile: 448, overlap: 64)
        (model.input.multiple, model.input.size) = (1, [512, 512])
        for (width, height) in [(1024, 1024), (1448, 1448), (700, 360), (360, 700), (512, 512), (3000, 90)] {
            let grid = TiledRunner.Grid(width: width, height: height, tiling: model.tiling, input: model.input)
            XCTAssertLessThanOrEqual(grid.columns.length, 512, "\(width)×\(height)")
            XCTAssertLessThanOrEqual(grid.rows.length, 512, "\(width)×\(height)")
        }
    }

    /// Neither tiles nor a face that is larger than a model of one fixed size are drawn scaled down.
    func testAModelOfOneSizeDrawsEveryPixel() throws {
        var model = manifest(tile: 48, overlap: 16, gates: false)
        (model.input.multiple, model.input.size, model.face.size) = (1, [64, 64], 96)
        let runner = TiledRunner(generator: Generator(manifest: model, network: EchoNetwork()))
        for (width, height) in [(96, 96), (130, 70), (64, 40)] {
            let fine = Bitmap(width: width, height: height) { x, y in
                SIMD4(repeating: (x + y).isMultiple(of: 2) ? 1 : 0)
            }
            let pixels = try runner.paint(fine) { _ in }.pixels
            XCTAssertGreaterThan(abs(pixels[width / 2, height / 2].x - pixels[width / 2 + 1, height / 2].x), 0.2)
        }
    }

    /// Together all tiles of a pixel count as one.
    func testTilesWeighOneTogether() {
        let cut = TiledRunner.Cut(length: 1774, count: 4, overlap: 64, multiple: 16)
        var sums = [Float](repeating: 0, count: 1774)
        for (start, weights) in zip(cut.starts, TiledRunner.weights(cut, of: 1774, overlap: 64)) {
            XCTAssertTrue(weights.allSatisfy { (0...1).contains($0) })
            for (place, weight) in weights.enumerated() { sums[start + place] += weight }
        }
        XCTAssertTrue(sums.allSatisfy { abs($0 - 1) < 1e-5 })
    }

    func testProgressRisesAndCancelStops() throws {
        var seen: [StageProgress] = []
        _ = try stylizer([left, right], manifest: manifest(tile: 200)).stylize(photograph, options: options(.both)) {
            seen.append($0)
        }
        XCTAssertEqual(Set(seen.map(\.stage)), Set(Stage.allCases))
        XCTAssertEqual(seen.map(\.fraction), seen.map(\.fraction).sorted())
        XCTAssertEqual(seen.last?.fraction ?? 0, 1, accuracy: 1e-9)
        for stop in seen.indices {
            var count = 0
            XCTAssertThrowsError(
                try stylizer([left, right], manifest: manifest(tile: 200)).stylize(photograph, options: options(.both))
                { _ in
                    if count == stop { throw StyleError.cancelled }
                    count += 1
                }
            ) { XCTAssertEqual($0 as? StyleError, .cancelled) }
        }
    }

    func testRefusesBadOptionsAndSizes() {
        var wild = StyleOptions()
        wild.strength = .nan
        XCTAssertThrowsError(try stylizer([]).stylize(photograph, options: wild))
        wild = StyleOptions()
        wild.lineStrength = 2.1
        XCTAssertThrowsError(try stylizer([]).stylize(photograph, options: wild))
        XCTAssertThrowsError(try stylizer([]).stylize(Bitmap(width: 1, height: 1), options: StyleOptions())) {
            XCTAssertEqual($0 as? StyleError, .pictureTooSmall(width: 1, height: 1, minimum: 8))
        }
    }

    func testSurvivesNotANumberAndOddShapes() throws {
        var picture = waves(9, 731)
        picture[3, 100] = SIMD4(.nan, .infinity, -.infinity, 1)
        let result = try stylizer([left]).stylize(picture, options: options(.both)).picture
        XCTAssertTrue(result.pixels.allSatisfy { ($0.x + $0.y + $0.z + $0.w).isFinite })
    }
}

/// Writes down whether it was run or let rest.
private final class RestingNetwork: NeuralNetwork {
    let wasRun = Mutex<[Bool]>([])
    private let echo = EchoNetwork()

    var inputs: [TensorSpec] { echo.inputs }
    var outputs: [TensorSpec] { echo.outputs }

    func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] {
        wasRun.withLock { $0.append(true) }
        return try echo.run(inputs)
    }

    func rest() { wasRun.withLock { $0.append(false) } }
}
