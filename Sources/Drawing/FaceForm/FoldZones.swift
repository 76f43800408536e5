import Raster

/// Where on a face skin folds, and which way.
struct FoldZones {
    let mesh: FaceMesh
    let axes: FaceAxes
    let window: CoverageWindow
    let places: [SkinFolds.Zone: ShapeMask]
    /// Sides of the cheeks, where few folds are.
    let quiet: ShapeMask

    /// In units: how far within the face's oval forehead, cheeks and the places beside the eyes lie.
    private static let inner = (forehead: 0.12, cheeks: 0.05, eyes: 0.03)

    /// - Parameter mesh: in pixels of the picture that the window lies in.
    init(_ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow) {
        (self.mesh, self.axes, self.window) = (mesh, axes, window)
        let unit = axes.unit
        /// Distance within a polygon, negative outside, in units.
        func within(_ polygon: [Point], _ reach: Double) -> [Double] {
            window.depth(polygon, reach: reach * unit).map { $0 / unit }
        }
        func either(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { max($0, $1) } }
        let oval = within(mesh.points(MeshPoints.oval), 0.14)
        let brows = MeshPoints.brow.map { within(closedCurve(mesh.points($0)), 0.07) },
            brow = either(brows[0], brows[1])
        let eyes = zip(MeshPoints.upperLid, MeshPoints.lowerLid).map {
            within(mesh.points($0) + mesh.points($1).reversed(), 0.08)
        }
        let eye = either(eyes[0], eyes[1])
        let lips = within(closedCurve(mesh.points(MeshPoints.lips)), 0.07)
        let nose = within(mesh.points(MeshPoints.noseOutline), 0.02)
        let smile = MeshPoints.smileFold.map { numbers -> [Double] in
            let line = curve(mesh.points(numbers)), end = line[39] + (line[39] - line[32]) * 0.6
            let widths = [Double](repeating: 0.26 * unit, count: 41)
            return window.depth(ofStroke: line + [end], widths: widths, reach: 1)
        }
        let browTop = mesh.points(MeshPoints.browTops).mean, between = mesh.points(MeshPoints.betweenBrows).mean
        let lower = MeshPoints.lowerLid.map { mesh.points($0).mean }
        let outer = MeshPoints.eyeCorners.map { mesh.points[$0[1]] }
        var places: [SkinFolds.Zone: [Bool]] = [:]
        for zone in SkinFolds.Zone.allCases {
            places[zone] = [Bool](repeating: false, count: window.width * window.height)
        }
        for index in 0..<window.width * window.height where oval[index] > Self.inner.eyes {
            let pixel = Point(
                x: Double(window.x + index % window.width) + 0.5, y: Double(window.y + index / window.width) + 0.5)
            func off(_ from: Point) -> (x: Double, y: Double) {
                (dot(pixel - from, axes.right) / unit, dot(pixel - from, axes.down) / unit)
            }
            let (top, middle) = (off(browTop), off(between))
            places[.forehead]?[index] =
                oval[index] > Self.inner.forehead && brow[index] < -0.05 && top.y < -0.02 && abs(top.x) < 0.75
            places[.frown]?[index] = abs(middle.x) < 0.17 && abs(middle.y) < 0.22 && brow[index] < -0.015
            let isInner = oval[index] > Self.inner.cheeks && nose[index] < 0
            places[.eyeBag]?[index] =
                isInner && eye[index] < -0.06
                && lower.contains {
                    let place = off($0)
                    return abs(place.x) < 0.30 && place.y > 0.075 && place.y < 0.34
                }
            places[.crowsFoot]?[index] =
                eye[index] < -0.05 && brow[index] < -0.04
                && zip(outer, [-1.0, 1]).contains { corner, sign in
                    let place = off(corner)
                    return sign * place.x > 0.06 && sign * place.x < 0.36 && place.y > -0.16 && place.y < 0.26
                }
            places[.smile]?[index] = isInner && lips[index] < -0.05 && max(smile[0][index], smile[1][index]) > 0
        }
        self.places = places.mapValues { inside in
            ShapeMask(width: window.width, height: window.height) { inside[$0] }
        }
        let cheeks = either(
            within(mesh.points(MeshPoints.cheekSides[0]), 0.01), within(mesh.points(MeshPoints.cheekSides[1]), 0.01))
        quiet = ShapeMask(width: window.width, height: window.height) {
            cheeks[$0] > 0 && oval[$0] > Self.inner.cheeks
        }
    }

    /// −1 for the viewer's left half of the face, 1 for the right one; `place` in pixels of the window.
    func half(of place: Point) -> Int {
        let off = place + Point(x: Double(window.x), y: Double(window.y)) - mesh.points[MeshPoints.noseBase]
        return dot(off, axes.right) < 0 ? -1 : 1
    }

    /// Whether a line runs as folds do there.
    ///
    /// - Parameters:
    ///   - across: unit vector across the line.
    ///   - place: in pixels of the window.
    func allows(_ zone: SkinFolds.Zone, across: SIMD2<Float>, at place: Point) -> Bool {
        let along = Point(x: Double(-across.y), y: Double(across.x))
        var (x, y) = (dot(along, axes.right), dot(along, axes.down))
        if x < 0 { (x, y) = (-x, -y) }
        // Down to the viewer's right, −90…90.
        let degrees = arcTangent(y, x) * 180 / .pi
        switch zone {
        case .forehead: return abs(degrees) < 30
        case .frown: return abs(degrees) > 50
        case .eyeBag: return abs(degrees) < 50
        case .crowsFoot: return abs(degrees) < 60
        case .smile:
            let outwards = degrees * Double(half(of: place))
            return outwards > 20 || outwards < -85
        }
    }
}
