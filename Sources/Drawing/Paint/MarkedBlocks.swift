import Raster

/// Blocks of a drawing in which highlights, pupils or irises show; most have none.
struct MarkedBlocks {
    /// Logits of a place without. Computed, since a stored one would be asked at each pixel whether it is there yet.
    static var none: SIMD4<Float> { SIMD4(repeating: -99) }

    /// The part of a drawing that the blocks lie in, with what is read about them.
    struct Frame: Equatable, Sendable {
        let x, y, width, height: Int
    }

    fileprivate static let side = 8
    private let columns: Int
    private let rows: Int
    private let active: [Bool]
    private let activeRows: [Bool]
    private let width: Int
    let frame: Frame

    /// - Parameters:
    ///   - part: of the drawing that `marks` shows; `nil` for all of it.
    ///   - width: of the drawing.
    init(_ marks: Bitmap, _ rule: EnlargedRule, in part: Frame?, width: Int, height: Int) {
        let (columns, rows) = ((width + Self.side - 1) / Self.side, (height + Self.side - 1) / Self.side)
        let (left, top) = (part?.x ?? 0, part?.y ?? 0), count = (width: marks.width, height: marks.height)
        var found = [Bool](repeating: false, count: columns * rows)
        found.withSharedMutableBuffer { found in
            marks.pixels.withSharedBuffer { marks in
                // By rows of blocks, so that each is written by one thread.
                parallelFor(rows) { row in
                    let lines = (row * Self.side - top..<(row + 1) * Self.side - top).clamped(to: 0..<count.height)
                    for y in lines {
                        for x in 0..<count.width where rule.hasMarks(marks[y * count.width + x]) {
                            found[row * columns + (left + x) / Self.side] = true
                        }
                    }
                }
            }
        }
        // What a block shows depends on pixels of its neighbours too.
        let active = found.indices.map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            for y in max(0, row - 1)...min(rows - 1, row + 1) {
                for x in max(0, column - 1)...min(columns - 1, column + 1) where found[y * columns + x] { return true }
            }
            return false
        }
        let activeRows = (0..<rows).map { row in active[row * columns..<(row + 1) * columns].contains(true) }
        let activeColumns = (0..<columns).map { column in
            activeRows.indices.contains { activeRows[$0] && active[$0 * columns + column] }
        }
        let (across, down) = (Self.span(activeColumns, of: width), Self.span(activeRows, of: height))
        frame = part ?? Frame(x: across.lowerBound, y: down.lowerBound, width: across.count, height: down.count)
        (self.columns, self.rows, self.active, self.activeRows) = (columns, rows, active, activeRows)
        self.width = width
    }

    /// Pixels of the blocks that are active, with those that a sampler reads about them; one where none is.
    private static func span(_ active: [Bool], of count: Int) -> Range<Int> {
        guard let first = active.firstIndex(of: true), let last = active.lastIndex(of: true) else { return 0..<1 }
        return max(0, first * side - 3)..<min(count, (last + 1) * side + 3)
    }

    /// Calls `body` with what looks blocks up.
    func withReader<Result>(_ body: (Reader) throws -> Result) rethrows -> Result {
        try active.withSharedBuffer { active in
            try activeRows.withSharedBuffer { activeRows in
                try body(
                    Reader(
                        active: active, activeRows: activeRows, columns: columns, rows: rows, frame: frame, width: width
                    ))
            }
        }
    }

    /// Looks blocks up without counting references, which would cost more than the rest of a pixel.
    struct Reader: Sendable {
        fileprivate let active, activeRows: SharedBuffer<Bool>
        fileprivate let columns, rows: Int
        fileprivate let frame: Frame
        fileprivate let width: Int

        /// Those of `columns` that marks are there for: beyond their frame they are not, but at the drawing's own
        /// edges, which go on.
        func readable(_ columns: Range<Int>) -> Range<Int> {
            let (left, right) = (frame.x, frame.x + frame.width)
            let first = left == 0 ? min(left, columns.lowerBound) : left
            return (first..<(right == width ? max(right, columns.upperBound) : right)).clamped(to: columns)
        }

        /// Whether some block of the row at `v` is one of them.
        func hasSome(_ v: Float) -> Bool { activeRows[row(v)] }

        @inline(__always)
        func contains(_ u: Float, _ v: Float) -> Bool {
            active[row(v) * columns + min(max(Int(u), 0) / MarkedBlocks.side, columns - 1)]
        }

        @inline(__always)
        private func row(_ v: Float) -> Int { min(max(Int(v), 0) / MarkedBlocks.side, rows - 1) }
    }
}
