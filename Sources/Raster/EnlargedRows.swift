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

extension Sampler {
    /// Mixes a row between the picture's rows, once, so that each pixel of an enlarged row needs four of it instead of
    /// sixteen of the picture. Its edges go on.
    ///
    /// - Parameters:
    ///   - place: among the rows.
    ///   - columns: that will be read; they may lie beyond the edges.
    ///   - isCubic: mixed of four rows, as `Sampler` does, or else of two.
    ///   - memory: takes the row from index `start` on, as many pixels as there are columns.
    package func mixRow(
        at place: EnlargedAxis.Place, columns: Range<Int>, isCubic: Bool,
        into memory: SharedMutableBuffer<SIMD4<Float>>, from start: Int
    ) {
        func first(_ offset: Int) -> Int { min(max(place.pixel + offset, 0), height - 1) * stride - skipped }
        let (above, here, next, below) = (first(-1), first(0), first(1), first(2))
        let weights = place.cubic, share = place.share
        let (first, second) = (SIMD4(repeating: weights[0]), SIMD4(repeating: weights[1]))
        let (third, fourth) = (SIMD4(repeating: weights[2]), SIMD4(repeating: weights[3]))
        @inline(__always)
        func cubic(_ x: Int) -> SIMD4<Float> {
            var sum = pixels[above + x] * first
            sum += pixels[here + x] * second
            sum += pixels[next + x] * third
            sum += pixels[below + x] * fourth
            return sum
        }
        @inline(__always)
        func linear(_ x: Int) -> SIMD4<Float> {
            let upper = pixels[here + x]
            return upper + (pixels[next + x] - upper) * share
        }
        let inside = columns.clamped(to: 0..<width), origin = start - columns.lowerBound
        if isCubic {
            for x in inside { memory[origin + x] = cubic(x) }
        } else {
            for x in inside { memory[origin + x] = linear(x) }
        }
        for column in columns where !inside.contains(column) {
            let x = min(max(column, 0), width - 1)
            memory[origin + column] = isCubic ? cubic(x) : linear(x)
        }
    }
}
