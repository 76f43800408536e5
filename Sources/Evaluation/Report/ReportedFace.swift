import Drawing
import Raster

/// A face of a photograph, ready to be compared with drawings of it.
public struct ReportedFace: Sendable {
    /// The face with its hair and chin.
    public let picture: Bitmap
    /// In the picture's pixels; `nil` where the networks see no face.
    public let mesh: FaceMesh?
    /// What the measurement of each feature makes of copies of the photograph in which nothing has moved, in distances
    /// between the eyes; empty without a mesh.
    public let floor: [FaceFeature: Double]
    private let area: PixelArea
    private let landmarks: Landmarks
    private let square: FaceSquare?
    private let colours: FaceColours?
    private let finder: FaceMeshFinder
    /// Pixels of the picture for one of the photograph.
    private let scale: Double

    /// Side of the part that is shown, for a box whose longer side is 1, and its pixels at most.
    private static let zoom = 2.4, longest = 640.0
    private static let jitters = 4

    /// - Parameters:
    ///   - photograph: that the face was found in.
    ///   - templateScale: of the square in which colours are measured, as in a model's manifest.
    /// - Throws: `StyleError`, and what reading the photograph throws.
    public init(_ face: Face, of photograph: any RowSource, meshes: FaceMeshFinder, templateScale: Double) throws {
        let side = max(face.box.width, face.box.height) * Self.zoom, middle = face.box.centre
        let area = PixelArea(
            columns: Self.span(middle.x, side, photograph.width), rows: Self.span(middle.y, side, photograph.height))
        let scale = min(1, Self.longest / Double(max(area.columns.count, area.rows.count)))
        let picture = try Self.part(of: photograph, area, scale: scale)
        let landmarks = face.landmarks.map {
            Point(x: $0.x - Double(area.columns.lowerBound), y: $0.y - Double(area.rows.lowerBound)) * scale
        }
        let opaque = try TransparencyFill.opaque(picture).readAll(), scene = Pyramid(opaque)
        mesh = try meshes.mesh(of: landmarks, in: Scene(opaque))
        floor = try mesh.map { try Self.floor($0, landmarks, scene, meshes) } ?? [:]
        square = FaceSquare(landmarks, templateScale: templateScale)
        colours = square.flatMap { FaceColours($0.cut(from: scene), landmarks: $0.landmarks) }
        (self.picture, self.area, self.landmarks) = (picture, area, landmarks)
        (self.scale, finder) = (scale, meshes)
    }

    /// The distance between the eyes' middles, in pixels of the photograph; `nil` without a mesh.
    public var eyeDistance: Double? {
        mesh.map { ($0.eyeCentres.right - $0.eyeCentres.left).length / scale }
    }

    /// What has become of the face in `drawing`, which has the photograph's size.
    /// - Parameter name: of the drawing, for captions.
    public func drawn(_ name: String, in drawing: any RowSource) throws -> DrawnFace {
        let part = try Self.part(of: drawing, area, scale: scale)
        let opaque = try TransparencyFill.opaque(part).readAll()
        let after = try mesh.flatMap { _ in try finder.mesh(of: landmarks, in: Scene(opaque)) }
        var movements: [FeatureMovement] = []
        if let mesh, let after {
            let back = SimilarityTransform(scale: 1 / scale)
            let (before, after) = (mesh.map(back), after.map(back))
            movements = FaceFeature.allCases.compactMap { FeatureMovement($0, from: before, to: after) }
        }
        let cut = square.map { $0.cut(from: Pyramid(opaque)) }
        return DrawnFace(
            name: name, picture: part, mesh: after, movements: movements,
            colours: cut.flatMap { colours?.comparison(with: $0) })
    }

    private static func span(_ centre: Double, _ side: Double, _ count: Int) -> Range<Int> {
        let low = min(max((centre - side / 2).rounded(.down), 0), Double(count - 1))
        let high = min(max((centre + side / 2).rounded(.up), low + 1), Double(count))
        return Int(low)..<Int(high)
    }

    private static func part(of picture: any RowSource, _ area: PixelArea, scale: Double) throws -> Bitmap {
        func side(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
        return try areaResampled(
            PartRows(picture: picture, area: area), width: side(area.columns.count), height: side(area.rows.count))
    }

    private static func floor(
        _ mesh: FaceMesh, _ landmarks: Landmarks, _ scene: Pyramid, _ finder: FaceMeshFinder
    ) throws -> [FaceFeature: Double] {
        let centre = landmarks.points.mean
        var shares: [FaceFeature: [Double]] = [:]
        for seed in 0..<UInt64(jitters) {
            let jitter = Jitter(seed: seed, about: centre)
            guard let copy = try finder.mesh(of: landmarks, in: Scene(jitter.applied(to: scene))) else { continue }
            for feature in FaceFeature.allCases {
                let movement = FeatureMovement(feature, from: mesh, to: copy.map(jitter.toPhotograph))
                if let movement { shares[feature, default: []].append(movement.share) }
            }
        }
        return shares.compactMapValues(Statistics.median)
    }
}

/// What has become of a face in one drawing.
public struct DrawnFace: Sendable {
    /// Of the drawing, for captions.
    public let name: String
    /// The same part as the photograph's.
    public let picture: Bitmap
    /// In the picture's pixels; `nil` where the networks see no face in the drawing, or saw none in the photograph.
    public let mesh: FaceMesh?
    /// In the order of `FaceFeature`; empty without both meshes.
    public let movements: [FeatureMovement]
    /// `nil` where the photograph shows too little skin.
    public let colours: ColourComparison?
}

/// A part of a picture, read where it is wanted.
private struct PartRows: RowSource {
    let picture: any RowSource
    let area: PixelArea

    var width: Int { area.columns.count }
    var height: Int { area.rows.count }
    var mayBeTransparent: Bool { picture.mayBeTransparent }

    func read(rows: Range<Int>, columns: Range<Int>) throws -> Bitmap {
        let (x, y) = (area.columns.lowerBound, area.rows.lowerBound)
        return try picture.read(
            rows: rows.lowerBound + y..<rows.upperBound + y, columns: columns.lowerBound + x..<columns.upperBound + x)
    }
}
