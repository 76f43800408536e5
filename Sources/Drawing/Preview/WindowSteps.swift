/// In which order a window's part of a finished drawing is made: what is in sight and not there yet, then a border
/// about it, so that a short scroll finds everything made.
public struct WindowStep: Equatable, Sendable {
    /// What is there after the step.
    public let area: PixelArea
    /// What has to be made for it; the rest of `area` is there from before. No pixel is in two of them.
    public let new: [PixelArea]

    /// What is made beyond each edge of the window, as a share of the window's side.
    private static let border = 0.25

    /// - Parameters:
    ///   - visible: what is in the window.
    ///   - made: what is there already; `nil` for nothing.
    ///   - hasBorder: whether a border is wanted.
    ///   - width: the photograph's columns.
    ///   - height: its rows.
    /// - Returns: none where all of it is there.
    public static func steps(
        to visible: PixelArea, from made: PixelArea?, hasBorder: Bool = true, width: Int, height: Int
    ) -> [WindowStep] {
        var (steps, there) = ([WindowStep](), made.map { [$0] } ?? [])
        func add(_ area: PixelArea) {
            let new = area.subtracting(there)
            guard !new.isEmpty else { return }
            steps.append(WindowStep(area: area, new: new))
            there.append(area)
        }
        add(visible)
        guard hasBorder else { return steps }
        add(
            PixelArea(
                columns: bordered(visible.columns, length: width), rows: bordered(visible.rows, length: height)))
        return steps
    }

    private static func bordered(_ range: Range<Int>, length: Int) -> Range<Int> {
        let border = Int(Double(range.count) * border)
        return max(0, range.lowerBound - border)..<min(length, range.upperBound + border)
    }
}
