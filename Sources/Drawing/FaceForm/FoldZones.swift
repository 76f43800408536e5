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
        let features = Features(mesh, axes, window)
        var places: [SkinFolds.Zone: ShapeMask] = [:]
        for zone in SkinFolds.Zone.allCases {
            places[zone] = ShapeMask(width: window.width, height: window.height) { index in
                guard features.oval[index] > Self.inner.eyes else { return false }
                let (row, column) = index.quotientAndRemainder(dividingBy: window.width)
                let pixel = Point(x: Double(window.x + column) + 0.5, y: Double(window.y + row) + 0.5)
                return features.isIn(zone, index, pixel)
            }
        }
        self.places = places
        let cheeks = MeshPoints.cheekSides.map { window.depth(mesh.points($0), reach: 0.01 * axes.unit) }
        quiet = ShapeMask(width: window.width, height: window.height) {
            max(cheeks[0][$0], cheeks[1][$0]) > 0 && features.oval[$0] > Self.inner.cheeks
        }
    }

    /// How deep each pixel of the window lies within features, negative outside them, in units; and where what folds
    /// beside them lies, in pixels of the picture.
    private struct Features {
        private let axes: FaceAxes
        let oval: [Double]
        private let brow, eye, lips, nose, smile: [Double]
        private let browTop, between: Point
        private let lower, outer: [Point]

        init(_ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow) {
            self.axes = axes
            let unit = axes.unit
            func within(_ polygon: [Point], _ reach: Double) -> [Double] {
                window.depth(polygon, reach: reach * unit).map { $0 / unit }
            }
            func deepest(_ sides: [[Double]]) -> [Double] { zip(sides[0], sides[1]).map { max($0, $1) } }
            oval = within(mesh.points(MeshPoints.oval), 0.14)
            brow = deepest(MeshPoints.brow.map { within(closedCurve(mesh.points($0)), 0.07) })
            eye = deepest(
                zip(MeshPoints.upperLid, MeshPoints.lowerLid).map {
                    within(mesh.points($0) + mesh.points($1).reversed(), 0.08)
                })
            lips = within(closedCurve(mesh.points(MeshPoints.lips)), 0.07)
            nose = within(mesh.points(MeshPoints.noseOutline), 0.02)
            smile = deepest(
                MeshPoints.smileFold.map { numbers in
                    let line = curve(mesh.points(numbers)), end = line[39] + (line[39] - line[32]) * 0.6
                    let widths = [Double](repeating: 0.26 * unit, count: 41)
                    return window.depth(ofStroke: line + [end], widths: widths, reach: 1)
                })
            browTop = mesh.points(MeshPoints.browTops).mean
            between = mesh.points(MeshPoints.betweenBrows).mean
            lower = MeshPoints.lowerLid.map { mesh.points($0).mean }
            outer = MeshPoints.eyeCorners.map { mesh.points[$0[1]] }
        }

        /// - Parameters:
        ///   - index: of a pixel of the window.
        ///   - pixel: its middle, in the picture.
        func isIn(_ zone: SkinFolds.Zone, _ index: Int, _ pixel: Point) -> Bool {
            func off(_ from: Point) -> (x: Double, y: Double) {
                (dot(pixel - from, axes.right) / axes.unit, dot(pixel - from, axes.down) / axes.unit)
            }
            let isInner = oval[index] > FoldZones.inner.cheeks && nose[index] < 0
            switch zone {
            case .forehead:
                let top = off(browTop)
                return oval[index] > FoldZones.inner.forehead && brow[index] < -0.05 && top.y < -0.02
                    && abs(top.x) < 0.75
            case .frown:
                let middle = off(between)
                return abs(middle.x) < 0.17 && abs(middle.y) < 0.22 && brow[index] < -0.015
            case .eyeBag:
                return isInner && eye[index] < -0.06
                    && lower.contains {
                        let place = off($0)
                        return abs(place.x) < 0.30 && place.y > 0.075 && place.y < 0.34
                    }
            case .crowsFoot:
                return eye[index] < -0.05 && brow[index] < -0.04
                    && zip(outer, [-1.0, 1]).contains { corner, sign in
                        let place = off(corner)
                        return sign * place.x > 0.06 && sign * place.x < 0.36 && place.y > -0.16 && place.y < 0.26
                    }
            case .smile:
                return isInner && lips[index] < -0.05 && smile[index] > 0
            }
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
