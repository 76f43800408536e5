@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import XCTest

final class PreviewRendererTests: XCTestCase {
    private let photograph = waves(700, 600)
    private let left = face(SimilarityTransform(scale: 0.9, angle: 0.2, tx: 30, ty: 20))
    private let right = face(SimilarityTransform(scale: 0.7, angle: -0.3, tx: 300, ty: 200), score: 0.9)

    /// Counts calls of the detector.
    ///
    /// `@unchecked Sendable` holds because one test runs it from one thread at a time and reads what it kept
    /// afterwards.
    private final class CountingDetector: FaceDetector, @unchecked Sendable {
        let found: [Face]
        private(set) var calls = 0
        init(_ found: [Face]) { self.found = found }
        func faces(in scene: Scene, minimumSize: Double) throws -> [Face] {
            calls += 1
            return found.filter { min($0.box.width, $0.box.height) >= minimumSize }
        }
    }

    private func stylizer(_ detector: FaceDetector, _ network: NeuralNetwork) -> Stylizer {
        Stylizer(detector: detector, generator: Generator(manifest: manifest(), network: network))
    }

    private func request(_ change: (inout StyleOptions) -> Void = { _ in }, isMagnified: Bool = false) -> PreviewRequest
    {
        var options = StyleOptions()
        change(&options)
        return PreviewRequest(style: "echo", options: options, isMagnified: isMagnified)
    }

    private func draw(
        _ renderer: PreviewRenderer, _ request: PreviewRequest, _ stylizer: Stylizer, _ quality: PreviewRenderer.Quality
    ) throws -> [PreviewPicture] {
        var shown: [PreviewPicture] = []
        try renderer.draw(request, with: stylizer, quality: quality, check: {}, show: { shown.append($0) })
        return shown
    }

    func testAtFullSizeItIsTheResultItself() throws {
        for region in Region.allCases {
            let stylizer = stylizer(FixedDetector(found: [left, right]), EchoNetwork(lines: 0.5))
            let request = request {
                $0.region = region
                $0.strength = 0.8
                $0.keepColors = 0.3
                $0.lighting = 0.5
                $0.excludedFaces = [right.box.centre]
            }
            let preview = try draw(PreviewRenderer(copy: photograph, longSide: 700), request, stylizer, .final)
            XCTAssertEqual(preview.count, 1)
            XCTAssertEqual(preview.last?.isFinal, true)
            XCTAssertEqual(
                preview.last?.faces, region == .photo ? [] : [left, right], "faces that are left out are listed too")
            XCTAssertEqual(
                preview.last?.picture, try stylizer.stylize(photograph, options: request.options).picture, "\(region)")
        }
    }

    func testFacesWithoutAPoseAreTreatedAlike() throws {
        let place = Point(x: 300, y: 200)
        let nowhere = Face(
            box: Box(x: 250, y: 150, width: 100, height: 100),
            landmarks: Landmarks(leftEye: place, rightEye: place, nose: place, leftMouth: place, rightMouth: place),
            score: 0.8)
        for found in [[nowhere], [left, nowhere]] {
            for region in Region.allCases {
                for excluded in [[], [nowhere.box.centre]] {
                    let stylizer = stylizer(FixedDetector(found: found), EchoNetwork(lines: 0.5))
                    let request = request { ($0.region, $0.excludedFaces) = (region, excluded) }
                    let preview = try draw(PreviewRenderer(copy: photograph, longSide: 700), request, stylizer, .final)
                        .last
                    let result = try stylizer.stylize(photograph, options: request.options)
                    XCTAssertEqual(
                        preview?.picture, result.picture, "\(region), \(found.count) faces, \(excluded.count) left out")
                    if region == .faces, found == [nowhere] {
                        XCTAssertEqual(
                            result.picture == photograph, !excluded.isEmpty, "the whole is drawn when no face can be")
                    }
                }
            }
        }
    }

    func testTheFinalQualityDrawsThePhotographItself() throws {
        let detector = CountingDetector([left, right]), network = EchoNetwork(lines: 0.5),
            stylizer = stylizer(detector, network)
        let renderer = try PreviewRenderer(copy: areaResampled(photograph, width: 350, height: 300), longSide: 700)
        _ = try draw(renderer, request(), stylizer, .draft)
        renderer.photograph = photograph
        let shown = try draw(renderer, request(), stylizer, .final)
        XCTAssertEqual(shown.count, 1)
        XCTAssertEqual(shown.last?.picture.width, 350)
        XCTAssertEqual(shown.last?.faces, [left, right])
        let drawing = try XCTUnwrap(renderer.drawing)
        let runs = network.shapes.count
        XCTAssertEqual(try drawing.picture(), try stylizer.stylize(photograph, options: request().options).picture)
        XCTAssertGreaterThan(network.shapes.count, runs)

        let (again, calls) = (network.shapes.count, detector.calls)
        let other = request { ($0.strength, $0.skinConstancy, $0.excludedFaces) = (0.5, 0.1, [right.box.centre]) }
        let draft = try draw(renderer, other, stylizer, .draft)
        XCTAssertNil(renderer.drawing, "a draft is no result")
        let final = try draw(renderer, other, stylizer, .final)
        XCTAssertEqual([network.shapes.count, detector.calls], [again, calls], "no network is needed for these")
        XCTAssertEqual(draft.last?.isFinal, false)
        XCTAssertEqual(final.last?.isFinal, true)
        XCTAssertEqual(
            try renderer.drawing?.picture(), try stylizer.stylize(photograph, options: other.options).picture)
    }

    func testOnlyWhatChangedIsComputedAgain() throws {
        let detector = CountingDetector([left, right]), network = EchoNetwork(lines: 0.5)
        let stylizer = stylizer(detector, network), renderer = try PreviewRenderer(copy: photograph, longSide: 700)
        _ = try draw(renderer, request(), stylizer, .draft)
        XCTAssertEqual([detector.calls, network.shapes.count], [1, 3])
        _ = try draw(
            renderer,
            request {
                $0.strength = 0.5; $0.lineStrength = 2
            }, stylizer, .draft)
        _ = try draw(
            renderer,
            request {
                $0.skinConstancy = 0.1; $0.hairLimit = 0; $0.keepColors = 1
            }, stylizer, .draft)
        _ = try draw(renderer, request { $0.excludedFaces = [left.box.centre] }, stylizer, .draft)
        _ = try draw(renderer, request { $0.region = .faces }, stylizer, .draft)
        XCTAssertEqual([detector.calls, network.shapes.count], [1, 3], "no network is needed for these")
        _ = try draw(renderer, request { $0.lighting = 0.5 }, stylizer, .draft)
        XCTAssertEqual([detector.calls, network.shapes.count], [1, 6])
        _ = try draw(renderer, request(), stylizer, .draft)
        XCTAssertEqual([detector.calls, network.shapes.count], [1, 6], "the first ones are still there")
        _ = try draw(renderer, request { $0.minimumFaceSize = 200 }, stylizer, .draft)
        XCTAssertEqual(detector.calls, 2)
    }

    func testFinalDrawingsServeDraftsToo() throws {
        let network = EchoNetwork(lines: 0.5), stylizer = stylizer(FixedDetector(found: [left]), network)
        let renderer = try PreviewRenderer(copy: photograph, longSide: 700)
        _ = try draw(renderer, request(), stylizer, .draft)
        let final = try draw(renderer, request(isMagnified: true), stylizer, .final)
        let runs = network.shapes.count
        let draft = try draw(renderer, request(isMagnified: true), stylizer, .draft)
        XCTAssertEqual(network.shapes.count, runs)
        XCTAssertEqual(draft.last?.picture, final.last?.picture, "the preview does not jump back to a coarser drawing")
    }

    func testDraftsShowFacesAsTheyAreDrawn() throws {
        let stylizer = stylizer(FixedDetector(found: [left, right]), EchoNetwork(lines: 1))
        let renderer = try PreviewRenderer(copy: photograph, longSide: 700)
        let first = try draw(renderer, request { $0.region = .faces }, stylizer, .draft)
        XCTAssertGreaterThanOrEqual(first.count, 2)
        XCTAssertEqual(first.first?.picture, renderer.smallCopy, "the photograph, before any face is drawn")
        let again = try draw(
            renderer,
            request {
                $0.region = .faces; $0.strength = 0.9
            }, stylizer, .draft)
        XCTAssertEqual(again.count, 1)
    }

    func testTheFirstPictureDoesNotWaitForTheFaces() throws {
        let detector = CountingDetector([left, right])
        let stylizer = stylizer(detector, EchoNetwork(lines: 1)),
            renderer = try PreviewRenderer(copy: photograph, longSide: 700)
        var calls: [Int] = [], known: [Bool] = []
        try renderer.draw(request(), with: stylizer, quality: .draft, check: {}) {
            calls.append(detector.calls)
            known.append($0.faces != nil)
        }
        XCTAssertEqual([calls.first, calls.last], [0, 1])
        XCTAssertEqual([known.first, known.last], [false, true])
    }

    func testFacesAreToldInPixelsOfThePhotograph() throws {
        let large = SimilarityTransform(scale: 4)
        let stylizer = stylizer(FixedDetector(found: [left, right]), EchoNetwork(lines: 1))
        let renderer = try PreviewRenderer(copy: photograph, longSide: 2800)
        let centre = large.apply(left.box.centre)
        let shown = try draw(
            renderer,
            request {
                $0.region = .faces; $0.excludedFaces = [centre]
            }, stylizer, .final)
        let box = try XCTUnwrap(shown.last?.faces?.first?.box)
        XCTAssertEqual(box.x, left.box.x * 4, accuracy: 1e-9)
        XCTAssertEqual(box.width, left.box.width * 4, accuracy: 1e-9)
        let mouth = left.landmarks.leftMouth
        XCTAssertEqual(shown.last?.picture[Int(mouth.x), Int(mouth.y)], photograph[Int(mouth.x), Int(mouth.y)])
        let other = try draw(renderer, request { $0.minimumFaceSize = 640 }, stylizer, .draft)
        XCTAssertEqual(other.last?.faces?.count, 1, "the other one's box is 155 pixels high in the copy")
        XCTAssertEqual(other.last?.notices, [.facesTooSmall(count: 1, minimumSize: 640, areDrawn: true)])
    }

    func testOnlyTheSelectionIsDrawn() throws {
        let selection = Plane(width: 700, height: 600, values: (0..<700 * 600).map { $0 % 700 < 350 ? 1 : 0 })
        let renderer = try PreviewRenderer(copy: photograph, longSide: 700, selection: selection)
        let stylizer = stylizer(FixedDetector(found: []), EchoNetwork(lines: 1))
        for quality in [PreviewRenderer.Quality.draft, .final] {
            let picture = try XCTUnwrap(draw(renderer, request { $0.region = .photo }, stylizer, quality).last?.picture)
            let copy = quality == .final ? photograph : renderer.smallCopy
            XCTAssertEqual(picture.width, copy.width)
            XCTAssertEqual(picture[picture.width - 20, 200], copy[picture.width - 20, 200])
            XCTAssertGreaterThan(abs(picture[20, 200].x - copy[20, 200].x), 0.1)
        }
    }

    func testStopsAtEveryStepAndGoesOnWell() throws {
        let stylizer = stylizer(FixedDetector(found: [left, right]), EchoNetwork(lines: 0.5))
        let expected = try draw(PreviewRenderer(copy: photograph, longSide: 700), request(), stylizer, .final).last?
            .picture
        let renderer = try PreviewRenderer(copy: photograph, longSide: 700)
        var stops = 0
        for stop in 0..<100 {
            var count = 0
            do {
                try renderer.draw(
                    request(), with: stylizer, quality: .final,
                    check: {
                        if count == stop % 4 + stop / 4 { throw StyleError.cancelled }
                        count += 1
                    }, show: { XCTAssertEqual($0.picture, expected) })
                break
            } catch {
                XCTAssertEqual(error as? StyleError, .cancelled)
                stops += 1
            }
        }
        XCTAssertGreaterThan(stops, 3)
        XCTAssertEqual(try draw(renderer, request(), stylizer, .final).last?.picture, expected)
    }

    func testCacheKeepsTheLatest() {
        var cache = PaintingCache(capacity: 250)
        func key(_ side: Int) -> PaintingCache.Key {
            let size = PixelSize(width: side, height: side)
            return PaintingCache.Key(style: "a", options: StyleOptions(), subject: .whole(size))
        }
        let painting = Painting(pixels: Bitmap(width: 10, height: 10), lineTint: .zero)
        cache.insert(painting, for: key(1))
        cache.insert(painting, for: key(2))
        XCTAssertNotNil(cache.painting(key(1)))
        cache.insert(painting, for: key(3))
        XCTAssertEqual([1, 2, 3].map { cache.contains(key($0)) }, [true, false, true])
        cache.insert(Painting(pixels: Bitmap(width: 100, height: 10), lineTint: .zero), for: key(4))
        XCTAssertTrue(cache.contains(key(4)), "what was drawn last is kept even when it is too large")
    }
}
