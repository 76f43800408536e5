import Raster

/// Whether something lies before mouth and chin: fingers have dark lines between them where a chin has none, and one
/// half of the lips is as much paler as none are. Both signs have to be clear, since beards, wrinkles and shade give
/// either.
enum CoveredMouth {
    /// Distance between the eyes at which a face is looked at, in pixels; smaller faces are not judged.
    private static let unit = 80.0, leastUnit = 24.0
    /// Side of the square about the mouth, in units.
    private static let side = 2.4
    /// Lightness of well-lit skin, and by how much darker photographs are raised at most.
    private static let usualSkin: Float = 60, mostRaised: Float = 2.5
    /// Share of the chin that has to be dark lines: at most 0.07 of 57 free chins, 0.14 of one behind hands.
    private static let leastLines: Float = 0.09
    /// Lab's a by which the lips' halves differ, and of the paler one beside the skin's at most.
    private static let uneven: Float = 11, mostRed: Float = -8

    /// - Parameters:
    ///   - mesh: in the photograph's coordinates.
    ///   - scene: the photograph without transparency.
    static func isCovered(_ mesh: FaceMesh, in scene: Scene) throws -> Bool {
        let axes = FaceAxes(mesh), mouth = mesh.points(MeshPoints.mouthUpper + MeshPoints.mouthLower).mean
        guard axes.unit.isFinite, axes.unit >= leastUnit, mouth.x.isFinite, mouth.y.isFinite else { return false }
        let step = axes.unit / unit, pixels = Int(side * unit)
        let map = SimilarityTransform(
            a: step, b: 0, tx: mouth.x - side / 2 * axes.unit, ty: mouth.y - side / 2 * axes.unit)
        guard let back = map.inverse else { return false }
        let picture = try scene.warped(width: pixels, height: pixels, by: map, boundary: .clamp)
        return isCovered(mesh.map(back), LabImage(picture), skin: Lab.from(try IrisColours.skin(mesh, scene)))
    }

    /// - Parameters:
    ///   - mesh: in the picture's pixels.
    ///   - skin: Lab.
    private static func isCovered(_ mesh: FaceMesh, _ picture: LabImage, skin: SIMD3<Float>) -> Bool {
        let corners = [Point(x: 0, y: 0), Point(x: Double(picture.width), y: Double(picture.height))]
        guard
            let window = CoverageWindow(width: picture.width, height: picture.height, around: corners, margin: 0)
        else { return false }
        let halves = lipHalves(mesh, picture, window).map { $0 - skin.y }
        guard let palest = halves.min(), let reddest = halves.max(), palest < mostRed, reddest - palest > uneven
        else { return false }
        return chinLines(mesh, picture, window, skin: skin) > leastLines
    }

    /// Median of a, in Lab, of the left and of the right half of the lips; none where too little of either is seen.
    private static func lipHalves(_ mesh: FaceMesh, _ picture: LabImage, _ window: CoverageWindow) -> [Float] {
        let upper = curve(mesh.points(MeshPoints.mouthUpper), count: 60),
            lower = curve(mesh.points(MeshPoints.mouthLower), count: 60)
        let lips = window.polygon(closedCurve(mesh.points(MeshPoints.lips)))
        let inside = window.polygon(upper + lower.reversed())
        let middle = (upper[30] + lower[30]) * 0.5, axes = FaceAxes(mesh)
        let across = window.map { dot($0 - middle, axes.right) / axes.unit }
        let medians = [Float(-1), 1].compactMap { sign -> Float? in
            let places = lips.indices.filter { lips[$0] - inside[$0] > 0.7 && sign * across[$0] > 0.03 }
            return places.count < 20 ? nil : places.map { picture.values[$0].y }.median
        }
        return medians.count == 2 ? medians : []
    }

    /// Share of the chin that is dark lines; 0 where too little of it is seen.
    private static func chinLines(
        _ mesh: FaceMesh, _ picture: LabImage, _ window: CoverageWindow, skin: SIMD3<Float>
    ) -> Float {
        let axes = FaceAxes(mesh), base = mesh.points[MeshPoints.noseBase]
        func pixels(_ units: Double) -> Int { Int(units * axes.unit) }
        let oval = window.shape(mesh.points(MeshPoints.oval), above: 0.9).eroded(by: .square(pixels(0.1)))
        let lips = window.shape(closedCurve(mesh.points(MeshPoints.lips)), above: 0.1)
            .dilated(by: .square(pixels(0.12)))
        let height = window.map { dot($0 - base, axes.down) / axes.unit }
        let chin = height.indices.filter { oval[$0] && !lips[$0] && height[$0] > 0.25 }
        guard Double(chin.count) > 0.02 * axes.unit * axes.unit else { return 0 }
        let raised = min(max(usualSkin / max(skin.x, 1), 1), mostRaised)
        let light = Plane(
            width: picture.width, height: picture.height, values: picture.values.map { raised * $0.x }
        ).blurred(sigma: 0.015 * axes.unit)
        let closed = light.closed(radius: pixels(0.06))
        return chin.reduce(0) { $0 + smoothstep(3, 12, closed.values[$1] - light.values[$1]) } / Float(chin.count)
    }
}
