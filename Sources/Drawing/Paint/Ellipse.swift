import Raster

/// An ellipse that lies along a face's axes, in pixels.
struct Ellipse: Equatable {
    var centre: Point
    /// Half of its extent along the face's `right` and `down`, in pixels.
    var radii: (width: Double, height: Double)
    let right: Point
    let down: Point

    static func == (a: Ellipse, b: Ellipse) -> Bool {
        a.centre == b.centre && a.radii == b.radii && a.right == b.right && a.down == b.down
    }

    init(centre: Point, radii: (width: Double, height: Double), _ axes: FaceAxes) {
        (self.centre, self.radii, right, down) = (centre, radii, axes.right, axes.down)
    }

    /// Along right and down from the centre, in pixels.
    func place(_ point: Point) -> (across: Double, along: Double) {
        (dot(point - centre, right), dot(point - centre, down))
    }

    /// How far a place lies within, in pixels, negative beyond the border (Taubin's distance of first order, at most
    /// the smaller radius).
    func depth(_ point: Point) -> Double {
        let (across, along) = place(point)
        let (u, v) = (across / radii.width, along / radii.height), far = Point(x: u, y: v).length
        let slope = Point(x: u / radii.width, y: v / radii.height).length / max(far, 1e-6)
        return min((1 - far) / max(slope, 1e-6), min(radii.width, radii.height))
    }

    /// Windows of Tukey's biweight, from wide to narrow, in pixels: what covers a border in part is no part of it.
    private static let windows = [4.5, 3, 1.8, 1.2, 1.2, 1.2, 1.2, 1.2]

    /// The ellipse that most of `points` lie on, found from this one (Gauss and Newton's steps on the points' distances
    /// from the border).
    ///
    /// - Parameter pull: how much centre across, centre along, width and height are held to those of this one, 0 for
    ///   not at all, 1 for as much as by all points.
    func fitted(to points: [Point], pull: SIMD4<Double>) -> Ellipse {
        var result = self
        let count = Double(points.count)
        for window in Self.windows {
            var equations = NormalEquations(4)
            let (across, along) = result.place(centre)
            let back = SIMD4(
                across, along, radii.width - result.radii.width, radii.height - result.radii.height)
            for index in 0..<4 {
                var row = [0.0, 0, 0, 0]
                row[index] = 1
                equations.add(row, back[index], weight: pull[index] * count)
            }
            let (width, height) = result.radii, size = (width * height).squareRoot()
            for point in points {
                let (across, along) = result.place(point)
                let (u, v) = (across / width, along / height), far = max(Point(x: u, y: v).length, 1e-3)
                let off = (far - 1) * size, share = max(1 - (off / window) * (off / window), 0)
                let row = [-u / width, -v / height, -u * u / width, -v * v / height].map { $0 * size / far }
                equations.add(row, -off, weight: share * share)
            }
            guard let found = equations.solution() else { return result }
            let step = found.map { min(max($0, -2), 2) }
            result.centre = result.centre + right * step[0] + down * step[1]
            result.radii = (max(width + step[2], 1), max(height + step[3], 1))
        }
        return result
    }
}

/// Weighted least squares: Σ w · (row · x − value)² is least.
struct NormalEquations {
    private var matrix: [[Double]]

    /// - Parameter count: of unknowns.
    init(_ count: Int) {
        matrix = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
    }

    mutating func add(_ row: [Double], _ value: Double, weight: Double) {
        for i in row.indices {
            for j in row.indices { matrix[i][j] += weight * row[i] * row[j] }
            matrix[i][row.count] += weight * row[i] * value
        }
    }

    /// By elimination with the largest pivots; `nil` when the rows do not decide all unknowns.
    func solution() -> [Double]? {
        var m = matrix
        for column in m.indices {
            guard let pivot = (column..<m.count).max(by: { abs(m[$0][column]) < abs(m[$1][column]) }),
                abs(m[pivot][column]) > 1e-9
            else { return nil }
            m.swapAt(column, pivot)
            for row in m.indices where row != column {
                let factor = m[row][column] / m[column][column]
                for index in column...m.count { m[row][index] -= factor * m[column][index] }
            }
        }
        return m.indices.map { m[$0][m.count] / m[$0][$0] }
    }
}
