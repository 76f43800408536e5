@testable import Drawing
import DrawingFixtures
@testable import Evaluation
import Models
import Raster
import XCTest

/// Measuring a style from end to end with stand-ins, and the tables.
final class QualityReportTests: XCTestCase {
    private func change(_ eyes: Double, _ asymmetry: Double = 0) throws -> LandmarkChange {
        let before = Landmarks(
            leftEye: Point(x: 0, y: 0), rightEye: Point(x: 1, y: 0), nose: Point(x: 0.5, y: 0.5),
            leftMouth: Point(x: 0.1, y: 1), rightMouth: Point(x: 0.9, y: 1))
        var after = before
        after.leftEye.y += eyes
        after.rightEye.y += eyes
        after.leftMouth.x += asymmetry
        after.leftMouth.y += eyes
        after.rightMouth.y += eyes
        return try XCTUnwrap(LandmarkChange(from: before, to: after))
    }

    private func record(_ name: String, floor: Double, face: Bool = true) throws -> MeasuredPhotograph.Record {
        let found = Face(box: Box(x: 0, y: 0, width: 9, height: 9), landmarks: FaceTemplate.ffhq512.landmarks, score: 1)
        let noise = MeasuredPhotograph.Noise(reader: "R", found: true, lost: 1, changes: [try change(floor, floor)])
        return .init(name: name, face: face ? found : nil, skinAngle: face ? 50 : nil, noise: face ? [noise] : [])
    }

    private func style(_ names: [String], base: Double, aligned: Double?, skin: Double = 3) throws
        -> QualityReport.Style
    {
        let records = try names.map { name in
            let shift = ColourShift(skin: skin, skinPixels: 2 * skin, hairChroma: 1, hairHue: nil)
            return StyleMeasurement.Record(
                photograph: name,
                geometry: [
                    .init(variant: "squashed", reader: "R", change: try change(base, base)),
                    .init(variant: "aligned", reader: "R", change: try aligned.map { try change($0, $0) }),
                ],
                corrected: shift, uncorrected: shift, photographLines: LineQuality(waves(20, 20)),
                drawingLines: LineQuality(waves(20, 20)),
                painterLines: nil, border: nil, borderInOnePiece: nil, photographBorder: nil, photographGrid: nil,
                drawingGrid: nil)
        }
        return .init(id: "cel", version: "9", variants: ["squashed", "aligned"], records: records)
    }

    private func report(base: Double, aligned: Double?, floor: Double, skin: Double = 3) throws -> QualityReport {
        let names = ["a.jpg", "b.jpg", "c.jpg"]
        return QualityReport(
            readers: ["R"], photographs: try names.map { try record($0, floor: floor) },
            styles: [try style(names, base: base, aligned: aligned, skin: skin)], notes: ["Something is left out."])
    }

    func testComparisonIsOfTheExcessOverTheFloor() throws {
        let report = try report(base: 0.05, aligned: 0.0375, floor: 0.03)
        let (_, seen) = (
            report.floor("R"),
            try XCTUnwrap(report.comparison(.eyes, report.styles[0], variant: "aligned", reader: "R"))
        )
        // √(0.05² − 0.03²) = 0.04, √(0.0375² − 0.03²) = 0.0225.
        XCTAssertEqual(seen.excess, 0.0225, accuracy: 1e-9)
        XCTAssertEqual(try XCTUnwrap(seen.reduction), 1 - 0.0225 / 0.04, accuracy: 1e-9)
        XCTAssertEqual(report.floor("R").lost, 3)
    }

    func testVerdicts() throws {
        // 44 % less meets the eyes' 40 % and not the asymmetry's 60 %.
        let rows = try report(base: 0.05, aligned: 0.0375, floor: 0.03).markdown().split(separator: "\n")
        let target = try XCTUnwrap(rows.last { $0.hasPrefix("| aligned | R |") })
        XCTAssertEqual(target, "| aligned | R | 0.0225 | −44 % | met | 0.0225 | −44 % | not met |")
        let floored = try report(base: 0.02, aligned: 0.01, floor: 0.03).markdown()
        XCTAssertTrue(floored.contains("| aligned | R | 0.0000 | baseline at the floor | not measurable |"), floored)
        XCTAssertTrue(
            try report(base: 0.05, aligned: 0.01, floor: 0, skin: 7).markdown().contains(
                "Above 6 with constancy on: a.jpg (7.0)"))
        XCTAssertTrue(try report(base: 0.05, aligned: 0.01, floor: 0).markdown().contains("- Something is left out."))
    }

    func testAFaceThatIsNotFoundAgainIsCountedAndNamed() throws {
        let text = try report(base: 0.05, aligned: nil, floor: 0.01).markdown()
        XCTAssertTrue(text.contains("| aligned | R | 0 | 3 | – | – | – |"), text)
        XCTAssertTrue(text.contains("Not found again by R, aligned: a.jpg, b.jpg, c.jpg."), text)
    }

    func testPhotographsWithoutFacesAreNamed() throws {
        let report = QualityReport(
            readers: ["R"], photographs: [try record("none.jpg", floor: 0, face: false)],
            styles: [try style(["none.jpg"], base: 0.1, aligned: 0.1)], notes: [])
        XCTAssertEqual(report.measured, 0)
        XCTAssertTrue(report.markdown().contains("none.jpg"))
    }

    func testTablesAreWellFormed() throws {
        let text = try report(base: 0.05, aligned: 0.02, floor: 0.01).markdown()
        var columns = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                columns = 0
                continue
            }
            let count = line.count { $0 == "|" }
            if columns > 0 { XCTAssertEqual(count, columns, String(line)) }
            columns = count
        }
    }

    func testAnIdentityStyleMovesNothing() throws {
        let found = face(SimilarityTransform(scale: 0.6, angle: 0.1, tx: 30, ty: 20))
        let photograph = waves(360, 300)
        let detector = FixedDetector(found: [found])
        let readers = [DetectorReader(name: "fixed", detector: WindowDetector(face: found, width: 360, height: 300))]
        let measured = try MeasuredPhotograph(
            name: "waves", photograph, detector: detector, readers: readers, templateScale: 2.0 / 3, jitters: 2)
        XCTAssertEqual(measured.record.face, found)
        let network = EchoNetwork()
        let generator = Generator(manifest: manifest(), network: network)
        let aligned = Variant(name: "aligned", mode: .aligned, generator: generator)
        let all = [
            Variant(name: "squashed", mode: .squashed, generator: generator),
            Variant(name: "whole", mode: .unaligned, generator: generator), aligned,
        ]
        for variant in all {
            let drawing = try variant.draw(photograph, faces: measured.faces)
            XCTAssertLessThan(largestDifference(drawing, photograph), 0.02, variant.name)
        }
        XCTAssertTrue(network.shapes.contains([1, 3, 512, 512]))
        let record = try StyleMeasurement(variants: all, shipped: aligned, readers: readers).measure(
            measured, painter: photograph)
        XCTAssertEqual(record.geometry.map(\.variant), ["squashed", "whole", "aligned"])
        for geometry in record.geometry { XCTAssertEqual(try XCTUnwrap(geometry.change).drift.eyes, 0) }
        if let shift = record.uncorrected { XCTAssertLessThan(shift.skin, 0.5) }
        XCTAssertEqual(record.painterLines, record.photographLines)
    }

    /// Knows one face of a picture of a known size, whatever window of it is shown.
    private struct WindowDetector: FaceDetector {
        let face: Face
        let width: Int
        let height: Int

        func faces(in scene: Scene, minimumSize: Double) throws -> [Face] {
            let side = max(face.box.width, face.box.height)
            let corner = Point(
                x: max(0, (face.box.x + face.box.width / 2 - side).rounded(.down)),
                y: max(0, (face.box.y + face.box.height / 2 - side).rounded(.down)))
            let box = Box(
                x: face.box.x - corner.x, y: face.box.y - corner.y, width: face.box.width, height: face.box.height)
            return [Face(box: box, landmarks: face.landmarks.map { $0 - corner }, score: 1)]
        }
    }
}
