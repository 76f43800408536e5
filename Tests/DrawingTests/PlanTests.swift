@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import XCTest

final class PlanTests: XCTestCase {
    private let left = face(SimilarityTransform(scale: 0.9, angle: 0.2, tx: 30, ty: 20))
    private let right = face(SimilarityTransform(scale: 0.7, angle: -0.3, tx: 300, ty: 200), score: 0.9)
    private let nowhere = Face(
        box: Box(x: 250, y: 150, width: 100, height: 100),
        landmarks: face(SimilarityTransform(scale: 0)).landmarks, score: 0.8)

    private func stylizer(_ change: (inout ModelManifest) -> Void = { _ in }) -> Stylizer {
        var model = manifest(workingSize: 1448)
        change(&model)
        return Stylizer(
            detector: FixedDetector(found: []), generator: Generator(manifest: model, network: EchoNetwork()))
    }

    private func options(_ region: Region) -> StyleOptions {
        var options = StyleOptions()
        options.region = region
        return options
    }

    private func size(_ width: Int, _ height: Int, detail: Double = 0.5) -> PixelSize {
        stylizer().workingSize(PixelSize(width: width, height: height), detail: detail)
    }

    func testTheWholeIsDrawnAtOneAreaWhateverItsProportions() {
        for (width, height) in [(6000, 4000), (4000, 6000), (5000, 5000), (20_000, 1000), (30_000, 16_000)] {
            let size = size(width, height)
            XCTAssertEqual(Double(size.pixels), 1448 * 1448, accuracy: 0.01 * 1448 * 1448, "\(width)×\(height)")
            XCTAssertEqual(
                Double(size.width) / Double(size.height), Double(width) / Double(height),
                accuracy: 0.02 * Double(width) / Double(height))
        }
        XCTAssertEqual(size(1200, 900), PixelSize(width: 1200, height: 900), "never enlarged")
        XCTAssertEqual(size(256, 128), PixelSize(width: 512, height: 256), "but where it is tiny")
        XCTAssertEqual(size(30_000, 8), PixelSize(width: 30_000, height: 8))
    }

    func testDetailGoesFromAQuarterToThePhotographsOwnSize() {
        XCTAssertEqual(Double(size(6000, 4000, detail: 0).pixels), 1448 * 1448 / 4, accuracy: 5000)
        XCTAssertEqual(size(4000, 3000, detail: 1), PixelSize(width: 4000, height: 3000))
        let areas = stride(from: 0, through: 1, by: 0.1).map { size(4000, 3000, detail: $0).pixels }
        XCTAssertEqual(areas, areas.sorted())
        XCTAssertEqual(Set(areas).count, areas.count, "each step shows")
        XCTAssertLessThanOrEqual(size(30_000, 16_000, detail: 1).pixels, 16_010_000, "memory has an end")
        let untiled = stylizer { $0.tiling.allowed = false }
        XCTAssertEqual(untiled.workingSize(PixelSize(width: 6000, height: 3000), detail: 1).longSide, 1448)
    }

    func testFacesAreNotDrawnAgainForAnotherDetail() throws {
        var finer = options(.both)
        finer.detail = 0.8
        let plans = [options(.both), finer].map {
            stylizer().plan(Stylizer.Detection(faces: [left]), $0, size: PixelSize(width: 700, height: 600))
        }
        let faces = plans.map { $0.parts(whole: PixelSize(width: 100, height: 100))[1] }
        XCTAssertEqual(plans[0].tonedKey(faces[0], style: "a"), plans[1].tonedKey(faces[1], style: "a"))
    }

    func testAFaceIsDrawnAtMostTwiceAsFinelyAsWhatIsAroundIt() {
        let stylizer = stylizer { ($0.face.minimumSize, $0.face.maximumSize) = (256, 768) }
        let size = PixelSize(width: 6000, height: 4000)
        func side(_ distance: Double, _ region: Region, detail: Double = 0.5) -> Double {
            var options = options(region)
            options.detail = detail
            return stylizer.template(interOcularDistance: distance, in: size, options).size
        }
        // The whole is drawn at 0.296 of the photograph's scale.
        XCTAssertEqual([side(70, .both), side(100, .both), side(150, .both), side(600, .both)], [256, 384, 512, 768])
        XCTAssertEqual([side(100, .faces), side(150, .faces)], [512, 768], "there is nothing around it")
        XCTAssertEqual(side(150, .both, detail: 1), 768)
    }

    func testNotesSayWhatBecomesOfFaces() {
        func notices(_ detection: Stylizer.Detection, _ options: StyleOptions) -> [Notice] {
            stylizer().plan(detection, options, size: PixelSize(width: 700, height: 600)).notices()
        }
        let small = Stylizer.Detection(faces: [left], small: [right, right], minimum: 150)
        XCTAssertEqual(
            notices(small, options(.both)), [.facesTooSmall(count: 2, minimumSize: 150, areDrawn: true)])
        XCTAssertEqual(
            notices(small, options(.faces)), [.facesTooSmall(count: 2, minimumSize: 150, areDrawn: false)])
        XCTAssertEqual(
            notices(Stylizer.Detection(small: [left, right], minimum: 150), options(.faces)),
            [.facesTooSmall(count: 2, minimumSize: 150, areDrawn: true)], "the whole is drawn instead of no face")
        let refused = Stylizer.Detection(faces: [left], refused: [right])
        XCTAssertEqual(notices(refused, options(.both)), [.facesRefused(count: 1, areDrawn: true)])
        XCTAssertEqual(notices(refused, options(.faces)), [.facesRefused(count: 1, areDrawn: false)])
        XCTAssertEqual(
            notices(Stylizer.Detection(faces: [left, nowhere]), options(.faces)),
            [.facesRefused(count: 1, areDrawn: false)], "a face without a pose is none")
        XCTAssertEqual(notices(Stylizer.Detection(refused: [left, right, right]), options(.both)), [.noFace])
        XCTAssertEqual(notices(Stylizer.Detection(), options(.photo)), [], "no face was looked for")
        var without = options(.faces)
        without.excludedFaces = [right.box.centre]
        XCTAssertEqual(notices(Stylizer.Detection(faces: [left, right]), without), [], "it was the user's wish")
    }

    func testNotesTellOfWhatIsSelectedAlone() {
        let left = self.left, right = self.right
        func notices(_ detection: Stylizer.Detection, _ region: Region, _ selected: Face?) -> [Notice] {
            stylizer().plan(detection, options(region), size: PixelSize(width: 700, height: 600)).notices {
                $0 == selected?.box
            }
        }
        let small = Stylizer.Detection(faces: [left], small: [right], minimum: 150)
        let tooSmall = Notice.facesTooSmall(count: 1, minimumSize: 150, areDrawn: true)
        XCTAssertEqual(notices(small, .both, right), [tooSmall])
        XCTAssertEqual(notices(small, .both, left), [], "the other one is not selected")
        XCTAssertEqual(notices(small, .both, nil), [], "the selection is drawn, and no face lies in it")
        XCTAssertEqual(notices(small, .faces, nil), [.noFaceSelected(isDrawn: false)])
        XCTAssertEqual(
            notices(small, .faces, right),
            [.noFaceSelected(isDrawn: false), .facesTooSmall(count: 1, minimumSize: 150, areDrawn: false)])
        XCTAssertEqual(
            notices(Stylizer.Detection(faces: [left], refused: [right]), .both, right),
            [.facesRefused(count: 1, areDrawn: true)])
        XCTAssertEqual(notices(Stylizer.Detection(), .faces, nil), [.noFaceSelected(isDrawn: true)])
    }

    /// Faces alone are drawn as far as the selection reaches, and a note that nothing was drawn has to be true.
    func testAFaceOfWhichTheEdgeAloneIsSelectedIsDrawn() {
        let box = left.box
        func notices(selectedX: Int, y: Int) -> [Notice] {
            let size = PixelSize(width: 700, height: 600)
            let plan = stylizer().plan(Stylizer.Detection(faces: [left], small: [right]), options(.faces), size: size)
            return plan.notices {
                $0.middle(width: size.width, height: size.height).map {
                    $0.columns.contains(selectedX) && $0.rows.contains(y)
                } ?? false
            }
        }
        let middle = Int(box.centre.y)
        XCTAssertEqual(notices(selectedX: Int(box.x) + 2, y: middle), [])
        XCTAssertEqual(notices(selectedX: Int(box.centre.x), y: middle), [])
        XCTAssertEqual(notices(selectedX: Int(box.x) - 9, y: middle), [.noFaceSelected(isDrawn: false)])
    }

    func testTheMiddleOfABoxIsPixelsOfThePicture() {
        let box = Box(x: 10, y: -20, width: 40, height: 60)
        XCTAssertEqual(box.middle(width: 100, height: 100), PixelArea(columns: 20..<40, rows: 0..<25))
        XCTAssertEqual(box.middle(width: 25, height: 10), PixelArea(columns: 20..<25, rows: 0..<10))
        XCTAssertNil(box.middle(width: 20, height: 100), "it begins beyond the picture")
        XCTAssertNil(Box(x: 0, y: -50, width: 10, height: 40).middle(width: 20, height: 20))
        XCTAssertNil(Box(x: .nan, y: 0, width: 10, height: 40).middle(width: 20, height: 20))
    }

    func testNotesNameTheSettingAsTheHostDoes() {
        let small = Notice.facesTooSmall(count: 1, minimumSize: 23.7, areDrawn: false)
        XCTAssertEqual(
            small.message { Message(verbatim: "--\($0.option ?? "")") }.description,
            "One face is smaller than 24 pixels and stayed a photograph. “--min-face” changes that.")
        XCTAssertEqual(
            Notice.noFace.message { _ in "nothing" }.description,
            "No face was found, so the whole photograph was drawn.")
    }

    func testAFaceIsNeverCalledNoneForBeingSmall() throws {
        let stylizer = Stylizer(
            detector: FixedDetector(found: [left, right]),
            generator: Generator(manifest: manifest(), network: EchoNetwork(lines: 1)))
        for minimum in [200.0, 1000, 100_000] {
            var large = options(.both)
            large.minimumFaceSize = minimum
            let drawing = try stylizer.draw(waves(700, 600), options: large)
            let drawn = [left, right].filter { $0.side >= minimum }.count
            XCTAssertEqual(drawing.faces.count, drawn)
            XCTAssertEqual(
                drawing.notices, [.facesTooSmall(count: 2 - drawn, minimumSize: minimum, areDrawn: true)])
        }
    }

    func testTheSmallestFaceIsDrawnWhateverThePhotographsSize() throws {
        XCTAssertEqual(Stylizer.minimumFaceSize(StyleOptions()), 24)
        let tiny = face(SimilarityTransform(scale: 0.1, tx: 3000, ty: 2000))
        let stylizer = Stylizer(
            detector: FixedDetector(found: [tiny]),
            generator: Generator(manifest: manifest(), network: EchoNetwork(lines: 1)))
        let drawing = try stylizer.draw(waves(6000, 4000), options: options(.faces))
        XCTAssertEqual(drawing.faces, [tiny], "a box of 25 × 31 pixels in 24 megapixels")
        XCTAssertEqual(drawing.notices, [])
    }
}
