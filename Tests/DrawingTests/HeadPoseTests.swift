@testable import Drawing
import Raster
import XCTest

final class HeadPoseTests: XCTestCase {
    /// Eyes 100 apart and a face 200 long, turned about the upright axis, then nodding, then in the picture, in
    /// degrees.
    private func head(yaw: Double = 0, roll: Double = 0) -> FaceMesh {
        var points = [Point](repeating: Point(x: 0, y: 0), count: FaceMesh.count)
        var depths = [Double](repeating: 0, count: FaceMesh.skinCount)
        let turn = SimilarityTransform(scale: 1, angle: roll * .pi / 180)
        for (number, x, y) in [(33, -50.0, 0.0), (263, 50, 0), (10, 0, -80), (152, 0, 120)] {
            points[number] = turn.apply(Point(x: x * cosine(yaw * .pi / 180), y: y))
            depths[number] = x * sine(yaw * .pi / 180)
        }
        return FaceMesh(points: points, depths: depths, presence: 1)
    }

    func testTellsHowAHeadIsTurned() {
        for (yaw, roll) in [(0.0, 0.0), (30, 0), (-50, 20), (10, -120)] {
            let pose = HeadPose(head(yaw: yaw, roll: roll))
            XCTAssertEqual(pose.yaw, yaw, accuracy: 1e-6)
            XCTAssertEqual(pose.roll, roll, accuracy: 1e-6)
            XCTAssertEqual(pose.pitch, 0, accuracy: 1e-6)
        }
    }

    func testASideViewIsLeftToTheFiveLandmarks() {
        XCTAssertTrue(HeadPose(head(yaw: 60)).showsFace)
        XCTAssertFalse(HeadPose(head(yaw: -80)).showsFace)
    }

    /// - Parameters:
    ///   - nose: where its tip lies between the eyes' height and the mouth's.
    ///   - aside: how far from the middle, as a share of the face's width.
    ///   - narrow: the second eye's width over the first one's.
    private func face(nose: Double, aside: Double = 0, narrow: Double = 1) -> FaceMesh {
        var points = [Point](repeating: Point(x: 0, y: 0), count: FaceMesh.count)
        for (eye, x) in [-50.0, 50].enumerated() {
            let half = 20 * (eye == 0 ? 1 : narrow)
            for (number, off) in zip(MeshPoints.upperLid[eye], [Double](stride(from: -1, through: 1, by: 0.25))) {
                points[number] = Point(x: x + half * off, y: 0)
            }
            points[MeshPoints.mouthCorners[eye]] = Point(x: 0.6 * x, y: 100)
            points[MeshPoints.faceSides[eye]] = Point(x: 1.6 * x, y: 20)
        }
        points[MeshPoints.noseTip] = Point(x: 160 * aside, y: 100 * nose)
        return FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
    }

    func testAFaceFromFarBelowIsLeftToTheFiveLandmarks() {
        XCTAssertTrue(face(nose: 0.6).isSeenInFront)
        XCTAssertFalse(face(nose: 0.3).isSeenInFront, "from below")
        XCTAssertFalse(face(nose: 1.1).isSeenInFront, "from above")
        XCTAssertTrue(face(nose: 0.6, aside: 0.6).isSeenInFront)
        XCTAssertFalse(face(nose: 0.6, aside: 0.9).isSeenInFront, "in profile")
        XCTAssertFalse(face(nose: 0.6, narrow: 0.3).isSeenInFront, "in profile")
    }
}
