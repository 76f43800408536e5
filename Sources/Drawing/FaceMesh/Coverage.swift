import Raster

/// A rectangle of pixels in which shapes are drawn as coverage, 0…1. Coordinates are those of the whole picture.
struct CoverageWindow {
    let x: Int
    let y: Int
    let width: Int
    let height: Int

    /// The part of a picture within `margin` pixels of the points' bounding box; `nil` when that is empty.
    init?(width: Int, height: Int, around points: [Point], margin: Double) {
        func span(_ values: [Double], _ limit: Int) -> Range<Int>? {
            guard let least = values.min(), let most = values.max(), least.isFinite, most.isFinite else { return nil }
            let low = min(max((least - margin).rounded(.down), 0), Double(limit))
            let high = min(max((most + margin).rounded(.up), low), Double(limit))
            return low < high ? Int(low)..<Int(high) : nil
        }
        guard let columns = span(points.map(\.x), width), let rows = span(points.map(\.y), height) else { return nil }
        (x, y, self.width, self.height) = (columns.lowerBound, rows.lowerBound, columns.count, rows.count)
    }

    var empty: [Float] { [Float](repeating: 0, count: width * height) }

    /// One value for each pixel, row by row.
    func plane(_ values: [Float]) -> Plane { Plane(width: width, height: height, values: values) }

    /// What one of its planes has at a place of the picture.
    func value(_ plane: Plane, _ place: Point) -> Float { plane.bilinear(place.x - Double(x), place.y - Double(y)) }

    /// Where coverage is above a threshold.
    func shape(_ coverage: [Float], above threshold: Float) -> ShapeMask {
        ShapeMask(width: width, height: height) { coverage[$0] > threshold }
    }

    /// Where a polygon covers more than a share of a pixel.
    func shape(_ polygon: [Point], above threshold: Float) -> ShapeMask {
        shape(self.polygon(polygon), above: threshold)
    }

    /// The centre of a pixel of one of its planes.
    func centre(_ index: Int) -> Point {
        Point(x: Double(x + index % width) + 0.5, y: Double(y + index / width) + 0.5)
    }

    /// One value for each pixel, row by row, from its centre.
    func map(_ value: (Point) -> Double) -> [Float] {
        var result = empty
        for row in 0..<height {
            for column in 0..<width {
                result[row * width + column] = Float(
                    value(Point(x: Double(x + column) + 0.5, y: Double(y + row) + 0.5)))
            }
        }
        return result
    }

    /// clamp(0.5 − signed distance to the border) of a closed polygon; even-odd rule, the distance negative inside.
    func polygon(_ polygon: [Point]) -> [Float] { depth(polygon, reach: 0.5).map { Float(0.5 + $0) } }

    /// How far within a closed polygon each pixel's centre lies, in pixels, negative outside; even-odd rule. Distances
    /// beyond `reach` count as that.
    func depth(_ polygon: [Point], reach: Double) -> [Double] {
        var border = [Double](repeating: reach, count: width * height)
        var toggled = [Int](repeating: 0, count: height * (width + 1))
        for (index, start) in polygon.enumerated() {
            let end = polygon[(index + 1) % polygon.count]
            toggle(&toggled, start, end)
            forEachPixel(near: start, end, reach: reach) { pixel, distance, _ in
                border[pixel] = min(border[pixel], distance)
            }
        }
        for row in 0..<height {
            var crossings = 0
            for column in stride(from: width - 1, through: 0, by: -1) {
                // A pixel counts the crossings to the right of its centre.
                crossings += toggled[row * (width + 1) + column + 1]
                if crossings % 2 == 0 { border[row * width + column].negate() }
            }
        }
        return border
    }

    /// Along each row of pixel centres an edge toggles what lies left of its crossing.
    private func toggle(_ toggled: inout [Int], _ start: Point, _ end: Point) {
        let first = max(0, Int((min(start.y, end.y) - Double(y) - 0.5).rounded(.up)))
        for row in max(0, first - 1)..<max(max(0, first - 1), height) {
            let centre = Double(y + row) + 0.5
            if centre > max(start.y, end.y) { break }
            guard (start.y <= centre) != (end.y <= centre) else { continue }
            let crossing = start.x + (centre - start.y) / (end.y - start.y) * (end.x - start.x) - Double(x)
            toggled[row * (width + 1) + Int(min(max((crossing - 0.5).rounded(.up), 0), Double(width)))] += 1
        }
    }

    /// A stroke with round ends: the largest over its segments of min(clamp(r + 0.5 − distance), 2r), r being half the
    /// width at the nearest point, so that what is thinner than a pixel is fainter.
    ///
    /// - Parameter widths: one for each point, in pixels.
    func stroke(_ line: [Point], widths: [Double]) -> [Float] {
        var result = empty
        for index in line.indices.dropLast() {
            let radii = (0.5 * widths[index], 0.5 * widths[index + 1])
            forEachPixel(near: line[index], line[index + 1], reach: 0.5 + max(radii.0, radii.1)) {
                pixel, distance, place in
                let radius = radii.0 + place * (radii.1 - radii.0)
                result[pixel] = max(result[pixel], Float(min(min(max(radius + 0.5 - distance, 0), 1), 2 * radius)))
            }
        }
        return result
    }

    /// How far within a stroke with round ends each pixel's centre lies, in pixels, negative outside: the largest over
    /// its segments of r − distance, r as in `stroke`, and at least −`reach`.
    func depth(ofStroke line: [Point], widths: [Double], reach: Double) -> [Double] {
        var result = [Double](repeating: -reach, count: width * height)
        for index in line.indices.dropLast() {
            let radii = (0.5 * widths[index], 0.5 * widths[index + 1])
            forEachPixel(near: line[index], line[index + 1], reach: reach + max(radii.0, radii.1)) {
                pixel, distance, place in
                result[pixel] = max(result[pixel], radii.0 + place * (radii.1 - radii.0) - distance)
            }
        }
        return result
    }

    /// Pixels whose centres lie within `reach` of a segment, and some beyond, with the distance and the nearest point's
    /// place, 0…1.
    @inline(__always)
    private func forEachPixel(
        near start: Point, _ end: Point, reach: Double,
        _ body: (_ pixel: Int, _ distance: Double, _ place: Double) -> Void
    ) {
        func span(_ a: Double, _ b: Double, _ first: Int, _ count: Int) -> Range<Int> {
            let low = min(max(min(a, b) - reach - 0.5 - Double(first), 0), Double(count))
            let high = min(max((max(a, b) + reach + 0.5 - Double(first)).rounded(.up), low), Double(count))
            return Int(low)..<max(Int(low), Int(high))
        }
        let along = end - start
        let square = max(along.x * along.x + along.y * along.y, 1e-12)
        for row in span(start.y, end.y, y, height) {
            let v = Double(y + row) + 0.5 - start.y
            for column in span(start.x, end.x, x, width) {
                let u = Double(x + column) + 0.5 - start.x
                let place = min(max((u * along.x + v * along.y) / square, 0), 1)
                let distance = Point(x: u - place * along.x, y: v - place * along.y).length
                body(row * width + column, distance, place)
            }
        }
    }
}

/// `count` points at equal steps of an open Catmull-Rom curve through `points`, of which there are at least two; beyond
/// the ends it goes on as mirrored.
func curve(_ points: [Point], count: Int = 40) -> [Point] {
    let before = points[0] * 2 - points[1], after = points[points.count - 1] * 2 - points[points.count - 2]
    let p = [before] + points + [after]
    let last = Double(points.count - 1) - 1e-6
    return (0..<count).map { step in
        let t = last * Double(step) / Double(count - 1)
        let index = Int(t), f = t - Double(index)
        let (a, b, c, d) = (p[index], p[index + 1], p[index + 2], p[index + 3])
        let linear = c - a
        let square = a * 2 - b * 5 + c * 4 - d
        let cubic = b * 3 - a - c * 3 + d
        return (b * 2 + linear * f + square * (f * f) + cubic * (f * f * f)) * 0.5
    }
}

/// Smooth polygon through a ring of points.
func closedCurve(_ ring: [Point]) -> [Point] { curve(ring + ring.prefix(1), count: 6 * ring.count) }

/// `count` equal steps from 0 to 1.
func steps(_ count: Int) -> [Double] { (0..<count).map { Double($0) / Double(count - 1) } }

/// 0 at `low`, 1 at `high`, a cubic without corners between.
func smooth(_ low: Double, _ high: Double, _ value: Double) -> Double {
    let t = min(max((value - low) / (high - low), 0), 1)
    return t * t * (3 - 2 * t)
}

extension [Point] {
    /// Their mean; there is at least one.
    package var mean: Point { reduce(Point(x: 0, y: 0), +) * (1 / Double(count)) }
}

/// x·x + y·y of both.
func dot(_ a: Point, _ b: Point) -> Double { a.x * b.x + a.y * b.y }
