import Raster

/// What a photograph shows of one eye.
struct SeenIris {
    /// Lab of the iris.
    let colour: SIMD3<Float>
    /// Lab of the white beside it; `nil` where too little is seen.
    let white: SIMD3<Float>?
    /// How many places of the grid the iris was seen at.
    let places: Int
    /// Of the iris, in pixels of the photograph.
    let radius: Double

    /// Parts of the iris's radius that count: within lies the pupil, beyond it lid and white.
    private static let ring = 0.38...0.82
    /// Where whites are looked for, in radii of the iris.
    private static let beside = 1.15...2.3
    /// Of a part's pixels, from the darkest, those that count: below is the lids' shadow, above are reflections.
    private static let share = 0.2...0.75, whiteShare = 0.45...0.9
    /// Above this the upper lid shades an iris and mirrors itself in it; in radii below its centre.
    private static let lower = -0.15
    /// Places across an iris on the grid on which an eye is looked at, and across the whole.
    private static let across = 32, grid = 102
    /// How many places of an iris, of its lower part and of the white have to be seen.
    private static let least = (iris: 60, lower: 40, white: 30)
    /// Irises with a radius below this show their surroundings' colour more than their own. In pixels.
    private static let leastRadius = 1.5

    /// - Returns: `nil` when too little of the iris is seen.
    init?(_ mesh: FaceMesh, index: Int, _ scene: Scene) throws {
        let ring = mesh.points(MeshPoints.iris[index]), centre = ring[0]
        let radius = ring.dropFirst().reduce(0) { $0 + ($1 - centre).length } / 4
        guard radius >= Self.leastRadius, radius.isFinite else { return nil }
        let step = 2 * radius / Double(Self.across), middle = Double(Self.grid) / 2
        let map = SimilarityTransform(a: step, b: 0, tx: centre.x - middle * step, ty: centre.y - middle * step)
        guard let opening = Self.opening(mesh, index: index, map) else { return nil }
        let picture = try scene.warped(width: Self.grid, height: Self.grid, by: map, boundary: .clamp)
        // Half a pixel of the photograph: beside the lids' edges it shows lashes and lids too.
        let away = max(1, Int((Double(Self.across) / (4 * radius)).rounded())), down = FaceAxes(mesh).down
        func isOpen(_ place: Int, _ reach: Int, _ step: Int) -> Bool {
            [place - reach * step, place, place + reach * step].allSatisfy {
                !opening.indices.contains($0) || opening[$0] >= 0.9
            }
        }
        var (whole, lower, white) = ([SIMD3<Float>](), [SIMD3<Float>](), [SIMD3<Float>]())
        for pixel in opening.indices where isOpen(pixel, away, Self.grid) {
            let off = Point(x: Double(pixel % Self.grid) + 0.5 - middle, y: Double(pixel / Self.grid) + 0.5 - middle)
            let far = 2 * off.length / Double(Self.across)
            let isIris = Self.ring.contains(far)
            guard isIris || Self.beside.contains(far) && isOpen(pixel, away + 1, Self.grid) && isOpen(pixel, away, 1)
            else { continue }
            let seen = Lab.from(clamped01(picture.pixels[pixel].finiteOrZero))
            guard isIris else { white.append(seen); continue }
            whole.append(seen)
            if 2 * dot(off, down) / Double(Self.across) > Self.lower { lower.append(seen) }
        }
        guard whole.count >= Self.least.iris,
            let colour = Self.middle(lower.count >= Self.least.lower ? lower : whole, Self.share)
        else { return nil }
        self.colour = colour
        self.white = white.count >= Self.least.white ? Self.middle(white, Self.whiteShare) : nil
        (places, self.radius) = (whole.count, radius)
    }

    /// Coverage of the grid's places by the space between the lids.
    private static func opening(_ mesh: FaceMesh, index: Int, _ map: SimilarityTransform) -> [Float]? {
        guard let back = map.inverse else { return nil }
        let outline = mesh.points(MeshPoints.upperLid[index]) + mesh.points(MeshPoints.lowerLid[index]).reversed()
        let corners = [Point(x: 0, y: 0), Point(x: Double(grid), y: Double(grid))]
        return CoverageWindow(width: grid, height: grid, around: corners, margin: 0)?.polygon(outline.map(back.apply))
    }

    /// The median of those whose lightness ranks within `share`; `nil` of none.
    private static func middle(_ colours: [SIMD3<Float>], _ share: ClosedRange<Double>) -> SIMD3<Float>? {
        let sorted = colours.sorted { $0.x < $1.x }, count = Double(sorted.count)
        return Array(sorted[Int(share.lowerBound * count)..<Int(share.upperBound * count)]).medianColour
    }
}
