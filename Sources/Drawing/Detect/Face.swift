import Raster

/// One detected face, in the coordinates of the picture it was found in.
public struct Face: Equatable, Sendable, Codable {
    /// May reach beyond the picture.
    public var box: Box
    /// Five points.
    public var landmarks: Landmarks
    /// The detector's confidence, 0…1.
    public var score: Double
    /// Its dense mesh, where one was looked for and found.
    public var mesh: FaceMesh?

    private enum CodingKeys: String, CodingKey { case box, landmarks, score }

    /// A face of these parts.
    public init(box: Box, landmarks: Landmarks, score: Double, mesh: FaceMesh? = nil) {
        self.box = box
        self.landmarks = landmarks
        self.score = score
        self.mesh = mesh
    }
}

extension Face {
    /// The shorter side of its box, in pixels.
    var side: Double { min(box.width, box.height) }

    /// The same face in a picture `factor` times as large.
    func scaled(by factor: Double) -> Face {
        Face(
            box: Box(x: box.x * factor, y: box.y * factor, width: box.width * factor, height: box.height * factor),
            landmarks: landmarks.map { $0 * factor }, score: score, mesh: mesh?.map(SimilarityTransform(scale: factor)))
    }
}

/// Finds faces. Safe to call from several threads.
public protocol FaceDetector: Sendable {
    /// Faces at least `minimumSize` pixels high and wide, best score first; empty when there is none.
    func faces(in scene: Scene, minimumSize: Double) throws -> [Face]

    /// Gives back the memory that is kept from picture to picture. Does nothing unless the detector can.
    func rest()
}

extension FaceDetector {
    /// Nothing.
    public func rest() {}

    /// The same for a picture that is in memory.
    public func faces(in picture: Bitmap, minimumSize: Double) throws -> [Face] {
        try faces(in: Scene(picture), minimumSize: minimumSize)
    }
}
