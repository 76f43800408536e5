import Raster

/// A drawing at full strength, taken apart.
///
/// photograph + (drawing − photograph) · coverage · strength is the drawing's picture.
public struct DrawnLayers: Sendable {
    /// Colour without lines; `w` is line coverage, 0…1.
    public var flat: Bitmap
    /// Colour with its lines, as the drawing's overlay has it; `w` is how much of the drawing counts, 0…1.
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

    /// The drawing apart from the photograph, `w` its coverage. Around faces it goes on to the edges of their squares,
    /// so that there is something to bring out where coverage is 0; beyond, it is the photograph.
    func overlay(_ band: Band, _ base: Base?, _ layers: [Layer]) -> Bitmap {
        var drawing = band.photograph
        drawing.forEachRow { line, row in
            let y = band.firstRow + line
            let active = layers.filter { $0.rows.contains(y) }
            for x in row.indices {
                row[x] = mark(base, active, over: row[x], x, y)?.drawing ?? row[x].finiteOrZero.uncovered
            }
        }
        return drawing
    }

    /// The same with flat colour and line coverage apart.
    func layers(_ band: Band, _ base: Base?, _ layers: [Layer]) -> DrawnLayers {
        var drawing = band.photograph
        var flat = Bitmap(width: drawing.width, height: drawing.height)
        flat.pixels.withSharedMutableBuffer { flat in
            drawing.forEachRow { line, row in
                let y = band.firstRow + line
                let active = layers.filter { $0.rows.contains(y) }
                for x in row.indices {
                    let mark = mark(base, active, over: row[x], x, y)
                    flat[line * row.count + x] = mark?.flat ?? row[x].finiteOrZero.uncovered
                    row[x] = mark?.drawing ?? row[x].finiteOrZero.uncovered
                }
            }
        }
        return DrawnLayers(flat: flat, drawing: drawing)
    }

    /// - Returns: `nil` where there is no drawing.
    @inline(__always)
    private func mark(_ base: Base?, _ layers: [Layer], over photograph: SIMD4<Float>, _ x: Int, _ y: Int) -> Mark? {
        let face = faces(layers, over: photograph, x, y, beyondHeads: base == nil)
        guard let base else {
            guard let face else { return nil }
            let (before, inside) = (photograph.finiteOrZero.uncovered, face.inside)
            return Mark(
                flat: before + (face.flat - before) * inside, drawing: before + (face.drawing - before) * inside,
                coverage: face.coverage)
        }
        var flat = base.flat(x, y, over: photograph), drawing = base.ink(flat)
        flat.w = base.ink.coverage(flat)
        if let face {
            flat += (face.flat - flat) * face.coverage
            drawing += (face.drawing - drawing) * face.coverage
        }
        return Mark(flat: flat, drawing: drawing, coverage: 1)
    }
}

private extension SIMD4<Float> {
    var uncovered: SIMD4<Float> { SIMD4(x, y, z, 0) }
}
