@testable import Drawing
import Raster
import XCTest

/// The whites of a made face's eyes, which networks draw as white on every skin.
final class EyeWhitesTests: XCTestCase {
    private let white = SIMD3<Float>(96, 0, 1), iris = SIMD3<Float>(35, 8, 14)

    private func drawing(_ mesh: FaceMesh, skin: SIMD3<Float>) -> UndecidedDrawing {
        let eyes = [0, 1].map { mesh.points(MeshPoints.upperLid[$0] + MeshPoints.lowerLid[$0]).mean }
        let (white, iris) = (self.white, self.iris)
        let flat = Bitmap(width: 512, height: 512) { x, y in
            let near = eyes.map { ($0 - Point(x: Double(x) + 0.5, y: Double(y) + 0.5)).length }.min() ?? 0
            var colour = Lab.toRGB(near < 4 ? iris : near < 14 ? white : skin)
            colour.w = -7
            return colour
        }
        let none = Bitmap(width: 512, height: 512, filledWith: SIMD4(0, 0, 0, -20))
        return UndecidedDrawing(
            flat: flat, shade: none, light: none, marks: none,
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    func testWhitesAreLessWhiteTheDarkerTheSkin() throws {
        let mesh = FixtureFace.mesh(try FixtureFace.points())
        let eye = mesh.points(MeshPoints.upperLid[0] + MeshPoints.lowerLid[0]).mean
        var found: [Float] = []
        for skin in [SIMD3<Float>(32, 12, 18), SIMD3(55, 14, 22), SIMD3(80, 10, 14)] {
            let before = drawing(mesh, skin: skin)
            var after = before
            EyeWhites(mesh, skin: skin).draw(into: &after)
            func lab(_ across: Double) -> SIMD3<Float> {
                Lab.from(clamped01(after.flat[Int(eye.x + across), Int(eye.y)]))
            }
            found.append(lab(7).x)
            XCTAssertGreaterThan(lab(7).x, skin.x + 12, "still white")
            XCTAssertEqual(lab(0).x, iris.x, accuracy: 0.5)
            XCTAssertEqual(after.flat[20, 20], before.flat[20, 20])
            XCTAssertTrue(after.flat.pixels.allSatisfy { $0.w == -7 })
        }
        XCTAssertEqual(found, found.sorted())
        XCTAssertLessThan(found[0], 82)
        XCTAssertGreaterThan(found[2], 93)
    }

    /// Eyes with brighter whites than they have stare.
    func testWhitesAreAsGreyAsThePhotographs() throws {
        let mesh = FixtureFace.mesh(try FixtureFace.points()), skin = SIMD3<Float>(60, 14, 20)
        let eye = mesh.points(MeshPoints.upperLid[0] + MeshPoints.lowerLid[0]).mean
        func drawn(_ white: SIMD3<Float>) throws -> Float {
            let eyes = [0, 1].map { mesh.points(MeshPoints.upperLid[$0] + MeshPoints.lowerLid[$0]).mean }
            let photograph = Bitmap(width: 512, height: 512) { x, y in
                let near = eyes.map { ($0 - Point(x: Double(x) + 0.5, y: Double(y) + 0.5)).length }.min() ?? 0
                var colour = Lab.toRGB(near < 16 ? white : skin)
                colour.w = 1
                return colour
            }
            var after = drawing(mesh, skin: skin)
            EyeWhites(mesh, skin: skin, of: try XCTUnwrap(LowerFace(photograph: photograph, mesh: mesh)))
                .draw(into: &after)
            return Lab.from(clamped01(after.flat[Int(eye.x + 7), Int(eye.y)])).x
        }
        let (grey, bright) = (try drawn(SIMD3(64, 2, 4)), try drawn(SIMD3(88, 1, 2)))
        XCTAssertLessThan(grey, bright - 6)
        XCTAssertGreaterThan(grey, skin.x + 12, "still white")
    }

    /// A pale face in bright light is as light as its whites.
    func testSkinBetweenTheLidsStays() throws {
        let mesh = FixtureFace.mesh(try FixtureFace.points()), pale = SIMD3<Float>(94, 3, 5)
        let before = drawing(mesh, skin: pale)
        var after = before
        EyeWhites(mesh, skin: pale).draw(into: &after)
        XCTAssertTrue(after == before)
    }
}
