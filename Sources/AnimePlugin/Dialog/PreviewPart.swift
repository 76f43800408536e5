import Drawing

/// A part of the photograph and what is drawn there, pixel for pixel as in the result.
struct PreviewPart: Sendable {
    let area: PixelArea
    let before: PreviewSurface
    let after: PreviewSurface
}

/// Makes the part of a drawing that is in the window, in the photograph's own pixels: what is in sight first, then a
/// border for the next scroll; what was made before is taken over. For one thread at a time.
final class PreviewPartMaker {
    /// What is there of the drawing at hand.
    private(set) var made: PreviewPart?

    /// The drawing is another one from now on.
    func forget() { made = nil }

    /// - Parameters:
    ///   - visible: what is in the window.
    ///   - drawing: lacks nothing there, nor about it if a border is wanted.
    ///   - hasBorder: whether a border is wanted.
    ///   - selection: how much of each pixel is drawn; `nil` for all.
    ///   - check: called between rectangles; throws to stop.
    ///   - show: takes what is there so far, larger with each step.
    /// - Throws: what reading the photograph or `selection` throws, and what `check` throws.
    func make(
        _ visible: PixelArea, of drawing: Drawing, hasBorder: Bool, selection: CoverageFile?, check: () throws -> Void,
        show: (PreviewPart) -> Void
    ) throws {
        let steps = WindowStep.steps(
            to: visible, from: made?.area, hasBorder: hasBorder, width: drawing.width, height: drawing.height)
        for step in steps {
            var pieces = made.map { [$0] } ?? []
            for area in step.new {
                try check()
                pieces.append(try part(area, of: drawing, selection))
            }
            let part = PreviewPart(
                area: step.area, before: PreviewSurface(step.area, of: pieces.map { ($0.area, $0.before) }),
                after: PreviewSurface(step.area, of: pieces.map { ($0.area, $0.after) }))
            made = part
            show(part)
        }
    }

    private func part(_ area: PixelArea, of drawing: Drawing, _ selection: CoverageFile?) throws -> PreviewPart {
        let (photograph, picture) = try drawing.part(area)
        let selected = try selection.map { photograph.blended(with: picture, by: try $0.plane(of: area)) }
        let place = (area.columns.lowerBound, area.rows.lowerBound)
        return PreviewPart(
            area: area, before: PreviewSurface(photograph, at: place),
            after: PreviewSurface(selected ?? picture, at: place))
    }
}
