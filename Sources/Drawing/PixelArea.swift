import Raster

/// A part of a picture, not empty.
public struct PixelArea: Equatable, Sendable {
    /// From the left.
    public let columns: Range<Int>
    /// From the top.
    public let rows: Range<Int>

    /// - Parameters: neither is empty.
    public init(columns: Range<Int>, rows: Range<Int>) { (self.columns, self.rows) = (columns, rows) }

    /// `nil` for an empty one.
    private init?(_ columns: Range<Int>, _ rows: Range<Int>) {
        guard !columns.isEmpty, !rows.isEmpty else { return nil }
        (self.columns, self.rows) = (columns, rows)
    }

    /// Whether all of `other` lies in it.
    public func contains(_ other: PixelArea) -> Bool {
        other.columns.clamped(to: columns) == other.columns && other.rows.clamped(to: rows) == other.rows
    }

    /// What both have; `nil` where that is nothing.
    public func intersection(_ other: PixelArea) -> PixelArea? {
        PixelArea(columns.clamped(to: other.columns), rows.clamped(to: other.rows))
    }

    /// The rest of it beside `others`, in rectangles that share no pixel.
    public func subtracting(_ others: [PixelArea]) -> [PixelArea] {
        others.reduce([self]) { rest, other in rest.flatMap { $0.subtracting(other) } }
    }

    private func subtracting(_ other: PixelArea) -> [PixelArea] {
        guard let common = intersection(other) else { return [self] }
        let pieces = [
            PixelArea(columns, rows.lowerBound..<common.rows.lowerBound),
            PixelArea(columns.lowerBound..<common.columns.lowerBound, common.rows),
            PixelArea(common.columns.upperBound..<columns.upperBound, common.rows),
            PixelArea(columns, common.rows.upperBound..<rows.upperBound),
        ]
        return pieces.compactMap { $0 }
    }
}

extension Box {
    /// All of it times `k`.
    static func * (box: Box, k: Double) -> Box {
        Box(x: box.x * k, y: box.y * k, width: box.width * k, height: box.height * k)
    }

    /// Pixels of the box's middle, half as wide and as high as it, as far as they lie in a picture; `nil` when none do.
    func middle(width: Int, height: Int) -> PixelArea? {
        func span(_ low: Double, _ length: Double, _ count: Int) -> Range<Int>? {
            let first = (low + 0.25 * length).rounded(.down), last = (low + 0.75 * length).rounded(.up)
            guard first.isFinite, last.isFinite, last > 0, first < Double(count) else { return nil }
            let start = Int(max(first, 0))
            return start..<max(Int(min(last, Double(count))), start + 1)
        }
        guard let columns = span(x, self.width, width), let rows = span(y, self.height, height) else { return nil }
        return PixelArea(columns: columns, rows: rows)
    }
}
