import Raster

/// The part of a picture that a view shows, in which magnification, and the way between the two's coordinates.
///
/// A picture smaller than the view is centred; of a larger one no more than its edge can be moved into the view.
public struct Viewport: Equatable, Sendable {
    /// Size of the picture, in its pixels.
    public let width: Double
    /// The picture's rows.
    public let height: Double
    /// The window's columns.
    public private(set) var viewWidth = 1.0
    /// The window's rows.
    public private(set) var viewHeight = 1.0
    /// View pixels for each pixel of the picture.
    public private(set) var zoom = 1.0
    /// Whether the whole picture is shown, as large as the view allows, also after the view's size changes.
    public private(set) var isFitted = true
    /// The place of the picture in the middle of the view.
    public private(set) var centre: Point

    /// Window pixels for each pixel of the picture, at most.
    public static let largestZoom = 8.0

    /// Shows a picture of this size.
    public init(width: Int, height: Int) {
        (self.width, self.height) = (Double(width), Double(height))
        centre = Point(x: self.width / 2, y: self.height / 2)
    }

    /// The zoom that shows all of the picture; small pictures are not magnified for it.
    public var fittingZoom: Double { min(viewWidth / width, viewHeight / height, 1) }

    /// The view's size, in pixels.
    public mutating func resize(width: Double, height: Double) {
        (viewWidth, viewHeight) = (max(width, 1), max(height, 1))
        if isFitted { fit() } else { show(zoom: zoom, centre: centre) }
    }

    /// Shows all of the picture.
    public mutating func fit() {
        show(zoom: fittingZoom, centre: Point(x: width / 2, y: height / 2))
        isFitted = true
    }

    /// Changes the zoom to `wanted`, within bounds, such that the place under `anchor` (in the view) stays there.
    public mutating func zoom(to wanted: Double, around anchor: Point? = nil) {
        let new = min(max(wanted, fittingZoom), max(Self.largestZoom, fittingZoom))
        let anchor = anchor ?? Point(x: viewWidth / 2, y: viewHeight / 2)
        let held = toPicture(anchor)
        let offset = Point(x: anchor.x - viewWidth / 2, y: anchor.y - viewHeight / 2)
        show(zoom: new, centre: held - offset * (1 / new))
        isFitted = new <= fittingZoom
    }

    /// Moves the picture by view pixels.
    public mutating func pan(x: Double, y: Double) {
        show(zoom: zoom, centre: centre - Point(x: x, y: y) * (1 / zoom))
    }

    /// Where a point of the picture is in the window.
    public func toView(_ point: Point) -> Point {
        (point - centre) * zoom + Point(x: viewWidth / 2, y: viewHeight / 2)
    }

    /// Where a point of the window is in the picture.
    public func toPicture(_ point: Point) -> Point {
        (point - Point(x: viewWidth / 2, y: viewHeight / 2)) * (1 / zoom) + centre
    }

    /// The picture's pixels that are in the window, in part at least.
    public var visible: PixelArea {
        let from = toPicture(Point(x: 0, y: 0)), to = toPicture(Point(x: viewWidth, y: viewHeight))
        func range(_ low: Double, _ high: Double, _ length: Double) -> Range<Int> {
            let first = Int(min(max(low.rounded(.down), 0), length - 1))
            return first..<max(first + 1, Int(min(high.rounded(.up), length)))
        }
        return PixelArea(columns: range(from.x, to.x, width), rows: range(from.y, to.y, height))
    }

    private mutating func show(zoom: Double, centre: Point) {
        self.zoom = zoom
        self.centre = Point(
            x: Self.held(centre.x, length: width, shown: viewWidth / zoom),
            y: Self.held(centre.y, length: height, shown: viewHeight / zoom))
        isFitted = isFitted && zoom <= fittingZoom
    }

    private static func held(_ middle: Double, length: Double, shown: Double) -> Double {
        shown >= length ? length / 2 : min(max(middle, shown / 2), length - shown / 2)
    }
}
