@testable import Drawing
import Raster
import XCTest

/// Hands before a mouth: told by fingers' lines on the chin and by half of the lips being covered.
final class CoveredMouthTests: XCTestCase {
    private static let side = 512

    private func mesh() throws -> FaceMesh { FixtureFace.mesh(try FixtureFace.points()) }

    /// Skin with lips, a hand before one half of the mouth, and lines across the chin.
    private func isCovered(hand: Bool, lines: Bool) throws -> Bool {
        let mesh = try mesh(), axes = FaceAxes(mesh), side = Self.side
        let corners = [Point(x: 0, y: 0), Point(x: Double(side), y: Double(side))]
        let window = try XCTUnwrap(CoverageWindow(width: side, height: side, around: corners, margin: 0))
        let lips = window.polygon(closedCurve(mesh.points(MeshPoints.lips)))
        let mouth = mesh.points(MeshPoints.mouthCorners).mean
        let picture = Bitmap(width: side, height: side) { x, y in
            let off = Point(x: Double(x), y: Double(y)) - mouth
            let across = dot(off, axes.right) / axes.unit, down = dot(off, axes.down) / axes.unit
            var pixel = SIMD4<Float>(0.82, 0.62, 0.53, 1)
            pixel += (SIMD4(0.74, 0.42, 0.42, 1) - pixel) * lips[y * side + x]
            if hand, across > 0, down > -0.1 { pixel = SIMD4(0.86, 0.79, 0.75, 1) }
            if lines, down > 0.1, Int(down * 20) % 3 == 0 { pixel *= SIMD4(0.75, 0.75, 0.75, 1) }
            return pixel
        }
        return try CoveredMouth.isCovered(mesh, in: Scene(picture))
    }

    func testFingersBeforeTheMouthAreSeen() throws {
        XCTAssertTrue(try isCovered(hand: true, lines: true))
    }

    func testOneSignAloneIsNoHand() throws {
        XCTAssertFalse(try isCovered(hand: false, lines: false), "a free mouth")
        XCTAssertFalse(try isCovered(hand: false, lines: true), "a wrinkled chin")
        XCTAssertFalse(try isCovered(hand: true, lines: false), "lips that are uneven")
    }

    func testGuidesLeaveOutWhatIsCovered() throws {
        var mesh = try mesh()
        func sum(_ map: GuideMaps.Map) -> Float {
            GuideMaps(width: Self.side, height: Self.side, meshes: [mesh])
                .tensor([map], x: 0, y: 0, width: Self.side, height: Self.side).values.reduce(0, +)
        }
        let free = [GuideMaps.Map.lips, .mouth, .contours, .brows].map(sum)
        XCTAssertTrue(free.allSatisfy { $0 > 20 })
        mesh.isMouthCovered = true
        XCTAssertEqual(sum(.lips), 0)
        XCTAssertEqual(sum(.mouth), 0)
        XCTAssertLessThan(sum(.contours), 0.5 * free[2], "nostrils alone")
        XCTAssertEqual(sum(.brows), free[3])
        XCTAssertTrue(mesh.map(SimilarityTransform(scale: 2)).isMouthCovered)
    }
}
