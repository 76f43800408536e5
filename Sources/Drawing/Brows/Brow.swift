import Raster

/// One brow as the photograph shows it (`measure` of Models/training/painter/brows.py).
struct Brow {
    /// From the outer end to the inner one, in pixels of the face's window's picture.
    let line: [Point]
    /// In pixels there.
    let thickness: Double
    /// How clearly it is seen, 0…1.
    let clear: Double
    /// Its length, in units.
    let length: Double
    /// 0 is the viewer's left.
    let index: Int

    static let count = 40
    /// Reach across the mesh's line in which a brow is looked for, deviation of how much a place counts, and how far
    /// it is moved at most, in units.
    private static let reach = 0.11, near = 0.07, most = 0.06
    /// Darkness beside skin that is none, and from which on a brow is clear, in L*.
    private static let least: Float = 3, enough = 12.0
    /// Ends of the line that do not count: they run into shade beside the nose, and into hair.
    private static let ends = 6
    /// Part of a slope down to the nose that is the shade's there.
    private static let shaded = 0.45
    /// Part of the darkest place across it from which on a place is in the brow.
    private static let inside: Float = 0.45

    /// - Parameters:
    ///   - dark: by how much the photograph is darker than skin, in L*, in the face's window.
    ///   - index: 0 is the viewer's left.
    init?(_ face: LowerFace, dark: Plane, index: Int) {
        self.index = index
        let unit = face.unit, down = face.axes.down, spine = Self.spine(face.mesh, index: index)
        let rows = 2 * Int(Self.reach * unit) + 3, step = 2 * Self.reach / Double(rows - 1)
        let offsets = (0..<rows).map { Double($0) * step - Self.reach }
        // What lies near the mesh's brow counts most: lids and fringes are further away.
        let weights = offsets.map { exponential(-0.5 * Float($0 * $0 / (Self.near * Self.near))) }
        let columns = spine.map { point in
            zip(offsets, weights).map { offset, weight in
                let place = point + down * (offset * unit)
                let value = face.window.value(dark, place)
                return max(value - Self.least, 0) * weight
            }
        }
        let peaks = columns.map { $0.max() ?? 0 }, inner = Self.ends..<Self.count - Self.ends
        guard let usual = Array(peaks[inner]).median else { return nil }
        clear = min(Double(usual) / Self.enough, 1)
        let found = columns.indices.compactMap { column -> (t: Double, value: Double)? in
            let mass = columns[column].reduce(0, +)
            guard peaks[column] > 0.4 * usual, mass > 0 else { return nil }
            let sum = zip(columns[column], offsets).reduce(0.0) { $0 + Double($1.0) * $1.1 }
            return (2 * Double(column) / Double(Self.count - 1) - 1, sum / Double(mass))
        }
        // The arc of the whole brow, not its single hairs.
        guard let arc = Parabola(found) else { return nil }
        // Shade beside the nose pulls the inner end down a little; the rest of the slope is the face's own, stern or
        // not.
        let slant = Self.shaded * max(0.5 * (arc(1) - arc(-1)), 0), share = clear
        line = zip(spine, steps(Self.count)).map { point, step in
            let t = 2 * step - 1
            let shift = min(max(arc(t) - slant * t, -Self.most), Self.most) * share
            return point + down * (shift * unit)
        }
        let heights = inner.map { column -> Float in
            Float(columns[column].filter { $0 > Self.inside * (peaks[column] + 1e-3) }.count)
        }
        thickness = Double(heights.median ?? 0) * step * unit
        length = (spine[Self.count - 1] - spine[0]).length / unit
    }

    /// The middle between the mesh's upper and lower edge, from the outer end.
    static func spine(_ mesh: FaceMesh, index: Int) -> [Point] {
        let ring = mesh.points(MeshPoints.brow[index])
        let upper = curve(Array(ring[..<5]), count: count), lower = curve(Array(ring[5...].reversed()), count: count)
        return zip(upper, lower).map { ($0 + $1) * 0.5 }
    }
}
