import Raster

/// One row of a photograph that something is drawn over.
struct PhotographRow: Sendable {
    let pixels: SharedBuffer<SIMD4<Float>>
    /// Index of the row's first pixel.
    let start: Int
    let y: Int
    /// Columns of the photograph.
    let columns: Range<Int>

    /// The pixel in column `x`.
    @inline(__always)
    subscript(x: Int) -> SIMD4<Float> { pixels[start + x - columns.lowerBound] }
}

extension PasteBack.Band {
    /// - Parameter pixels: of `photograph`.
    func row(_ line: Int, _ pixels: SharedBuffer<SIMD4<Float>>) -> PhotographRow {
        PhotographRow(
            pixels: pixels, start: line * photograph.width, y: firstRow + line,
            columns: firstColumn..<firstColumn + photograph.width)
    }
}

extension PasteBack {
    /// The drawing of the whole at the photograph's resolution: flat colour, `w` the lines, and its ink.
    struct Base {
        private let sample: DrawingSampler
        private let columns: EnlargedAxis
        private let rows: EnlargedAxis
        let ink: LineInk

        /// - Parameters:
        ///   - columns: of the drawing, for each of the photograph.
        ///   - rows: likewise.
        init(_ sample: DrawingSampler, columns: EnlargedAxis, rows: EnlargedAxis, ink: LineInk) {
            (self.sample, self.columns, self.rows, self.ink) = (sample, columns, rows, ink)
        }

        /// Draws the pixels of a row that are wanted.
        ///
        /// - Parameters:
        ///   - row: its pixels.
        ///   - isWanted: told the column.
        @inline(__always)
        func draw(
            into row: UnsafeMutableBufferPointer<SIMD4<Float>>, over photograph: PhotographRow,
            isWanted: (Int) -> Bool
        ) {
            let first = photograph.columns.lowerBound
            guard let late = sample.late else {
                for x in photograph.columns where isWanted(x) {
                    row[x - first] = sample(Float(x) + 0.5, Float(photograph.y) + 0.5, photograph: photograph[x])
                }
                return
            }
            columns.places.withSharedBuffer { places in
                late.withRow(at: rows.places[photograph.y], columns: columns.reach(photograph.columns)) { decide in
                    for x in photograph.columns where isWanted(x) {
                        row[x - first] = decide(places[x], photograph: photograph[x])
                    }
                }
            }
        }
    }

    /// The faces at one pixel: Σ wᵢcᵢ / Σ wᵢ.
    struct FaceMixture {
        var flat: SIMD4<Float> = .zero
        var drawing: SIMD4<Float> = .zero
        /// Largest weight of a head, 0…1.
        var coverage: Float = 0
        /// 1 on a head and in a square, falling to 0 along the square's edge.
        var inside: Float = 0
        fileprivate var total: Float = 0
    }

    /// The faces along one row.
    struct FaceRow {
        private let mixtures: [FaceMixture]
        /// Columns of the photograph beyond which no face counts.
        let columns: Range<Int>

        /// - Parameter beyondHeads: whether the rest of a face's square counts too.
        init(_ layers: [Layer], over photograph: PhotographRow, beyondHeads: Bool) {
            let active = layers.filter {
                $0.rows.contains(photograph.y) && $0.columns.overlaps(photograph.columns)
            }
            guard let first = active.map(\.columns.lowerBound).min(), let end = active.map(\.columns.upperBound).max()
            else {
                (mixtures, columns) = ([], photograph.columns.lowerBound..<photograph.columns.lowerBound)
                return
            }
            let columns = (first..<end).clamped(to: photograph.columns)
            var mixtures = [FaceMixture](repeating: FaceMixture(), count: columns.count)
            mixtures.withUnsafeMutableBufferPointer { mixtures in
                for layer in active {
                    layer.add(to: mixtures, from: columns.lowerBound, over: photograph, beyondHead: beyondHeads)
                }
                for index in mixtures.indices where mixtures[index].total > 0 {
                    mixtures[index].flat /= mixtures[index].total
                    mixtures[index].drawing /= mixtures[index].total
                }
            }
            (self.mixtures, self.columns) = (mixtures, columns)
        }

        /// `nil` where no face counts.
        @inline(__always)
        subscript(x: Int) -> FaceMixture? {
            guard columns.contains(x) else { return nil }
            let mixture = mixtures[x - columns.lowerBound]
            return mixture.total > 0 ? mixture : nil
        }

        /// Whether nothing shows there but faces.
        @inline(__always)
        func covers(_ x: Int) -> Bool { columns.contains(x) && mixtures[x - columns.lowerBound].coverage >= 1 }
    }
}

extension PasteBack.Layer {
    /// Adds the face's part of a row.
    ///
    /// - Parameter first: the column of the first of `mixtures`.
    fileprivate func add(
        to mixtures: UnsafeMutableBufferPointer<PasteBack.FaceMixture>, from first: Int,
        over photograph: PhotographRow, beyondHead: Bool
    ) {
        for x in columns.clamped(to: photograph.columns) {
            let p = map.apply(Point(x: Double(x) + 0.5, y: Double(photograph.y) + 0.5))
            let (u, v) = (Float(p.x), Float(p.y)), border = mask.borderRamp(u, v)
            guard border > 0 else { continue }
            let weight = mask.head(u, v) * border
            // Beyond its head a drawing counts so little that it does not show where another one's head is.
            let share = beyondHead ? max(weight, 1e-4 * border) : weight
            guard share > 0 else { continue }
            var painted = finished?(x, photograph.y) ?? sample(u, v, photograph: photograph[x])
            var sum = mixtures[x - first]
            sum.drawing += ink(painted) * share
            painted.w = ink.coverage(painted)
            sum.flat += painted * share
            sum.coverage = max(sum.coverage, weight)
            sum.inside = max(sum.inside, weight > 0 ? 1 : border)
            sum.total += share
            mixtures[x - first] = sum
        }
    }
}
