import Raster

/// A drawing at full strength, taken apart.
///
/// photograph + (drawing − photograph) · coverage · strength is what `Drawing.picture()` gives.
public struct DrawnLayers: Sendable {
    /// Colour without lines; `w` is line coverage, 0…1.
    public var flat: Bitmap
    /// Colour with its lines, as `Drawing.overlay()` gives it; `w` is how much of the drawing counts, 0…1.
    public var drawing: Bitmap
}

extension PasteBack {
    /// What is drawn at one pixel.
    private struct Mark {
        /// `w` is line coverage.
        var flat: SIMD4<Float>
        /// `w` is how much of the drawing counts.
        var drawing: SIMD4<Float>

        /// Clamped to 0…1.
        init(flat: SIMD4<Float>, drawing: SIMD4<Float>, coverage: Float) {
            self.flat = clamped01(flat.finiteOrZero)
            self.drawing = clamped01(drawing.finiteOrZero)
            self.drawing.w = coverage
        }
    }

    /// The drawing apart from the photograph, `w` its coverage. Around faces it goes on to the edges of their squares, so that there is
    /// something to bring out where coverage is 0; beyond, it is the photograph.
    func overlay() -> Bitmap {
        var drawing = photograph
        withSamplers { base, layers in
            drawing.forEachRow { y, row in
                let active = layers.filter { $0.rows.contains(y) }
                for x in row.indices { row[x] = mark(base, active, over: row[x], x, y)?.drawing ?? row[x].finiteOrZero.uncovered }
            }
        }
        return drawing
    }

    /// The same with flat colour and line coverage apart.
    func layers() -> DrawnLayers {
        var drawing = photograph
        var flat = Bitmap(width: photograph.width, height: photograph.height)
        withSamplers { base, layers in
            flat.pixels.withUnsafeMutableBufferPointer { flat in
                drawing.forEachRow { y, row in
                    let active = layers.filter { $0.rows.contains(y) }
                    for x in row.indices {
                        let mark = mark(base, active, over: row[x], x, y)
                        flat[y * row.count + x] = mark?.flat ?? row[x].finiteOrZero.uncovered
                        row[x] = mark?.drawing ?? row[x].finiteOrZero.uncovered
                    }
                }
            }
        }
        return DrawnLayers(flat: flat, drawing: drawing)
    }

    /// - Returns: `nil` where there is no drawing.
    @inline(__always)
    private func mark(_ base: Base?, _ layers: [Layer], over photograph: SIMD4<Float>, _ x: Int, _ y: Int) -> Mark? {
        let face = faces(layers, x, y, beyondHeads: base == nil)
        guard let base else {
            guard let face else { return nil }
            let (before, inside) = (photograph.finiteOrZero.uncovered, face.inside)
            return Mark(flat: before + (face.flat - before) * inside, drawing: before + (face.drawing - before) * inside, coverage: face.coverage)
        }
        var flat = base.flat(x, y), drawing = base.ink(flat)
        flat.w = base.ink.coverage(flat)
        if let face {
            flat += (face.flat - flat) * face.coverage
            drawing += (face.drawing - drawing) * face.coverage
        }
        return Mark(flat: flat, drawing: drawing, coverage: 1)
    }

    /// The faces at one pixel as `blend` mixes them.
    private struct FaceMixture {
        var flat: SIMD4<Float>
        var drawing: SIMD4<Float>
        /// Largest weight of a head, 0…1.
        var coverage: Float
        /// 1 on a head and in a square, falling to 0 along the square's edge.
        var inside: Float
    }

    /// - Parameter beyondHeads: whether the rest of a face's square counts too.
    private func faces(_ layers: [Layer], _ x: Int, _ y: Int, beyondHeads: Bool) -> FaceMixture? {
        var (sum, total) = (FaceMixture(flat: .zero, drawing: .zero, coverage: 0, inside: 0), Float(0))
        for layer in layers where layer.columns.contains(x) {
            let p = layer.map.apply(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
            let (u, v) = (Float(p.x), Float(p.y))
            let (weight, border) = (layer.mask.value(u, v), layer.mask.borderRamp(u, v))
            // Beyond its head a drawing counts so little that it does not show where another one's head is.
            let share = beyondHeads ? max(weight, 1e-4 * border) : weight
            guard share > 0 else { continue }
            var painted = layer.sample(u, v)
            sum.drawing += layer.ink(painted) * share
            painted.w = layer.ink.coverage(painted)
            sum.flat += painted * share
            sum.coverage = max(sum.coverage, weight)
            sum.inside = max(sum.inside, weight > 0 ? 1 : border)
            total += share
        }
        guard total > 0 else { return nil }
        sum.flat /= total
        sum.drawing /= total
        return sum
    }
}

private extension SIMD4<Float> {
    var uncovered: SIMD4<Float> { SIMD4(x, y, z, 0) }
}
