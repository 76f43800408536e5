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
            let (columns, rows) = isFace ? (0..<width, 0..<height) : head.reach(Self.outer.1, width, height)
            sums.values.withSharedMutableBuffer { sums in
                weights.values.withSharedMutableBuffer { weights in
                    parallelFor(rows.count) { line in
                        let y = rows.lowerBound + line
                        for x in columns {
                            let p = head.toSquare.apply(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
                            let distance = head.mask.distance(Float(p.x), Float(p.y))
                            let weight =
                                isFace
                                ? smoothstep(Self.inner.0, Self.inner.1, distance)
                                : 1 - smoothstep(Self.outer.0, Self.outer.1, distance)
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
    /// Moves the borders of lines (dilation and erosion of their logit by a disc, in its own pixels and parts of them).
    mutating func move(by meeting: LineMeeting) {
        let shifts = meeting.shifts(width: width, height: height)
        let (width, height, before) = (self.width, self.height, flat.pixels.map(\.w))
        let ring = (0..<8).map { (Float(cosine(.pi / 4 * Double($0))), Float(sine(.pi / 4 * Double($0)))) }
        before.withSharedBuffer { before in
            shifts.values.withSharedBuffer { shifts in
                flat.forEachRow { y, row in
                    func logit(_ x: Float, _ y: Float) -> Float {
                        let u = min(max(x, 0), Float(width - 1)), v = min(max(y, 0), Float(height - 1))
                        let (column, line) = (Int(u), Int(v)), (fx, fy) = (u - Float(column), v - Float(line))
                        let right = min(column + 1, width - 1), below = min(line + 1, height - 1) * width
                        let upper = before[line * width + column] * (1 - fx) + before[line * width + right] * fx
                        let lower = before[below + column] * (1 - fx) + before[below + right] * fx
                        return upper + (lower - upper) * fy
                    }
                    for x in row.indices {
                        let shift = shifts[y * width + x], length = abs(shift)
                        guard length > 0.02 else { continue }
                        for (dx, dy) in ring {
                            let other = logit(Float(x) + dx * length, Float(y) + dy * length)
                            row[x].w = shift > 0 ? max(row[x].w, other) : min(row[x].w, other)
                        }
                    }
                }
            }
        }
    }
}
