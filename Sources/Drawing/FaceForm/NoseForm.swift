import Raster

/// The form of one face's nose: the shade of its base and of one of its sides, as the painter draws them
/// (Models/training/painter/nose.py).
///
/// Which side lies in shade takes a measure of the whole nose, which a network of this size does not make: what it
/// draws of a nose are nostrils, and stains where it was unsure. So the side is found in the photograph.
struct NoseForm {
    private let mesh: FaceMesh
    private let axes: FaceAxes
    private let window: CoverageWindow
    /// Where its shade lies: 0 is the viewer's left.
    let side: Int
    /// How surely, 0…1: how much darker than the other it is.
    let sureness: Double
    private let lines: NoseLines

    /// On smaller faces nothing of it would be seen; distance between the eyes in pixels.
    private static let leastUnit = 20.0
    /// Share by which one side has to be darker to be in shade, and from which on it is in full.
    private static let uneven = (low: 0.05, high: 0.18)
    /// Lightness of the darkest tenth of a nostril over the nose's from which on it is covered: by a mask, or a hand.
    private static let covered: Float = 0.92
    /// Of a nose that is seen so far from one side the other is hidden: the smaller side's area over the larger's.
    private static let hidden = 0.3
    /// How surely one side lies in shade from which on that is drawn.
    private static let leastSure = 0.25

    /// - Parameters:
    ///   - photograph: of one face.
    ///   - mesh: in its pixels.
    /// - Returns: `nil` where the nose is too small, is not seen from far enough in front, or is covered.
    init?(_ photograph: Bitmap, mesh: FaceMesh) {
        let axes = FaceAxes(mesh)
        guard mesh.isClear(axes, from: Self.leastUnit),
            let window = CoverageWindow(
                width: photograph.width, height: photograph.height,
                around: mesh.points(MeshPoints.noseBody + MeshPoints.noseEdge), margin: 0.15 * axes.unit)
        else { return nil }
        (self.mesh, self.axes, self.window) = (mesh, axes, window)
        let cut = photograph.cropped(x: window.x, y: window.y, width: window.width, height: window.height)
        let light = cut.lightness
        guard let usual = Self.lightness(light, mesh, axes, window) else { return nil }
        lines = NoseLines(light, usual: usual, mesh, axes, window)
        let sides = zip(MeshPoints.noseRidge, MeshPoints.noseSide).map { ridge, side in
            let place = window.shape(mesh.points(ridge) + mesh.points(side).reversed(), above: 0.5)
            let seen = light.values(in: place)
            return (area: Double(seen.count), light: Double(seen.median ?? 0))
        }
        let areas = sides.map(\.area)
        guard max(areas[0], areas[1]) > 8 else { return nil }
        if min(areas[0], areas[1]) < Self.hidden * max(areas[0], areas[1]) {
            (side, sureness) = (areas[0] > areas[1] ? 0 : 1, 0)
        } else {
            let off = (sides[0].light - sides[1].light) / max(sides[0].light, sides[1].light, 10)
            (side, sureness) = (off > 0 ? 1 : 0, smooth(Self.uneven.low, Self.uneven.high, abs(off)))
        }
    }

    /// The nose's, where it shows nostrils.
    private static func lightness(_ light: Plane, _ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow)
        -> Float?
    {
        let body = light.values(in: window.shape(mesh.points(MeshPoints.noseBody), above: 0.5))
        guard let usual = body.median else { return nil }
        let soft = light.blurred(sigma: 0.012 * axes.unit)
        let isSeen = Contour.nostrils(mesh, axes).contains { hole in
            let widths = [Double](repeating: 0.06 * axes.unit, count: hole.count)
            let place = window.shape(window.stroke(hole, widths: widths), above: 0.5)
            guard let dark = soft.values(in: place).quantile(0.1) else { return false }
            return dark < covered * max(usual, 5)
        }
        return isSeen ? usual : nil
    }
}

// MARK: - Drawing it

extension NoseForm {
    /// Of a shape's border: by how much its logit falls for each pixel, and where it falls no more.
    private static let steepness: Float = 5, steepest: Float = 9
    /// Pixels from a border within which a logit still changes.
    private static let reach = 3.0
    /// Width of the line where the side's shade meets the ridge, in units, and how much darker than shade it is.
    private static let seam = (width: 0.018, depth: 0.4)
    /// Share of a shade's shape that has to lie on the nose for it to be a stain there.
    private static let stain = 0.75
    /// What the base's shade adds to the factor 1 of R, G, B at least: it holds the nostrils together.
    private static let base = SIMD4<Float>(-0.06, -0.09, -0.10, -20)

    /// Draws it into a drawing of the photograph, in the tone that the network has for shade there.
    func draw(into drawing: inout UndecidedDrawing) {
        let body = window.depth(mesh.points(MeshPoints.noseBody), reach: 0.06 * axes.unit)
        clear(body, in: &drawing)
        let base = baseDepth(), (shade, line) = (shadeDepth(base), seamDepth())
        let depth = Float(Self.seam.depth * sureness)
        var pixels = drawing.shade.takePixels()
        forEachPixel(of: drawing) { index, place in
            let seam = sureness > Self.leastSure ? Float(line[place]) : -.infinity,
                within = max(shade.values[place], seam)
            guard within > -Float(Self.reach) + 0.5 else { return }
            var pixel = pixels[index] * (1 + depth * min(max(seam + 1, 0), 1))
            pixel += (lower(pixel, Self.base) - pixel) * min(max(Float(base[place]) + 1, 0), 1)
            pixel.w = max(pixels[index].w, min(max(Self.steepness * within, -Self.steepest), Self.steepest))
            pixels[index] = pixel
        }
        drawing.shade = Bitmap(width: drawing.width, height: drawing.height, pixels: pixels)
        lines.draw(into: &drawing)
    }

    private func forEachPixel(of drawing: UndecidedDrawing, _ body: (_ index: Int, _ place: Int) -> Void) {
        for row in 0..<window.height {
            for column in 0..<window.width {
                body((window.y + row) * drawing.width + window.x + column, row * window.width + column)
            }
        }
    }

    /// How far within the shade of the base a pixel lies, in pixels.
    private func baseDepth() -> [Double] {
        let base = curve(mesh.points(MeshPoints.noseEdge), count: 30)
        let bulging = zip(base, steps(base.count)).map { $0 + axes.down * (0.035 * axes.unit * sine(.pi * $1)) }
        let under = curve(mesh.points(MeshPoints.noseUnder), count: 30) + bulging.reversed()
        return window.depth(under, reach: Self.reach)
    }

    /// The same of base and side.
    private func shadeDepth(_ base: [Double]) -> Plane {
        let soft = 0.012 * axes.unit
        // Where both sides are lit alike the skin's own form is all that they have: a wedge would be every face's.
        guard sureness > Self.leastSure else { return window.plane(base.map(Float.init)).blurred(sigma: soft) }
        let both = zip(base, window.depth(sidePlane(), reach: Self.reach))
        return window.plane(both.map { Float(max($0, $1)) }).blurred(sigma: soft)
    }

    /// The lower half of the nose's side, from a point beside the ridge to the wing: up to the bridge it would split
    /// the nose in two.
    private func sidePlane() -> [Point] {
        let ridge = curve(mesh.points(MeshPoints.noseRidge[side])), edge = curve(mesh.points(MeshPoints.noseSide[side]))
        let amount = 0.35 + 0.65 * sureness
        let outer = zip(zip(ridge, edge), steps(ridge.count)).map { line, step in
            line.0 + (line.1 - line.0) * (amount * power(max(1.45 * step - 0.45, 0), 0.8))
        }
        return ridge + outer.reversed()
    }

    private func seamDepth() -> [Double] {
        let line = Array(curve(mesh.points(MeshPoints.noseRidge[side]))[19..<38])
        let widths = steps(line.count).map { Self.seam.width * axes.unit * sine(.pi * (0.05 + 0.8 * $0)) }
        return window.depth(ofStroke: line, widths: widths, reach: Self.reach)
    }

    /// Takes stains and stray lines from the nose above its nostrils.
    private func clear(_ body: [Double], in drawing: inout UndecidedDrawing) {
        let (unit, edge) = (axes.unit, -0.05 * axes.unit)
        var (flat, shade) = (drawing.flat.takePixels(), drawing.shade.takePixels())
        var dark = [Bool](repeating: false, count: body.count)
        forEachPixel(of: drawing) { index, place in
            dark[place] = shade[index].w > 0
            let share = Float(smooth(0.01 * unit, 0.035 * unit, body[place]))
            guard share > 0, flat[index].w > -Self.steepest else { return }
            flat[index].w += (-Self.steepest - flat[index].w) * share
        }
        let shapes = ShapeMask(width: window.width, height: window.height) { dark[$0] }
        let stains = shapes.parts.filter { part in
            let reachesOn = part.contains { place in
                let (x, y) = (place % window.width, place / window.width)
                return x == 0 || y == 0 || x == window.width - 1 || y == window.height - 1
            }
            return !reachesOn && Double(part.filter { body[$0] > edge }.count) > Self.stain * Double(part.count)
        }
        let gone = Set(stains.joined())
        let around = ShapeMask(width: window.width, height: window.height, isInside: gone.contains)
            .dilated(by: .square(2))
        forEachPixel(of: drawing) { index, place in
            if around[place] { shade[index].w = min(shade[index].w, -Self.steepest) }
        }
        drawing.flat = Bitmap(width: drawing.width, height: drawing.height, pixels: flat)
        drawing.shade = Bitmap(width: drawing.width, height: drawing.height, pixels: shade)
    }
}
