/// Five facial landmarks. Left and right are the viewer's.
public struct Landmarks: Equatable, Sendable, Codable {
    /// Middle of the left eye.
    public var leftEye: Point
    /// Middle of the right eye.
    public var rightEye: Point
    /// Tip of the nose.
    public var nose: Point
    /// Left corner of the mouth.
    public var leftMouth: Point
    /// Right corner of the mouth.
    public var rightMouth: Point

    /// These five points.
    public init(leftEye: Point, rightEye: Point, nose: Point, leftMouth: Point, rightMouth: Point) {
        self.leftEye = leftEye
        self.rightEye = rightEye
        self.nose = nose
        self.leftMouth = leftMouth
        self.rightMouth = rightMouth
    }

    /// Left eye, right eye, nose tip, left and right mouth corner.
    public var points: [Point] { [leftEye, rightEye, nose, leftMouth, rightMouth] }

    /// Distance between the eyes, in pixels.
    public var interOcularDistance: Double { (rightEye - leftEye).length }

    /// Every landmark moved by `transform`.
    public func map(_ transform: (Point) -> Point) -> Landmarks {
        Landmarks(
            leftEye: transform(leftEye), rightEye: transform(rightEye), nose: transform(nose),
            leftMouth: transform(leftMouth), rightMouth: transform(rightMouth))
    }
}
