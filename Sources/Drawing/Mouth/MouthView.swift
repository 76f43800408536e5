import Raster

/// A mouth as the photograph shows it: where the mesh has its lips, and the colours about them.
struct MouthView {
    let window: CoverageWindow
    /// In pixels of the photograph.
    let mesh: FaceMesh
    let axes: FaceAxes
    /// Lab in the window.
    let light, a, b: Plane
    /// The skin's Lab.
    let skin: SIMD3<Float>
    /// The ring around both lips as the mesh has it, and the lower half of that which the photograph shows, from the
    /// viewer's left.
    let ring, lowerBorder: [Point]
    /// The ring around both lips that the photograph shows.
    let outline: [Point]
    /// Lower border of the upper lip and upper border of the lower one, from the viewer's left, `columns` points each.
    let upper, lower: [Point]
    /// How far the latter lies below the former, in units.
    let gap: [Double]

    static let columns = 61
    /// In smaller faces, of so many pixels between the eyes, nothing of a mouth could be told.
    private static let leastUnit = 24.0
    /// About the lips, in units.
    private static let margin = 0.3

    var unit: Double { axes.unit }
    /// Of the columns' middle third, in units.
    var opening: Double { gap[20..<41].reduce(0, +) / 21 }
    /// 0 for a photograph without colour, 1 for others.
    var colourful: Float { smoothstep(2, 6, Lab.chroma(skin)) }

    /// - Parameters:
    ///   - photograph: of one face.
    ///   - mesh: in its pixels.
    /// - Returns: `nil` where the face is too small, or is not seen from far enough in front.
    init?(_ photograph: Bitmap, mesh: FaceMesh) {
        let axes = FaceAxes(mesh), ring = closedCurve(mesh.points(MeshPoints.lips))
        guard mesh.isClear(axes, from: Self.leastUnit),
            let window = CoverageWindow(
                width: photograph.width, height: photograph.height, around: ring, margin: Self.margin * axes.unit)
        else { return nil }
        (self.window, self.mesh, self.axes, self.ring) = (window, mesh, axes, ring)
        let lab = (0..<window.width * window.height).map { index in
            Lab.from(
                clamped01(
                    photograph[window.x + index % window.width, window.y + index / window.width].finiteOrZero))
        }
        let planes = (0..<3).map { channel in window.plane(lab.map { $0[channel] }) }
        (light, a, b) = (planes[0], planes[1], planes[2])
        let soft = planes.map { $0.blurred(sigma: 0.012 * axes.unit) }
        let borders = LipBorders(mesh, axes) { place in
            let (x, y) = (place.x - Double(window.x), place.y - Double(window.y))
            return SIMD3(soft[0].bilinear(x, y), soft[1].bilinear(x, y), soft[2].bilinear(x, y))
        }
        outline = borders.upper + borders.lower.reversed()
        lowerBorder = borders.lower
        skin = Self.skin(of: photograph, mesh) ?? SIMD3(50, 0, 0)
        upper = curve(mesh.points(MeshPoints.mouthUpper), count: Self.columns)
        lower = curve(mesh.points(MeshPoints.mouthLower), count: Self.columns)
        gap = zip(upper, lower).map { dot($1 - $0, axes.down) / axes.unit }
    }

    /// Median Lab of a picture's skin, of the same size as the photograph.
    static func skin(of picture: Bitmap, _ mesh: FaceMesh) -> SIMD3<Float>? {
        let reach = max(2, Int(0.09 * FaceAxes(mesh).unit))
        return mesh.skinSpots.flatMap { spot in
            places(about: Int(spot.y), reach: reach, of: picture.height).flatMap { y in
                places(about: Int(spot.x), reach: reach, of: picture.width).map {
                    Lab.from(clamped01(picture[$0, y].finiteOrZero))
                }
            }
        }.medianColour
    }

    /// Coverage of both lips with what is seen between them, and of what is seen between them.
    var lips: (whole: [Float], between: [Float]) {
        (window.polygon(outline), window.polygon(upper + lower.reversed()))
    }

    /// The mesh's ring around the lips, moved out by a distance in units.
    func ring(grownBy distance: Double) -> [Point] {
        let middle = ring.mean
        return ring.map { point in
            let out = point - middle
            return point + out * (distance * unit / max(out.length, 1e-6))
        }
    }

    /// A plane of the window at a place of the photograph.
    func value(_ plane: Plane, _ place: Point) -> Float { window.value(plane, place) }

    /// Median Lab of the photograph's pixels that are inside; `nil` of fewer than twelve.
    /// - Parameter isInside: told each pixel's index in the window.
    func median(_ isInside: (Int) -> Bool) -> SIMD3<Float>? {
        let places = light.values.indices.filter(isInside)
        guard places.count >= 12 else { return nil }
        return places.map { SIMD3(light.values[$0], a.values[$0], b.values[$0]) }.medianColour
    }
}
