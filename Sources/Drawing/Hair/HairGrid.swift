import Raster

/// What is asked of a head to find how its hair runs: photograph and drawing about it, in cells of a fixed share of the
/// face.
struct HairGrid {
    /// Of the picture.
    let window: (columns: Range<Int>, rows: Range<Int>)
    let columns: Int
    let rows: Int
    /// The face's, in cells.
    let unit: Float
    /// Pixels of a cell along one side.
    private let side: Int
    /// Mean of the photograph's brightness in each cell, 0…1.
    let brightness: Plane
    /// The same of the drawing's flat colour.
    let flat: Plane
    /// Of each cell: light and shade that are decided, −1…1, the highest logit of lines, and how much it is hair, 0…1.
    private let cells: [SIMD4<Float>]

    /// Cells along one unit.
    private static let fineness = 42.0
    /// Units in pixels below which a face shows no strands.
    private static let leastUnit = 16.0
    /// Logits of light and shade beyond this are sure.
    private static let sure: Float = 6
    /// Logits of lines from which on they are drawn.
    private static let line: Float = -0.4

    /// - Returns: `nil` where there is no hair.
    init?(_ hair: HeadHair, _ photograph: Bitmap, _ drawing: UndecidedDrawing) {
        guard hair.unit >= Self.leastUnit,
            let window = CoverageWindow(
                width: drawing.width, height: drawing.height, around: hair.corners, margin: 0)
        else { return nil }
        let side = max(1, Int((hair.unit / Self.fineness).rounded()))
        let columns = (window.width + side - 1) / side, rows = (window.height + side - 1) / side
        let right = window.x + window.width, bottom = window.y + window.height
        let found = [SIMD4<Float>](count: 2 * columns * rows) { found in
            photograph.pixels.withSharedBuffer { photograph in
                drawing.flat.pixels.withSharedBuffer { flat in
                    drawing.light.pixels.withSharedBuffer { light in
                        drawing.shade.pixels.withSharedBuffer { shade in
                            parallelFor(rows) { row in
                                let lines = window.y + row * side..<min(window.y + (row + 1) * side, bottom)
                                for column in 0..<columns {
                                    let places =
                                        window.x + column * side..<min(window.x + (column + 1) * side, right)
                                    var (sum, brightness, line) = (SIMD2<Float>.zero, Float(0), -Float.infinity)
                                    var plain: Float = 0
                                    for y in lines {
                                        for x in places {
                                            let index = y * drawing.width + x
                                            sum.x += min(max(light[index].w, -Self.sure), Self.sure)
                                            sum.y += min(max(shade[index].w, -Self.sure), Self.sure)
                                            brightness += Iris.luma(photograph[index].finiteOrZero)
                                            plain += Iris.luma(flat[index])
                                            line = max(line, flat[index].w)
                                        }
                                    }
                                    let count = Float(lines.count * places.count)
                                    let centre = Point(
                                        x: Double(window.x) + (Double(column) + 0.5) * Double(side),
                                        y: Double(window.y) + (Double(row) + 0.5) * Double(side))
                                    let decided = sum / (count * Self.sure)
                                    let index = 2 * (row * columns + column)
                                    found[index] = SIMD4(decided.x, decided.y, line, HeadHair.cover(hair(centre)))
                                    found[index + 1] = SIMD4(brightness, plain, 0, 0) / count
                                }
                            }
                        }
                    }
                }
            }
        }
        cells = (0..<columns * rows).map { found[2 * $0] }
        guard cells.contains(where: { $0.w > 0.5 }) else { return nil }
        func plane(_ channel: Int) -> Plane {
            Plane(
                width: columns, height: rows, values: (0..<columns * rows).map { found[2 * $0 + 1][channel] })
        }
        (brightness, flat) = (plane(0), plane(1))
        self.window = (window.x..<right, window.y..<bottom)
        (self.columns, self.rows, self.side) = (columns, rows, side)
        unit = Float(hair.unit / Double(side))
    }

    /// How much a cell is hair, 0…1.
    func cover(_ index: Int) -> Float { cells[index].w }

    func hasLine(_ index: Int) -> Bool { cells[index].z > Self.line }

    /// A pixel's centre in cells.
    func place(_ x: Int, _ y: Int) -> SIMD2<Float> {
        SIMD2(Float(x - window.columns.lowerBound) + 0.5, Float(y - window.rows.lowerBound) + 0.5) / Float(side)
    }

    /// Index of the cell whose centre is the last before a place, or the first one.
    func cell(_ place: SIMD2<Float>) -> Int {
        max(Int(place.y + 0.5) - 1, 0) * columns + max(Int(place.x + 0.5) - 1, 0)
    }

    /// The cells for which `isInside`, told their index, says so.
    func shape(_ isInside: (Int) -> Bool) -> ShapeMask { ShapeMask(width: columns, height: rows, isInside: isInside) }

    func plane(_ value: (Int) -> Float) -> Plane {
        Plane(width: columns, height: rows, values: (0..<columns * rows).map(value))
    }

    /// Means of light and shade, −1…1, along hair as far as it is hair; what is none keeps its own.
    ///
    /// - Parameters:
    ///   - deviation: of Gauss's weights, in units.
    ///   - reach: to each side, in units.
    func means(along flow: HairFlow, _ deviation: Float, _ reach: Float) -> [SIMD2<Float>] {
        let (columns, rows) = (self.columns, self.rows), steps = max(1, Int(reach * unit / Self.step))
        let weights = (0...steps).map { step -> Float in
            let off = Float(step) * Self.step / (deviation * unit)
            return exponential(-off * off / 2)
        }
        let weighed = Bitmap(
            width: columns, height: rows,
            pixels: cells.map { SIMD4($0.x * $0.w, $0.y * $0.w, 0, $0.w) })
        return weighed.withSampler(.clamp) { sample in
            cells.withSharedBuffer { cells in
                flow.ways.withSharedBuffer { ways in
                    weights.withSharedBuffer { weights in
                        [SIMD2<Float>](count: columns * rows) { means in
                            parallelFor(rows) { row in
                                for column in 0..<columns {
                                    let index = row * columns + column, own = cells[index]
                                    guard own.w > 0.01 else {
                                        means[index] = SIMD2(own.x, own.y)
                                        continue
                                    }
                                    var sum = SIMD4(own.x * own.w, own.y * own.w, 0, own.w)
                                    for sign in [Float(1), -1] {
                                        var way = ways[index] * sign
                                        var place = SIMD2(Float(column) + 0.5, Float(row) + 0.5)
                                        for step in 1...steps {
                                            place += way * Self.step
                                            let found = sample.bilinear(place.x, place.y)
                                            guard found.w > 0.1 else { break }
                                            sum += found * weights[step]
                                            let (x, y) = (Int(place.x), Int(place.y))
                                            guard x >= 0, y >= 0, x < columns, y < rows else { break }
                                            let next = ways[y * columns + x]
                                            way = (next * way).sum() < 0 ? -next : next
                                        }
                                    }
                                    means[index] = SIMD2(sum.x, sum.y) / sum.w
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Of a walk along hair, in cells.
    private static let step: Float = 1.5
}

/// Which way hair runs in each cell of a grid: the lesser axis of the structure tensor of the photograph's brightness.
struct HairFlow {
    /// Unit vectors, of either sign, row by row.
    let ways: [SIMD2<Float>]

    /// Deviations of the means of brightness, in cells, and of the tensor, in units.
    private static let calm = 0.8, deviation = 0.07
    /// Squares of slopes at which they begin to count, so that one sharp edge does not rule its surroundings.
    private static let least: Float = 2e-4

    /// - Parameter unit: of the face, in cells.
    init(_ grid: HairGrid, unit: Float) {
        let (columns, rows) = (grid.columns, grid.rows)
        let light = grid.brightness.blurred(sigma: Self.calm).values
        let slopes = (0..<columns * rows).map { index -> SIMD2<Float> in
            let (x, y) = (index % columns, index / columns)
            func at(_ dx: Int, _ dy: Int) -> Float {
                light[min(max(y + dy, 0), rows - 1) * columns + min(max(x + dx, 0), columns - 1)]
            }
            let across = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1)
            let down = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1)
            return SIMD2(across, down) / 8
        }
        func mean(_ product: (SIMD2<Float>) -> Float) -> [Float] {
            grid.plane { index in
                let slope = slopes[index]
                return grid.cover(index) * product(slope) / ((slope * slope).sum() + Self.least)
            }
            .blurred(sigma: Self.deviation * Double(unit)).values
        }
        let (xx, xy, yy) = (mean { $0.x * $0.x }, mean { $0.x * $0.y }, mean { $0.y * $0.y })
        ways = xx.indices.map { index in
            // The steepest direction by the formulas for half an angle; the tangent is at a right angle to it.
            let difference = xx[index] - yy[index]
            let spread = (difference * difference + 4 * xy[index] * xy[index]).squareRoot()
            guard spread > 1e-12 else { return SIMD2(0, 1) }
            let cosine = max(0.5 + 0.5 * difference / spread, 0).squareRoot()
            let sine = cosine > 1e-3 ? xy[index] / (spread * cosine) : 1
            return SIMD2(-sine, cosine)
        }
    }
}
