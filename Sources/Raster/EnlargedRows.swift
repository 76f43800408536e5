/// Where the pixels of an enlarged picture lie along one axis of the small one.
package struct EnlargedAxis: Sendable {
    /// A place between two neighbouring pixels.
    package struct Place: Sendable {
        /// The pixel before; −1 before the first one's centre.
        @usableFromInline package let pixel: Int
        /// How far the place lies towards the next pixel, 0…1.
        @usableFromInline package let share: Float
        /// Of the four pixels about it, as in `Sampler`.
        @usableFromInline package let cubic: SIMD4<Float>
    }

    /// One for each pixel of the enlarged picture.
    package let places: [Place]
    private let count: Int

    /// - Parameters:
    ///   - count: pixels of the small picture.
    ///   - length: pixels of the large one.
    package init(count: Int, length: Int) {
        let scale = Float(count) / Float(length)
        self.count = count
        places = (0..<length).map { index in
            let place = min(max((Float(index) + 0.5) * scale, 0), Float(count)) - 0.5
            let pixel = place.rounded(.down)
            return Place(pixel: Int(pixel), share: place - pixel, cubic: Sampler.weights(place - pixel))
        }
    }

    /// Pixels of the small picture that are read for `range` of the large one, those beyond its edges counted on.
    package func reach(_ range: Range<Int>) -> Range<Int> {
        places[range.lowerBound].pixel - 1..<places[range.upperBound - 1].pixel + 3
    }
}

/// A row between the rows of a picture, mixed once, so that each pixel of an enlarged row needs four of them instead of
/// sixteen of the picture.
package struct MixedRow: Sendable {
    @usableFromInline let memory: SharedMutableBuffer<SIMD4<Float>>
    /// Index of pixel 0 in `memory`.
    @usableFromInline let origin: Int

    /// - Parameters:
    ///   - picture: whose edges go on.
    ///   - row: the place among its rows.
    ///   - columns: that will be read; they may lie beyond the edges.
    ///   - isCubic: mixed of four rows, as `Sampler` does, or else of two.
    ///   - memory: takes the row from index `start` on, as many pixels as there are columns.
    package init(
        of picture: Sampler, at row: EnlargedAxis.Place, columns: Range<Int>, isCubic: Bool,
        in memory: SharedMutableBuffer<SIMD4<Float>>, from start: Int
    ) {
        (self.memory, origin) = (memory, start - columns.lowerBound)
        func first(_ offset: Int) -> Int {
            min(max(row.pixel + offset, 0), picture.height - 1) * picture.stride - picture.skipped
        }
        let (above, here, next, below) = (first(-1), first(0), first(1), first(2)), last = picture.width - 1
        let weights = row.cubic, share = row.share
        for column in columns {
            let x = min(max(column, 0), last)
            guard isCubic else {
                let upper = picture.pixels[here + x]
                memory[origin + column] = upper + (picture.pixels[next + x] - upper) * share
                continue
            }
            var sum = picture.pixels[above + x] * weights[0]
            sum += picture.pixels[here + x] * weights[1]
            sum += picture.pixels[next + x] * weights[2]
            sum += picture.pixels[below + x] * weights[3]
            memory[origin + column] = sum
        }
    }

    /// From four pixels.
    @inlinable @inline(__always)
    package func cubic(_ column: EnlargedAxis.Place) -> SIMD4<Float> {
        let index = origin + column.pixel
        var sum = memory[index - 1] * column.cubic[0]
        sum += memory[index] * column.cubic[1]
        sum += memory[index + 1] * column.cubic[2]
        sum += memory[index + 2] * column.cubic[3]
        return sum
    }

    /// From two pixels.
    @inlinable @inline(__always)
    package func linear(_ column: EnlargedAxis.Place) -> SIMD4<Float> {
        let index = origin + column.pixel, before = memory[index]
        return before + (memory[index + 1] - before) * column.share
    }
}
