import Raster

/// Dark ridges on a face where age and expression fold skin: on the forehead, between the brows, below the eyes, beside
/// them, and from the nose to beside the mouth.
///
/// Ridges are where the second derivative across a line is largest (Steger 1998), traced to lines one pixel wide.
struct SkinFolds {
    enum Zone: CaseIterable {
        case forehead, frown, eyeBag, crowsFoot, smile
    }

    struct Fold {
        let zone: Zone
        /// −1 for the viewer's left half of the face, 1 for the right one.
        let half: Int
        /// From pixel to pixel, in pixels of the window.
        let line: [Point]
        /// Of the ridge on the mean: the second derivative times the scale's square, over the lightness about it.
        let strength: Double
        /// In units.
        let length: Double
    }

    let folds: [Fold]
    /// What the ridge's measure comes to on the quiet parts of the cheeks: the fifth that is roughest begins there.
    let roughness: Double

    /// Scale at which ridges are looked for, and that of the lightness about them; in units.
    private static let scale = 0.016, around = 0.064
    /// Of a ridge's pixels and of a fold on the mean.
    private static let least: (pixel: Float, fold: Double) = (0.006, 0.012)
    /// In units.
    private static let leastLength = 0.13

    /// - Parameters:
    ///   - light: lightness (0…100) in the face's window.
    ///   - drawn: where there are lines already, which leave no room for folds.
    init(_ face: FoldZones, light: Plane, drawn: ShapeMask) {
        let unit = face.axes.unit, (width, height) = (light.width, light.height)
        let soft = light.blurred(sigma: Self.scale * unit), wide = light.blurred(sigma: Self.around * unit)
        let square = Float(Self.scale * unit * Self.scale * unit)
        var ridge = Plane(width: width, height: height),
            across = [SIMD2<Float>](repeating: .zero, count: width * height)
        for y in 1..<max(height - 1, 1) {
            for x in 1..<max(width - 1, 1) {
                let index = y * width + x, twice = 2 * soft.values[index]
                let xx = soft[x - 1, y] + soft[x + 1, y] - twice, yy = soft[x, y - 1] + soft[x, y + 1] - twice
                let xy =
                    (soft[x - 1, y - 1] + soft[x + 1, y + 1] - soft[x - 1, y + 1] - soft[x + 1, y - 1]) / 4
                let half = (xx - yy) / 2, root = (half * half + xy * xy).squareRoot()
                ridge.values[index] = square * ((xx + yy) / 2 + root) / max(wide.values[index], 8)
                // The eigenvector of the larger eigenvalue, by the better conditioned of its two forms.
                let axis = half > 0 ? SIMD2(half + root, xy) : SIMD2(xy, root - half)
                across[index] = axis / max((axis * axis).sum().squareRoot(), 1e-9)
            }
        }
        let quiet = ridge.values(in: face.quiet).map { abs($0) }
        roughness = Double(quiet.count > 50 ? quiet.quantile(0.8) ?? 0.01 : 0.01)
        var folds: [Fold] = []
        for zone in Zone.allCases {
            let place = face.places[zone] ?? ShapeMask(width: width, height: height) { _ in false }
            let tops = ShapeMask(width: width, height: height) { index in
                guard place[index], ridge.values[index] > Self.least.pixel else { return false }
                let (x, y) = (Double(index % width) + 0.5, Double(index / width) + 0.5), to = across[index]
                let ahead = ridge.bilinear(x + Double(to.x), y + Double(to.y))
                let behind = ridge.bilinear(x - Double(to.x), y - Double(to.y))
                return ridge.values[index] >= ahead && ridge.values[index] > behind
                    && face.allows(zone, across: to, at: Point(x: x, y: y))
            }
            for path in RidgePath.all(of: tops) {
                let free = RidgePath.longestRun(path) { !drawn[$0] }
                let line = free.map { Point(x: Double($0 % width) + 0.5, y: Double($0 / width) + 0.5) }
                let length = zip(line, line.dropFirst()).reduce(0) { $0 + ($1.0 - $1.1).length } / unit
                let strength = Double(free.reduce(0) { $0 + ridge.values[$1] }) / Double(max(free.count, 1))
                guard length > Self.leastLength, strength > Self.least.fold else { continue }
                let half = face.half(of: line.mean)
                folds.append(Fold(zone: zone, half: half, line: line, strength: strength, length: length))
            }
        }
        self.folds = folds
    }
}

/// Lines one pixel wide.
enum RidgePath {
    /// The longest way through each connected part (by sides and corners): indices of its pixels in order.
    static func all(of shape: ShapeMask) -> [[Int]] {
        var before = [Int](repeating: -1, count: shape.values.count), paths: [[Int]] = []
        var isDone = [Bool](repeating: false, count: shape.values.count)
        for start in shape.values.indices where shape[start] && !isDone[start] {
            let part = reached(from: start, shape, &before)
            for index in part {
                isDone[index] = true
                before[index] = -1
            }
            guard part.count > 5, let end = part.last else { continue }
            let back = reached(from: end, shape, &before)
            var path: [Int] = [], index = back.last ?? end
            while index != end {
                path.append(index)
                index = before[index]
            }
            path.append(end)
            for index in back { before[index] = -1 }
            paths.append(path)
        }
        return paths
    }

    /// Pixels connected to one, in the order of their distance in steps; `before` tells each one's way back.
    private static func reached(from start: Int, _ shape: ShapeMask, _ before: inout [Int]) -> [Int] {
        var part = [start], next = 0
        before[start] = start
        while next < part.count {
            let index = part[next], (x, y) = (index % shape.width, index / shape.width)
            next += 1
            for row in max(y - 1, 0)...min(y + 1, shape.height - 1) {
                for column in max(x - 1, 0)...min(x + 1, shape.width - 1) {
                    let other = row * shape.width + column
                    guard shape[other], before[other] < 0 else { continue }
                    before[other] = index
                    part.append(other)
                }
            }
        }
        return part
    }

    /// The longest part of a path without a gap.
    static func longestRun(_ path: [Int], where isFree: (Int) -> Bool) -> [Int] {
        var best: [Int] = [], run: [Int] = []
        for index in path {
            if isFree(index) { run.append(index) } else { run = [] }
            if run.count > best.count { best = run }
        }
        return best
    }
}
