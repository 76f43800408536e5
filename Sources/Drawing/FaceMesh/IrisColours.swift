import Raster

/// The colours to draw a face's irises in. They are measured within the discs, where reflections, pupils and what the
/// lids cover or shade are left out, and made clear ones (`TrueIris`).
public struct IrisColours: Equatable, Sendable {
    /// R'G'B' of the viewer's left and right eye, 0…1; alike unless the eyes truly differ.
    public let left: SIMD4<Float>
    /// That of the right eye.
    public let right: SIMD4<Float>

    /// Part of the iris's radius that counts: within lies the pupil, beyond it lid and white.
    private static let ring = 0.38...0.82
    /// Of the ring's pixels, from the darkest, those that count: below is the lids' shadow, above are reflections.
    private static let share = 0.15...0.72
    /// Grid on which an iris is looked at, and how many of its places have to be seen.
    private static let grid = 32, leastSeen = 60
    /// Irises with a radius below this show their surroundings' colour more than their own; below the second they
    /// cannot be told apart. In pixels.
    private static let leastRadius = 1.5, radiusToDiffer = 5.0
    /// Distance of hues in Lab's a and b from which on two eyes differ beyond doubt.
    private static let differs: Float = 16
    /// Distance in Lab below which a disc has the skin's colour: the eye is closed, covered, or turned away.
    private static let likeSkin: Float = 14
    /// Half the side of a spot of skin in the face's units, and the grid on which it is looked at.
    private static let spot = 0.09, spotGrid = 12

    init(left: SIMD4<Float>, right: SIMD4<Float>) { (self.left, self.right) = (left, right) }

    /// - Parameters:
    ///   - mesh: in the photograph's coordinates.
    ///   - scene: the photograph without transparency.
    init(_ mesh: FaceMesh, in scene: Scene) throws {
        let skin = Lab.from(try Self.skin(mesh, scene)), iris = TrueIris(skin: skin)
        let eyes = try (0...1).map { index -> Measured? in
            guard let eye = try Self.measure(mesh, index: index, scene) else { return nil }
            let off = Lab.from(eye.colour) - skin
            return (off * off).sum().squareRoot() < Self.likeSkin ? nil : eye
        }
        let seen = eyes.compactMap { $0 }
        guard let sum = seen.map({ $0.colour * Float($0.places) }).reduceSum() else {
            self.init(left: iris.unseen, right: iris.unseen)
            return
        }
        if let left = eyes[0], let right = eyes[1], min(left.radius, right.radius) >= Self.radiusToDiffer {
            let off = Lab.from(left.colour) - Lab.from(right.colour)
            if (off.y * off.y + off.z * off.z).squareRoot() > Self.differs {
                self.init(left: iris.colour(left.colour), right: iris.colour(right.colour))
                return
            }
        }
        let both = iris.colour(sum / Float(seen.reduce(0) { $0 + $1.places }))
        self.init(left: both, right: both)
    }

    private struct Measured {
        let colour: SIMD4<Float>
        /// How many places of the grid it was seen at.
        let places: Int
        /// In pixels of the photograph.
        let radius: Double
    }

    /// - Returns: `nil` when too little of the iris is seen.
    private static func measure(_ mesh: FaceMesh, index: Int, _ scene: Scene) throws -> Measured? {
        let ring = mesh.points(MeshPoints.iris[index]), centre = ring[0]
        let radius = ring.dropFirst().reduce(0) { $0 + ($1 - centre).length } / 4
        guard radius >= leastRadius, radius.isFinite else { return nil }
        let step = 2 * radius / Double(grid)
        let map = SimilarityTransform(a: step, b: 0, tx: centre.x - radius, ty: centre.y - radius)
        guard let back = map.inverse else { return nil }
        let outline = (mesh.points(MeshPoints.upperLid[index]) + mesh.points(MeshPoints.lowerLid[index]).reversed())
            .map(back.apply)
        let middle = Double(grid) / 2
        let corners = [Point(x: 0, y: 0), Point(x: Double(grid), y: Double(grid))]
        guard let window = CoverageWindow(width: grid, height: grid, around: corners, margin: 0) else { return nil }
        let opening = window.polygon(outline)
        // Half a pixel of the photograph: beside the lids' edges it shows lashes and lids too.
        let away = grid * Int((Double(grid) / (4 * radius)).rounded())
        func isOpen(_ place: Int) -> Bool {
            [place - away, place, place + away].allSatisfy { !opening.indices.contains($0) || opening[$0] >= 0.9 }
        }
        let picture = try scene.warped(width: grid, height: grid, by: map, boundary: .clamp)
        let chosen = picture.pixels.indices.compactMap { pixel -> SIMD4<Float>? in
            let off = Point(x: Double(pixel % grid) + 0.5 - middle, y: Double(pixel / grid) + 0.5 - middle)
            guard isOpen(pixel), Self.ring.contains(off.length / middle) else { return nil }
            return clamped01(picture.pixels[pixel].finiteOrZero)
        }
        guard chosen.count >= leastSeen else { return nil }
        let sorted = chosen.sorted { $0.x + $0.y + $0.z < $1.x + $1.y + $1.z }
        let kept = sorted[Int(share.lowerBound * Double(sorted.count))..<Int(share.upperBound * Double(sorted.count))]
        return Measured(colour: median(Array(kept)), places: chosen.count, radius: radius)
    }

    /// The colour of cheeks, nose, its bridge and the forehead, as the painter measures it
    /// (`Models/training/painter/regions.py`, `skin_statistics`).
    static func skin(_ mesh: FaceMesh, _ scene: Scene) throws -> SIMD4<Float> {
        let axes = FaceAxes(mesh), eyes = MeshPoints.iris.map { mesh.points[$0[0]] }
        let nose = mesh.points[MeshPoints.noseTip], mouth = mesh.points(MeshPoints.mouthCorners)
        let cheeks = zip(eyes, mouth).map { ($0 + $1) * 0.5 }
        let places = cheeks + [(eyes.mean + nose) * 0.5, eyes.mean - axes.down * (0.35 * axes.unit), nose]
        let half = spot * axes.unit, side = Double(spotGrid)
        let pixels = try places.flatMap { place -> [SIMD4<Float>] in
            let map = SimilarityTransform(
                a: max(2 * half / side, 1e-3), b: 0, tx: place.x - half, ty: place.y - half)
            return try scene.warped(width: spotGrid, height: spotGrid, by: map, boundary: .clamp).pixels.map {
                clamped01($0.finiteOrZero)
            }
        }
        return median(pixels)
    }

    private static func median(_ colours: [SIMD4<Float>]) -> SIMD4<Float> {
        func middle(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }
        return SIMD4(middle(colours.map(\.x)), middle(colours.map(\.y)), middle(colours.map(\.z)), 0)
    }
}

private extension [SIMD4<Float>] {
    /// `nil` when there are none.
    func reduceSum() -> SIMD4<Float>? { isEmpty ? nil : reduce(.zero, +) }
}
