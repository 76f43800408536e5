import Raster

extension UndecidedDrawing {
    /// Puts soft borders between the network's colours where the photograph has them, as sharp as it has them.
    ///
    /// - Parameters:
    ///   - photograph: what was drawn, of the same size.
    ///   - meshes: of the faces in it, whose features are drawn in shapes of their own.
    mutating func followBorders(of photograph: Bitmap, meshes: [FaceMesh]) {
        SoftBorders(photograph, flat, meshes).sharpen(&flat, photograph)
    }
}

/// Where flat colour passes from one tone to another over many pixels and the photograph does not: there each place
/// gets the mean of what is drawn about it where the photograph looks alike (joint bilateral filter, Petschnigg et al.
/// 2004, of samples as coarse as in Kopf et al. 2007). Borders that are drawn sharp are the network's own decisions and
/// stay, whatever the photograph shows.
struct SoftBorders {
    /// Mean of the photograph over a block; `w` is how much it counts, 0…1, less where it mixes two sides of an edge.
    private let seen: [SIMD4<Float>]
    /// Mean of the drawing over a block; `w` is how soft a border is drawn there, 0…1.
    private let drawn: [SIMD4<Float>]
    private let columns: Int
    private let rows: Int

    /// Side of a block in pixels.
    private static let side = 4
    /// Blocks that a mean reaches to each side: borders of up to forty pixels are known.
    private static let reach = 6
    /// Blocks of a row that are looked at: those, and what fills the last four up.
    private static let taps = 16
    /// Distance in pixels at which drawn colour counts no more.
    private static let radius = Float(26)
    /// Square of the difference in R'G'B' from which on the photograph looks like something else.
    private static let alike = Float(0.012)
    /// The same for what is noise about one place.
    private static let noise = Float(0.04)
    /// Variance within a block that halves how much it counts.
    private static let mixed = Float(0.0008)
    /// How much blocks count on the mean where all is texture, as in hair, whose strands are not followed, and about a
    /// border between two surfaces.
    private static let calmness = (texture: Float(0.3), border: Float(0.5))
    /// Width of a drawn border, as its contrast over its steepest slope, that is sharp, and that is soft, in pixels.
    private static let width = (sharp: Float(2.5), soft: Float(4.5))
    /// Times the photograph's width at which a drawn border is as sharp as it, and at which it is soft.
    private static let times = (alike: Float(1.2), soft: Float(1.7))
    /// Contrast of the photograph that is none, and that is an edge.
    private static let contrast = (none: Float(0.03), edge: Float(0.07))
    /// Distance from a face's features, in units of its axes, within which they stay as drawn, and beyond which borders
    /// follow.
    private static let features = (near: Float(0.05), far: Float(0.25))

    /// - Parameter flat: of the photograph's size.
    init(_ photograph: Bitmap, _ flat: Bitmap, _ meshes: [FaceMesh]) {
        let columns = (flat.width + Self.side - 1) / Self.side, rows = (flat.height + Self.side - 1) / Self.side
        let blocks = Self.blocks(photograph, flat, columns: columns, rows: rows)
        let features = meshes.map(Features.init)
        let softness = Plane(
            width: columns, height: rows,
            values: [Float](count: columns * rows) { softness in
                blocks.withSharedBuffer { blocks in
                    parallelFor(rows) { row in
                        for column in 0..<columns {
                            let soft = Self.softness(blocks, column, row, columns, rows)
                            let place = Point(x: Double(Self.side * column + 2), y: Double(Self.side * row + 2))
                            softness[row * columns + column] =
                                soft > 0
                                ? features.reduce(soft) {
                                    $0 * smoothstep(Self.features.near, Self.features.far, $1.distance(place))
                                } : 0
                        }
                    }
                }
            })
        // So that what is changed and what is not pass over smoothly.
        let passing = Bitmap(width: columns, height: rows, pixels: softness.values.map { SIMD4(0, 0, 0, $0) })
            .boxMeans(radius: 1)
        drawn = zip(blocks, passing.pixels).map { SIMD4($0.drawn.x, $0.drawn.y, $0.drawn.z, $1.w) }
        seen = blocks.map(\.seen)
        (self.columns, self.rows) = (columns, rows)
    }

    // MARK: - Blocks

    private struct Block {
        /// `w` is how much it counts.
        var seen, drawn: SIMD4<Float>
        var drawnBorder, seenBorder: Border
    }

    /// What passes from one side of a border to the other.
    private struct Border {
        var low, high: SIMD4<Float>
        /// Squares of the steepest slopes, a pixel.
        var steepest: SIMD4<Float> = .zero

        init(_ colour: SIMD4<Float>) { (low, high) = (colour, colour) }

        @inline(__always)
        mutating func add(_ colour: SIMD4<Float>, right: SIMD4<Float>, below: SIMD4<Float>) {
            (low, high) = (lower(low, colour), upper(high, colour))
            let across = right - colour, along = below - colour
            steepest = upper(steepest, across * across + along * along)
        }

        mutating func add(_ other: Border) {
            (low, high) = (lower(low, other.low), upper(high, other.high))
            steepest = upper(steepest, other.steepest)
        }

        /// In pixels. The summand keeps what is even from counting as a wide border.
        var width: Float { greatest(high - low) / (greatest(steepest).squareRoot() + 0.002) }
    }

    private static func blocks(_ photograph: Bitmap, _ flat: Bitmap, columns: Int, rows: Int) -> [Block] {
        let (width, height) = (flat.width, flat.height)
        return photograph.pixels.withSharedBuffer { photograph in
            flat.pixels.withSharedBuffer { flat in
                [Block](count: columns * rows) { blocks in
                    parallelFor(rows) { row in
                        let lines = row * side..<min((row + 1) * side, height)
                        for column in 0..<columns {
                            let places = column * side..<min((column + 1) * side, width)
                            let first = lines.lowerBound * width + places.lowerBound
                            var block = Block(
                                seen: .zero, drawn: .zero, drawnBorder: Border(flat[first]),
                                seenBorder: Border(photograph[first]))
                            var squares = SIMD4<Float>.zero
                            for y in lines {
                                let down = y + 1 < height ? width : 0
                                for x in places {
                                    let index = y * width + x, right = index + (x + 1 < width ? 1 : 0)
                                    let (colour, before) = (flat[index], photograph[index])
                                    block.seen += before
                                    squares += before * before
                                    block.drawn += colour
                                    block.drawnBorder.add(colour, right: flat[right], below: flat[index + down])
                                    block.seenBorder.add(
                                        before, right: photograph[right], below: photograph[index + down])
                                }
                            }
                            let count = Float(lines.count * places.count)
                            block.seen /= count
                            block.drawn /= count
                            let variance = upper(squares / count - block.seen * block.seen, .zero)
                            block.seen.w = mixed / (mixed + variance.x + variance.y + variance.z)
                            blocks[row * columns + column] = block
                        }
                    }
                }
            }
        }
    }

    /// How soft the border is that runs within two blocks of one, 0…1; 0 where there is none in the photograph.
    private static func softness(_ blocks: SharedBuffer<Block>, _ column: Int, _ row: Int, _ columns: Int, _ rows: Int)
        -> Float
    {
        var all = blocks[row * columns + column], (dark, bright) = (all.seen, all.seen)
        var (counts, places) = (Float(0), Float(0))
        for y in max(row - 2, 0)...min(row + 2, rows - 1) {
            for x in max(column - 2, 0)...min(column + 2, columns - 1) {
                let block = blocks[y * columns + x]
                all.drawnBorder.add(block.drawnBorder)
                all.seenBorder.add(block.seenBorder)
                (dark, bright) = (lower(dark, block.seen), upper(bright, block.seen))
                counts += block.seen.w
                places += 1
            }
        }
        let edge =
            smoothstep(contrast.none, contrast.edge, greatest(bright - dark))
            * smoothstep(calmness.texture, calmness.border, counts / places)
        guard edge > 0 else { return 0 }
        let wide = all.drawnBorder.width
        return edge * smoothstep(width.sharp, width.soft, wide)
            * smoothstep(times.alike, times.soft, wide / max(all.seenBorder.width, 1))
    }

    private static func greatest(_ colour: SIMD4<Float>) -> Float { max(colour.x, colour.y, colour.z) }

    /// The part of a face between brows and lips.
    private struct Features {
        private let axes: FaceAxes
        private let across, down: ClosedRange<Double>

        init(_ mesh: FaceMesh) {
            let axes = FaceAxes(mesh)
            let points = mesh.points(MeshPoints.brow[0] + MeshPoints.brow[1] + MeshPoints.lips)
            func span(_ direction: Point) -> ClosedRange<Double> {
                let places = points.map { dot($0, direction) }.filter(\.isFinite)
                return (places.min() ?? 0)...(places.max() ?? 0)
            }
            (self.axes, across, down) = (axes, span(axes.right), span(axes.down))
        }

        /// In units; 0 within.
        func distance(_ place: Point) -> Float {
            let (x, y) = (dot(place, axes.right), dot(place, axes.down))
            let far = max(across.lowerBound - x, x - across.upperBound, down.lowerBound - y, y - down.upperBound, 0)
            return Float(far / max(axes.unit, 1e-3))
        }
    }

    // MARK: - Pixels

    /// - Parameters as those of `init`.
    func sharpen(_ flat: inout Bitmap, _ photograph: Bitmap) {
        let scale = 1 / Float(Self.side)
        let weights = self.weights
        fours.withSharedBuffer { fours in
            drawn.withSharedBuffer { drawn in
                weights.withSharedBuffer { weights in
                    photograph.pixels.withSharedBuffer { photograph in
                        let window = Window(
                            fours: fours, drawn: drawn, weights: weights, columns: columns, rows: rows)
                        flat.forEachRow { y, row in
                            let height = photograph.count / row.count
                            let v = min(max((Float(y) + 0.5) * scale - 0.5, 0), Float(rows - 1))
                            for x in row.indices {
                                let u = min(max((Float(x) + 0.5) * scale - 0.5, 0), Float(columns - 1))
                                let soft = window.softness(u, v)
                                guard soft > 0.01 else { continue }
                                let guide = Self.calm(photograph, x, y, width: row.count, height: height)
                                row[x] += window.change(row[x], x, y, guide) * soft
                            }
                        }
                    }
                }
            }
        }
    }

    /// Of the blocks about a pixel, four at a time: for each row of the pixel in its block and each line of blocks, for
    /// each column of the pixel in its block the line from the left.
    private var weights: [SIMD4<Float>] {
        func weight(_ phase: Int, _ tap: Int) -> Float {
            let off =
                (Float((tap - Self.reach) * Self.side) + Float(Self.side) / 2 - Float(phase) - 0.5) / Self.radius
            let near = max(0, 1 - off * off)
            return tap <= 2 * Self.reach ? near * near : 0
        }
        return (0..<Self.side).flatMap { down in
            (0...2 * Self.reach).flatMap { line in
                (0..<Self.side).flatMap { across in
                    stride(from: 0, to: Self.taps, by: 4).map { tap in
                        let near = SIMD4(
                            weight(across, tap), weight(across, tap + 1), weight(across, tap + 2),
                            weight(across, tap + 3))
                        return near * weight(down, line)
                    }
                }
            }
        }
    }

    /// The photograph at a pixel without its noise.
    @inline(__always)
    private static func calm(_ photograph: SharedBuffer<SIMD4<Float>>, _ x: Int, _ y: Int, width: Int, height: Int)
        -> SIMD4<Float>
    {
        let here = photograph[y * width + x]
        var (sum, total) = (SIMD4<Float>.zero, Float(0))
        for line in max(y - 2, 0)...min(y + 2, height - 1) {
            for column in max(x - 2, 0)...min(x + 2, width - 1) {
                let other = photograph[line * width + column], weight = similarity(other - here, 1 / noise)
                sum += other * weight
                total += weight
            }
        }
        return sum / total
    }

    /// 1 for what is alike, falling to 0 (Tukey's biweight).
    @inline(__always)
    private static func similarity(_ difference: SIMD4<Float>, _ scale: Float) -> Float {
        let square = difference * difference, near = max(0, 1 - (square.x + square.y + square.z) * scale)
        return near * near
    }

    /// Four blocks side by side, each channel by itself: so that a mean takes them at once.
    private struct Four {
        typealias Colours = (r: SIMD4<Float>, g: SIMD4<Float>, b: SIMD4<Float>)
        typealias Blocks = (seen: SIMD4<Float>, drawn: SIMD4<Float>)

        let seen, drawn: Colours
        /// How much each counts; 0 beyond the picture.
        let counts: SIMD4<Float>

        init(_ a: Blocks, _ b: Blocks, _ c: Blocks, _ d: Blocks) {
            func colours(_ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>) -> Colours {
                (SIMD4(a.x, b.x, c.x, d.x), SIMD4(a.y, b.y, c.y, d.y), SIMD4(a.z, b.z, c.z, d.z))
            }
            seen = colours(a.seen, b.seen, c.seen, d.seen)
            drawn = colours(a.drawn, b.drawn, c.drawn, d.drawn)
            counts = SIMD4(a.seen.w, b.seen.w, c.seen.w, d.seen.w)
        }
    }

    /// The blocks from each place in a row on, from `reach` before the first column to as many after the last.
    private var fours: [Four] {
        let (columns, width) = (self.columns, self.columns + 2 * Self.reach)
        return seen.withSharedBuffer { seen in
            drawn.withSharedBuffer { drawn in
                [Four](count: width * rows) { fours in
                    parallelFor(rows) { row in
                        func block(_ column: Int) -> (seen: SIMD4<Float>, drawn: SIMD4<Float>) {
                            guard column >= 0, column < columns else { return (.zero, .zero) }
                            return (seen[row * columns + column], drawn[row * columns + column])
                        }
                        for place in 0..<width {
                            let first = place - Self.reach
                            fours[row * width + place] = Four(
                                block(first), block(first + 1), block(first + 2), block(first + 3))
                        }
                    }
                }
            }
        }
    }

    private struct Window {
        /// Row by row, from `reach` blocks before the first column on.
        let fours: SharedBuffer<Four>
        let drawn: SharedBuffer<SIMD4<Float>>
        let weights: SharedBuffer<SIMD4<Float>>
        let columns, rows: Int

        /// Between the blocks' centres.
        @inline(__always)
        func softness(_ u: Float, _ v: Float) -> Float {
            let (left, top) = (Int(u), Int(v)), right = min(left + 1, columns - 1)
            let (above, below) = (top * columns, min(top + 1, rows - 1) * columns)
            let (a, b) = (drawn[above + left].w, drawn[above + right].w)
            let (c, d) = (drawn[below + left].w, drawn[below + right].w)
            let share = u - Float(left), upper = a + (b - a) * share, lower = c + (d - c) * share
            return upper + (lower - upper) * (v - Float(top))
        }

        /// What is missing from `colour` to the mean of what is drawn where the photograph is like `guide`; `w` is 0.
        @inline(__always)
        func change(_ colour: SIMD4<Float>, _ x: Int, _ y: Int, _ guide: SIMD4<Float>) -> SIMD4<Float> {
            let (side, reach, taps) = (SoftBorders.side, SoftBorders.reach, SoftBorders.taps)
            let (column, row) = (x / side, y / side), fours = taps / 4, lines = 2 * reach + 1
            var (red, green, blue, totals) = (
                SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero
            )
            for line in max(row - reach, 0)...min(row + reach, rows - 1) {
                let place = ((y % side * lines + line - row + reach) * side + x % side) * fours
                let first = line * (columns + 2 * reach) + column
                for part in 0..<fours {
                    let four = self.fours[first + 4 * part]
                    let (r, g, b) = (four.seen.r - guide.x, four.seen.g - guide.y, four.seen.b - guide.z)
                    let alike = upper(1 - (r * r + g * g + b * b) * (1 / SoftBorders.alike), .zero)
                    let share = alike * alike * four.counts * weights[place + part]
                    red += four.drawn.r * share
                    green += four.drawn.g * share
                    blue += four.drawn.b * share
                    totals += share
                }
            }
            let total = totals.sum(), sum = SIMD4(red.sum(), green.sum(), blue.sum(), 0)
            // Where next to nothing looks alike, that little is not to be trusted.
            guard total > 0 else { return .zero }
            var change = (sum / total - colour) * (total / (total + 0.5))
            change.w = 0
            return change
        }
    }
}
