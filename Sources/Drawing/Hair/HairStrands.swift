import Raster

extension UndecidedDrawing {
    /// Draws the form of hair as the photograph has it, and light and shade on it as long strands; drops strokes that
    /// are too short for one, but in black hair, where they are what tells braids and curls.
    ///
    /// - Parameters:
    ///   - meshes: of the faces in it, with their hair.
    ///   - photograph: what was drawn, of the same size.
    mutating func calmHair(of meshes: [FaceMesh], photograph: Bitmap) {
        for mesh in meshes {
            guard let hair = HeadHair(mesh), let grid = HairGrid(hair, photograph, self) else { continue }
            HairForm(grid).draw(into: &self)
            let share = HairStrands.share(of: grid)
            if share > 0 { HairStrands(grid, share: share).draw(into: &self) }
        }
    }
}

/// Light, shade and lines of one head's hair, in few closed shapes that run as the hair does.
///
/// A network of this size decides light and shade of hair from place to place, which gives spots like a leopard's. So
/// what it decided is averaged along the hair (a line integral along the lesser axis of the photograph's structure
/// tensor, as in Kyprianidis and Kang 2011), and shapes that are too small or too short become what is about them. All
/// is measured in units of the face, so that hair has the same shapes at any size.
struct HairStrands {
    private let grid: HairGrid
    /// `x` and `y` are the logits of light and shade, `z` how short the lines are that lie there, and `w` how much a
    /// place is hair, the last two 0…1.
    private let strands: Bitmap

    /// Deviation and reach of the mean along hair, and of the one that rounds shapes, in units.
    private static let along = (deviation: Float(0.22), reach: Float(0.45)), rounding = 0.025
    /// Smaller shapes (in square units), and shorter ones and gaps (in units), are merged into their surroundings.
    private static let smallest = 0.03, shortest = (shape: 0.35, gap: 0.28, line: 0.3)
    /// What is merged lies this far beyond the border at least, −1…1.
    private static let merged: Float = 0.12
    /// Of a border: the logit's share of the mean, and where it ends.
    private static let steepness: Float = 24, most: Float = 8
    /// Median brightness of hair, 0…1, up to which it is left, and from which on it is changed wholly: in black hair
    /// spots hardly show, and short strokes are what tells braids and curls.
    private static let brightness = (black: Float(0.16), brown: Float(0.24))
    /// The logit of a line that is none.
    private static let noLine: Float = -6

    /// How far hair is changed, 0…1: black hair not at all.
    static func share(of grid: HairGrid) -> Float {
        let hairy = hairy(grid)
        return smoothstep(brightness.black, brightness.brown, grid.brightness.values(in: hairy).median ?? 0)
    }

    static func hairy(_ grid: HairGrid) -> ShapeMask { grid.shape { grid.cover($0) > 0.3 } }

    /// - Parameter share: 0…1 of the change.
    init(_ grid: HairGrid, share: Float) {
        let unit = Double(grid.unit), hairy = Self.hairy(grid)
        self.grid = grid
        let means = grid.means(along: HairFlow(grid, unit: grid.unit), Self.along.deviation, Self.along.reach)
        let (light, shade) = both(
            { Self.shapes(grid.plane { means[$0].x }, hairy, unit) },
            { Self.shapes(grid.plane { means[$0].y }, hairy, unit) })
        let short = Self.short(grid.shape { grid.hasLine($0) }, unit)
        strands = Bitmap(
            width: grid.columns, height: grid.rows,
            pixels: (0..<grid.columns * grid.rows).map { index in
                SIMD4(light.values[index], shade.values[index], short.values[index], share * grid.cover(index))
            })
    }

    /// Logits whose borders are smooth and whose shapes are large.
    private static func shapes(_ mean: Plane, _ hairy: ShapeMask, _ unit: Double) -> Plane {
        var field = mean.blurred(sigma: rounding * unit)
        func merge(_ shape: ShapeMask, shorterThan length: Double, to value: (Float) -> Float) {
            for part in shape.parts where isSmall(part, shape.width, unit, length) {
                for index in part { field.values[index] = value(field.values[index]) }
            }
        }
        func shape(_ isInside: (Float) -> Bool) -> ShapeMask {
            ShapeMask(width: field.width, height: field.height) { hairy[$0] && isInside(field.values[$0]) }
        }
        merge(shape { $0 > 0 }, shorterThan: shortest.shape) { min($0, -merged) }
        merge(shape { $0 <= 0 }, shorterThan: shortest.gap) { max($0, merged) }
        let smooth = field.blurred(sigma: 0.8)
        return Plane(
            width: smooth.width, height: smooth.height,
            values: smooth.values.map { min(max(steepness * $0, -most), most) })
    }

    private static func isSmall(_ part: [Int], _ width: Int, _ unit: Double, _ length: Double) -> Bool {
        Double(part.count) < smallest * unit * unit || extent(part, width) < length * unit
    }

    /// From corner to corner of the box about it.
    private static func extent(_ part: [Int], _ width: Int) -> Double {
        let (columns, rows) = (part.map { $0 % width }, part.map { $0 / width })
        let across = Double((columns.max() ?? 0) - (columns.min() ?? 0) + 1)
        let down = Double((rows.max() ?? 0) - (rows.min() ?? 0) + 1)
        return (across * across + down * down).squareRoot()
    }

    /// 1 on lines that are short, falling to 0 beside them.
    private static func short(_ lines: ShapeMask, _ unit: Double) -> Plane {
        var found = ShapeMask(width: lines.width, height: lines.height) { _ in false }
        for part in lines.parts where extent(part, lines.width) < shortest.line * unit {
            for index in part { found.values[index] = true }
        }
        // Not over the longer line that one runs beside.
        let others = lines - found
        let wide = found.dilated(by: .square(1)) - others
        return wide.plane.blurred(sigma: 0.5)
    }

    /// Draws it.
    func draw(into drawing: inout UndecidedDrawing) {
        let (grid, near, width) = (self.grid, self.near, drawing.width)
        strands.withSampler(.clamp) { sample in
            drawing.changeAtOnce { flat, shade, light in
                parallelFor(grid.window.rows.count) { line in
                    let y = grid.window.rows.lowerBound + line
                    for x in grid.window.columns {
                        let place = grid.place(x, y)
                        guard near[grid.cell(place)] else { continue }
                        let index = y * width + x
                        let found = sample(place.x, place.y)
                        guard found.w > 0.01 else { continue }
                        let share = min(found.w, 1), before = flat[index].w
                        light[index].w += share * (found.x - light[index].w)
                        shade[index].w += share * (found.y - shade[index].w)
                        let calm = before + min(max(2 * found.z, 0), 1) * (min(before, Self.noLine) - before)
                        flat[index].w += share * (calm - before)
                    }
                }
            }
        }
    }

    /// Cells at which some of those that are read about them are hair.
    private var near: ShapeMask {
        let strands = self.strands.pixels
        return grid.shape { strands[$0].w > 0 }.dilated(by: .square(2))
    }
}
