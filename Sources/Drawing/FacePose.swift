import Models
import Raster
import Settings

/// The way between a photograph and the square that one of its faces is drawn in.
struct FacePose: Sendable {
    let face: Face
    let template: FaceTemplate
    /// From the photograph's coordinates to the square's.
    let toSquare: SimilarityTransform
    /// Where in the square the head is.
    var mask: FeatherMask { FeatherMask(template: template, mesh: face.mesh?.map(toSquare)) }

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
    func canvas(in scene: Scene, options: StyleOptions, lines: LineMeeting? = nil) throws -> Canvas {
        let side = Int(template.size)
        // A transform that was estimated has an inverse.
        let back = toSquare.inverse ?? .identity
        var picture = try scene.warped(width: side, height: side, by: back, boundary: .mirror)
        // Layers of floats may hold what is no number, which blurs would spread and counts cannot take.
        if !scene.isClean {
            picture.forEachRow { _, row in
                for x in row.indices { row[x] = row[x].finiteOrZero }
            }
        }
        return Canvas(
            picture, faces: [face.landmarks.map(toSquare.apply)], meshes: face.mesh.map { [$0.map(toSquare)] } ?? [],
            lines: lines, isFace: true, options: options)
    }
}

extension FacePose {
    /// The way back, with what was drawn in the square.
    func painted(_ painting: Painting) -> PaintedFace {
        PaintedFace(face: face, toSquare: toSquare, template: template, painting: painting)
    }
}

extension Stylizer {
    /// What the detector found.
    struct Detection: Sendable {
        /// Those that are large enough, best score first.
        var faces: [Face] = []
        /// Those that are smaller than `minimum`, in pixels of the picture.
        var small: [Face] = []
        var minimum = 0.0
        /// Large ones that the mesh network takes for something else.
        var refused: [Face] = []

        /// The same in a picture `factor` times as large.
        func scaled(by factor: Double) -> Detection {
            Detection(
                faces: faces.map { $0.scaled(by: factor) }, small: small.map { $0.scaled(by: factor) },
                minimum: minimum * factor, refused: refused.map { $0.scaled(by: factor) })
        }
    }

    /// Side of the smallest face that is drawn apart, in pixels of the photograph: with less there is nothing to draw
    /// eyes from.
    package static func minimumFaceSize(_ options: StyleOptions) -> Double { options.minimumFaceSize ?? 24 }

    /// What `memory` knows, or else what the detector says.
    ///
    /// - Parameters:
    ///   - scene: the picture without transparency, a photograph or its copy.
    ///   - minimum: side of the smallest face that counts, in the picture's pixels.
    func detect(in scene: Scene, _ options: StyleOptions, minimum: Double, _ memory: inout DrawingMemory?) throws
        -> Detection
    {
        guard options.region != .photo else { return Detection() }
        if let known = memory?.detection, known.minimum == minimum { return known.result }
        let result = try detect(in: scene, minimum: minimum)
        memory?.detection = (minimum, result)
        return result
    }

    /// - Parameter minimum: side of the smallest face that counts, in pixels.
    func detect(in scene: Scene, minimum: Double) throws -> Detection {
        // Smaller faces are looked for too, so that the user hears of them instead of wondering. A copy so small that
        // the minimum means nothing in it shows no better.
        let all = try detector.faces(in: scene, minimumSize: minimum < 12 ? 20 : min(20, minimum * 0.8))
        let seen = try meshes.map { meshes in try all.compactMap { try withMesh($0, meshes, in: scene) } } ?? all
        let faces = seen.filter { $0.side >= minimum }
        // Nobody wonders about a pattern that is small beside the faces.
        let least = (faces.map(\.side).max() ?? .infinity) / 2
        let refused = all.filter { face in face.side >= least && !seen.contains { $0.box == face.box } }
        return Detection(
            faces: faces, small: seen.filter { $0.side < minimum }, minimum: minimum, refused: refused)
    }

    /// - Returns: `nil` when it is no face.
    private func withMesh(_ face: Face, _ meshes: FaceMeshFinder, in scene: Scene) throws -> Face? {
        let (mesh, presence) = try meshes.look(at: face.landmarks, scene)
        var face = face
        face.mesh = mesh
        return FacePlausibility().isPlausible(face, presence: presence) ? face : nil
    }

    /// The picture at the size that it is drawn at.
    func wholeCanvas(_ scene: Scene, _ plan: Plan, size: PixelSize) throws -> Canvas {
        let faces = plan.faces
        let photograph = scene.rows
        let scaleX = Double(size.width) / Double(photograph.width),
            scaleY = Double(size.height) / Double(photograph.height)
        let landmarks = faces.map { face in face.landmarks.map { Point(x: $0.x * scaleX, y: $0.y * scaleY) } }
        // Both axes are scaled alike but for rounding to whole pixels.
        let toCanvas = SimilarityTransform(scale: (scaleX + scaleY) / 2)
        return Canvas(
            try areaResampled(photograph, width: size.width, height: size.height, isClean: scene.isClean),
            faces: landmarks,
            meshes: faces.compactMap { $0.mesh?.map(toCanvas) }, lines: plan.lines(.whole(size)),
            options: plan.options)
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
