@testable import Drawing
import Foundation
import Raster
import XCTest

/// Which colour irises are drawn in: that of made eyes in every light.
final class IrisColoursTests: XCTestCase {
    private static let side = 512
    private static let lights: [(name: String, colour: SIMD4<Float>)] = [
        ("daylight", SIMD4(1, 1, 1, 1)), ("a lamp", SIMD4(1, 0.88, 0.7, 1)), ("shade", SIMD4(0.82, 0.92, 1, 1)),
    ]
    private static let skins: [SIMD4<Float>] = [SIMD4(0.86, 0.68, 0.58, 1), SIMD4(0.46, 0.31, 0.23, 1)]

    private func mesh() throws -> FaceMesh {
        struct Golden: Decodable { let mesh: [[Double]] }
        let file = FixtureFace.file.deletingLastPathComponent().appendingPathComponent("guides.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        return FixtureFace.mesh(golden.mesh.map { Point(x: $0[0], y: $0[1]) })
            .map(SimilarityTransform(scale: Double(Self.side) / 96, tx: 0, ty: 0))
    }

    /// Two eyes with pupils under lids' shadows, and what they mirror in their upper halves.
    private func face(
        _ irises: [SIMD4<Float>], skin: SIMD4<Float> = skins[0], light: SIMD4<Float> = lights[0].colour,
        dim: [Float] = [1, 1], mirrored: SIMD4<Float>? = nil
    ) throws -> IrisColours {
        let mesh = try mesh(), side = Self.side, down = FaceAxes(mesh).down
        let corners = [Point(x: 0, y: 0), Point(x: Double(side), y: Double(side))]
        let window = try XCTUnwrap(CoverageWindow(width: side, height: side, around: corners, margin: 0))
        let openings = (0...1).map { index in
            window.polygon(
                mesh.points(MeshPoints.upperLid[index]) + mesh.points(MeshPoints.lowerLid[index]).reversed())
        }
        let centres = MeshPoints.iris.map { mesh.points[$0[0]] }
        let radius = (mesh.points[MeshPoints.iris[0][1]] - centres[0]).length
        let picture = Bitmap(width: side, height: side) { x, y in
            let place = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
            var pixel = skin
            for (eye, opening) in openings.enumerated() where opening[y * side + x] > 0.5 {
                let off = place - centres[eye], far = off.length / radius, height = dot(off, down) / radius
                pixel = SIMD4(0.84, 0.82, 0.80, 1)
                if far < 1 { pixel = irises[eye] }
                if far < 0.35 { pixel = SIMD4(0.04, 0.04, 0.04, 1) }
                if height < -0.2 { pixel *= 0.6 }
                if far < 1, height < -0.2, let mirrored { pixel = mirrored }
                pixel *= dim[eye]
            }
            pixel *= light
            pixel.w = 1
            return pixel
        }
        return try IrisColours(mesh, in: Scene(picture))
    }

    private func drawn(_ colour: SIMD4<Float>) -> SIMD3<Float> { Lab.from(colour) }

    private func forEachLight(_ body: (_ skin: SIMD4<Float>, _ light: SIMD4<Float>, _ name: String) throws -> Void)
        throws
    {
        for skin in Self.skins {
            for light in Self.lights { try body(skin, light.colour, "\(light.name), skin \(skin.x)") }
        }
    }

    func testBlueAndGreyEyesStayCoolInEveryLight() throws {
        for iris in [SIMD4<Float>(0.36, 0.46, 0.56, 1), SIMD4(0.38, 0.42, 0.43, 1), SIMD4(0.24, 0.28, 0.31, 1)] {
            try forEachLight { skin, light, name in
                let colour = drawn(try face([iris, iris], skin: skin, light: light).left)
                XCTAssertLessThan(colour.z, 0, "\(iris), \(name)")
                XCTAssertLessThan(colour.y, 0, "\(iris), \(name)")
            }
        }
    }

    func testBrownEyesStayBrownInEveryLight() throws {
        for iris in [SIMD4<Float>(0.13, 0.09, 0.07, 1), SIMD4(0.28, 0.19, 0.13, 1), SIMD4(0.46, 0.32, 0.17, 1)] {
            try forEachLight { skin, light, name in
                let colour = drawn(try face([iris, iris], skin: skin, light: light).left)
                XCTAssertGreaterThan(colour.z, 10, "\(iris), \(name)")
                XCTAssertGreaterThan(colour.y, 5, "\(iris), \(name)")
            }
        }
    }

    func testGreenEyesAreNeitherBlueNorBrown() throws {
        let iris = SIMD4<Float>(0.42, 0.43, 0.29, 1)
        try forEachLight { skin, light, name in
            let colour = drawn(try face([iris, iris], skin: skin, light: light).left)
            XCTAssertGreaterThan(colour.z, 2, name)
            XCTAssertLessThan(colour.y, 3, name)
        }
    }

    func testWhatAnIrisMirrorsIsNotItsColour() throws {
        let iris = SIMD4<Float>(0.16, 0.11, 0.08, 1)
        let colour = drawn(try face([iris, iris], mirrored: SIMD4(0.45, 0.6, 0.8, 1)).left)
        XCTAssertGreaterThan(colour.z, 10)
        XCTAssertGreaterThan(colour.y, 5)
    }

    func testOnlyEyesThatTrulyDifferAreDrawnApart() throws {
        let blue = SIMD4<Float>(0.36, 0.46, 0.56, 1), brown = SIMD4<Float>(0.33, 0.21, 0.13, 1)
        let apart = try face([blue, brown])
        XCTAssertLessThan(drawn(apart.left).z, -4)
        XCTAssertGreaterThan(drawn(apart.right).z, 10)
        let aside = try face([blue, blue], dim: [1, 0.35])
        XCTAssertEqual(aside.left, aside.right)
        XCTAssertLessThan(drawn(aside.left).z, -4)
    }

    func testWhatIsTooDarkToTellIsDarkBrown() throws {
        let colour = drawn(try face([SIMD4(0.05, 0.05, 0.06, 1), SIMD4(0.05, 0.05, 0.06, 1)]).left)
        XCTAssertGreaterThan(colour.z, 10)
        XCTAssertLessThan(colour.x, 30)
    }
}
