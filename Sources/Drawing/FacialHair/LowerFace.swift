import Raster

/// What is asked of a face to find hair on it: places, and the photograph's colours, in a window about the face.
/// Models/training/painter/places.py and beard.py have the same measures.
struct LowerFace {
    let window: CoverageWindow
    /// In pixels of the picture that the window lies in.
    let mesh: FaceMesh
    let axes: FaceAxes
    /// Lab.
    let light, a, b: Plane
    /// The skin's Lab, of cheeks, bridge of the nose and forehead.
    let skin: SIMD3<Float>
    let oval: ShapeMask
    /// Brows, eyes, nostrils and mouth.
    let features: ShapeMask
    /// Of those the base of the nose with its nostrils.
    let noseBase: ShapeMask
    let lips: ShapeMask
    /// How far below the nose's base a pixel lies, in units.
    let height: Plane
    /// Place between the sides of the face: −1 on the viewer's left edge, 0 in the middle, 1 on the right.
    let side: Plane

    var unit: Double { axes.unit }
    /// Whether the photograph is one in colours.
    var isColourful: Bool { skinChroma > 8 }
    private var skinChroma: Float { Lab.chroma(skin) }
    /// Length of a distance in units, in whole pixels.
    func pixels(_ distance: Double) -> Int { Int(distance * unit) }

    /// Smaller faces show no hair that could be told from shade; distance between the eyes in pixels.
    private static let leastUnit = 20.0

    /// Side of the square that a face is looked at in, at most; larger ones show no more of it.
    private static let longSide = 512
    /// How far the window reaches beyond the face's outline, in units: to the neck.
    private static let margin = 0.5

    /// Pixels of the picture that a photograph of one face is looked at in, for each of its own.
    static func scale(of photograph: Bitmap) -> Double { min(1, Double(longSide) / Double(photograph.longSide)) }

    /// A photograph of one face at `scale(of:)`.
    static func picture(of photograph: Bitmap) -> Bitmap {
        let scale = Self.scale(of: photograph)
        let (width, height) = (Double(photograph.width) * scale, Double(photograph.height) * scale)
        return areaResampled(
            photograph, width: max(1, Int(width.rounded())), height: max(1, Int(height.rounded())))
    }

    /// - Parameters:
    ///   - photograph: of one face.
    ///   - mesh: in its pixels.
    /// - Returns: in the photograph at `scale(of:)`; `nil` as below.
    init?(photograph: Bitmap, mesh: FaceMesh) {
        let scale = Self.scale(of: photograph)
        self.init(Self.picture(of: photograph), mesh: mesh.map(SimilarityTransform(scale: scale)))
    }

    /// - Parameters:
    ///   - picture: the photograph, of about 512 pixels for a face.
    ///   - mesh: in its pixels.
    /// - Returns: `nil` where the face is too small, or is not seen from far enough in front.
    init?(_ picture: Bitmap, mesh: FaceMesh) {
        let axes = FaceAxes(mesh), ring = mesh.points(MeshPoints.oval)
        guard mesh.isClear(axes, from: Self.leastUnit),
            let window = CoverageWindow(
                width: picture.width, height: picture.height, around: ring + Self.crown(mesh, axes),
                margin: Self.margin * axes.unit)
        else { return nil }
        (self.window, self.mesh, self.axes) = (window, mesh, axes)
        let lab = LabImage(picture.cropped(x: window.x, y: window.y, width: window.width, height: window.height))
        (light, a, b) = (lab.plane(0), lab.plane(1), lab.plane(2))
        skin = Self.skin(lab, mesh, axes, window)
        oval = window.shape(ring, above: 0.9)
        lips = window.shape(closedCurve(mesh.points(MeshPoints.lips)), above: 0.1)
        noseBase = Self.noseBase(mesh, axes, window)
        features = noseBase | Self.otherFeatures(mesh, axes, window)
        let base = mesh.points[MeshPoints.noseBase]
        height = window.plane(window.map { dot($0 - base, axes.down) / axes.unit })
        side = Self.sides(mesh, window)
    }

    /// What the window holds beside the face: the crown of a head that may be bald.
    private static func crown(_ mesh: FaceMesh, _ axes: FaceAxes) -> [Point] {
        let top = mesh.points[MeshPoints.oval[0]]
        guard let hair = mesh.hair, hair(top - axes.down * (0.55 * axes.unit)) < 0.6 else { return [] }
        return [top - axes.down * (0.6 * axes.unit)]
    }

    /// The skin's Lab, of cheeks, bridge and tip of the nose and forehead.
    static func skin(_ lab: LabImage, _ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow)
        -> SIMD3<Float>
    {
        let reach = max(2, Int(0.09 * axes.unit))
        var found: [SIMD3<Float>] = []
        for spot in mesh.skinSpots {
            let (x, y) = (Int(spot.x) - window.x, Int(spot.y) - window.y)
            for row in places(about: y, reach: reach, of: lab.height) {
                for column in places(about: x, reach: reach, of: lab.width) {
                    found.append(lab.values[row * lab.width + column])
                }
            }
        }
        return found.medianColour ?? SIMD3(50, 0, 0)
    }

    private static func noseBase(_ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow) -> ShapeMask {
        let nose = mesh.points[MeshPoints.noseBase] - axes.down * (0.05 * axes.unit)
        return window.shape(
            window.map { point in
                let off = point - nose
                let (u, v) = (dot(off, axes.right) / 0.26, dot(off, axes.down) / 0.12)
                return 1.55 - (u * u + v * v).squareRoot() / axes.unit
            }, above: 0.5)
    }

    private static func otherFeatures(_ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow) -> ShapeMask {
        func grown(_ polygon: [Point], _ reach: Double) -> ShapeMask {
            window.shape(polygon, above: 0.5).dilated(by: .square(Int(reach * axes.unit)))
        }
        var place = grown(closedCurve(mesh.points(MeshPoints.lips)), 0.025)
        for index in 0...1 {
            let lids = mesh.points(MeshPoints.upperLid[index] + MeshPoints.lowerLid[index].reversed())
            place = place | grown(lids, 0.10) | grown(closedCurve(mesh.points(MeshPoints.brow[index])), 0.035)
        }
        return place
    }

    /// By weights of distance at an eighth of the size, which is smooth enough for a measure.
    private static func sides(_ mesh: FaceMesh, _ window: CoverageWindow) -> Plane {
        var known: [(place: Point, value: Double)] = []
        for (sign, rows) in zip([-1.0, 1], MeshPoints.sideRows) {
            for (edge, middle) in zip(mesh.points(rows), mesh.points(MeshPoints.midlineRows)) {
                for part in [0, 0.25, 0.5, 0.75, 1] { known.append((middle + (edge - middle) * part, sign * part)) }
            }
        }
        let step = 8, (columns, rows) = ((window.width + step - 1) / step, (window.height + step - 1) / step)
        var coarse = Plane(width: columns, height: rows)
        for row in 0..<rows {
            for column in 0..<columns {
                let point = Point(
                    x: Double(window.x + column * step + step / 2), y: Double(window.y + row * step + step / 2))
                var (sum, total) = (0.0, 0.0)
                for (place, value) in known {
                    let off = point - place, near = 1 / (dot(off, off) + 4)
                    sum += near * near * value
                    total += near * near
                }
                coarse[column, row] = Float(sum / total)
            }
        }
        return Plane(
            width: window.width, height: window.height,
            values: (0..<window.width * window.height).map { index in
                coarse.bilinear(
                    (Double(index % window.width) + 0.5) / Double(step),
                    (Double(index / window.width) + 0.5) / Double(step))
            })
    }
}

extension LowerFace {
    /// The pixels for which `isInside`, told their index, says so.
    func shape(_ isInside: (Int) -> Bool) -> ShapeMask {
        ShapeMask(width: window.width, height: window.height, isInside: isInside)
    }

    /// A value for each pixel by its index.
    func plane(_ value: (Int) -> Float) -> Plane { window.plane((0..<window.width * window.height).map(value)) }

    /// The cheeks' lightness at each place between the sides of the face: what skin has there in this light.
    var cheekLightness: Plane {
        let place = oval - features, parts = 8
        var found = [[Float]](repeating: [], count: parts)
        for index in place.values.indices where place[index] && height.values[index] > -0.75 {
            let across = side.values[index]
            guard height.values[index] < 0, across >= -1, across < 1 else { continue }
            found[min(Int((across + 1) * Float(parts) / 2), parts - 1)].append(light.values[index])
        }
        let known = found.enumerated().compactMap { part, values -> (place: Float, light: Float)? in
            guard values.count > 25, let median = values.median else { return nil }
            return ((Float(part) + 0.5) * 2 / Float(parts) - 1, median)
        }
        guard let first = known.first, let last = known.last else { return plane { _ in skin.x } }
        return plane { index in
            let across = side.values[index]
            guard across > first.place else { return first.light }
            guard across < last.place, let next = known.firstIndex(where: { $0.place > across }) else {
                return last.light
            }
            let (low, high) = (known[next - 1], known[next])
            return low.light + (high.light - low.light) * (across - low.place) / (high.place - low.place)
        }
    }

    /// Lightness over that of the cheek above, and chroma over the skin's.
    var besideCheeks: (light: Plane, chroma: Plane) {
        let sigma = 0.025 * unit, usual = cheekLightness
        let (l, a, b) = (light.blurred(sigma: sigma), a.blurred(sigma: sigma), b.blurred(sigma: sigma))
        let own = max(skinChroma, 4)
        return (
            plane { l.values[$0] / max(usual.values[$0], 6) },
            plane { (a.values[$0] * a.values[$0] + b.values[$0] * b.values[$0]).squareRoot() / own }
        )
    }

    /// Of a picture that the window's is `scale` times as large as: the pixel at each of the window's, row by row.
    func sampled(_ picture: Bitmap, scale: Double) -> [SIMD4<Float>] {
        (0..<window.width * window.height).map { index in
            let x = Int((Double(window.x + index % window.width) + 0.5) / scale)
            let y = Int((Double(window.y + index / window.width) + 0.5) / scale)
            return picture[min(x, picture.width - 1), min(y, picture.height - 1)]
        }
    }

    /// Calls `body` for each pixel of the drawing that lies in the window, with its place there.
    ///
    /// - Parameter scale: pixels of the window for each of the drawing.
    func forEachPixel(
        of drawing: UndecidedDrawing, scale: Double, _ body: (_ index: Int, _ x: Double, _ y: Double) -> Void
    ) {
        let pixels = pixels(of: drawing, scale: scale)
        for row in pixels.rows { pixels.forEach(in: row, body) }
    }

    /// What `forEachPixel` goes through, for those who change the drawing meanwhile.
    func pixels(of drawing: UndecidedDrawing, scale: Double) -> DrawnPixels {
        DrawnPixels(of: drawing, in: window, scale: scale)
    }

    /// Pixels of a drawing that lie in a window of its photograph at another scale.
    struct DrawnPixels {
        fileprivate let rows: Range<Int>
        private let columns: Range<Int>, width: Int, window: CoverageWindow, scale: Double

        fileprivate init(of drawing: UndecidedDrawing, in window: CoverageWindow, scale: Double) {
            func span(_ first: Int, _ count: Int, _ limit: Int) -> Range<Int> {
                let low = Int(Double(first) / scale), high = Int((Double(first + count) / scale).rounded(.up))
                return min(low, limit)..<min(high, limit)
            }
            rows = span(window.y, window.height, drawing.height)
            columns = span(window.x, window.width, drawing.width)
            (width, self.window, self.scale) = (drawing.width, window, scale)
        }

        /// Calls `body` for each pixel, on all cores.
        func forEachAtOnce(_ body: @Sendable (_ index: Int, _ x: Double, _ y: Double) -> Void) {
            parallelFor(rows.count) { forEach(in: rows.lowerBound + $0, body) }
        }

        @inline(__always)
        fileprivate func forEach(in row: Int, _ body: (_ index: Int, _ x: Double, _ y: Double) -> Void) {
            for column in columns {
                body(
                    row * width + column, (Double(column) + 0.5) * scale - Double(window.x),
                    (Double(row) + 0.5) * scale - Double(window.y))
            }
        }
    }

    /// Upper border of where beards grow and the jaw below it, as one polygon.
    ///
    /// - Parameters:
    ///   - lift: how far down the border's points are moved, in units: those at the nose, and the others.
    ///   - drop: the same of the jaw.
    func beardPlace(lift: (nose: Double, others: Double), drop: Double) -> [Point] {
        let border = MeshPoints.beardBorder.map { number in
            mesh.points[number]
                + axes.down * (unit * (MeshPoints.noseEdge.contains(number) ? lift.nose : lift.others))
        }
        let jaw = curve(mesh.points(MeshPoints.jaw), count: 80).map { $0 + axes.down * (drop * unit) }
        return curve(border, count: 80) + jaw[3..<77].reversed()
    }
}
