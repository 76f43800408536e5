import Raster

/// The whites of one face's eyes in its own light.
///
/// Networks draw them as white on every face; beside dark skin or in dim light such eyes stare.
struct EyeWhites {
    private let mesh: FaceMesh
    /// Lab of the drawn skin.
    private let skin: SIMD3<Float>
    /// By how much they are lighter than it, L*.
    private let above: Float

    /// By how much whites are lighter than the skin at least, and at most, and over what the photograph's are, and how
    /// light they are at least and at most; L*.
    private static let lift: ClosedRange<Float> = 12...26, over: Float = 10, range: ClosedRange<Float> = 64...93
    /// Share of what they are lighter than that which is taken away.
    private static let calmed: Float = 0.8
    /// Of the photograph's, those that are lightest, and radii of its iris that are none.
    private static let lightest = 0.75, iris = 1.15
    /// Chroma from which on a colour is hardly, and surely none of a white, and how much lighter than skin that is.
    private static let colourless: (Float, Float) = (10, 18), lighter: (Float, Float) = (4, 12)
    /// How far beyond the eye's opening it reaches, in units.
    private static let margin = 0.04

    /// - Parameters:
    ///   - mesh: in pixels of the drawing.
    ///   - skin: Lab of the drawn skin.
    ///   - face: the photograph's; `nil` gives whites as light as whites are.
    init(_ mesh: FaceMesh, skin: SIMD3<Float>, of face: LowerFace? = nil) {
        (self.mesh, self.skin) = (mesh, skin)
        let seen = face.flatMap(Self.seen).map { $0 + Self.over } ?? Self.lift.upperBound
        above = min(max(seen, Self.lift.lowerBound), Self.lift.upperBound)
    }

    /// By how much whites are lighter than the skin in the photograph, L*.
    private static func seen(_ face: LowerFace) -> Float? {
        let mesh = face.mesh, window = face.window
        let lights = (0...1).flatMap { index -> [Float] in
            let ring = mesh.points(MeshPoints.iris[index]),
                lids = MeshPoints.upperLid[index] + MeshPoints.lowerLid[index].reversed()
            let radius = ring.dropFirst().reduce(0) { $0 + ($1 - ring[0]).length } / 4
            let opening = window.shape(mesh.points(lids), above: 0.9)
            return opening.values.indices.filter { opening[$0] && (window.centre($0) - ring[0]).length > iris * radius }
                .map { face.light.values[$0] }
        }
        guard lights.count > 12 else { return nil }
        return lights.quantile(lightest).map { $0 - face.skin.x }
    }

    func draw(into drawing: inout UndecidedDrawing) {
        let axes = FaceAxes(mesh)
        let lids = (0...1).flatMap { mesh.points(MeshPoints.upperLid[$0] + MeshPoints.lowerLid[$0]) }
        guard axes.unit.isFinite, axes.unit > 1e-3,
            let window = CoverageWindow(
                width: drawing.width, height: drawing.height, around: lids, margin: 0.1 * axes.unit)
        else { return }
        let place = window.drawnEyes(mesh, axes).dilated(by: .disc(Int(Self.margin * axes.unit)))
        let wanted = min(max(skin.x + above, Self.range.lowerBound), Self.range.upperBound)
        var flat = drawing.flat.takePixels()
        for index in place.values.indices where place[index] {
            let pixel = (window.y + index / window.width) * drawing.width + window.x + index % window.width
            let before = flat[pixel]
            var lab = Lab.from(clamped01(before))
            guard lab.x > wanted else { continue }
            let isWhite =
                smoothstep(Self.colourless.1, Self.colourless.0, Lab.chroma(lab))
                * smoothstep(Self.lighter.0, Self.lighter.1, lab.x - skin.x)
            guard isWhite > 0 else { continue }
            lab.x += (wanted - lab.x) * Self.calmed * isWhite
            flat[pixel] = clamped01(Lab.toRGB(lab))
            flat[pixel].w = before.w
        }
        drawing.flat = Bitmap(width: drawing.width, height: drawing.height, pixels: flat)
    }
}
