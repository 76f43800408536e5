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

    /// Selected as far as `share` says, told the middle of each pixel of a picture of 700 × 600.
    private func selection(_ share: @escaping (Point) -> Float) -> SelectedPart {
        SelectedPart(width: 700, height: 600) { area in
            let values = area.rows.flatMap { y in
                area.columns.map { share(Point(x: Double($0) + 0.5, y: Double(y) + 0.5)) }
            }
            return Plane(width: area.columns.count, height: area.rows.count, values: values)
        }
    }

    private func notices(_ detection: Stylizer.Detection, _ region: Region, _ selection: SelectedPart) -> [Notice] {
        stylizer().plan(detection, options(region), size: PixelSize(width: 700, height: 600)).notices(of: selection)
    }

    func testNotesTellOfWhatIsSelectedAlone() {
        let left = self.left, right = self.right
        func notices(_ detection: Stylizer.Detection, _ region: Region, _ selected: Face?) -> [Notice] {
            self.notices(
                detection, region,
                selection { place in
                    guard let off = selected.map({ place - $0.box.centre }) else { return 0 }
                    return off.length < 10 ? 1 : 0
                })
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

    private lazy var leftPose = FacePose(left, template: stylizer().generator.usualTemplate)

    /// How much of the left face's drawing counts at a place.
    private func drawn(_ place: Point) -> Float {
        guard let pose = leftPose else { return 0 }
        let inSquare = pose.toSquare.apply(place)
        return pose.mask.value(Float(inSquare.x), Float(inSquare.y))
    }

    /// Faces alone are drawn with their hair, as far as the selection reaches; a note that nothing was drawn has to be
    /// true.
    func testTheNoteThatNothingWasDrawnIsTrue() throws {
        let faces = Stylizer.Detection(faces: [left]), box = left.box
        func notices(_ share: @escaping (Point) -> Float) -> [Notice] { self.notices(faces, .faces, selection(share)) }
        let nothing = [Notice.noFaceSelected(isDrawn: false)]
        XCTAssertEqual(notices { $0.x < box.centre.x ? 1 : 0 }, [], "half of the face")
        XCTAssertEqual(notices { ($0 - box.centre).length < 1 ? 1 : 0 }, [], "a spot of it")
        XCTAssertEqual(notices { $0.y < box.y - 2 ? 1 : 0 }, [], "its hair, above the box")
        let beside = try XCTUnwrap((0..<700).last { drawn(Point(x: Double($0) + 0.5, y: box.centre.y)) > 0.1 })
        XCTAssertGreaterThan(Double(beside), box.x + box.width + 12, "there is hair beside the box")
        XCTAssertLessThan(beside, 660)
        func isBeside(_ place: Point, from x: Int) -> Bool { place.x > Double(x) && abs(place.y - box.centre.y) < 1 }
        XCTAssertEqual(notices { isBeside($0, from: beside) ? 1 : 0 }, [], "its hair, beside the box")
        XCTAssertEqual(notices { isBeside($0, from: beside + 20) ? 1 : 0 }, nothing, "what lies behind it")
        XCTAssertEqual(notices { self.drawn($0) == 0 ? 1 : 0 }, nothing, "all that lies behind it")
        XCTAssertEqual(notices { $0.x > 650 && $0.y > 550 ? 1 : 0 }, nothing, "a corner far away")
        XCTAssertEqual(notices { _ in 0.3 }, [], "a third of everything")
        XCTAssertEqual(notices { _ in 0.01 }, nothing, "next to nothing")
    }

    /// The selection of a preview is one of its copy.
    func testASelectionIsAskedInItsOwnPixels() {
        let half = face(SimilarityTransform(scale: 0.45, angle: 0.2, tx: 15, ty: 10))
        let corner = selection { $0.x > 600 && $0.y > 500 ? 1 : 0 }
        XCTAssertEqual(notices(Stylizer.Detection(faces: [left]), .faces, corner), [.noFaceSelected(isDrawn: false)])
        let spot = selection { [left] in ($0 - left.box.centre).length < 3 ? 1 : 0 }
        XCTAssertEqual(notices(Stylizer.Detection(faces: [left]), .faces, spot), [])
        XCTAssertEqual(
            notices(Stylizer.Detection(faces: [half]), .faces, spot.of(pictureTimes: 0.5)), [],
            "of a picture half as large")
    }

    func testASelectionThatCannotBeReadLeavesNoNoteThatNothingWasDrawn() {
        let lost = SelectedPart(width: 700, height: 600) { _ in nil }
        XCTAssertEqual(notices(Stylizer.Detection(faces: [left]), .faces, lost), [])
        XCTAssertEqual(
            notices(Stylizer.Detection(faces: [left], refused: [right]), .faces, lost),
            [.facesRefused(count: 1, areDrawn: false)])
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
