import Models
import Raster

/// Where a face's features lie, drawn from its mesh for a generator that asks for it. Models/training/GUIDES.md has
/// every formula; training draws the same maps.
public struct GuideMaps: Equatable, Sendable {
    /// In the order in which they lie in `values`.
    public typealias Map = GuideMap

    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// What is not 0. Features cover little of a picture, and all maps of a large one would take 36 bytes a pixel.
    private var patches: [Patch] = []

    /// A feature's coverage, 0…1, row by row.
    private struct Patch {
        let map: Map
        let window: CoverageWindow
        let coverage: [Float]
    }

    /// - Parameter meshes: of the faces in the picture, in its pixels; without any all is 0.
    public init(width: Int, height: Int, meshes: [FaceMesh]) {
        (self.width, self.height) = (width, height)
        for mesh in meshes { draw(mesh) }
    }

    /// The value of one map in column `x` of row `y`.
    public subscript(map: Map, x: Int, y: Int) -> Float { tensor([map], x: x, y: y, width: 1, height: 1).values[0] }

    /// Map after map, row by row, 0…1.
    public var values: [Float] { tensor(Map.allCases, x: 0, y: 0, width: width, height: height).values }

    /// Whether all maps are the same.
    public static func == (a: GuideMaps, b: GuideMaps) -> Bool {
        a.width == b.width && a.height == b.height && a.values == b.values
    }

    /// The rectangle at (x, y), padded with 0 to `width` × `height`, as a network takes it: [1, maps, height, width].
    /// Where features overlap, the larger coverage counts.
    func tensor(_ maps: [Map], x: Int, y: Int, width: Int, height: Int) -> Tensor {
        var tensor = Tensor(zeros: [1, maps.count, height, width])
        for patch in patches {
            guard let channel = maps.firstIndex(of: patch.map) else { continue }
            let window = patch.window
            let columns = max(x, window.x)..<max(x, window.x, min(x + width, window.x + window.width))
            let rows = max(y, window.y)..<max(y, window.y, min(y + height, window.y + window.height))
            for row in rows {
                let target = (channel * height + row - y) * width - x
                let source = (row - window.y) * window.width - window.x
                for column in columns {
                    tensor.values[target + column] = max(
                        tensor.values[target + column], patch.coverage[source + column])
                }
            }
        }
        return tensor
    }

    private mutating func add(_ map: Map, _ window: CoverageWindow, _ coverage: [Float]) {
        patches.append(Patch(map: map, window: window, coverage: coverage))
    }

    private mutating func draw(_ mesh: FaceMesh) {
        let axes = FaceAxes(mesh)
        // A face without extent has no features to draw.
        guard axes.unit.isFinite, axes.unit > 1e-3, mesh.points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
            return
        }
        let eyes = (0...1).map { DrawnEye(mesh, axes, index: $0) }
        for index in 0...1 {
            draw(eyes[index], other: eyes[1 - index], axes)
            draw(.brows, closedCurve(mesh.points(MeshPoints.brow[index])))
        }
        if !mesh.isMouthCovered { drawMouth(mesh, axes) }
        draw(.oval, mesh.points(MeshPoints.oval))
        let jaw = mesh.isMouthCovered ? [] : [Contour.jaw(mesh, axes)]
        for contour in jaw + Contour.nose(mesh, axes) {
            guard
                let window = CoverageWindow(
                    width: width, height: height, around: contour.line, margin: 0.03 * axes.unit + 2)
            else { continue }
            add(.contours, window, window.stroke(contour.line, widths: contour.widths).map { $0 * contour.strength })
        }
    }

    private mutating func draw(_ map: Map, _ polygon: [Point]) {
        guard let window = CoverageWindow(width: width, height: height, around: polygon, margin: 2) else { return }
        add(map, window, window.polygon(polygon))
    }
}

extension GuideMaps {
    private mutating func draw(_ eye: DrawnEye, other: DrawnEye, _ axes: FaceAxes) {
        let outline = eye.upper + eye.lower.reversed()
        guard let window = CoverageWindow(width: width, height: height, around: outline, margin: 0.15 * axes.unit + 2)
        else { return }
        // Of a head turned far away only the near eye is drawn, and closed eyes are a lash line.
        let turned = smooth(0.35, 0.6, eye.width / max(other.width, 1e-3))
        let open = Float(turned * min(max((eye.opening - 0.045) / 0.02, 0), 1))
        let opening = window.polygon(outline).map { $0 * open }
        let (rx, ry) = (eye.radii.width, eye.radii.height)
        func place(_ point: Point) -> Point {
            Point(x: dot(point - eye.iris, axes.right), y: dot(point - eye.iris, axes.down))
        }
        let disc = window.map { point in
            let p = place(point)
            return min(max(0.5 + rx * (1 - Point(x: p.x / rx, y: p.y / ry).length), 0), 1)
        }
        let glint = window.map { point in
            let off = place(point) + Point(x: 0.36 * rx, y: -eye.glint)
            return min(max(0.5 + 0.28 * rx - off.length, 0), 1)
        }
        add(.eyes, window, opening)
        add(.irises, window, zip(opening, disc).map { $0 * $1 })
        add(.highlights, window, zip(opening, glint).map { $0 * $1 })
        add(.lashes, window, Self.lashes(eye, axes.unit, window).map { $0 * Float(turned) })
    }

    /// Upper lash line with a short wing, outer part of the lower one, crease above the lid.
    private static func lashes(_ eye: DrawnEye, _ unit: Double, _ window: CoverageWindow) -> [Float] {
        let across = eye.upper[20] - eye.lower[20], up = across * (1 / (across.length + 1e-6))
        let widths = steps(40).map { t -> Double in
            let full = 0.008 + 0.046 * sine(.pi * (0.05 + 0.75 * t))
            return unit * full * min(1, 0.3 + 4 * (1 - t))
        }
        let upper = window.stroke(zip(eye.upper, widths).map { $0 + up * (0.4 * $1) }, widths: widths)
        let wing = Self.wing(eye.upper, up, unit)
        let outer = window.stroke(wing, widths: steps(wing.count).map { unit * 0.038 * (1 - $0) })

        let half = Array(eye.lower[16...38])
        let thin = steps(half.count).map { (0.004 + 0.012 * $0) * unit }
        let lower = window.stroke(zip(half, thin).map { $0 - up * (0.4 * $1) }, widths: thin)

        let crease = eye.upper[7...35].map { $0 + up * (0.085 * unit) }
        let fold = window.stroke(crease, widths: steps(crease.count).map { unit * (0.004 + 0.013 * sine(.pi * $0)) })
        let strength = Float(0.5 * smooth(0.07, 0.12, eye.opening))
        return upper.indices.map { max(upper[$0], outer[$0], 0.6 * lower[$0], strength * fold[$0]) }
    }

    /// The outer lashes: from the lid outwards, where that goes down to its corner.
    private static func wing(_ lid: [Point], _ up: Point, _ unit: Double) -> [Point] {
        let out = lid[39] - lid[0]
        let tip = lid[37] + out * (0.060 * unit / (out.length + 1e-6)) + up * (0.026 * unit)
        let inner = up * (0.014 * unit)
        return curve([lid[26] + inner, lid[31] + inner, lid[35] + up * (0.008 * unit), tip], count: 16)
    }

    /// Lips without the inside of the mouth, and the mouth's line with its inside at half strength.
    private mutating func drawMouth(_ mesh: FaceMesh, _ axes: FaceAxes) {
        let lips = mesh.points(MeshPoints.lips)
        guard let window = CoverageWindow(width: width, height: height, around: lips, margin: 0.05 * axes.unit + 2)
        else { return }
        let upper = curve(mesh.points(MeshPoints.mouthUpper), count: 60),
            lower = curve(mesh.points(MeshPoints.mouthLower), count: 60)
        let opening = dot(Array(lower[20..<40]).mean - Array(upper[20..<40]).mean, axes.down) / axes.unit
        let open = smooth(0.015, 0.04, opening)
        let inside = window.polygon(upper + lower.reversed()).map { $0 * Float(open) }
        add(.lips, window, zip(window.polygon(closedCurve(lips)), inside).map { $0 * (1 - $1) })
        // From the middle of a closed mouth to the upper lip's border of an open one.
        let line = zip(upper, lower).map { $0 + ($1 - $0) * (0.5 * (1 - open)) }
        let stroke = window.stroke(line, widths: steps(60).map { axes.unit * (0.010 + 0.016 * sine(.pi * $0)) })
        add(.mouth, window, zip(inside, stroke).map { max(0.5 * $0, $1) })
    }
}
