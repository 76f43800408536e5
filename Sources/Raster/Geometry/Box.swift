/// An axis-parallel rectangle in pixel coordinates.
public struct Box: Equatable, Sendable, Codable {
    /// Left edge.
    public var x: Double
    /// Upper edge.
    public var y: Double
    /// Below 0 counts as empty.
    public var width: Double
    /// Below 0 counts as empty.
    public var height: Double

    /// The rectangle from (x, y).
    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// Right edge.
    public var maxX: Double { x + width }
    /// Lower edge.
    public var maxY: Double { y + height }
    /// Its middle.
    public var centre: Point { Point(x: x + width / 2, y: y + height / 2) }
    /// In square pixels.
    public var area: Double { max(0, width) * max(0, height) }

    /// Area shared with `other`, in square pixels.
    public func intersection(_ other: Box) -> Double {
        max(0, min(maxX, other.maxX) - max(x, other.x)) * max(0, min(maxY, other.maxY) - max(y, other.y))
    }

    /// Intersection over union, 0…1.
    public func overlap(_ other: Box) -> Double {
        let shared = intersection(other)
        let union = area + other.area - shared
        return union > 0 ? shared / union : 0
    }
}
