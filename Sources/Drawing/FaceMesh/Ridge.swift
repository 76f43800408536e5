import Raster

/// Lines moved across themselves to where a plane is high.
enum Ridge {
    /// Points of a closed line by which its search goes on beyond both ends.
    private static let overlap = 24

    /// A line moved across itself to where a plane is high.
    ///
    /// - Parameters:
    ///   - unit: in pixels.
    ///   - reach: how far it may be moved to either side, in units.
    ///   - places: that are tried to either side; the outermost is worth 0.15 less than the line's own.
    ///   - stiffness: as in `shifts`, in units.
    ///   - value: of the plane at a place.
    static func snapped(
        _ line: [Point], unit: Double, reach: Double, places: Int, stiffness: Double, to value: (Point) -> Float
    ) -> [Point] {
        let normals = normals(line), offsets = (-places...places).map { reach * Double($0) / Double(places) }
        let gains = zip(line, normals).map { point, normal in
            offsets.map { offset in
                let away = Float(offset / reach)
                return value(point + normal * (offset * unit)) - 0.15 * away * away
            }
        }
        let shifts = shifts(gains, offsets: offsets, stiffness: stiffness, isClosed: false)
        return line.indices.map { line[$0] + normals[$0] * (shifts[$0] * unit) }
    }

    /// How far each point of a line is moved: the best smooth path by dynamic programming (as in Amini et al. 1990),
    /// smoothed.
    ///
    /// - Parameters:
    ///   - gains: for each point the gain at each of `offsets`.
    ///   - stiffness: cost of the square of a step from one point to the next.
    static func shifts(_ gains: [[Float]], offsets: [Double], stiffness: Double, isClosed: Bool) -> [Double] {
        let overlap = isClosed ? min(overlap, gains.count) : 0
        let rows = Array(gains.suffix(overlap)) + gains + Array(gains.prefix(overlap))
        guard var total = rows.first else { return [] }
        let cost = offsets.map { from in offsets.map { Float(stiffness * (from - $0) * (from - $0)) } }
        var ways: [[Int]] = []
        for row in rows.dropFirst() {
            var (next, way) = (row, [Int](repeating: 0, count: row.count))
            for place in row.indices {
                var best = -Float.infinity
                for before in row.indices where total[before] - cost[place][before] > best {
                    best = total[before] - cost[place][before]
                    way[place] = before
                }
                next[place] += best
            }
            total = next
            ways.append(way)
        }
        var place = total.indices.max { total[$0] < total[$1] } ?? 0
        var path = [place]
        for way in ways.reversed() {
            place = way[place]
            path.append(place)
        }
        let found = path.reversed().dropFirst(overlap).prefix(gains.count).map { offsets[$0] }
        return smoothed(Array(found), sigma: 2.5, isClosed: isClosed)
    }

    /// Values along a line blurred by a Gaussian, the ends going on.
    ///
    /// - Parameter sigma: in points.
    static func smoothed(_ values: [Double], sigma: Double, isClosed: Bool) -> [Double] {
        let reach = Int((2.5 * sigma).rounded()), count = values.count
        let kernel = (-reach...reach).map { power(2.718281828459045, -Double($0 * $0) / (2 * sigma * sigma)) }
        let whole = kernel.reduce(0, +)
        return values.indices.map { index in
            kernel.indices.reduce(0) { sum, tap in
                let place = index + tap - reach
                let inside = isClosed ? (place + count) % count : min(max(place, 0), count - 1)
                return sum + kernel[tap] * values[inside]
            } / whole
        }
    }

    /// Unit vectors across a line.
    static func normals(_ line: [Point]) -> [Point] {
        line.indices.map { index in
            let along = line[min(index + 1, line.count - 1)] - line[max(index - 1, 0)]
            return Point(x: -along.y, y: along.x) * (1 / (along.length + 1e-6))
        }
    }
}
