/// A point in pixel coordinates; the centre of the top left pixel is (0.5, 0.5).
public struct Point: Equatable, Sendable, Codable {
    public var x: Double
    public var y: Double

    /// The point (x, y).
    @inlinable
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    @inlinable
    public static func + (a: Point, b: Point) -> Point { Point(x: a.x + b.x, y: a.y + b.y) }
    @inlinable
    public static func - (a: Point, b: Point) -> Point { Point(x: a.x - b.x, y: a.y - b.y) }
    @inlinable
    public static func * (a: Point, k: Double) -> Point { Point(x: a.x * k, y: a.y * k) }

    /// Distance from the origin.
    @inlinable
    public var length: Double { (x * x + y * y).squareRoot() }
}
