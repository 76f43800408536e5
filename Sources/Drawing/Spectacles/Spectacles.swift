import Raster

/// Glasses of one face, found in the photograph that is drawn.
///
/// A network of this size wipes thin frames off as it does wrinkles. So they are found as the painter finds them that
/// it learned from, and what is missing of them is drawn into its drawing before anything is decided: as lines, whose
/// borders are decided at the result's size. What the network has drawn whole stays.
struct Spectacles {
    let region: EyeRegion
    /// Rims and bridge, as far as the network has not drawn them.
    let missing: [FramePart]
    /// What it has drawn of them.
    let drawn: KeptPixels?
    /// Lab of the photograph's frame.
    let tone: SIMD3<Float>
    /// Pixels of the region for each of the drawing.
    let scale: Double
    /// Of the drawing's lines, a share of the colour below.
    let lineTint: SIMD3<Float>

    /// - Parameters:
    ///   - photograph: of one face.
    ///   - picture: the same as `LowerFace.picture` has it, where it is there already.
    ///   - mesh: in the photograph's pixels.
    ///   - drawing: of the photograph, as the network gave it.
    ///   - lineTint: of the drawing's lines, a share of the colour below.
    /// - Returns: `nil` where there are none, or where it could not be told.
    init?(
        _ photograph: Bitmap, picture: Bitmap? = nil, mesh: FaceMesh, _ drawing: UndecidedDrawing,
        lineTint: SIMD3<Float>
    ) {
        scale = LowerFace.scale(of: photograph)
        let picture = picture ?? LowerFace.picture(of: photograph)
        guard let region = EyeRegion(picture, mesh: mesh.map(SimilarityTransform(scale: scale))), region.hasBridge
        else { return nil }
        let likeness = region.frameLikeness
        guard let rims = Rims(region, likeness: likeness) else { return nil }
        (self.region, self.lineTint) = (region, lineTint)
        let seen = FramePart.all(rims, on: likeness, likeness, region)
        let darks = region.thinDarks(of: drawing, scale: scale, lineTint), features = region.drawnFeatures
        guard rims.areSure(seen, darks, features, likeness, region) else { return nil }
        let pieces = region.window.plane(
            darks.values.indices.map { smoothstep(2.5, 14, darks.values[$0]) * (1 - features.values[$0]) })
        let inDrawing = FramePart.all(rims, on: pieces, by: .drawn, likeness, region)
        let (hasRims, hasBridge) = Self.areDrawn(inDrawing, darks, features, region)
        drawn = hasRims ? KeptPixels(of: drawing, about: inDrawing, scale: scale, region) : nil
        // The drawing's pieces show where the frame lies too.
        let both = region.window.plane(zip(likeness.values, pieces.values).map { max($0, $1) })
        let parts = hasRims ? inDrawing : FramePart.all(rims, on: both, likeness, region)
        missing = parts.filter { $0.isClosed ? !hasRims : !(hasRims && hasBridge) }
        tone = Self.tone(parts, region)
    }

    /// Thin frames are mixed with the skin beside them: the darker part is their own colour.
    private static func tone(_ parts: [FramePart], _ region: EyeRegion) -> SIMD3<Float> {
        let window = region.window
        let colours = parts.flatMap { part in
            zip(part.line, part.seen).compactMap { point, seen -> SIMD3<Float>? in
                let (x, y) = (Int(point.x) - window.x, Int(point.y) - window.y)
                guard seen > 0.5, x >= 0, y >= 0, x < window.width, y < window.height else { return nil }
                return region.lab.values[y * window.width + x]
            }
        }
        let dark = colours.map { $0.x }.quantile(0.45) ?? 0
        return colours.filter { $0.x <= dark }.medianColour ?? SIMD3(12, 0, 0)
    }

    /// How dark a drawing has to be along a frame, in lightness, within how many units of it, and along which share of
    /// it, for the network to have drawn it.
    private static let enough = (darkness: Float(5), reach: 0.03, share: 0.8)

    /// Whether the network has drawn both rims, where eyes and brows do not hide them, and the bridge.
    private static func areDrawn(_ parts: [FramePart], _ darks: Plane, _ features: Plane, _ region: EyeRegion)
        -> (rims: Bool, bridge: Bool)
    {
        func isDrawn(_ parts: [FramePart]) -> Bool {
            let seen = parts.flatMap { part in
                zip(part.line, part.darkest(darks, within: enough.reach * region.unit, region)).filter {
                    region.value(features, $0.0) < 0.5
                }.map(\.1)
            }
            return Double(seen.filter { $0 > enough.darkness }.count) > enough.share * Double(seen.count)
        }
        return (isDrawn(parts.filter(\.isClosed)), isDrawn(parts.filter { !$0.isClosed }))
    }
}
