import CGimp
import Drawing
import Raster

/// The preview itself: before and after with a divider that can be dragged, zoom and pan, and boxes round the faces.
/// Main thread only.
///
/// The wheel zooms about the pointer and dragging moves the picture; with the keyboard focus + and − zoom, 0 fits, 1
/// shows the photograph's own pixels, the arrows move the picture and Page Up and Page Down the divider.
final class PreviewArea {
    let widget: Widget?
    /// What is shown has another magnification or size.
    var viewportChanged: () -> Void = {}
    /// A click on a face's box.
    var faceClicked: (Int) -> Void = { _ in }
    /// Called once, when the window's first picture is on the screen.
    var painted: (() -> Void)?

    private(set) var viewport: Viewport
    /// How many pixels of the screen one of the view has, along a side.
    var pixelsOfScreen: Double { Double(shim_scale_factor(widget)) }
    private let painter = PreviewPainter()
    private var scene = PreviewScene()
    private var drag: Drag?

    private enum Drag {
        case divider
        case picture(from: Point, hasMoved: Bool)
    }

    /// Distance at which the divider is grabbed, in pixels.
    private static let reach = 8.0
    private static let zoomStep = 1.25

    /// - Parameters: the photograph's size, in pixels.
    init(width: Int, height: Int) {
        viewport = Viewport(width: width, height: height)
        widget = gtk_drawing_area_new()
        gtk_widget_set_can_focus(widget, 1)
        gtk_widget_set_size_request(widget, 300, 260)
        let events = [
            GDK_BUTTON_PRESS_MASK, GDK_BUTTON_RELEASE_MASK, GDK_POINTER_MOTION_MASK, GDK_SCROLL_MASK,
            GDK_KEY_PRESS_MASK, GDK_FOCUS_CHANGE_MASK,
        ]
        gtk_widget_add_events(widget, gint(events.reduce(0) { $0 | $1.rawValue }))
        Signal.connectPaint(widget) { [weak self] in self?.paint($0) }
        Signal.connectEvent(widget, "button-press-event") { [weak self] in self?.press($0.pointee.button) ?? false }
        Signal.connectEvent(widget, "button-release-event") { [weak self] in self?.release($0.pointee.button) ?? false }
        Signal.connectEvent(widget, "motion-notify-event") { [weak self] in self?.move($0.pointee.motion) ?? false }
        Signal.connectEvent(widget, "scroll-event") { [weak self] in self?.scroll($0.pointee.scroll) ?? false }
        Signal.connectEvent(widget, "key-press-event") { [weak self] in self?.key($0.pointee.key) ?? false }
        for name in ["focus-in-event", "focus-out-event"] {
            Signal.connectEvent(widget, name) { [weak self] _ in
                self?.redraw()
                return false
            }
        }
    }

    // MARK: - What is shown

    /// What is in the window, if the copies of the photograph would look blurred there.
    var wantedPart: PixelArea? {
        scene.needsPart(viewport, pixelsOfScreen: pixelsOfScreen) ? viewport.visible : nil
    }

    /// Whether all of `wantedPart` is shown in the photograph's own pixels.
    var hasWantedPart: Bool { scene.part.map { $0.area.contains(viewport.visible) } ?? false }

    /// Changes what is shown and shows it.
    func update(_ change: (inout PreviewScene) -> Void) {
        change(&scene)
        redraw()
    }

    func zoom(by factor: Double) { changeViewport { $0.zoom(to: $0.zoom * factor) } }
    func zoomIn() { zoom(by: Self.zoomStep) }
    func zoomOut() { zoom(by: 1 / Self.zoomStep) }
    func fit() { changeViewport { $0.fit() } }
    /// Pixel on pixel of the screen.
    func actualSize() { changeViewport { $0.zoom(to: 1 / pixelsOfScreen) } }

    private func changeViewport(_ change: (inout Viewport) -> Void) {
        change(&viewport)
        viewportChanged()
        redraw()
    }

    private func redraw() { gtk_widget_queue_draw(widget) }

    private func paint(_ context: OpaquePointer) {
        var size = GtkAllocation()
        gtk_widget_get_allocation(widget, &size)
        if (Double(size.width), Double(size.height)) != (viewport.viewWidth, viewport.viewHeight) {
            viewport.resize(width: Double(size.width), height: Double(size.height))
            viewportChanged()
        }
        painter.paint(scene, viewport, pixelsOfScreen: pixelsOfScreen, on: context, widget: widget)
        let first = painted
        painted = nil
        first?()
    }

    // MARK: - Pointer

    private var dividerX: Double { scene.split * viewport.viewWidth }

    private func isAtDivider(_ x: Double) -> Bool { scene.isSplit && abs(x - dividerX) <= Self.reach }

    private func press(_ event: GdkEventButton) -> Bool {
        gtk_widget_grab_focus(widget)
        guard event.type == GDK_BUTTON_PRESS, event.button == 1 || event.button == 2 else { return false }
        if event.button == 1, isAtDivider(event.x) {
            drag = .divider
        } else {
            drag = .picture(from: Point(x: event.x, y: event.y), hasMoved: false)
        }
        return true
    }

    private func release(_ event: GdkEventButton) -> Bool {
        defer { drag = nil }
        if case .picture(_, hasMoved: false)? = drag, event.button == 1, scene.showsBoxes,
            let index = scene.face(at: viewport.toPicture(Point(x: event.x, y: event.y)))
        {
            faceClicked(index)
        }
        return true
    }

    private func move(_ event: GdkEventMotion) -> Bool {
        switch drag {
        case .divider?:
            moveDivider(to: event.x / viewport.viewWidth)
        case let .picture(from, hasMoved)?:
            let (dx, dy) = (event.x - from.x, event.y - from.y)
            guard hasMoved || abs(dx) + abs(dy) > 4 else { break }
            viewport.pan(x: dx, y: dy)
            drag = .picture(from: Point(x: event.x, y: event.y), hasMoved: true)
            redraw()
        case nil:
            setCursor(isAtDivider(event.x) ? GDK_SB_H_DOUBLE_ARROW : nil)
        }
        return true
    }

    private func moveDivider(to share: Double) {
        scene.split = min(max(share, 0.02), 0.98)
        redraw()
    }

    private func setCursor(_ type: GdkCursorType?) {
        guard let window = gtk_widget_get_window(widget) else { return }
        let cursor = type.flatMap { gdk_cursor_new($0) }
        gdk_window_set_cursor(window, cursor)
        if let cursor { gdk_cursor_unref(cursor) }
    }

    private func scroll(_ event: GdkEventScroll) -> Bool {
        let anchor = Point(x: event.x, y: event.y)
        switch event.direction {
        case GDK_SCROLL_UP: changeViewport { $0.zoom(to: $0.zoom * Self.zoomStep, around: anchor) }
        case GDK_SCROLL_DOWN: changeViewport { $0.zoom(to: $0.zoom / Self.zoomStep, around: anchor) }
        default: return false
        }
        return true
    }

    // MARK: - Keyboard

    private func key(_ event: GdkEventKey) -> Bool {
        let step = 40.0
        switch Int32(truncatingIfNeeded: event.keyval) {
        case GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add: zoomIn()
        case GDK_KEY_minus, GDK_KEY_KP_Subtract: zoomOut()
        case GDK_KEY_0, GDK_KEY_KP_0: fit()
        case GDK_KEY_1, GDK_KEY_KP_1: actualSize()
        case GDK_KEY_Left: changeViewport { $0.pan(x: step, y: 0) }
        case GDK_KEY_Right: changeViewport { $0.pan(x: -step, y: 0) }
        case GDK_KEY_Up: changeViewport { $0.pan(x: 0, y: step) }
        case GDK_KEY_Down: changeViewport { $0.pan(x: 0, y: -step) }
        case GDK_KEY_Page_Up: moveDivider(to: scene.split - 0.05)
        case GDK_KEY_Page_Down: moveDivider(to: scene.split + 0.05)
        default: return false
        }
        return true
    }
}
