import Raster

/// A dark line of the photograph along a way that is known.
struct CourseLine {
    /// In pixels of the window, about one of them apart.
    let points: [Point]
    /// Of the dip on the mean over the lightness about it, times the root of its share of the whole way.
    let depth: Double
    let mean: Double
    /// In units.
    let length: Double
}

/// The surroundings of a line's usual way on a face, in which it is looked for: of all ways through a straightened band
/// that with the largest sum of ridges (dynamic programming, Bellman 1957), and of that its best run.
struct CourseBand {
    private let soft, wide: Plane
    private let taken: ShapeMask
    private let scale, unit: Double
    private let offset: Point

    /// Places along a line, across it, and the least that a line has of the former.
    private static let along = 64, across = 25, least = 24
    /// What a step to the side costs, and what a place that has a line already is worth.
    private static let sideways: Float = 0.0015, worthless: Float = -0.01

    /// - Parameters:
    ///   - light: lightness (0…100) in the window.
    ///   - taken: where there are lines already.
    ///   - scale: of the ridge, in pixels.
    init(_ light: Plane, taken: ShapeMask, scale: Double, _ axes: FaceAxes, _ window: CoverageWindow) {
        (self.taken, self.scale, unit) = (taken, scale, axes.unit)
        (soft, wide) = (light.blurred(sigma: scale), light.blurred(sigma: 4 * scale))
        offset = Point(x: Double(window.x), y: Double(window.y))
    }

    /// - Parameters:
    ///   - way: in pixels of the picture.
    ///   - reach: how far to either side of it the line may lie, in units.
    func line(_ way: [Point], reach: Double) -> CourseLine {
        let course = Self.evenly(way.map { $0 - offset }, count: Self.along)
        let columns = 2 * Self.across + 1
        let normals = course.indices.map { index -> Point in
            let ahead = course[min(index + 1, course.count - 1)] - course[max(index - 1, 0)]
            return Point(x: -ahead.y, y: ahead.x) * (1 / max(ahead.length, 1e-6))
        }
        func place(_ row: Int, _ column: Int) -> Point {
            course[row] + normals[row] * (reach * unit * Double(column - Self.across) / Double(Self.across))
        }
        var ridges = [Float](repeating: 0, count: Self.along * columns)
        for row in 0..<Self.along {
            for column in 0..<columns {
                ridges[row * columns + column] = ridge(place(row, column), across: normals[row])
            }
        }
        let path = Self.best(ridges, columns: columns)
        let dips = path.enumerated().map { row, column in dip(place(row, column), across: normals[row]) }
        let run = Self.best(dips)
        let points = run.map { place($0, path[$0]) }
        let length = zip(points, points.dropFirst()).reduce(0) { $0 + ($1.0 - $1.1).length }
        let mean = Double(run.reduce(0) { $0 + dips[$1] }) / Double(run.count)
        let share = Double(run.count) / Double(Self.along)
        return CourseLine(
            points: Self.evenly(points, count: max(3, Int(length.rounded()))),
            depth: mean * share.squareRoot(), mean: mean, length: length / unit)
    }

    /// Half the second difference across a line, over the lightness about it.
    private func ridge(_ place: Point, across: Point) -> Float {
        guard !isTaken(place) else { return Self.worthless }
        let step = across * (1.2 * scale), (ahead, behind) = (place + step, place - step)
        let off = soft.bilinear(ahead.x, ahead.y) + soft.bilinear(behind.x, behind.y)
        return (off / 2 - soft.bilinear(place.x, place.y)) / max(wide.bilinear(place.x, place.y), 8)
    }

    /// By how much the line is darker than the lighter and the darker side: of a mere step of the tone nothing.
    private func dip(_ place: Point, across: Point) -> Float {
        guard !isTaken(place) else { return Self.worthless }
        let step = across * (1.8 * scale), (ahead, behind) = (place + step, place - step)
        let least = min(soft.bilinear(ahead.x, ahead.y), soft.bilinear(behind.x, behind.y))
        let depth = (least - soft.bilinear(place.x, place.y)) / max(wide.bilinear(place.x, place.y), 8)
        return max(depth, Self.worthless)
    }

    private func isTaken(_ place: Point) -> Bool {
        let (x, y) = (Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
        guard x >= 0, y >= 0, x < soft.width, y < soft.height else { return true }
        return taken[y * soft.width + x]
    }

    /// Points of a line, equally far from each other.
    private static func evenly(_ line: [Point], count: Int) -> [Point] {
        var lengths = [0.0]
        for (a, b) in zip(line, line.dropFirst()) {
            lengths.append(lengths[lengths.count - 1] + (b - a).length)
        }
        guard let whole = lengths.last, whole > 0 else { return line }
        var index = 0
        return steps(count).map { step in
            while index < line.count - 2, lengths[index + 1] < step * whole { index += 1 }
            let share = (step * whole - lengths[index]) / max(lengths[index + 1] - lengths[index], 1e-9)
            return line[index] + (line[index + 1] - line[index]) * min(max(share, 0), 1)
        }
    }

    /// The column in each row of the way down with the largest sum, at most one column aside from row to row.
    private static func best(_ values: [Float], columns: Int) -> [Int] {
        let rows = values.count / columns
        var sums = Array(values[..<columns]), from = [Int](repeating: 0, count: values.count)
        for row in 1..<rows {
            var next = sums
            for column in 0..<columns {
                var (best, source) = (sums[column], column)
                for other in [column - 1, column + 1] where other >= 0 && other < columns {
                    if sums[other] - Self.sideways > best {
                        (best, source) = (sums[other] - Self.sideways, other)
                    }
                }
                next[column] = best + values[row * columns + column]
                from[row * columns + column] = source
            }
            sums = next
        }
        var column = sums.indices.max { sums[$0] < sums[$1] } ?? 0
        var path = [column]
        for row in stride(from: rows - 1, to: 0, by: -1) {
            column = from[row * columns + column]
            path.append(column)
        }
        return path.reversed()
    }

    /// The run of places with the largest mean times the root of its length.
    private static func best(_ values: [Float]) -> Range<Int> {
        var sums: [Float] = [0]
        for value in values { sums.append(sums[sums.count - 1] + value) }
        var (best, run) = (-Float.infinity, 0..<values.count)
        for start in 0...(values.count - Self.least) {
            for end in (start + Self.least)...values.count {
                let size = (sums[end] - sums[start]) / Float(end - start).squareRoot()
                if size > best { (best, run) = (size, start..<end) }
            }
        }
        return run
    }
}
