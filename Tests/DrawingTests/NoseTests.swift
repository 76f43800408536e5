@testable import Drawing
import Raster
import XCTest

/// Noses: nostrils and wings as the photograph has them, and no stains of a network's.
final class NoseTests: XCTestCase {
    private static let side = 512
    private static let skin = SIMD4<Float>(0.8, 0.62, 0.52, 1)

    private func mesh() throws -> FaceMesh {
        var points = try FixtureFace.points()
        // That mesh has no points on the nose: those of a mean nose are, in units beside and above its base.
        let axes = FaceAxes(FixtureFace.mesh(points)), base = points[MeshPoints.noseBase]
        let heights = [0.55, 0.45, 0.34, 0.21, 0.11]
        for (side, sign) in zip(0...1, [-1.0, 1]) {
            func put(_ number: Int, _ across: Double, _ above: Double) {
                points[number] =
                    base + axes.right * (sign * across * axes.unit) - axes.down * (above * axes.unit)
            }
            for (number, height) in zip(FixtureFace.noseRidge[side], heights) { put(number, 0.05, height) }
            for (number, height) in zip(FixtureFace.noseSide[side], heights) { put(number, 0.13, height) }
            put([219, 439][side], 0.15, 0.10)
            put([115, 344][side], 0.14, 0.17)
            put([48, 278][side], 0.16, 0.13)
        }
        return FixtureFace.mesh(points)
    }

    /// Even skin with nostrils, and one side of the nose `dark` times as bright.
    private func photograph(
        _ mesh: FaceMesh, shaded: Int = 0, dark: Float = 1, nostrils: Bool = true, deep: Float = 0.3,
        creases: [Int] = []
    ) throws -> Bitmap {
        let axes = FaceAxes(mesh), count = Self.side
        let window = try XCTUnwrap(
            CoverageWindow(width: count, height: count, around: mesh.points(MeshPoints.oval), margin: 0))
        var levels = [Float](repeating: 1, count: count * count)
        func paint(_ coverage: [Float], _ level: Float) {
            for (place, covered) in coverage.enumerated() {
                let index = (window.y + place / window.width) * count + window.x + place % window.width
                levels[index] *= 1 + (level - 1) * covered
            }
        }
        let (ridge, edge) = (mesh.points(FixtureFace.noseRidge[shaded]), mesh.points(FixtureFace.noseSide[shaded]))
        paint(window.polygon(ridge + edge.reversed()), dark)
        for hole in nostrils ? Contour.nostrils(mesh, axes) : [] {
            paint(window.stroke(hole, widths: [Double](repeating: 0.04 * axes.unit, count: hole.count)), deep)
        }
        for number in creases {
            let line = Contour.nose(mesh, axes)[number].line
            paint(window.stroke(line, widths: [Double](repeating: 0.05 * axes.unit, count: line.count)), 0.6)
        }
        let painted = levels
        return Bitmap(width: count, height: count) { x, y in
            var pixel = Self.skin * painted[y * count + x]
            pixel.w = 1
            return pixel
        }
    }

    /// Even skin, with shade and a line where told.
    private func drawing(shade: @Sendable (Int, Int) -> Float = { _, _ in -20 }, line: Float = -20) -> UndecidedDrawing
    {
        let count = Self.side
        return UndecidedDrawing(
            flat: Bitmap(width: count, height: count) { _, _ in SIMD4(0.8, 0.62, 0.52, line) },
            shade: Bitmap(width: count, height: count) { x, y in SIMD4(-0.1, -0.15, -0.15, shade(x, y)) },
            light: Bitmap(width: count, height: count, filledWith: SIMD4(0, 0, 0, -20)),
            marks: Bitmap(width: count, height: count, filledWith: SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    /// A wedge beside the ridge, or below the tip, would be on every face: shade is a part of the skin's form.
    func testNoShadeIsDrawnButNostrilsAndWings() throws {
        let mesh = try mesh()
        for dark in [Float(1), 0.6] {
            let nose = try XCTUnwrap(Nose(try photograph(mesh, shaded: 1, dark: dark), mesh: mesh))
            var drawing = drawing()
            nose.draw(into: &drawing)
            let drawn = drawing.picture()
            for (index, height) in (0...1).flatMap({ index in (1...3).map { (index, $0) } }) {
                let ridge = mesh.points[FixtureFace.noseRidge[index][height]]
                let edge = mesh.points[FixtureFace.noseSide[index][height]]
                for share in [0, 0.2, 0.4] {
                    let place = ridge + (edge - ridge) * share
                    XCTAssertEqual(drawn[Int(place.x), Int(place.y)].y, 0.62, accuracy: 0.01, "\(index) \(height)")
                }
            }
            let base = mesh.points[MeshPoints.noseBase]
            XCTAssertEqual(drawn[Int(base.x), Int(base.y)].y, 0.62, accuracy: 0.01, "no shape below the tip")
        }
    }

    func testStainsAndLinesOnTheNoseGoAndOtherShadeStays() throws {
        let mesh = try mesh(), unit = FaceAxes(mesh).unit,
            nose = try XCTUnwrap(Nose(try photograph(mesh), mesh: mesh))
        let stain = mesh.points[FixtureFace.noseRidge[1][2]]
        let cheek = (mesh.points[MeshPoints.faceSides[0]] + mesh.points[MeshPoints.noseBase]) * 0.5
        var drawing = drawing(
            shade: { x, y in
                let place = Point(x: Double(x), y: Double(y))
                return min((place - stain).length, (place - cheek).length) < 0.04 * unit ? 9 : -20
            }, line: 3)
        nose.draw(into: &drawing)
        XCTAssertLessThan(drawing.shade[Int(stain.x), Int(stain.y)].w, -5)
        XCTAssertEqual(drawing.shade[Int(cheek.x), Int(cheek.y)].w, 9)
        let tip = mesh.points[FixtureFace.noseRidge[0][2]]
        XCTAssertLessThan(drawing.flat[Int(tip.x), Int(tip.y)].w, -5)
        XCTAssertEqual(drawing.flat[Int(cheek.x), Int(cheek.y)].w, 3)
        for hole in Contour.nostrils(mesh, FaceAxes(mesh)) {
            XCTAssertGreaterThan(drawing.flat[Int(hole[8].x), Int(hole[8].y)].w, 0, "nostrils stay")
        }
    }

    func testFaintNostrilsAreThinAndDeepOnesWideAndNoneIsLost() throws {
        let mesh = try mesh(), holes = Contour.nostrils(mesh, FaceAxes(mesh))
        func drawn(_ level: Float) throws -> (ink: Float, least: Float, middle: Float) {
            var drawing = drawing()
            try XCTUnwrap(Nose(try photograph(mesh, deep: level), mesh: mesh)).draw(into: &drawing)
            let picture = drawing.picture()
            func near(_ point: Point, _ reach: Int) -> [SIMD4<Float>] {
                (-reach...reach).flatMap { y in
                    (-reach...reach).map { x in picture[Int(point.x) + x, Int(point.y) + y] }
                }
            }
            let around = holes.joined().flatMap { near($0, 4) }
            return (
                around.reduce(0) { $0 + $1.w }, around.map(\.y).min() ?? 1,
                holes.map { near($0[8], 1).map(\.y).min() ?? 1 }.max() ?? 1
            )
        }
        let (deep, faint) = (try drawn(0.2), try drawn(0.75))
        XCTAssertGreaterThan(deep.ink, 4)
        XCTAssertLessThan(faint.middle, 0.48, "both nostrils are seen")
        XCTAssertLessThan(faint.ink, 0.01, "ink in light ones is black dots")
        XCTAssertLessThan(faint.least, 0.48, "in shade")
        XCTAssertGreaterThan(faint.least, deep.least)
    }

    /// A wing that the photograph does not show would float beside the nose.
    func testWingsAreShadeWithoutInkWhereThePhotographHasACrease() throws {
        let mesh = try mesh(), contours = Contour.nose(mesh, FaceAxes(mesh))
        var drawing = drawing(line: 3)
        try XCTUnwrap(Nose(try photograph(mesh, creases: [1]), mesh: mesh)).draw(into: &drawing)
        let picture = drawing.picture()
        for (wing, isSeen) in [(contours[1].line, true), (contours[3].line, false)] {
            let pixel = picture[Int(wing[8].x), Int(wing[8].y)]
            XCTAssertLessThan(pixel.w, 0.05, "a hook")
            XCTAssertEqual(pixel.y < 0.55, isSeen)
            // What ends sharply is a tick beside the nose.
            let row = (-14...14).map { Lab.from(clamped01(picture[Int(wing[8].x) + $0, Int(wing[8].y)])).x }
            XCTAssertLessThan(try XCTUnwrap(zip(row, row.dropFirst()).map { abs($0 - $1) }.max()), 6)
        }
    }

    func testCoveredTinyAndNumberlessNosesAreLeftAlone() throws {
        let mesh = try mesh(), photograph = try photograph(mesh)
        XCTAssertNil(Nose(try self.photograph(mesh, nostrils: false), mesh: mesh), "a mask")
        let tiny = SimilarityTransform(scale: 0.1)
        XCTAssertNil(Nose(areaResampled(photograph, width: 51, height: 51), mesh: mesh.map(tiny)))
        var points = mesh.points
        points[MeshPoints.noseBase] = Point(x: .nan, y: 0)
        XCTAssertNil(Nose(photograph, mesh: FixtureFace.mesh(points)))
        points[MeshPoints.noseBase] = mesh.points[MeshPoints.noseBase]
        points[MeshPoints.noseTip] = points[MeshPoints.chin]
        XCTAssertNil(
            Nose(photograph, mesh: FixtureFace.mesh(points)), "seen from above")
    }
}
