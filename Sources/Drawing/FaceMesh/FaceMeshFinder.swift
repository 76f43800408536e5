import Models
import Raster
import Settings

/// Finds the mesh of faces whose five landmarks are known, with MediaPipe's networks for faces (Kartynnik et al. 2019,
/// "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs") and irises (Ablavatski et al. 2020). Safe
/// to call from several threads.
public struct FaceMeshFinder: Sendable {
    /// 192² picture in, 468 points and presence out.
    private let face: NeuralNetwork
    /// 64² picture of a left eye in, its lids and iris out.
    private let iris: NeuralNetwork
    /// `nil` leaves hair as the generator draws it.
    private let hair: HairFinder?
    /// Below this presence there is no mesh; MediaPipe's own threshold.
    static let leastPresence = 0.5

    /// - Parameters:
    ///   - folder: holds `face_landmark.tflite` and `iris_landmark.tflite`.
    ///   - hair: path of the network of hair.
    /// - Throws: `StyleError.modelUnreadable`.
    public init(folder: String, hair: String, loader: NetworkLoader) throws {
        try self.init(
            face: loader.network(file: "\(folder)/face_landmark.tflite", precision: .float32),
            iris: loader.network(file: "\(folder)/iris_landmark.tflite", precision: .float32),
            hair: loader.network(file: hair, precision: .float32))
    }

    package init(face: NeuralNetwork, iris: NeuralNetwork, hair: NeuralNetwork? = nil) {
        (self.face, self.iris, self.hair) = (face, iris, hair.map(HairFinder.init))
    }

    /// Gives back the memory that the networks keep from face to face.
    func rest() {
        face.rest()
        iris.rest()
        hair?.rest()
    }

    /// The mesh in the photograph's coordinates.
    ///
    /// - Parameter scene: the photograph without transparency.
    /// - Returns: `nil` when the network sees no face there, or only the side of a head.
    /// - Throws: `StyleError.network`.
    public func mesh(of landmarks: Landmarks, in scene: Scene) throws -> FaceMesh? {
        try look(at: landmarks, scene).mesh
    }

    /// The same, and how sure the network is that there is a face, 0…1.
    func look(at landmarks: Landmarks, _ scene: Scene) throws -> (mesh: FaceMesh?, presence: Double) {
        guard let first = MeshCrop(landmarks: landmarks) else { return (nil, 0) }
        let found = try skin(first, scene)
        guard var mesh = try mesh(from: found, scene) else { return (nil, found.presence) }
        mesh.hair = try hair?.hair(of: landmarks, in: scene)
        return (mesh, found.presence)
    }

    private func mesh(from found: Skin, _ scene: Scene) throws -> FaceMesh? {
        // The five landmarks may be off by more than the network bears; its own points place it well.
        guard found.presence >= Self.leastPresence, let second = MeshCrop(points: found.points) else { return nil }
        let skin = try skin(second, scene)
        guard skin.presence >= Self.leastPresence else { return nil }
        var points = skin.points
        var irises: [Point] = []
        for eye in 0...1 {
            let crop = MeshCrop(eye: MeshPoints.eyeCorners[eye].map { skin.points[$0] }, mirrored: eye == 1)
            guard let placed = try crop.map({ try self.eye($0, scene) }) else { return nil }
            for (number, point) in zip(MeshPoints.irisNetworkLids[eye], placed.lids) { points[number] = point }
            irises += MeshPoints.irisNetworkOrder[eye].map { placed.iris[$0] }
        }
        var mesh = FaceMesh(points: points + irises, depths: skin.depths, presence: skin.presence)
        guard HeadPose(mesh).showsFace, mesh.isSeenInFront else { return nil }
        mesh.irises = try IrisColours(mesh, in: scene)
        mesh.isMouthCovered = try CoveredMouth.isCovered(mesh, in: scene)
        return mesh
    }

    private struct Skin {
        /// 468 of each.
        var points: [Point]
        var depths: [Double]
        var presence: Double
    }

    private func skin(_ crop: MeshCrop, _ scene: Scene) throws -> Skin {
        let answer = try face.run(["input_1": crop.tensor(scene, side: 192)])
        guard let points = answer["conv2d_21"], let odds = answer["conv2d_31"],
            points.values.count == 3 * FaceMesh.skinCount,
            odds.values.count == 1, points.values.allSatisfy(\.isFinite)
        else {
            throw StyleError.network(
                reason: "the face mesh network did not answer with “conv2d_21” and “conv2d_31” in the expected shapes")
        }
        let unit = crop.side / 192
        return Skin(
            points: crop.points(points.values, side: 192),
            depths: stride(from: 2, to: points.values.count, by: 3).map { Double(points.values[$0]) * unit },
            presence: 1 / (1 + Double(exponential(-odds.values[0]))))
    }

    private func eye(_ crop: MeshCrop, _ scene: Scene) throws -> (lids: [Point], iris: [Point]) {
        let answer = try iris.run(["input_1": crop.tensor(scene, side: 64)])
        guard let lids = answer["output_eyes_contours_and_brows"], let iris = answer["output_iris"],
            lids.values.count == 213,
            iris.values.count == 15, lids.values.allSatisfy(\.isFinite), iris.values.allSatisfy(\.isFinite)
        else {
            throw StyleError.network(
                reason: "the iris network did not answer with its lids and iris in the expected shapes")
        }
        return (crop.points(Array(lids.values[..<48]), side: 64), crop.points(iris.values, side: 64))
    }
}

/// A turned square of the photograph, as a network of the mesh sees it.
struct MeshCrop: Equatable {
    private let centre: Point
    /// Unit vector along the square's upper edge.
    private let right: Point
    /// Of the square, in pixels of the photograph.
    let side: Double
    private let mirrored: Bool

    /// Middle of the mesh's bounding box below that of the five landmarks, and its longer side, in inter-ocular
    /// distances of the mean face; medians over 270 portraits.
    private static let box = (below: -0.037, side: 2.61)
    /// Crop over bounding box, and over the distance of an eye's corners, as the networks learned (MediaPipe's graphs).
    private static let faceMargin = 1.5, eyeMargin = 2.3
    /// Square about a head over the template's.
    private static let headMargin = 1.5
    /// Corners of the eyes, between which the square's edge runs.
    private static let outerCorners = (left: 33, right: 263)

    private init?(centre: Point, along: Point, side: Double, mirrored: Bool = false) {
        let length = along.length
        guard length.isFinite, length > 0, side.isFinite, side > 1e-3, centre.x.isFinite, centre.y.isFinite else {
            return nil
        }
        (self.centre, self.side, self.mirrored) = (centre, side, mirrored)
        right = along * (1 / length)
    }

    /// About the face that five landmarks show; `nil` when they are all in one place.
    init?(landmarks: Landmarks) {
        let mean = FaceTemplate.ffhq512.landmarks
        guard let map = SimilarityTransform.estimate(from: mean, to: landmarks)?.transform else { return nil }
        let unit = mean.interOcularDistance
        let middle = mean.points.reduce(Point(x: 0, y: 0), +) * 0.2 + Point(x: 0, y: Self.box.below * unit)
        self.init(
            centre: map.apply(middle), along: Point(x: map.a, y: map.b),
            side: Self.faceMargin * Self.box.side * unit * map.scale)
    }

    /// About a head with its hair: the square that generators draw faces in.
    init?(headAbout landmarks: Landmarks) {
        let template = FaceTemplate.ffhq512
        guard let map = SimilarityTransform.estimate(from: template.landmarks, to: landmarks)?.transform else {
            return nil
        }
        self.init(
            centre: map.apply(Point(x: template.size / 2, y: template.size / 2)), along: Point(x: map.a, y: map.b),
            side: Self.headMargin * template.size * map.scale)
    }

    /// About a mesh's 468 points.
    init?(points: [Point]) {
        let along = points[Self.outerCorners.right] - points[Self.outerCorners.left]
        guard along.length > 0 else { return nil }
        let right = along * (1 / along.length)
        let across = points.map { $0.x * right.x + $0.y * right.y },
            down = points.map { $0.y * right.x - $0.x * right.y }
        guard let left = across.min(), let most = across.max(), let top = down.min(), let bottom = down.max() else {
            return nil
        }
        let (u, v) = ((left + most) / 2, (top + bottom) / 2)
        self.init(
            centre: Point(x: u * right.x - v * right.y, y: u * right.y + v * right.x), along: along,
            side: Self.faceMargin * max(most - left, bottom - top))
    }

    /// About an eye.
    ///
    /// - Parameters:
    ///   - corners: the inner and the outer one.
    ///   - mirrored: shows the right eye as a left one, which the network expects.
    init?(eye corners: [Point], mirrored: Bool) {
        let along = mirrored ? corners[1] - corners[0] : corners[0] - corners[1]
        self.init(
            centre: (corners[0] + corners[1]) * 0.5, along: along, side: Self.eyeMargin * along.length,
            mirrored: mirrored)
    }

    /// From a crop of `pixels` pixels a side to the photograph, mirroring apart.
    func map(_ pixels: Double) -> SimilarityTransform {
        let scale = side / pixels
        let (a, b) = (scale * right.x, scale * right.y)
        return SimilarityTransform(a: a, b: b, tx: centre.x - (a - b) * pixels / 2, ty: centre.y - (b + a) * pixels / 2)
    }

    /// [1, side, side, RGB], black 0 and white 1.
    func tensor(_ scene: Scene, side pixels: Int) throws -> Tensor {
        let picture = try scene.warped(width: pixels, height: pixels, by: map(Double(pixels)), boundary: .clamp)
        var tensor = Tensor(zeros: [1, pixels, pixels, 3])
        for y in 0..<pixels {
            for x in 0..<pixels {
                let value = clamped01(picture[mirrored ? pixels - 1 - x : x, y].finiteOrZero)
                let start = 3 * (y * pixels + x)
                (tensor.values[start], tensor.values[start + 1], tensor.values[start + 2]) = (value.x, value.y, value.z)
            }
        }
        return tensor
    }

    /// Places in the photograph of a network's answer: x, y and depth of one point after the other, in pixels of the
    /// crop.
    func points(_ values: [Float], side pixels: Double) -> [Point] {
        let map = map(pixels)
        return stride(from: 0, to: values.count, by: 3).map { index in
            let x = Double(values[index])
            return map.apply(Point(x: mirrored ? pixels - x : x, y: Double(values[index + 1])))
        }
    }
}
