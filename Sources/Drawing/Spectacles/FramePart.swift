import Raster

/// A part of a frame: a rim or the bridge. Temples are dark and broad enough for the network.
struct FramePart {
    /// In pixels of the picture that its region lies in.
    let line: [Point]
    let isClosed: Bool
    /// How dark the photograph is along it, 0…1, and how wide it is dark there, in pixels; one for each point.
    let seen: [Double], width: [Double]

    /// Reach across a line within which its width is measured and within which its darkness counts, in units.
    private static let reach = 0.06, core = 0.015
    /// Places across a line to either side.
    private static let places = 12

    init(_ line: [Point], isClosed: Bool, _ likeness: Plane, _ region: EyeRegion) {
        (self.line, self.isClosed) = (line, isClosed)
        let step = Self.reach * region.unit / Double(Self.places)
        let (seen, width) = zip(line, Ridge.normals(line)).map { point, normal -> (Double, Double) in
            let values = (-Self.places...Self.places).map {
                region.value(likeness, point + normal * (Double($0) * step))
            }
            let core = Int(Self.core / Self.reach * Double(Self.places))
            let darkest = values[Self.places - core...Self.places + core].max() ?? 0
            return (Double(darkest), Double(values.filter { $0 > 0.5 }.count) * step)
        }.reduce(into: (seen: [Double](), width: [Double]())) {
            $0.seen.append($1.0)
            $0.width.append($1.1)
        }
        self.seen = Ridge.smoothed(seen, sigma: 5, isClosed: isClosed)
        let weighted = Ridge.smoothed(zip(seen, width).map(*), sigma: 5, isClosed: isClosed)
        self.width = zip(weighted, self.seen).map { $0 / ($1 + 1e-3) }
    }

    /// The darkest that a plane of thin darks has within reach of each point.
    ///
    /// - Parameter reach: across the line, in pixels.
    func darkest(_ darks: Plane, within reach: Double, _ region: EyeRegion) -> [Float] {
        zip(line, Ridge.normals(line)).map { point, normal in
            (-2...2).map { region.value(darks, point + normal * (Double($0) * 0.5 * reach)) }.max() ?? 0
        }
    }
}

extension FramePart {
    /// Rims and, as the last one, the bridge.
    ///
    /// - Parameters:
    ///   - dark: what they are laid on, 0…1.
    ///   - search: how far from the fitted shape.
    ///   - likeness: what the photograph shows of them, 0…1.
    static func all(
        _ rims: Rims, on dark: Plane, by search: Rims.Search = .photographed, _ likeness: Plane, _ region: EyeRegion
    ) -> [FramePart] {
        let (axes, unit) = (region.axes, region.unit), lines = rims.lines(on: dark, by: search, region)
        var parts: [FramePart] = []
        func width(_ line: [Point]) -> Double {
            let across = line.map { dot($0, axes.right) }
            return (across.max() ?? 0) - (across.min() ?? 0)
        }
        let widths = lines.map(width)
        for (index, line) in lines.enumerated() where widths[index] > leastWidth * widths[1 - index] {
            parts.append(FramePart(line, isClosed: true, likeness, region))
        }
        // A little above the straight line between the upper inner parts of both rims.
        let inner = lines.map { $0[Rims.inner] }
        let straight = steps(24).map { share in
            inner[0] + (inner[1] - inner[0]) * share - axes.down * (0.03 * unit * sine(.pi * share))
        }
        let bridge = Ridge.snapped(straight, unit: unit, reach: 0.07, places: 12, stiffness: 1000) {
            region.value(dark, $0)
        }
        parts.append(FramePart(bridge, isClosed: false, likeness, region))
        return parts
    }

    /// Of a head turned far away the far lens lies behind the nose: how wide it has to be, over the near one.
    private static let leastWidth = 0.62
}
