import Raster

/// The nose of one face: its nostrils and wings as the photograph has them, and nothing of what networks of this size
/// draw beside them where they are unsure. Its shade is a part of the skin's form (`SkinForm`): as shapes of their own
/// all were wedges.
struct Nose {
    private let mesh: FaceMesh
    private let axes: FaceAxes
    private let window: CoverageWindow
    private let lines: NoseLines

    /// On smaller faces nothing of it would be seen; distance between the eyes in pixels.
    private static let leastUnit = 20.0
    /// Lightness of the darkest tenth of a nostril over the nose's from which on it is covered: by a mask, or a hand.
    private static let covered: Float = 0.92

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

extension Nose {
    /// A logit of which nothing shows.
    private static let never: Float = -9
    /// Share of a shade's shape that has to lie on the nose for it to be a stain there.
    private static let stain = 0.75

    /// Draws it into a drawing of the photograph.
    func draw(into drawing: inout UndecidedDrawing) {
        clear(window.depth(mesh.points(MeshPoints.noseBody), reach: 0.06 * axes.unit), in: &drawing)
        lines.draw(into: &drawing)
    }

    private func forEachPixel(of drawing: UndecidedDrawing, _ body: (_ index: Int, _ place: Int) -> Void) {
        for row in 0..<window.height {
            for column in 0..<window.width {
                body((window.y + row) * drawing.width + window.x + column, row * window.width + column)
            }
        }
    }

    /// Takes stains and stray lines from the nose above its nostrils.
    private func clear(_ body: [Double], in drawing: inout UndecidedDrawing) {
        let (unit, edge) = (axes.unit, -0.05 * axes.unit)
        var (flat, shade) = (drawing.flat.takePixels(), drawing.shade.takePixels())
        var dark = [Bool](repeating: false, count: body.count)
        forEachPixel(of: drawing) { index, place in
            dark[place] = shade[index].w > 0
            let share = Float(smooth(0.01 * unit, 0.035 * unit, body[place]))
            guard share > 0, flat[index].w > Self.never else { return }
            flat[index].w += (Self.never - flat[index].w) * share
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
            if around[place] { shade[index].w = min(shade[index].w, Self.never) }
        }
        drawing.flat = Bitmap(width: drawing.width, height: drawing.height, pixels: flat)
        drawing.shade = Bitmap(width: drawing.width, height: drawing.height, pixels: shade)
    }
}
