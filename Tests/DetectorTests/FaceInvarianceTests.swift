@testable import Drawing
import Raster
import XCTest

/// What must happen to the landmarks when something known happens to the photograph. Tolerances, in inter-ocular
/// distances, are about 1.5 to 2 times what was measured: the networks themselves are not exactly invariant.
final class FaceInvarianceTests: XCTestCase {
    private func single(_ photo: Bitmap, minimumSize: Double = 40, file: StaticString = #filePath, line: UInt = #line)
        throws -> Face
    {
        let faces = try Parts.detector().faces(in: photo, minimumSize: minimumSize)
        XCTAssertEqual(faces.count, 1, file: file, line: line)
        return try XCTUnwrap(faces.first, file: file, line: line)
    }

    private func assertDrift(
        _ landmarks: Landmarks, from expected: Landmarks, below limit: Double, _ what: String,
        file: StaticString = #filePath, line: UInt = #line
    ) {
        let worst = drift(landmarks, from: expected).max() ?? .infinity
        XCTAssertLessThan(worst, limit, what, file: file, line: line)
    }

    func testLandmarksAreMirroredWithThePhotograph() throws {
        let photo = try Parts.photo("astronaut.png"), width = Double(photo.width)
        let face = try single(photo).landmarks, mirrored = try single(photo.mirrored).landmarks
        func flip(_ p: Point) -> Point { Point(x: width - p.x, y: p.y) }
        let back = Landmarks(
            leftEye: flip(mirrored.rightEye), rightEye: flip(mirrored.leftEye), nose: flip(mirrored.nose),
            leftMouth: flip(mirrored.rightMouth), rightMouth: flip(mirrored.leftMouth))
        assertDrift(back, from: face, below: 0.04, "mirror")
    }

    /// An error in the pixel convention would move all landmarks of all faces to the same side.
    func testMirroringShowsNoConstantShift() throws {
        let photo = try Parts.photo("solvay.jpg"), width = Double(photo.width)
        let faces = try Parts.detector().faces(in: photo, minimumSize: 40)
        let mirrored = try Parts.detector().faces(in: photo.mirrored, minimumSize: 40)
        var shifts: [Double] = []
        for face in faces {
            for other in mirrored {
                let box = Box(
                    x: width - other.box.maxX, y: other.box.y, width: other.box.width, height: other.box.height)
                guard box.overlap(face.box) > 0.6 else { continue }
                let (a, b) = (
                    face.landmarks.points.reduce(0) { $0 + $1.x } / 5,
                    other.landmarks.points.reduce(0) { $0 + $1.x } / 5
                )
                shifts.append((a - (width - b)) / 2)
            }
        }
        XCTAssertGreaterThanOrEqual(shifts.count, 26)
        let mean = shifts.reduce(0, +) / Double(shifts.count)
        XCTAssertEqual(mean, 0, accuracy: 0.2, "pixels")
    }

    func testLandmarksTurnWithThePhotograph() throws {
        let photo = try Parts.photo("astronaut.png"), face = try single(photo)
        let centre = Point(x: face.box.x + face.box.width / 2, y: face.box.y + face.box.height / 2)
        for degrees in [-15.0, -10, 10, 15] {
            let pose = SimilarityTransform(scale: 1, tx: -centre.x, ty: -centre.y)
                .then(SimilarityTransform(scale: 1, angle: degrees * .pi / 180)).then(
                    SimilarityTransform(scale: 1, tx: centre.x, ty: centre.y))
            let turned = try single(photo.moved(by: pose))
            assertDrift(turned.landmarks, from: face.landmarks.map(pose.apply), below: 0.06, "turn \(degrees)")
        }
    }

    func testLandmarksMoveWithThePhotograph() throws {
        let photo = try Parts.photo("astronaut.png"), face = try single(photo).landmarks
        for (left, top) in [(1, 0), (37, 53), (130, 7)] {
            let padded = photo.padded(left: left, top: top, right: 20, bottom: 31, colour: SIMD4(0.5, 0.5, 0.5, 1))
            let moved = face.map { Point(x: $0.x + Double(left), y: $0.y + Double(top)) }
            assertDrift(try single(padded).landmarks, from: moved, below: 0.05, "move \(left) \(top)")
        }
    }

    func testLandmarksGrowWithThePhotograph() throws {
        let photo = try Parts.photo("astronaut.png"), face = try single(photo).landmarks
        for factor in [0.5, 2] {
            let sized = areaResampled(photo, width: Int(512 * factor), height: Int(512 * factor))
            assertDrift(
                try single(sized, minimumSize: 40 * factor).landmarks, from: face.map { $0 * factor }, below: 0.025,
                "scale \(factor)")
        }
    }

    func testWhatIsTransparentIsNoFace() throws {
        var photo = try Parts.photo("astronaut.png")
        photo.forEachRow { _, row in
            for x in row.indices { row[x].w = 0 }
        }
        XCTAssertEqual(try Parts.detector().faces(in: photo, minimumSize: 40), [])
    }

    func testTheMinimumSizeHolds() throws {
        let photo = try Parts.photo("astronaut.png"), face = try single(photo)
        XCTAssertEqual(
            try Parts.detector().faces(in: photo, minimumSize: 1.2 * min(face.box.width, face.box.height)), [])
    }

    func testThreadsAndRepetitionsAgree() throws {
        let photo = try Parts.photo("astronaut.png"), detector = try Parts.detector()
        let first = try detector.faces(in: photo, minimumSize: 30)
        let results = Results()
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            results.add(try? detector.faces(in: photo, minimumSize: 30))
        }
        XCTAssertEqual(results.all.count, 6)
        for result in results.all { XCTAssertEqual(result, first) }
    }

    /// Flat, noisy and striped pictures hold no face.
    func testPatternsAreNoFaces() throws {
        let detector = try Parts.detector()
        let patterns: [@Sendable (Int, Int) -> Float] = [
            { _, _ in 0 }, { _, _ in .nan }, { x, _ in x / 9 % 2 == 0 ? 1 : 0 },
            { x, y in (x / 31 + y / 31) % 2 == 0 ? 0.2 : 0.7 },
            { x, y in Float((x &* 7919 &+ y &* 104_729) % 255) / 255 },
        ]
        for (index, pattern) in patterns.enumerated() {
            let picture = Bitmap(width: 400, height: 300) { x, y in
                SIMD4(pattern(x, y), pattern(x, y), pattern(x, y), 1)
            }
            XCTAssertEqual(try detector.faces(in: picture, minimumSize: 40), [], "pattern \(index)")
        }
        for (width, height) in [(1, 1), (5, 3000), (3000, 41)] {
            XCTAssertEqual(try detector.faces(in: Bitmap(width: width, height: height), minimumSize: 40), [])
        }
    }
}

/// `@unchecked Sendable` holds because a lock guards what changes.
private final class Results: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var all: [[Face]?] = []

    func add(_ faces: [Face]?) {
        lock.lock()
        all.append(faces)
        lock.unlock()
    }
}
