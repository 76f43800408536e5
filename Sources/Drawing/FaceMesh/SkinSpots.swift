import Raster

extension FaceMesh {
    /// Places that show skin on most faces: cheeks, bridge of the nose, forehead and tip of the nose.
    var skinSpots: [Point] {
        let eyes = (0...1).map { points(MeshPoints.upperLid[$0] + MeshPoints.lowerLid[$0]).mean }
        let mouth = points(MeshPoints.mouthCorners), tip = points[MeshPoints.noseTip], between = eyes.mean
        let axes = FaceAxes(self)
        return [
            (eyes[0] + mouth[0]) * 0.5, (eyes[1] + mouth[1]) * 0.5, (between + tip) * 0.5,
            between - axes.down * (0.35 * axes.unit), tip,
        ]
    }
}
