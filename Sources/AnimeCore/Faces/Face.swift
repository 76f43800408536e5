/// A point in pixel coordinates; the centre of the top left pixel is (0.5, 0.5).
public struct Point: Equatable, Sendable, Codable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    public static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
    public static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
    public static func * (a: Point, k: Double) -> Point { Point(x: a.x * k, y: a.y * k) }

    /// Distance from the origin.
    public var length: Double { (x * x + y * y).squareRoot() }
}

/// An axis-parallel rectangle in pixel coordinates.
public struct Box: Equatable, Sendable, Codable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    public var maxX: Double { x + width }
    public var maxY: Double { y + height }
    public var area: Double { max(0, width) * max(0, height) }

    /// Area shared with `other`, in square pixels.
    public func intersection(_ other: Box) -> Double {
        max(0, min(maxX, other.maxX) - max(x, other.x)) * max(0, min(maxY, other.maxY) - max(y, other.y))
    }

    /// Intersection over union, 0…1.
    public func overlap(_ other: Box) -> Double {
        let shared = intersection(other)
        let union = area + other.area - shared
        return union > 0 ? shared / union : 0
    }
}

/// Five facial landmarks. Left and right are the viewer's.
public struct Landmarks: Equatable, Sendable, Codable {
    public var leftEye: Point
    public var rightEye: Point
    public var nose: Point
    public var leftMouth: Point
    public var rightMouth: Point

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
        Landmarks(leftEye: transform(leftEye), rightEye: transform(rightEye), nose: transform(nose),
                  leftMouth: transform(leftMouth), rightMouth: transform(rightMouth))
    }
}

/// One detected face, in the coordinates of the picture it was found in.
public struct Face: Equatable, Sendable, Codable {
    public var box: Box
    public var landmarks: Landmarks
    /// The detector's confidence, 0…1.
    public var score: Double

    public init(box: Box, landmarks: Landmarks, score: Double) {
        self.box = box
        self.landmarks = landmarks
        self.score = score
    }
}

/// Finds faces. Safe to call from several threads.
public protocol FaceDetector: Sendable {
    /// Faces at least `minimumSize` pixels high and wide, best score first; empty when there is none.
    func faces(in picture: Bitmap, minimumSize: Double) throws -> [Face]
}
