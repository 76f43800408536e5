import Drawing
import Models
import Raster
import Settings

/// Reads the landmarks of a known face from a photograph or from a drawing of it, both in the same way. Safe to call
/// from several threads.
public protocol LandmarkReader: Sendable {
    /// For tables.
    var name: String { get }

    /// - Parameters:
    ///   - face: as the detector found it in the photograph; it says where to look and is no answer.
    ///   - picture: of the photograph's size.
    /// - Returns: landmarks in the picture's coordinates; `nil` when there is no face to be seen there.
    /// - Throws: `StyleError.network`.
    func landmarks(of face: Face, in picture: Pyramid) throws -> Landmarks?
}

/// A face detector as a reader: it looks for faces in the surroundings of the known one and takes the one that covers
/// it best.
public struct DetectorReader: LandmarkReader {
    /// For tables.
    public let name: String
    private let detector: FaceDetector

    /// Least overlap (intersection over union) of a box with the known one.
    private static let leastOverlap = 0.3

    /// Reads with `detector`, called `name` in tables.
    public init(name: String, detector: FaceDetector) {
        self.name = name
        self.detector = detector
    }

    /// See `LandmarkReader`.
    public func landmarks(of face: Face, in picture: Pyramid) throws -> Landmarks? {
        let (whole, side) = (picture.levels[0], max(face.box.width, face.box.height))
        // Twice the face's side: all that the detector's networks look at, and no other face that is as large.
        let columns = Self.span(face.box.x + face.box.width / 2, side, whole.width)
        let rows = Self.span(face.box.y + face.box.height / 2, side, whole.height)
        guard !columns.isEmpty, !rows.isEmpty else { return nil }
        let window = whole.cropped(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
        let corner = Point(x: Double(columns.lowerBound), y: Double(rows.lowerBound))
        let known = Box(
            x: face.box.x - corner.x, y: face.box.y - corner.y, width: face.box.width, height: face.box.height)
        let found = try detector.faces(in: window, minimumSize: side / 2)
        guard let best = found.max(by: { $0.box.overlap(known) < $1.box.overlap(known) }),
            best.box.overlap(known) >= Self.leastOverlap
        else { return nil }
        return best.landmarks.map { $0 + corner }
    }

    private static func span(_ centre: Double, _ reach: Double, _ count: Int) -> Range<Int> {
        guard centre.isFinite, reach.isFinite else { return 0..<0 }
        let low = min(max((centre - reach).rounded(.down), 0), Double(count))
        let high = min(max((centre + reach).rounded(.up), low), Double(count))
        return Int(low)..<Int(high)
    }
}

/// MTCNN's last network alone, on the photograph's box in both pictures, as the mean over nine crops a few percent
/// apart: the cascade before it finds a drawing's box a little elsewhere, and its landmarks move with the box though no
/// feature has moved.
public struct OutputNetworkReader: LandmarkReader {
    /// For tables.
    public let name: String
    private let detector: MTCNN
    /// Shifts of the crops in x and in y, in sides.
    private static let shifts = [-0.03, 0, 0.03]

    /// Reads with the last network of `detector`, called `name` in tables.
    public init(name: String, detector: MTCNN) {
        self.name = name
        self.detector = detector
    }

    /// See `LandmarkReader`.
    public func landmarks(of face: Face, in picture: Pyramid) throws -> Landmarks? {
        let (box, side) = (face.box, max(face.box.width, face.box.height))
        guard side.isFinite, side >= 4, side <= 4 * Double(picture.levels[0].longSide) else { return nil }
        let corner = Point(x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2)
        let squares = Self.shifts.flatMap { dy in
            Self.shifts.map { dx in Box(x: corner.x + dx * side, y: corner.y + dy * side, width: side, height: side) }
        }
        let answers = try detector.output.run(squares, DetectionLadder(Scene(picture.levels[0])))
        let score = answers.reduce(0) { $0 + $1.candidate.score } / Double(answers.count)
        guard score > detector.thresholds.output else { return nil }
        let all = answers.compactMap(\.landmarks)
        func mean(_ landmark: KeyPath<Landmarks, Point>) -> Point {
            all.reduce(Point(x: 0, y: 0)) { $0 + $1[keyPath: landmark] } * (1 / Double(all.count))
        }
        guard !all.isEmpty else { return nil }
        return Landmarks(
            leftEye: mean(\.leftEye), rightEye: mean(\.rightEye), nose: mean(\.nose), leftMouth: mean(\.leftMouth),
            rightMouth: mean(\.rightMouth))
    }
}

/// A keypoint network as a reader (`Models/training/keypoints.py` makes one): input `image`, [1, 3, 128, 128], RGB
/// −1…1, the face in its standard pose; output `points`, [1, 5, 2], (x, y) in sides of that window, in the order of
/// `Landmarks.points`. It always answers, so it never misses a face.
public struct KeypointReader: LandmarkReader {
    /// For tables.
    public let name: String
    private let network: NeuralNetwork

    /// Side of the network's picture, and of the window it is averaged down from.
    private static let side = (picture: 128, window: 256)
    /// The window shows the middle quarter of the 512-pixel square that holds the face template at two thirds of its
    /// size.
    static let pose = FaceTemplate.ffhq512.scaled(toSize: Double(side.window), about: 4.0 / 3)

    /// Reads with `network`, called `name` in tables.
    public init(name: String, network: NeuralNetwork) {
        self.name = name
        self.network = network
    }

    /// See `LandmarkReader`.
    public func landmarks(of face: Face, in picture: Pyramid) throws -> Landmarks? {
        guard let window = FaceSquare(face.landmarks, template: Self.pose) else { return nil }
        let small = areaResampled(window.cut(from: picture), width: Self.side.picture, height: Self.side.picture)
        var values = [Float](repeating: 0, count: 3 * small.pixels.count)
        for (index, pixel) in small.pixels.enumerated() {
            let scaled = clamped01(pixel.finiteOrZero) * 2 - 1
            for channel in 0..<3 { values[channel * small.pixels.count + index] = scaled[channel] }
        }
        let answer = try network.run(["image": Tensor(shape: [1, 3, small.height, small.width], values: values)])[
            "points"]
        guard let answer, answer.values.count == 10 else {
            throw StyleError.network(reason: "the keypoint network gave no five points called “points”")
        }
        let points = (0..<5).map { index in
            let share = Point(x: Double(answer.values[2 * index]), y: Double(answer.values[2 * index + 1]))
            return window.toPhotograph.apply(share * Double(Self.side.window))
        }
        guard points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
        return Landmarks(
            leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3], rightMouth: points[4])
    }
}
