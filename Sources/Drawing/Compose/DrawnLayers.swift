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
        var drawing = Bitmap(width: band.photograph.width, height: band.photograph.height)
        forEachMark(band, base, layers, in: &drawing) { row, index, mark, before, _ in
            row[index] = mark?.drawing ?? before.finiteOrZero.uncovered
        }
        return drawing
    }

    /// The same with flat colour and line coverage apart.
    func layers(_ band: Band, _ base: Base?, _ layers: [Layer]) -> DrawnLayers {
        var drawing = Bitmap(width: band.photograph.width, height: band.photograph.height), flat = drawing
        flat.pixels.withSharedMutableBuffer { flat in
            let width = band.photograph.width
            forEachMark(band, base, layers, in: &drawing) { row, index, mark, before, line in
                flat[line * width + index] = mark?.flat ?? before.finiteOrZero.uncovered
                row[index] = mark?.drawing ?? before.finiteOrZero.uncovered
            }
        }
        return DrawnLayers(flat: flat, drawing: drawing)
    }

    private typealias Row = UnsafeMutableBufferPointer<SIMD4<Float>>

    /// Calls `put` for each pixel of `result` with what is drawn there, if anything is, and the photograph's pixel.
    @inline(__always)
    private func forEachMark(
        _ band: Band, _ base: Base?, _ layers: [Layer], in result: inout Bitmap,
        put: @Sendable (_ row: Row, _ index: Int, _ mark: Mark?, _ before: SIMD4<Float>, _ line: Int) -> Void
    ) {
        // The base is too large to be copied for each pixel.
        let ink = base?.ink
        band.photograph.pixels.withSharedBuffer { original in
            result.forEachRow { line, row in
                let photograph = band.row(line, original)
                let faces = FaceRow(layers, over: photograph, beyondHeads: base == nil)
                base?.draw(into: row, over: photograph) { !faces.covers($0) }
                for x in photograph.columns {
                    let index = x - band.firstColumn, before = photograph[x]
                    put(row, index, mark(ink, row[index], faces[x], over: before), before, line)
                }
            }
        }
    }

    /// - Parameters:
    ///   - ink: of the drawing of the whole, if there is one.
    ///   - flat: what that shows there, where no face covers it.
    /// - Returns: `nil` where there is no drawing.
    @inline(__always)
    private func mark(_ ink: LineInk?, _ flat: SIMD4<Float>, _ face: FaceMixture?, over photograph: SIMD4<Float>)
        -> Mark?
    {
        guard let ink else {
            guard let face else { return nil }
            let (before, inside) = (photograph.finiteOrZero.uncovered, face.inside)
            return Mark(
                flat: before + (face.flat - before) * inside, drawing: before + (face.drawing - before) * inside,
                coverage: face.coverage)
        }
        if let face, face.coverage >= 1 { return Mark(flat: face.flat, drawing: face.drawing, coverage: 1) }
        var (flat, drawing) = (flat, ink(flat))
        flat.w = ink.coverage(flat)
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
