@testable import Drawing
import DrawingFixtures
import Models
import Raster
import Settings
import XCTest

/// All stages that draw faces, one after the other, of faces and photographs as no portrait has them: nothing crashes,
/// and what is drawn are numbers.
final class OddFacesTests: XCTestCase {
    private static let side = 256

    /// The fixture's face with a nose and an open mouth, which that lacks.
    private func portrait() throws -> FaceMesh {
        var points = try FixtureFace.points()
        let axes = FaceAxes(FixtureFace.mesh(points)), base = points[MeshPoints.noseBase]
        for (side, sign) in zip(0...1, [-1.0, 1]) {
            func put(_ number: Int, _ across: Double, _ above: Double) {
                points[number] = base + (axes.right * (sign * across) - axes.down * above) * axes.unit
            }
            for (step, height) in [0.55, 0.45, 0.34, 0.21, 0.11].enumerated() {
                put(FixtureFace.noseRidge[side][step], 0.05, height)
                put(FixtureFace.noseSide[side][step], 0.13, height)
            }
            for (step, number) in MeshPoints.noseWings[side].enumerated() {
                put(number, 0.16, 0.2 - 0.06 * Double(step))
            }
        }
        let corners = MeshPoints.mouthCorners.map { points[$0] }
        for (index, step) in steps(MeshPoints.mouthUpper.count).enumerated() {
            let place = corners[0] + (corners[1] - corners[0]) * (0.05 + 0.9 * step)
            points[MeshPoints.mouthUpper[index]] = place
            points[MeshPoints.mouthLower[index]] = place + axes.down * (0.6 * axes.unit * step * (1 - step))
        }
        return FixtureFace.mesh(points).map(SimilarityTransform(scale: Double(Self.side) / 512))
    }

    private func changed(_ mesh: FaceMesh, _ change: (Point) -> Point) -> FaceMesh {
        FixtureFace.mesh(mesh.points.map(change))
    }

    /// With the hair that a network found: a disc about the forehead, as sure as can be.
    private func withHair(_ mesh: FaceMesh) -> FaceMesh {
        var mesh = mesh
        mesh.hair = HairMap(
            likelihood: Plane(width: 64, height: 64, filledWith: 1),
            toSquare: SimilarityTransform(scale: 64 / Double(Self.side)))
        return mesh
    }

    /// A portrait of which something shows for each stage: lit from one side, with dark rims about the eyes, stubble,
    /// nostrils, lips and teeth.
    private func photograph(_ mesh: FaceMesh, _ size: Int) -> Bitmap {
        let axes = FaceAxes(mesh), tip = mesh.points[MeshPoints.noseTip]
        let eyes = (0...1).map { mesh.points(MeshPoints.upperLid[$0] + MeshPoints.lowerLid[$0]).mean }
        let mouth = mesh.points(MeshPoints.mouthCorners).mean
        return Bitmap(width: size, height: size) { x, y in
            let place = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
            var lab = SIMD3<Float>(place.x < tip.x ? 74 : 48, 14, 18)
            for eye in eyes where abs((place - eye).length - 0.4 * axes.unit) < 0.03 * axes.unit {
                lab = SIMD3(12, 0, 0)
            }
            let off = place - mouth
            if off.y > 0.2 * axes.unit, (x * 7 + y * 13) % 5 < 3 { lab.x *= 0.6 }
            if abs(off.x) < 0.45 * axes.unit, off.y > -0.05 * axes.unit, off.y < 0.15 * axes.unit {
                lab = SIMD3(86, 2, 8)
            }
            var pixel = Lab.toRGB(lab)
            pixel.w = 1
            return pixel
        }
    }

    private func noise(_ size: Int, alpha: Float) -> Bitmap {
        var random = SplitMix64(seed: 5)
        let levels = (0..<size * size).map { _ in
            SIMD4<Float>(.random(in: 0...1, using: &random), .random(in: 0...1, using: &random), 0.5, alpha)
        }
        return Bitmap(width: size, height: size, pixels: levels)
    }

    /// Skin with lines, shade, light and marks at random places.
    private func drawing(_ size: Int) -> Painting {
        var random = SplitMix64(seed: 9)
        func map(_ colour: SIMD4<Float>) -> Bitmap {
            Bitmap(
                width: size, height: size,
                pixels: (0..<size * size).map { _ in
                    SIMD4(colour.x, colour.y, colour.z, .random(in: -20...9, using: &random))
                })
        }
        let undecided = UndecidedDrawing(
            flat: map(SIMD4(0.8, 0.62, 0.52, 0)), shade: map(SIMD4(-0.1, -0.15, -0.15, 0)),
            light: map(SIMD4(0.1, 0.1, 0.1, 0)), marks: map(SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
        return Painting(pixels: undecided.flat, lineTint: SIMD3(0.3, 0.2, 0.2), undecided: undecided)
    }

    private func landmarks(_ mesh: FaceMesh) -> Landmarks {
        let corners = MeshPoints.mouthCorners.map { mesh.points[$0] }
        return Landmarks(
            leftEye: mesh.points[MeshPoints.iris[0][0]], rightEye: mesh.points[MeshPoints.iris[1][0]],
            nose: mesh.points[MeshPoints.noseTip], leftMouth: corners[0], rightMouth: corners[1])
    }

    private func check(_ meshes: [FaceMesh], _ photograph: Bitmap, _ name: String, isFace: Bool = true) {
        let options = StyleOptions()
        let canvas = Canvas(
            photograph, faces: meshes.map(landmarks).filter { $0.points.allSatisfy { $0.x.isFinite && $0.y.isFinite } },
            meshes: meshes, isFace: isFace, options: options)
        var painting = drawing(photograph.width)
        canvas.tone(&painting, options: options)
        func isNumber(_ pixel: SIMD4<Float>) -> Bool { (0..<4).allSatisfy { pixel[$0].isFinite } }
        XCTAssertTrue(painting.pixels.pixels.allSatisfy(isNumber), name)
        guard let undecided = painting.undecided else { return XCTFail("\(name): nothing to decide again") }
        for (number, map) in [undecided.flat, undecided.shade, undecided.light, undecided.correction].enumerated() {
            XCTAssertTrue(map.pixels.allSatisfy(isNumber), "\(name), map \(number)")
        }
    }

    func testFacesAtOddPlaces() throws {
        let face = withHair(try portrait()), size = Double(Self.side), photograph = photograph(face, Self.side)
        let middle = Point(x: size / 2, y: size / 2)
        for (x, y) in [(0, 0), (0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5), (0.4, -0.4), (0.62, 0), (3, 3), (-1e6, 0)] {
            let moved = face.map(SimilarityTransform(a: 1, b: 0, tx: x * size, ty: y * size))
            check([moved], self.photograph(moved, Self.side), "moved by \(x), \(y)")
            check([moved], photograph, "moved by \(x), \(y), and the photograph is not", isFace: false)
        }
        for (scale, angle) in [(0.02, 0), (0.1, 0.2), (0.4, 0), (1, 1.6), (1, 3.1), (4, 0), (40, 0), (0, 0)] {
            let turn = SimilarityTransform(scale: scale, angle: angle), back = middle - turn.apply(middle)
            let turned = face.map(SimilarityTransform(a: turn.a, b: turn.b, tx: back.x, ty: back.y))
            check([turned], self.photograph(turned, Self.side), "scaled by \(scale), turned by \(angle)")
        }
    }

    func testMeshesThatAreNoFace() throws {
        let face = withHair(try portrait()), size = Double(Self.side), photograph = photograph(face, Self.side)
        let middle = Point(x: size / 2, y: size / 2)
        check([changed(face) { _ in middle }], photograph, "all in one place")
        let far = [Double.nan, .infinity, 1e25, -1e300]
        for far in far { check([withHair(changed(face) { _ in Point(x: far, y: far) })], photograph, "all at \(far)") }
        // What is not about the faces takes most of the time.
        for number in [0, 1, 2, 5, 10, 13, 17, 61, 97, 105, 133, 152, 196, 234, 397, 454, 468, 470] {
            let meshes = far.map { far in
                var points = face.points
                points[number].y = far
                return withHair(FixtureFace.mesh(points))
            }
            check(meshes, photograph, "point \(number) at \(far)")
        }
        check([changed(face) { Point(x: size - $0.x, y: $0.y) }], photograph, "left for right")
        check([changed(face) { Point(x: $0.x, y: size - $0.y) }], photograph, "above for below")
        check([changed(face) { Point(x: middle.x + 0.05 * ($0.x - middle.x), y: $0.y) }], photograph, "in profile")
        check([changed(face) { Point(x: $0.x, y: middle.y) }], photograph, "flat")
        var random = SplitMix64(seed: 3)
        for degree in [2.0, 6, 20, 300] {
            let shaken = changed(face) {
                $0
                    + Point(
                        x: .random(in: -degree...degree, using: &random),
                        y: .random(in: -degree...degree, using: &random))
            }
            check([shaken, face, shaken], photograph, "shaken by \(degree)")
        }
    }

    func testPhotographsThatShowNoFace() throws {
        let face = withHair(try portrait())
        for (name, photograph) in [
            ("black", Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(0, 0, 0, 1))),
            ("white", Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(1, 1, 1, 1))),
            ("gray", Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(0.5, 0.5, 0.5, 1))),
            ("noise", noise(Self.side, alpha: 1)), ("nothing", noise(Self.side, alpha: 0)),
        ] { check([face], photograph, name) }
    }

    func testSmallDrawings() throws {
        let face = withHair(try portrait())
        for size in [1, 2, 5, 24, 65] {
            let small = face.map(SimilarityTransform(scale: Double(size) / Double(Self.side)))
            for (name, mesh) in [("a face", small), ("a part of one", face)] {
                check([mesh], photograph(mesh, size), "\(name) in \(size) pixels")
                check([mesh], photograph(mesh, size), "\(name) in \(size) pixels of a whole", isFace: false)
            }
        }
    }
}
