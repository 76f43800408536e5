import Drawing
import Raster
import XCTest

final class PreviewViewportTests: XCTestCase {
    func testWhatIsVisibleCoversTheWindowAndEndsWithThePicture() {
        var viewport = Viewport(width: 4000, height: 3000)
        viewport.resize(width: 400, height: 300)
        XCTAssertEqual(viewport.visible, PixelArea(columns: 0..<4000, rows: 0..<3000))
        viewport.zoom(to: 1)
        XCTAssertEqual(viewport.visible, PixelArea(columns: 1800..<2200, rows: 1350..<1650))
        viewport.pan(x: 0.5, y: 0)
        XCTAssertEqual(viewport.visible.columns, 1799..<2200, "half a pixel is one more")
        viewport.pan(x: 1e9, y: -1e9)
        XCTAssertEqual(viewport.visible, PixelArea(columns: 0..<400, rows: 2700..<3000))
        var tiny = Viewport(width: 20, height: 8)
        tiny.resize(width: 400, height: 300)
        XCTAssertEqual(tiny.visible, PixelArea(columns: 0..<20, rows: 0..<8))
    }

    private func viewport() -> Viewport {
        var viewport = Viewport(width: 4000, height: 3000)
        viewport.resize(width: 500, height: 500)
        return viewport
    }

    func testFitsAndStaysFittedWhenTheViewGrows() {
        var view = viewport()
        XCTAssertEqual(view.zoom, 0.125)
        XCTAssertEqual(view.toView(Point(x: 0, y: 0)), Point(x: 0, y: 62.5))
        view.resize(width: 1000, height: 1000)
        XCTAssertTrue(view.isFitted)
        XCTAssertEqual(view.zoom, 0.25)
    }

    func testSmallPicturesAreNotMagnified() {
        var view = Viewport(width: 100, height: 50)
        view.resize(width: 500, height: 500)
        XCTAssertEqual(view.zoom, 1)
        XCTAssertEqual(view.toView(Point(x: 50, y: 25)), Point(x: 250, y: 250))
        view.pan(x: 80, y: 80)
        XCTAssertEqual(view.centre, Point(x: 50, y: 25), "nothing to move")
    }

    func testZoomHoldsThePlaceUnderThePointer() {
        var view = viewport()
        let anchor = Point(x: 200, y: 240)
        let place = view.toPicture(anchor)
        for zoom in [0.3, 0.9, 2, 8, 1, 0.5] {
            view.zoom(to: zoom, around: anchor)
            XCTAssertEqual(view.zoom, zoom)
            XCTAssertEqual(view.toPicture(anchor).x, place.x, accuracy: 1e-9)
            XCTAssertEqual(view.toPicture(anchor).y, place.y, accuracy: 1e-9)
            XCTAssertFalse(view.isFitted)
        }
    }

    func testZoomAndPanStayWithinBounds() {
        var view = viewport()
        view.zoom(to: 100)
        XCTAssertEqual(view.zoom, Viewport.largestZoom)
        view.zoom(to: 1)
        view.pan(x: 1e6, y: -1e6)
        XCTAssertEqual(view.toView(Point(x: 0, y: 3000)), Point(x: 0, y: 500), "the corner stops in the view's corner")
        view.zoom(to: 0.001)
        XCTAssertTrue(view.isFitted)
        XCTAssertEqual(view, viewport())
    }

    func testCoordinatesGoThereAndBack() {
        var view = viewport()
        view.zoom(to: 0.7, around: Point(x: 17, y: 300))
        let back = view.toPicture(view.toView(Point(x: 123, y: 456)))
        XCTAssertEqual(back.x, 123, accuracy: 1e-9)
        XCTAssertEqual(back.y, 456, accuracy: 1e-9)
    }
}
