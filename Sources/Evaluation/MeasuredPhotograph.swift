import Drawing
import Raster
import Settings

/// A photograph with everything that its drawings are compared with, worked out once.
public struct MeasuredPhotograph: Sendable {
    /// What goes into the report.
    public struct Record: Equatable, Sendable, Codable {
        /// Of the file, for tables.
        public let name: String
        /// The face that is measured, the photograph's largest; `nil` when the detector finds none large enough to be
        /// drawn apart.
        public let face: Face?
        /// The skin's individual typology angle in degrees; `nil` where no skin is to be seen.
        public let skinAngle: Double?
        /// Each reader's answers to jittered copies of the photograph.
        public let noise: [Noise]

        /// The group that the angle falls into.
        public var skinTone: SkinTone? { skinAngle.map(SkinTone.init) }
    }

    /// One reader's noise on one photograph.
    public struct Noise: Equatable, Sendable, Codable {
        /// The reader's name.
        public let reader: String
        /// `false` when the reader does not find the face in the photograph itself; then nothing of it can be measured.
        public let found: Bool
        /// Jittered copies in which the face was not found.
        public let lost: Int
        /// One change for each copy in which it was.
        public let changes: [LandmarkChange]
    }

    /// What goes into the report.
    public let record: Record
    let bitmap: Bitmap
    let faces: [Face]
    let square: FaceSquare?
    let colours: FaceColours?
    let lines: LineQuality?
    /// What each reader sees in the photograph, in the order of the readers.
    let landmarks: [Landmarks?]

    /// - Parameters:
    ///   - readers: the landmark readers, each with a name of its own.
    ///   - templateScale: of the square in which colours and lines are measured.
    ///   - jitters: how many jittered copies each reader sees.
    /// - Throws: `StyleError`.
    public init(
        name: String, _ photograph: Bitmap, detector: FaceDetector, readers: [LandmarkReader], templateScale: Double,
        jitters: Int = 4
    ) throws {
        try PictureLimits.check(width: photograph.width, height: photograph.height)
        let scene = Pyramid(photograph)
        // Found as `Stylizer` finds them, the ones it reports as too small included.
        let minimum = Stylizer.minimumFaceSize(StyleOptions())
        faces = try detector.faces(in: photograph, minimumSize: minimum * 0.8)
        let largest = faces.filter { min($0.box.width, $0.box.height) >= minimum }.max { $0.box.area < $1.box.area }
        square = largest.flatMap { FaceSquare($0.landmarks, templateScale: templateScale) }
        let face = square == nil ? nil : largest
        let cut = square.map { (picture: $0.cut(from: scene), landmarks: $0.landmarks) }
        let colours = cut.flatMap { FaceColours($0.picture, landmarks: $0.landmarks) }
        self.colours = colours
        lines = cut.map { LineQuality($0.picture) }
        let landmarks = try readers.map { reader in try face.flatMap { try reader.landmarks(of: $0, in: scene) } }
        self.landmarks = landmarks
        bitmap = photograph
        let noise = try face.map { try Self.noise(readers, landmarks, of: $0, in: scene, jitters) } ?? []
        record = Record(name: name, face: face, skinAngle: colours?.skinAngle, noise: noise)
    }

    private static func noise(
        _ readers: [LandmarkReader], _ landmarks: [Landmarks?], of face: Face, in scene: Pyramid, _ count: Int
    ) throws -> [Noise] {
        var changes = readers.map { _ in [LandmarkChange]() }
        let centre = Point(x: face.box.x + face.box.width / 2, y: face.box.y + face.box.height / 2)
        for seed in 0..<count {
            let jitter = Jitter(seed: UInt64(seed), about: centre)
            let copy = Pyramid(jitter.applied(to: scene))
            for (index, reader) in readers.enumerated() {
                guard let before = landmarks[index], let after = try reader.landmarks(of: face, in: copy) else {
                    continue
                }
                if let change = LandmarkChange(from: before, to: after.map(jitter.toPhotograph.apply)) {
                    changes[index].append(change)
                }
            }
        }
        return readers.indices.map { index in
            let found = landmarks[index] != nil
            return Noise(
                reader: readers[index].name, found: found, lost: found ? count - changes[index].count : 0,
                changes: changes[index])
        }
    }
}
