import Models
import Raster

/// How much wider or narrower lines are drawn about a face's border, so that those of the face and those of the whole
/// around it meet in one width of output pixels: networks draw lines of one width in their own pixels, and a face is
/// drawn at another scale than the whole. Both go half of the way; features in the middle of a face and what is far
/// from it stay as they are.
struct LineMeeting: Equatable, Sendable {
    /// A face's head in a canvas.
    struct Head: Equatable, Sendable {
        let mask: FeatherMask
        /// From the canvas to the face's square.
        let toSquare: SimilarityTransform
        /// What a line's border moves outwards by, in pixels of the canvas.
        let shift: Float
    }

    private let heads: [Head]
    private let isFace: Bool

    /// Usual width of a drawn line, in pixels of the network.
    private static let width = 3.0
    /// Lines narrower than twice the first would vanish; beyond the second, small gaps would close.
    private static let limits = (narrower: -0.6, wider: 0.8)
    /// Distances from a face's middle, 1 where its full mask ends: of a face the lines between the first two begin to
    /// change, around it those between the last two cease to.
    private static let inner = (Float(0.45), Float(0.9)), outer = (Float(1.45), Float(3.5))

    /// For the canvas of a face.
    ///
    /// - Parameter whole: the scale at which the whole is drawn.
    init(_ pose: FacePose, besideWhole whole: Double) {
        isFace = true
        heads = [
            Head(
                mask: pose.mask, toSquare: .identity,
                shift: Self.shift(times: (pose.toSquare.scale / whole).squareRoot()))
        ]
    }

    /// For the canvas of the whole.
    ///
    /// - Parameter scale: pixels of the canvas for each of the picture.
    init(_ poses: [FacePose], wholeOfScale scale: Double) {
        isFace = false
        let back = SimilarityTransform(scale: 1 / scale)
        heads = poses.map {
            Head(
                mask: $0.mask, toSquare: back.then($0.toSquare),
                shift: Self.shift(times: (scale / $0.toSquare.scale).squareRoot()))
        }
    }

    private static func shift(times factor: Double) -> Float {
        Float(min(max(width / 2 * (factor - 1), limits.narrower), limits.wider))
    }

    /// What borders of lines move outwards by at each pixel, in pixels; 0 where there is nothing to do.
    func shifts(width: Int, height: Int) -> Plane {
        var (sums, weights) = (Plane(width: width, height: height), Plane(width: width, height: height))
        for head in heads where abs(head.shift) > 0.03 {
            let range = isFace ? Self.inner : Self.outer
            let (columns, rows) = isFace ? (0..<width, 0..<height) : head.reach(Self.outer.1, width, height)
            sums.values.withSharedMutableBuffer { sums in
                weights.values.withSharedMutableBuffer { weights in
                    parallelFor(rows.count) { line in
                        let y = rows.lowerBound + line
                        for x in columns {
                            let p = head.toSquare.apply(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
                            let distance = head.mask.distance(Float(p.x), Float(p.y), within: range)
                            let weight =
                                isFace
                                ? smoothstep(range.0, range.1, distance) : 1 - smoothstep(range.0, range.1, distance)
                            sums[y * width + x] += head.shift * weight
                            weights[y * width + x] += weight
                        }
                    }
                }
            }
        }
        for index in sums.values.indices where weights.values[index] > 1 {
            sums.values[index] /= weights.values[index]
        }
        return sums
    }
}

extension LineMeeting.Head {
    /// Pixels of a canvas that lie within `distance` of the middle, and some more.
    fileprivate func reach(_ distance: Float, _ width: Int, _ height: Int) -> (Range<Int>, Range<Int>) {
        guard let back = toSquare.inverse else { return (0..<width, 0..<height) }
        let corners = mask.square(distance).map(back.apply)
        return (PasteBack.span(corners.map(\.x), width), PasteBack.span(corners.map(\.y), height))
    }
}

extension UndecidedDrawing {
    /// Moves the borders of lines (dilation and erosion of their logit by a disc of less than a pixel, in its own
    /// pixels and parts of them).
    mutating func move(by meeting: LineMeeting) {
        let shifts = meeting.shifts(width: width, height: height)
        flat.logits.withSharedBuffer { before in
            shifts.values.withSharedBuffer { shifts in
                flat.forEachRow { y, row in
                    let logits = LogitRows(before, y, width: row.count, height: shifts.count / row.count)
                    for x in row.indices {
                        let shift = shifts[y * row.count + x]
                        if abs(shift) > 0.02 { row[x].w = logits.moved(x, by: shift) }
                    }
                }
            }
        }
    }
}

/// Three rows of a logit, whose edges go on.
private struct LogitRows {
    private let values: SharedBuffer<Float>
    private let above, here, below: Int
    private let last: Int

    init(_ values: SharedBuffer<Float>, _ y: Int, width: Int, height: Int) {
        (self.values, last) = (values, width - 1)
        (above, here, below) = (max(y - 1, 0) * width, y * width, min(y + 1, height - 1) * width)
    }

    /// The largest, or for shrinking the least, of the logit at pixel `x` and on a ring of eight places about it.
    ///
    /// - Parameter shift: the ring's radius, −1…1; below 0 for shrinking.
    func moved(_ x: Int, by shift: Float) -> Float {
        let (left, right) = (max(x - 1, 0), min(x + 1, last)), centre = values[here + x]
        // From the right, clockwise.
        let sides = SIMD4(values[here + right], values[below + x], values[here + left], values[above + x])
        let nextSides = SIMD4(sides.y, sides.z, sides.w, sides.x)
        let corners = SIMD4(values[below + right], values[below + left], values[above + left], values[above + right])
        let far = abs(shift), diagonal = far * Float(0.5).squareRoot(), near = 1 - diagonal
        let straight = sides * far + centre * (1 - far)
        let slanted =
            corners * (diagonal * diagonal) + (sides + nextSides) * (diagonal * near) + centre * (near * near)
        let ring = shift > 0 ? upper(straight, slanted) : lower(straight, slanted)
        return shift > 0
            ? max(centre, max(max(ring.x, ring.y), max(ring.z, ring.w)))
            : min(centre, min(min(ring.x, ring.y), min(ring.z, ring.w)))
    }
}
