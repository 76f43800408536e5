import Raster

/// A line that a portrait always has. Models/training/GUIDES.md ("Contours") has the formulas.
struct Contour {
    let line: [Point]
    /// One for each point, in pixels.
    let widths: [Double]
    /// Coverage in its middle, 0…1.
    let strength: Float

    /// Jaw and chin, tapered towards the ears.
    static func jaw(_ mesh: FaceMesh, _ axes: FaceAxes) -> Contour {
        let whole = curve(mesh.points(MeshPoints.jaw), count: 80)
        let left = (whole[0] - whole[40]).length, right = (whole[79] - whole[40]).length
        // The far side of a turned head has an edge of its own in the photograph.
        func cut(_ near: Double, _ far: Double) -> Int { Int(18 + 14 * smooth(0.92, 0.75, near / max(far, 1e-3))) }
        let line = Array(whole[cut(left, right)..<80 - cut(right, left)])
        let widths = steps(line.count).map { step in
            let r = 2 * step - 1
            let taper = power(min(max(3 * (1 - abs(r)), 0), 1), 0.7)
            return 0.021 * axes.unit * taper * (0.75 + 0.25 * cosine(.pi * r / 0.55))
        }
        return Contour(line: line, widths: widths, strength: 0.88)
    }

    /// The middle line of each nostril's stroke, 16 points from its outer end.
    static func nostrils(_ mesh: FaceMesh, _ axes: FaceAxes) -> [[Point]] {
        let base = mesh.points[MeshPoints.noseBase]
        return MeshPoints.nostrils.map { nostril in
            let outer = mesh.points[nostril[0]], inner = mesh.points[nostril[1]]
            let from = outer * 0.62 + inner * 0.38, to = inner * 0.75 + base * 0.25
            return steps(16).map { t in
                from + (to - from) * t - axes.down * ((0.020 * sine(.pi * t) + 0.014) * axes.unit)
            }
        }
    }

    /// Nostrils and wings.
    static func nose(_ mesh: FaceMesh, _ axes: FaceAxes) -> [Contour] {
        let base = mesh.points[MeshPoints.noseBase], unit = axes.unit, holes = nostrils(mesh, axes)
        let whole = (mesh.points[MeshPoints.nostrils[0][0]] - mesh.points[MeshPoints.nostrils[1][0]]).length
        return (0...1).flatMap { index in
            let hole = holes[index], outer = mesh.points[MeshPoints.nostrils[index][0]]
            // Of a turned nose the far nostril is hidden.
            let seen = Float(smooth(0.16, 0.3, (outer - base).length / max(whole, 1e-3)))
            let side = Array(curve(mesh.points(MeshPoints.noseWings[index]) + [outer], count: 24)[5..<22])
            // Thick towards the middle, fading outwards into the wing.
            let widths = steps(16).map { t -> Double in
                unit * (0.005 + 0.032 * sine(.pi * (0.08 + 0.84 * power(t, 0.8))))
            }
            return [
                Contour(line: hole, widths: widths, strength: 0.85 * seen),
                Contour(
                    line: side,
                    widths: steps(side.count).map { unit * (0.003 + 0.016 * sine(.pi * (0.03 + 0.94 * $0))) },
                    strength: 0.55 * seen),
            ]
        }
    }
}
