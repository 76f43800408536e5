import Models
import Raster
import Settings

/// The way between a photograph and the square that one of its faces is drawn in.
struct FacePose: Sendable {
    let face: Face
    let template: FaceTemplate
    /// From the photograph's coordinates to the square's.
    let toSquare: SimilarityTransform

    /// - Returns: `nil` when the landmarks are all in one place.
    init?(_ face: Face, template: FaceTemplate) {
        guard let fit = SimilarityTransform.estimate(from: face.landmarks, to: template.landmarks) else { return nil }
        self.face = face
        self.template = template
        toSquare = fit.transform
    }

    /// The square, cut out of the photograph.
    ///
    /// - Parameter scene: the photograph without transparency.
    func canvas(in scene: Scene, options: StyleOptions) throws -> Canvas {
        let side = Int(template.size)
        // A transform that was estimated has an inverse.
        let back = toSquare.inverse ?? .identity
        let picture = try scene.warped(width: side, height: side, by: back, boundary: .mirror)
        return Canvas(
            picture, faces: [face.landmarks.map(toSquare.apply)], meshes: face.mesh.map { [$0.map(toSquare)] } ?? [],
            options: options)
    }
}

extension FacePose {
    /// The way back, with what was drawn in the square.
    func painted(_ painting: Painting) -> PaintedFace {
        PaintedFace(face: face, toSquare: toSquare, template: template, painting: painting)
    }
}

extension Stylizer {
    /// What the detector found that is large enough.
    struct Detection: Sendable {
        let faces: [Face]
        let notices: [Notice]
    }

    /// The smallest face drawn apart when the options name none: 1/32 of the photograph's longer side, at least 24
    /// pixels.
    static func minimumFaceSize(longSide: Int, _ options: StyleOptions) -> Double {
        options.minimumFaceSize ?? max(24, Double(longSide) / 32)
    }

    /// What `memory` knows, or else what the detector says.
    ///
    /// - Parameters:
    ///   - scene: the picture without transparency, a photograph or its copy.
    ///   - minimum: side of the smallest face that counts, in the picture's pixels.
    func detect(in scene: Scene, _ options: StyleOptions, minimum: Double, _ memory: inout DrawingMemory?) throws
        -> Detection
    {
        guard options.region != .photo else { return Detection(faces: [], notices: []) }
        if let known = memory?.detection, known.minimum == minimum { return known.result }
        let result = try detect(in: scene, minimum: minimum)
        memory?.detection = (minimum, result)
        return result
    }

    /// - Parameter minimum: side of the smallest face that counts, in pixels.
    func detect(in scene: Scene, minimum: Double) throws -> Detection {
        // Smaller faces are looked for too, so that the user hears of them instead of wondering.
        let all = try detector.faces(in: scene, minimumSize: max(20, minimum * 0.8))
        var large = all.filter { min($0.box.width, $0.box.height) >= minimum }
        let small = all.count - large.count
        if all.isEmpty { return Detection(faces: [], notices: [.noFace]) }
        if let meshes { large = try large.compactMap { try withMesh($0, meshes, in: scene) } }
        if large.isEmpty, small == 0 { return Detection(faces: [], notices: [.noFace]) }
        return Detection(faces: large, notices: small > 0 ? [.facesTooSmall(count: small, minimumSize: minimum)] : [])
    }

    /// - Returns: `nil` when it is no face.
    private func withMesh(_ face: Face, _ meshes: FaceMeshFinder, in scene: Scene) throws -> Face? {
        let (mesh, presence) = try meshes.look(at: face.landmarks, scene)
        var face = face
        face.mesh = mesh
        return FacePlausibility().isPlausible(face, presence: presence) ? face : nil
    }

    /// The picture at the size that it is drawn at.
    func wholeCanvas(_ scene: Scene, _ faces: [Face], _ options: StyleOptions, size: PixelSize) throws -> Canvas {
        let photograph = scene.rows
        let scaleX = Double(size.width) / Double(photograph.width),
            scaleY = Double(size.height) / Double(photograph.height)
        let landmarks = faces.map { face in face.landmarks.map { Point(x: $0.x * scaleX, y: $0.y * scaleY) } }
        // Both axes are scaled alike but for rounding to whole pixels.
        let toCanvas = SimilarityTransform(scale: (scaleX + scaleY) / 2)
        return Canvas(
            try areaResampled(photograph, width: size.width, height: size.height), faces: landmarks,
            meshes: faces.compactMap { $0.mesh?.map(toCanvas) }, options: options)
    }
}

extension [Face] {
    /// Without the faces that `StyleOptions.excludedFaces` names.
    public func excluding(_ points: [Point]) -> [Face] {
        var left = self
        for point in points {
            guard
                let nearest = left.indices.min(by: {
                    left[$0].box.distance(to: point) < left[$1].box.distance(to: point)
                })
            else { break }
            let box = left[nearest].box
            if box.distance(to: point) <= Swift.min(box.width, box.height) / 2 { left.remove(at: nearest) }
        }
        return left
    }
}

private extension Box {
    func distance(to point: Point) -> Double { (centre - point).length }
}
