import Raster

/// The photograph about a face's eyes, in which frames of glasses are looked for.
/// Models/training/painter/glasses.py has the same measures.
struct EyeRegion {
    let window: CoverageWindow
    /// In pixels of the picture that the window lies in.
    let mesh: FaceMesh
    let axes: FaceAxes
    /// Lab of the photograph, row by row.
    let lab: LabImage
    /// The skin's Lab.
    let skin: SIMD3<Float>
    /// How much darker than what lies on both sides thin shapes are, in units of lightness of well-lit skin.
    let darkness: Plane
    /// Where the face itself has thin dark shapes, 0…1: lids with their folds, and brows.
    let own: Plane

    var unit: Double { axes.unit }

    /// Smaller faces show no frames that could be told from lids; distance between the eyes in pixels.
    private static let leastUnit = 20.0
    /// Lightness of well-lit skin, and by how much darker photographs are raised at most.
    private static let usualSkin: Float = 60, mostRaised: Float = 2.5
    /// Half the width of the widest thin shape, in units.
    private static let thin = 0.075

    /// - Parameters:
    ///   - picture: the photograph, of about 512 pixels for a face.
    ///   - mesh: in its pixels.
    /// - Returns: `nil` where the face is too small, or is not seen from far enough in front.
    init?(_ picture: Bitmap, mesh: FaceMesh) {
        let axes = FaceAxes(mesh)
        let around = mesh.points(MeshPoints.brow.flatMap { $0 } + MeshPoints.temples + [MeshPoints.noseTip])
        guard mesh.isClear(axes, from: Self.leastUnit),
            let window = CoverageWindow(
                width: picture.width, height: picture.height, around: around, margin: 0.2 * axes.unit)
        else { return nil }
        (self.window, self.mesh, self.axes) = (window, mesh, axes)
        lab = LabImage(picture.cropped(x: window.x, y: window.y, width: window.width, height: window.height))
        skin = LowerFace.skin(lab, mesh, axes, window)
        let raised = min(max(Self.usualSkin / max(skin.x, 1), 1), Self.mostRaised)
        darkness = Self.thinDarks(window.plane(lab.values.map { raised * $0.x }), axes)
        own = Self.ownLines(mesh, axes, window)
    }

    /// How much darker than both sides thin shapes are (a closing less the picture, Serra 1982).
    private static func thinDarks(_ light: Plane, _ axes: FaceAxes) -> Plane {
        let soft = light.blurred(sigma: 0.8)
        let closed = soft.closed(radius: Int(thin * axes.unit))
        return Plane(
            width: light.width, height: light.height,
            values: zip(closed.values, soft.values).map { max($0 - $1, 0) })
    }

    private static func ownLines(_ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow) -> Plane {
        var own = window.empty
        func add(_ polygon: [Point], grown reach: Double, _ share: Float) {
            let shape = window.shape(polygon, above: 0.5).dilated(by: .disc(Int(reach * axes.unit)))
            for index in own.indices where shape[index] { own[index] = max(own[index], share) }
        }
        for index in 0...1 {
            let lids =
                curve(mesh.points(MeshPoints.upperLid[index]))
                + curve(mesh.points(MeshPoints.lowerLid[index])).reversed()
            add(lids, grown: 0.06, 0.35)
            add(lids, grown: 0, 1)
            add(closedCurve(mesh.points(MeshPoints.brow[index])), grown: 0.03, 0.4)
        }
        return window.plane(own)
    }

    /// A plane's value at a place of the picture.
    func value(_ plane: Plane, _ place: Point) -> Float { window.value(plane, place) }
}

// MARK: - The drawing

extension EyeRegion {
    /// How much darker than both sides thin shapes of a decided drawing are, in lightness.
    ///
    /// - Parameters:
    ///   - scale: pixels of the region for each of the drawing.
    ///   - tint: of the drawing's lines, a share of the colour below.
    func thinDarks(of drawing: UndecidedDrawing, scale: Double, _ tint: SIMD3<Float>) -> Plane {
        let rule = drawing.rule.enlarged(1)
        let light = window.plane(
            (0..<window.width * window.height).map { index in
                let x = min(Int((Double(window.x + index % window.width) + 0.5) / scale), drawing.width - 1)
                let y = min(Int((Double(window.y + index / window.width) + 0.5) / scale), drawing.height - 1)
                let colour = rule.clamped(
                    DecisionRule.Place(
                        flat: drawing.flat[x, y], shade: drawing.shade[x, y], light: drawing.light[x, y],
                        marks: drawing.marks[x, y], irises: SIMD4(0, 0, 0, 1)))
                let inked = SIMD4(repeating: 1) - SIMD4(1 - tint.x, 1 - tint.y, 1 - tint.z, 0) * colour.w
                return Lab.lightness(colour * inked)
            })
        return Self.thinDarks(light, axes)
    }

    /// Where eyes and brows are drawn, 0…1.
    var drawnFeatures: Plane {
        let brows = MeshPoints.brow.map { window.shape(closedCurve(mesh.points($0)), above: 0.5) }
        return (window.drawnEyes(mesh, axes) | brows[0] | brows[1]).dilated(by: .disc(Int(0.05 * axes.unit))).plane
    }
}

// MARK: - Signs of frames

extension EyeRegion {
    /// By how much a frame is darker than what lies on both sides of it, at least and for sure.
    private static let least: Float = 5, sure: Float = 14
    /// The same of a bridge: metal is light too.
    private static let leastBridge: Float = 3.5

    /// How much each place looks like a part of a frame, 0…1.
    var frameLikeness: Plane {
        window.plane(
            zip(darkness.values, own.values).map { smoothstep(0.5 * Self.least, Self.sure, $0) * (1 - $1) })
    }

    /// Whether a thin dark shape joins both sides over the bridge of the nose, as no face has one of its own.
    var hasBridge: Bool {
        let middle = mesh.points(MeshPoints.noseBridge).mean
        // From one side of the nose to the other the darkest path, a step up or down for each across, has to be dark
        // all along.
        let heights = (0..<25).map { -0.16 + 0.38 * Double($0) / 24 }
        var darkest = [Float](repeating: .infinity, count: heights.count)
        for column in 0..<13 {
            let across = middle + axes.right * ((-0.13 + 0.26 * Double(column) / 12) * unit)
            darkest = heights.indices.map { row in
                let near = darkest[max(row - 1, 0)...min(row + 1, heights.count - 1)].max() ?? 0
                return min(near, value(darkness, across + axes.down * (heights[row] * unit)))
            }
        }
        return (darkest.max() ?? 0) > Self.leastBridge
    }
}

extension EyeRegion {
    /// How much forehead and cheeks look like frames on the mean, 0…1: wrinkled skin does.
    func wrinkles(_ likeness: Plane) -> (forehead: Float, cheeks: Float) {
        let forehead = mesh.points(MeshPoints.forehead).mean - axes.down * (0.05 * unit)
        let cheeks = MeshPoints.cheeks.map { mesh.points($0).mean }
        func mean(_ centres: [Point], _ radii: (width: Double, height: Double)) -> Float {
            let places = centres.map {
                Ellipse(centre: $0, radii: (radii.width * unit, radii.height * unit), axes)
            }
            let inside = window.map { point in places.contains { $0.depth(point) > 0 } ? 1 : 0 }
            let count = inside.reduce(0, +)
            return count > 0 ? zip(inside, likeness.values).reduce(0) { $0 + $1.0 * $1.1 } / count : 0
        }
        return (mean([forehead], (0.4, 0.13)), mean(cheeks, (0.2, 0.2)))
    }
}
