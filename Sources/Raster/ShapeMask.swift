/// A shape in a picture: whether each pixel belongs to it, row by row from the top.
package struct ShapeMask: Equatable, Sendable {
    /// Columns, at least 1.
    package let width: Int
    /// Rows, at least 1.
    package let height: Int
    /// `width * height` of them.
    package var values: [Bool]

    /// - Parameter isInside: told each pixel's index.
    @inlinable
    package init(width: Int, height: Int, isInside: (Int) -> Bool) {
        precondition(width > 0 && height > 0, "a shape has at least one pixel")
        (self.width, self.height) = (width, height)
        values = (0..<width * height).map(isInside)
    }

    /// Pixels that belong to it.
    package var count: Int { values.reduce(0) { $0 + ($1 ? 1 : 0) } }

    @inlinable
    package subscript(index: Int) -> Bool { values[index] }

    /// 1 inside, 0 outside.
    package var plane: Plane { Plane(width: width, height: height, values: values.map { $0 ? 1 : 0 }) }

    /// Where both are.
    package static func & (a: ShapeMask, b: ShapeMask) -> ShapeMask { a.combined(b) { $0 && $1 } }
    /// Where either is.
    package static func | (a: ShapeMask, b: ShapeMask) -> ShapeMask { a.combined(b) { $0 || $1 } }
    /// Where `a` is and `b` is not.
    package static func - (a: ShapeMask, b: ShapeMask) -> ShapeMask { a.combined(b) { $0 && !$1 } }

    /// Where it is not.
    package var inverse: ShapeMask { ShapeMask(width: width, height: height) { !values[$0] } }

    private func combined(_ other: ShapeMask, _ rule: (Bool, Bool) -> Bool) -> ShapeMask {
        precondition(width == other.width && height == other.height, "shapes of one picture")
        return ShapeMask(width: width, height: height) { rule(values[$0], other.values[$0]) }
    }
}

// MARK: - Morphology (Serra 1982); what lies beyond the picture's edge neither grows nor shrinks anything.

extension ShapeMask {
    /// What a shape is grown and shrunk by: half its width on each row, from the top.
    package struct Brush: Sendable {
        fileprivate let halves: [Int]

        /// A square of 2·radius + 1 pixels.
        package static func square(_ radius: Int) -> Brush {
            Brush(halves: [Int](repeating: max(radius, 0), count: 2 * max(radius, 0) + 1))
        }

        /// A disc of 2·radius + 1 pixels across.
        package static func disc(_ radius: Int) -> Brush {
            let radius = max(radius, 0), square = Double(radius * radius)
            return Brush(
                halves: (-radius...radius).map { Int((square - Double($0 * $0)).squareRoot().rounded()) })
        }
    }

    /// Grown by `brush`.
    package func dilated(by brush: Brush) -> ShapeMask {
        let reach = brush.halves.count / 2
        var result = self
        result.values.withUnsafeMutableBufferPointer { inside in
            for row in 0..<height {
                // What lies side by side is grown at once.
                for run in runs(in: row) {
                    for y in max(0, row - reach)...min(height - 1, row + reach) {
                        let half = brush.halves[row - y + reach]
                        let (low, high) = (max(0, run.lowerBound - half), min(width, run.upperBound + half))
                        inside[y * width + low..<y * width + high].update(repeating: true)
                    }
                }
            }
        }
        return result
    }

    /// Columns that belong to it in one row, as far as they lie side by side.
    private func runs(in row: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = [], first: Int?
        for x in 0..<width {
            switch (values[row * width + x], first) {
            case (true, nil): first = x
            case (false, let start?):
                runs.append(start..<x)
                first = nil
            default: break
            }
        }
        if let first { runs.append(first..<width) }
        return runs
    }

    /// Shrunk by `brush`.
    package func eroded(by brush: Brush) -> ShapeMask { inverse.dilated(by: brush).inverse }
    /// Grown, then shrunk: gaps narrower than the brush are filled.
    package func closed(by brush: Brush) -> ShapeMask { dilated(by: brush).eroded(by: brush) }
    /// Shrunk, then grown: parts narrower than the brush are gone.
    package func opened(by brush: Brush) -> ShapeMask { eroded(by: brush).dilated(by: brush) }

    /// Connected parts (by their sides): the indices of each one's pixels.
    package var parts: [[Int]] { parts(of: true) }

    /// Without connected parts and then without holes of fewer than `area` pixels.
    package func withoutSpecks(below area: Double) -> ShapeMask {
        var result = self
        for value in [true, false] {
            for part in result.parts(of: value) where Double(part.count) < area {
                for index in part { result.values[index] = !value }
            }
        }
        return result
    }

    private func parts(of value: Bool) -> [[Int]] {
        var seen = [Bool](repeating: false, count: values.count), parts: [[Int]] = []
        for start in values.indices where !seen[start] && values[start] == value {
            var part = [start], next = 0
            seen[start] = true
            while next < part.count {
                let index = part[next], x = index % width
                next += 1
                for (neighbour, isThere) in [
                    (index - 1, x > 0), (index + 1, x + 1 < width), (index - width, index >= width),
                    (index + width, index + width < values.count),
                ] where isThere && !seen[neighbour] && values[neighbour] == value {
                    seen[neighbour] = true
                    part.append(neighbour)
                }
            }
            parts.append(part)
        }
        return parts
    }
}

// MARK: - Planes

extension Plane {
    /// Blurred by a Gaussian, the edge mirrored about its last pixel.
    ///
    /// - Parameter sigma: in pixels.
    package func blurred(sigma: Double) -> Plane {
        let reach = Int((4 * sigma).rounded())
        guard reach > 0, width > 0 else { return self }
        let raw = (-reach...reach).map { Float(exponential(-Float($0 * $0) / Float(2 * sigma * sigma))) }
        let total = raw.reduce(0, +), kernel = raw.map { $0 / total }
        func mirrored(_ index: Int, _ count: Int) -> Int {
            guard count > 1 else { return 0 }
            let period = 2 * (count - 1), place = ((index % period) + period) % period
            return min(place, period - place)
        }
        let columns = (0..<width + 2 * reach).map { mirrored($0 - reach, width) }
        let rows = (0..<height + 2 * reach).map { mirrored($0 - reach, height) }
        return blurredDown(blurredAcross(kernel, columns: columns), kernel, rows: rows)
    }

    /// Neighbours that are blurred together: they stay in registers for the whole kernel, since to load and store them
    /// again for each of its weights would be most of what a blur costs.
    private typealias Neighbours = SIMD16<Float>

    /// - Parameter columns: of each value in a row with its surroundings.
    /// - Returns: row by row, the last ones of each row with what is beyond it.
    private func blurredAcross(_ kernel: [Float], columns: [Int]) -> [Neighbours] {
        let count = Neighbours.scalarCount, parts = (width + count - 1) / count
        return values.withSharedBuffer { values in
            [Neighbours](count: parts * height) { across in
                forEachRowInBands { rows in
                    var padded = [Float](repeating: 0, count: count * parts + kernel.count)
                    for y in rows {
                        for x in columns.indices { padded[x] = values[y * width + columns[x]] }
                        padded.withUnsafeBytes { padded in
                            for part in 0..<parts {
                                var sum = Neighbours.zero
                                for step in kernel.indices {
                                    let offset = MemoryLayout<Float>.stride * (count * part + step)
                                    sum +=
                                        kernel[step]
                                        * padded.loadUnaligned(fromByteOffset: offset, as: Neighbours.self)
                                }
                                across[y * parts + part] = sum
                            }
                        }
                    }
                }
            }
        }
    }

    private func blurredDown(_ across: [Neighbours], _ kernel: [Float], rows: [Int]) -> Plane {
        let count = Neighbours.scalarCount, parts = (width + count - 1) / count
        let values = across.withSharedBuffer { across in
            [Float](count: width * height) { values in
                forEachRowInBands { band in
                    for y in band {
                        for part in 0..<parts {
                            var sum = Neighbours.zero
                            for step in kernel.indices { sum += kernel[step] * across[rows[y + step] * parts + part] }
                            let first = y * width + count * part, length = min(count, width - count * part)
                            withUnsafeBytes(of: sum) { sum in
                                let size = MemoryLayout<Float>.stride * length
                                UnsafeMutableRawBufferPointer(values[first..<first + length])
                                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: sum[..<size]))
                            }
                        }
                    }
                }
            }
        }
        return Plane(width: width, height: height, values: values)
    }

    /// Calls `body` with all rows, some at a time, on all cores where that pays.
    private func forEachRowInBands(_ body: @Sendable (Range<Int>) -> Void) {
        let band = max(1, 8192 / width), count = (height + band - 1) / band
        guard count > 1 else { return body(0..<height) }
        parallelFor(count) { body($0 * band..<min(($0 + 1) * band, height)) }
    }

    /// Between its pixels, linearly; the edge goes on.
    @inlinable
    package func bilinear(_ x: Double, _ y: Double) -> Float {
        let (u, v) = (min(max(x - 0.5, 0), Double(width - 1)), min(max(y - 0.5, 0), Double(height - 1)))
        let (left, top) = (Int(u), Int(v)), (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
        let (p, q) = (Float(u - Double(left)), Float(v - Double(top)))
        let above = self[left, top] + (self[right, top] - self[left, top]) * p
        let below = self[left, bottom] + (self[right, bottom] - self[left, bottom]) * p
        return above + (below - above) * q
    }

    /// Dilated, then eroded by a disc of 2·radius + 1 pixels across; what lies beyond the edge counts for nothing.
    package func closed(radius: Int) -> Plane { extremes(radius) { $0 > $1 }.extremes(radius) { $0 < $1 } }

    /// The value of the disc about each pixel that comes `before` all others there.
    @inline(__always)
    private func extremes(_ radius: Int, before: (Float, Float) -> Bool) -> Plane {
        var result = values
        let halves = (-radius...radius).map { Int(Double(radius * radius - $0 * $0).squareRoot().rounded()) }
        values.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { result in
                for y in 0..<height {
                    for row in max(0, y - radius)...min(height - 1, y + radius) {
                        let half = halves[row - y + radius], (target, from) = (y * width, row * width)
                        for shift in max(-half, 1 - width)...min(half, width - 1) {
                            for x in max(0, -shift)..<min(width, width - shift) {
                                let (own, other) = (result[target + x], source[from + x + shift])
                                result[target + x] = before(other, own) ? other : own
                            }
                        }
                    }
                }
            }
        }
        return Plane(width: width, height: height, values: result)
    }

    /// Its values in a shape of the same picture.
    package func values(in shape: ShapeMask) -> [Float] { values.indices.filter { shape[$0] }.map { values[$0] } }
}

extension [Float] {
    /// The value below which a share (0…1) of them lies, linear between two of them; `nil` of none.
    package func quantile(_ share: Double) -> Float? {
        guard !isEmpty else { return nil }
        let sorted = self.sorted(), place = share * Double(count - 1), index = Int(place)
        let next = sorted[Swift.min(index + 1, count - 1)]
        return sorted[index] + (next - sorted[index]) * Float(place - Double(index))
    }

    /// The middle one; `nil` of none.
    package var median: Float? { quantile(0.5) }

    /// The threshold that parts values (0…1) into two groups best (Otsu 1979), in steps of 1/255. What is no number
    /// counts as 0.
    package var otsu: Float {
        var counts = [Double](repeating: 0, count: 256)
        for value in self { counts[Int(Swift.min(255, Swift.max(0, value * 255)))] += 1 }
        let total = Double(count)
        let mean = counts.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element } / total
        var (share, sum, best, level) = (0.0, 0.0, 0.0, 0)
        for (value, count) in counts.enumerated() {
            share += count / total
            sum += Double(value) * count / total
            guard share > 1e-6, share < 1 - 1e-6 else { continue }
            let off = mean * share - sum, between = off * off / (share * (1 - share))
            if between > best { (best, level) = (between, value) }
        }
        return Float(level) / 255
    }
}
