import Drawing
import Foundation
import Raster
import XCTest

/// The mesh's real networks on the test portrait, against MediaPipe itself and against the portrait moved.
final class FaceMeshTests: XCTestCase {
    private struct Reference: Decodable {
        let photo: String
        let points: [[Double]]
    }

    private func landmarks(_ photo: Bitmap) throws -> Landmarks {
        try XCTUnwrap(Parts.detector().faces(in: photo, minimumSize: 40).first).landmarks
    }

    private func mesh(_ photo: Bitmap, _ landmarks: Landmarks) throws -> FaceMesh {
        try XCTUnwrap(Parts.meshFinder().mesh(of: landmarks, in: Scene(photo)))
    }

    /// Distances of the points in inter-ocular distances of `expected`.
    private func drift(_ points: [Point], from expected: [Point]) -> [Double] {
        let eyes = MeshPoints.eyeCorners.map { (expected[$0[0]] + expected[$0[1]]) * 0.5 }
        return zip(points, expected).map { ($0 - $1).length / (eyes[1] - eyes[0]).length }
    }

    func testPlacesThePointsWhereMediaPipeDoes() throws {
        let file = Parts.fixture("mesh-astronaut.json")
        let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
        let photo = try Parts.photo(reference.photo)
        let found = try mesh(photo, landmarks(photo))
        let far = drift(found.points, from: reference.points.map { Point(x: $0[0], y: $0[1]) })
        XCTAssertGreaterThan(found.presence, 0.9)
        XCTAssertLessThan(far.reduce(0, +) / Double(far.count), 0.04)
        let lids = (MeshPoints.upperLid + MeshPoints.lowerLid).joined().map { far[$0] }
        XCTAssertLessThan(lids.reduce(0, +) / Double(lids.count), 0.03)
        for iris in MeshPoints.iris { XCTAssertLessThan(far[iris[0]], 0.03) }
        XCTAssertLessThan(found.depths[MeshPoints.noseTip], found.depths[234], "the nose is nearer than the cheek")
    }

    func testFollowsAPortraitThatIsTurnedAndScaled() throws {
        let photo = try Parts.photo("astronaut.png"), marks = try landmarks(photo)
        let still = try mesh(photo, marks)
        for (scale, angle) in [(0.8, 0.3), (0.9, -0.9), (0.6, 2.8)] {
            let turn = SimilarityTransform(scale: scale, angle: angle)
            let middle = turn.apply(Point(x: 220, y: 130))
            let pose = turn.then(SimilarityTransform(a: 1, b: 0, tx: 256 - middle.x, ty: 256 - middle.y))
            let moved = try mesh(photo.moved(by: pose), marks.map(pose.apply))
            let far = drift(moved.points, from: still.map(pose).points)
            XCTAssertLessThan(far.reduce(0, +) / Double(far.count), 0.03, "scale \(scale), angle \(angle)")
        }
    }

    func testAMirroredPortraitHasTheMirroredIrises() throws {
        let photo = try Parts.photo("astronaut.png")
        let marks = try landmarks(photo), still = try mesh(photo, marks)
        let width = Double(photo.width)
        func mirror(_ point: Point) -> Point { Point(x: width - point.x, y: point.y) }
        let mirrored = Landmarks(
            leftEye: mirror(marks.rightEye), rightEye: mirror(marks.leftEye), nose: mirror(marks.nose),
            leftMouth: mirror(marks.rightMouth), rightMouth: mirror(marks.leftMouth))
        let found = try mesh(photo.mirrored, mirrored)
        let unit = marks.interOcularDistance
        for eye in 0...1 {
            let centre = mirror(found.points[MeshPoints.iris[1 - eye][0]])
            XCTAssertLessThan((centre - still.points[MeshPoints.iris[eye][0]]).length / unit, 0.03)
        }
    }

    func testWhereThereIsNoFaceThereIsNoMesh() throws {
        let photo = try Parts.photo("astronaut.png"), marks = try landmarks(photo)
        let sleeve = marks.map { $0 + Point(x: 150, y: 300) }
        XCTAssertNil(try Parts.meshFinder().mesh(of: sleeve, in: Scene(photo)))
        let grey = try Scene(Bitmap(width: 256, height: 256, filledWith: SIMD4(0.5, 0.5, 0.5, 1)))
        XCTAssertNil(try Parts.meshFinder().mesh(of: marks, in: grey))
        let nowhere = marks.map { _ in Point(x: 5, y: 5) }
        XCTAssertNil(try Parts.meshFinder().mesh(of: nowhere, in: Scene(photo)))
    }
}
