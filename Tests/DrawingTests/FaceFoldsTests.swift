@testable import Drawing
import Raster
import XCTest

/// Folds of wrinkled faces: found as lines, and drawn on faces that have many, not on those that have few.
final class FaceFoldsTests: XCTestCase {
    private static let side = 512

    private func mesh() throws -> FaceMesh {
        var points = try FixtureFace.points()
        // That mesh has no points on the cheeks.
        let base = points[MeshPoints.noseBase]
        for (ring, edges) in zip(MeshPoints.cheekSides, [[93, 58], [323, 288]]) {
            for (number, (edge, share)) in zip(
                ring, [(edges[0], 0.5), (edges[1], 0.5), (edges[1], 0.75), (edges[0], 0.75)])
            {
                points[number] = base + (points[edge] - base) * share
            }
        }
        return FixtureFace.mesh(points)
    }

    /// Lines across the forehead, as many as told.
    private func wrinkles(_ count: Int, _ mesh: FaceMesh) -> [[Point]] {
        let axes = FaceAxes(mesh), top = mesh.points(MeshPoints.browTops).mean
        return (0..<count).map { number in
            steps(20).map { t in
                top + axes.right * ((t - 0.5) * axes.unit) - axes.down * ((0.2 + 0.12 * Double(number)) * axes.unit)
            }
        }
    }

    /// Skin with grain, and dark lines on it.
    private func photograph(_ mesh: FaceMesh, _ lines: [[Point]], grain: Float) throws -> Bitmap {
        let count = Self.side, unit = FaceAxes(mesh).unit
        var levels = [Float](repeating: 1, count: count * count)
        for line in lines {
            let window = try XCTUnwrap(CoverageWindow(width: count, height: count, around: line, margin: 5))
            let stroke = window.stroke(line, widths: [Double](repeating: 0.03 * unit, count: line.count))
            for (place, covered) in stroke.enumerated() {
                let index = (window.y + place / window.width) * count + window.x + place % window.width
                levels[index] *= 1 - 0.25 * covered
            }
        }
        var random = SplitMix64(seed: 7)
        for index in levels.indices { levels[index] *= 1 + grain * (Float(random.next() % 2001) / 1000 - 1) }
        let painted = levels
        return Bitmap(width: count, height: count) { x, y in
            var pixel = SIMD4<Float>(0.75, 0.58, 0.48, 1) * painted[y * count + x]
            pixel.w = 1
            return pixel
        }
    }

    private func drawing(line: Float = -20) -> UndecidedDrawing {
        let count = Self.side
        return UndecidedDrawing(
            flat: Bitmap(width: count, height: count, filledWith: SIMD4(0.8, 0.62, 0.52, line)),
            shade: Bitmap(width: count, height: count, filledWith: SIMD4(-0.1, -0.15, -0.15, -20)),
            light: Bitmap(width: count, height: count, filledWith: SIMD4(0, 0, 0, -20)),
            marks: Bitmap(width: count, height: count, filledWith: SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    func testAWrinkledForeheadIsDrawnWhereItsFoldsAre() throws {
        let mesh = try mesh(), lines = wrinkles(4, mesh)
        let photograph = try photograph(mesh, lines, grain: 0.15)
        var drawing = drawing()
        let found = try XCTUnwrap(FaceFolds(photograph, mesh: mesh, drawing: drawing))
        XCTAssertGreaterThan(found.age, 0.5)
        XCTAssertGreaterThanOrEqual(found.folds.filter { $0.zone == .forehead }.count, 3)
        found.draw(into: &drawing)
        let drawn = drawing.picture(), before = self.drawing().picture(), unit = FaceAxes(mesh).unit
        let darker = (0..<drawn.pixels.count).filter { drawn.pixels[$0].y < before.pixels[$0].y - 0.03 }
        XCTAssertGreaterThan(darker.count, 100)
        let near = darker.filter { index in
            let pixel = Point(x: Double(index % Self.side) + 0.5, y: Double(index / Self.side) + 0.5)
            return lines.joined().contains { ($0 - pixel).length < 0.05 * unit }
        }
        XCTAssertGreaterThan(Double(near.count), 0.7 * Double(darker.count))
        let least = darker.map { drawn.pixels[$0].y }.min() ?? 0
        XCTAssertGreaterThan(least, 0.3, "a tone of skin, not black")
    }

    func testSmoothSkinAndAFewFoldsAreLeftAlone() throws {
        let mesh = try mesh(), drawing = drawing()
        XCTAssertNil(FaceFolds(try photograph(mesh, [], grain: 0), mesh: mesh, drawing: drawing), "even skin")
        XCTAssertNil(FaceFolds(try photograph(mesh, [], grain: 0.15), mesh: mesh, drawing: drawing), "grain")
        XCTAssertNil(
            FaceFolds(try photograph(mesh, wrinkles(4, mesh), grain: 0), mesh: mesh, drawing: drawing),
            "lines on skin without grain are no wrinkles")
    }

    /// A mesh with lines from the nose to beside the mouth, whose corners lie as high as told, in units below the nose.
    private func grown(mouth height: Double) throws -> FaceMesh {
        var points = try mesh().points
        let axes = FaceAxes(FixtureFace.mesh(points)), base = points[MeshPoints.noseBase]
        let course = [(0.24, -0.08), (0.32, 0.02), (0.42, 0.14), (0.5, 0.28), (0.52, 0.42)]
        for (numbers, sign) in zip(MeshPoints.smileCourse, [-1.0, 1]) {
            for (number, off) in zip(numbers, course) {
                points[number] = base + axes.right * (sign * off.0 * axes.unit) + axes.down * (off.1 * axes.unit)
            }
        }
        let lower = height - dot(points[MeshPoints.mouthCorners[0]] - base, axes.down) / axes.unit
        for corner in MeshPoints.mouthCorners { points[corner] = points[corner] + axes.down * (lower * axes.unit) }
        return FixtureFace.mesh(points)
    }

    /// Both lines, dark.
    private func courses(_ mesh: FaceMesh) -> [[Point]] {
        let lines = MeshPoints.smileCourse.map { curve(mesh.points($0)) }
        return lines + lines + lines
    }

    func testACalmFaceIsGivenItsTwoLinesAlone() throws {
        let mesh = try grown(mouth: 0.33), lines = courses(mesh)
        let found = try XCTUnwrap(
            FaceFolds(try photograph(mesh, lines, grain: 0.01), mesh: mesh, drawing: drawing()))
        XCTAssertEqual(found.folds.map(\.half), [-1, 1])
        XCTAssertTrue(found.folds.allSatisfy { $0.zone == .smile && $0.length > 0.3 })
        XCTAssertLessThan(found.age, 0.4, "thin ones")
        let unit = FaceAxes(mesh).unit
        for fold in found.folds {
            for point in fold.line {
                let place = point + Point(x: Double(found.window.x), y: Double(found.window.y))
                XCTAssertLessThan(lines.joined().map { ($0 - place).length }.min() ?? 99, 0.05 * unit)
            }
        }
    }

    func testASmileAShadeAndLinesOnOneSideAreNoAge() throws {
        let smiling = try grown(mouth: 0.15), calm = try grown(mouth: 0.33)
        XCTAssertNil(
            FaceFolds(try photograph(smiling, courses(smiling), grain: 0.01), mesh: smiling, drawing: drawing()))
        let one = MeshPoints.smileCourse.prefix(1).map { curve(calm.points($0)) }
        XCTAssertNil(
            FaceFolds(try photograph(calm, one + one + one, grain: 0.01), mesh: calm, drawing: drawing()), "one side")
        XCTAssertNil(FaceFolds(try photograph(calm, [], grain: 0.01), mesh: calm, drawing: drawing()), "none")
        // A step of the tone has no second side.
        let even = try photograph(calm, [], grain: 0.01)
        let middle = calm.points[MeshPoints.noseBase], axes = FaceAxes(calm)
        let shade = Bitmap(width: Self.side, height: Self.side) { x, y in
            let off = abs(dot(Point(x: Double(x), y: Double(y)) - middle, axes.right)) / axes.unit
            var pixel = even[x, y] * (off > 0.42 ? 0.6 : 1)
            pixel.w = 1
            return pixel
        }
        XCTAssertNil(FaceFolds(shade, mesh: calm, drawing: drawing()), "shade")
    }

    func testWhereTheDrawingHasLinesNoneAreAdded() throws {
        let mesh = try mesh(), photograph = try photograph(mesh, wrinkles(4, mesh), grain: 0.15)
        XCTAssertNil(FaceFolds(photograph, mesh: mesh, drawing: drawing(line: 5)))
    }

    func testTinyAndNumberlessFacesAreLeftAlone() throws {
        let mesh = try mesh(), photograph = try photograph(mesh, wrinkles(4, mesh), grain: 0.15)
        let small = areaResampled(photograph, width: 128, height: 128)
        XCTAssertNil(FaceFolds(small, mesh: mesh.map(SimilarityTransform(scale: 0.25)), drawing: drawing()))
        var points = mesh.points
        points[MeshPoints.noseTip] = Point(x: .infinity, y: 0)
        let broken = FaceMesh(points: points, depths: mesh.depths, presence: 1)
        XCTAssertNil(FaceFolds(photograph, mesh: broken, drawing: drawing()))
    }

    func testPathsAreTheLongestWaysThroughTheirParts() {
        // A line with a branch, and a speck.
        let rows = ["##########..", "...#........", "...#......#."]
        let shape = ShapeMask(width: 12, height: 3) { Array(rows[$0 / 12])[$0 % 12] == "#" }
        let paths = RidgePath.all(of: shape)
        XCTAssertEqual(paths.count, 1)
        XCTAssertEqual(Set(paths[0]), Set(0..<10))
        XCTAssertEqual(RidgePath.longestRun([1, 2, 3, 9, 4, 5, 6, 7]) { $0 != 9 }, [4, 5, 6, 7])
        XCTAssertEqual(RidgePath.longestRun([9]) { $0 != 9 }, [])
    }
}
