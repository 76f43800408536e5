@testable import Drawing
import DrawingFixtures
import Foundation
import Raster
import XCTest

/// Guide maps against those that the training code draws.
final class GuideMapsTests: XCTestCase {
    private struct Golden: Decodable {
        let width: Int
        let height: Int
        let maps: [String]
        let mesh: [[Double]]
    }

    private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    private func golden() throws -> (Golden, FaceMesh) {
        let golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: fixtures.appendingPathComponent("guides.json")))
        let points = golden.mesh.map { Point(x: $0[0], y: $0[1]) }
        return (
            golden, FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
        )
    }

    func testEqualThoseOfTraining() throws {
        let (golden, mesh) = try golden()
        XCTAssertEqual(golden.maps, GuideMaps.Map.allCases.map(\.rawValue))
        let drawn = GuideMaps(width: golden.width, height: golden.height, meshes: [mesh])
        let bytes = try Data(contentsOf: fixtures.appendingPathComponent("guides.u16"))
        XCTAssertEqual(bytes.count, 2 * drawn.values.count)
        var worst: Float = 0
        for index in drawn.values.indices {
            let expected = Float(UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8) / 65535
            worst = max(worst, abs(drawn.values[index] - expected))
        }
        XCTAssertLessThan(worst, 1.0 / 255)
    }

    func testFollowTheMeshToAnyPlace() throws {
        let (golden, mesh) = try golden()
        let size = golden.width
        let still = GuideMaps(width: size, height: size, meshes: [mesh])
        let moved = GuideMaps(
            width: size + 40, height: size + 40, meshes: [mesh.map(SimilarityTransform(scale: 1, tx: 17, ty: 23))])
        for map in GuideMaps.Map.allCases {
            for y in 0..<size {
                for x in 0..<size where abs(still[map, x, y] - moved[map, x + 17, y + 23]) > 1e-3 {
                    return XCTFail("\(map) at \(x), \(y)")
                }
            }
        }
    }

    func testTensorsAreCutOutInTheOrderThatIsAskedFor() throws {
        let (golden, mesh) = try golden()
        let maps = GuideMaps(width: golden.width, height: golden.height, meshes: [mesh])
        let tensor = maps.tensor([.oval, .eyes], x: 30, y: 20, width: 80, height: 64)
        XCTAssertEqual(tensor.shape, [1, 2, 64, 80])
        XCTAssertEqual(tensor.values[10 * 80 + 5], maps[.oval, 35, 30])
        XCTAssertEqual(tensor.values[(64 + 22) * 80 + 6], maps[.eyes, 36, 42])
        XCTAssertEqual(tensor.values[79], 0, "beyond the picture")
    }

    func testWithoutAMeshAndFarOutsideThereIsNothing() throws {
        let (_, mesh) = try golden()
        let far = [5000.0, -5000].map { mesh.map(SimilarityTransform(scale: 1, tx: $0, ty: $0)) }
        XCTAssertEqual(GuideMaps(width: 32, height: 48, meshes: far), GuideMaps(width: 32, height: 48, meshes: []))
        XCTAssertEqual(GuideMaps(width: 32, height: 48, meshes: []).values.max(), 0)
    }

    func testAMeshWithoutExtentOrNumbersDrawsNothing() throws {
        for point in [Point(x: 20, y: 20), Point(x: .nan, y: 20), Point(x: 20, y: .infinity)] {
            let mesh = FaceMesh(
                points: [Point](repeating: point, count: FaceMesh.count),
                depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
            XCTAssertEqual(GuideMaps(width: 40, height: 40, meshes: [mesh]).values.max(), 0)
        }
    }

    /// The golden face, its left eye `height` times as high.
    private func face(height: Double) throws -> FaceMesh {
        let (_, mesh) = try golden()
        let down = FaceAxes(mesh).down, lids = MeshPoints.upperLid[0] + MeshPoints.lowerLid[0]
        var points = mesh.points
        let corner = points[lids[0]]
        let chord = points[MeshPoints.upperLid[0][8]] - corner
        for lid in Set(lids) {
            let off = points[lid] - corner
            let along = chord * (dot(off, chord) / dot(chord, chord)), high = dot(off - along, down)
            points[lid] = points[lid] + down * ((height - 1) * high)
        }
        return FixtureFace.mesh(points)
    }

    /// How much taller than the photograph's its left eye is drawn.
    private func gain(_ mesh: FaceMesh) -> Double {
        let axes = FaceAxes(mesh), eye = DrawnEye(mesh, axes, index: 0)
        return dot(Array(eye.lower[12..<28]).mean - Array(eye.upper[12..<28]).mean, axes.down)
            / (eye.opening * axes.unit)
    }

    func testNarrowEyesStayNarrowAndUnlikeEyesUnlike() throws {
        let gains = try [0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map { gain(try face(height: $0)) }
        XCTAssertLessThan(try XCTUnwrap(gains.first), 0.98)
        XCTAssertGreaterThan(try XCTUnwrap(gains.last), 1.07)
        for (narrower, wider) in zip(gains, gains.dropFirst()) { XCTAssertLessThanOrEqual(narrower, wider + 1e-3) }
    }

    func testEyesKeepTheirSlant() throws {
        let mesh = try face(height: 0.9), axes = FaceAxes(mesh)
        let corners = [0, 8].map { mesh.points[MeshPoints.upperLid[0][$0]] }
        for turn in [-0.25, 0, 0.3] {
            var points = mesh.points
            let still = corners.mean, turned = SimilarityTransform(scale: 1, angle: turn, tx: 0, ty: 0)
            for lid in Set(MeshPoints.upperLid[0] + MeshPoints.lowerLid[0]) {
                points[lid] = still + turned.apply(points[lid] - still)
            }
            let seen = points[MeshPoints.upperLid[0][8]] - points[MeshPoints.upperLid[0][0]]
            let eye = DrawnEye(FixtureFace.mesh(points), axes, index: 0)
            let drawn = eye.upper[39] - eye.upper[0]
            XCTAssertEqual(
                dot(drawn, axes.down) / dot(drawn, axes.right), dot(seen, axes.down) / dot(seen, axes.right),
                accuracy: 1e-6)
        }
    }

    func testSeveralFacesAreAllDrawn() throws {
        let (golden, mesh) = try golden()
        let size = golden.width
        let other = mesh.map(SimilarityTransform(scale: 0.6, tx: Double(size), ty: 5))
        func maps(_ meshes: [FaceMesh]) -> GuideMaps { GuideMaps(width: 2 * size, height: size, meshes: meshes) }
        let (both, first, second) = (maps([mesh, other]), maps([mesh]), maps([other]))
        XCTAssertEqual(both.values, zip(first.values, second.values).map { max($0, $1) })
    }

    func testA512SquareTakesMilliseconds() throws {
        let (golden, mesh) = try golden()
        let large = mesh.map(SimilarityTransform(scale: 512 / Double(golden.width)))
        let clock = ContinuousClock()
        let best =
            (0..<10).map { _ in clock.measure { _ = GuideMaps(width: 512, height: 512, meshes: [large]) } }.min()
            ?? .seconds(1)
        // Measured 3 to 5 ms; the bound leaves room for a busy machine and only catches another order of magnitude.
        XCTAssertLessThan(best, .milliseconds(50))
        print("guide maps of 512²: \(best)")
    }
}
