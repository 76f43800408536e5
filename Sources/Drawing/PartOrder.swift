import Raster

/// What is looked at in a photograph's own pixels while it is drawn: it is drawn before the rest.
public struct VisiblePart {
    /// What is looked at by now, which may change while the photograph is drawn; `nil` for nothing.
    let area: () -> PixelArea?
    /// Takes a drawing that lacks nothing within an area; elsewhere faces may be missing.
    let show: (Drawing, PixelArea) throws -> Void

    /// - Parameters:
    ///   - area: gives what is looked at; asked again before each part of a drawing.
    ///   - show: takes a drawing that lacks nothing within an area, whatever is missing elsewhere.
    public init(area: @escaping () -> PixelArea?, show: @escaping (Drawing, PixelArea) throws -> Void) {
        (self.area, self.show) = (area, show)
    }
}

/// The parts of a plan in the order in which they are drawn: first those that reach into what is looked at. Among
/// these, and among the others, the whole comes last, since it needs most and nothing of the levels that faces are cut
/// from.
struct PartOrder {
    private var waiting: [Plan.Part]
    private let size: PixelSize
    private let visible: VisiblePart?
    private var shown: PixelArea?

    /// - Parameters:
    ///   - parts: of a plan, as it gives them.
    ///   - size: of the photograph.
    init(_ parts: [Plan.Part], of size: PixelSize, visible: VisiblePart?) {
        (waiting, self.size, self.visible) = (parts.reversed(), size, visible)
    }

    /// Whether no part is left.
    var isEmpty: Bool { waiting.isEmpty }

    /// Whether a face is left.
    var hasFaces: Bool {
        waiting.contains { if case .face = $0 { true } else { false } }
    }

    mutating func next() -> Plan.Part? {
        let wanted = visible?.area().flatMap { area in waiting.firstIndex { $0.reaches(area, of: size) } }
        guard let index = wanted ?? waiting.indices.first else { return nil }
        return waiting.remove(at: index)
    }

    /// What is looked at, once no part is missing there; each area once.
    mutating func completed() -> PixelArea? {
        guard let area = visible?.area(), area != shown, !waiting.contains(where: { $0.reaches(area, of: size) })
        else { return nil }
        shown = area
        return area
    }
}

private extension Plan.Part {
    /// Whether it may change a pixel of `area` in a photograph of that size.
    func reaches(_ area: PixelArea, of size: PixelSize) -> Bool {
        guard case let .face(pose) = self else { return true }
        guard let back = pose.toSquare.inverse else { return false }
        let square = PasteBack.area(
            ofSquare: pose.template.size, back, width: size.width, height: size.height)
        return square.columns.overlaps(area.columns) && square.rows.overlaps(area.rows)
    }
}
