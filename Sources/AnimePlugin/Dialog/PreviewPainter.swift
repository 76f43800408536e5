import CGimp
import Drawing
import Raster

/// What a preview shows at one moment.
struct PreviewScene {
    var before: PreviewSurfaces?
    var after: PreviewSurfaces?
    /// A part in the photograph's own pixels, shown over both where they are magnified.
    var part: PreviewPart?
    /// In pixels of the photograph.
    var faces: [Face] = []
    /// Which of them are drawn apart.
    var ticks: [Bool] = []
    var showsBoxes = false
    var isSplit = true
    /// Where the divider is, as a share of the view's width.
    var split = 0.5

    /// Whether the copies of the photograph would look blurred.
    func needsPart(_ viewport: Viewport, pixelsOfScreen: Double) -> Bool {
        guard let full = before?.full else { return false }
        return viewport.width * viewport.zoom * pixelsOfScreen > Double(full.width) + 0.5
    }

    /// The smallest face whose box has `place` in it.
    func face(at place: Point) -> Int? {
        let hit = faces.indices.filter { index in
            let box = faces[index].box
            return (box.x...box.maxX).contains(place.x) && (box.y...box.maxY).contains(place.y)
        }
        return hit.min { faces[$0].box.area < faces[$1].box.area }
    }
}

/// Paints a preview with cairo. Main thread only.
struct PreviewPainter {
    private static let margin = 6.0

    func paint(
        _ scene: PreviewScene, _ viewport: Viewport, pixelsOfScreen: Double, on context: OpaquePointer, widget: Widget?
    ) {
        cairo_set_source_rgb(context, 0.2, 0.2, 0.2)
        cairo_paint(context)
        guard let before = scene.before else {
            caption(
                tr("Reading the photograph…"), x: viewport.viewWidth / 2, y: viewport.viewHeight / 2, context, widget)
            return
        }
        let dividerX = scene.isSplit ? (scene.split * viewport.viewWidth).rounded() : 0
        let length = max(viewport.width, viewport.height) * viewport.zoom * pixelsOfScreen
        if scene.isSplit || scene.after == nil {
            let end = scene.after == nil ? viewport.viewWidth : dividerX
            paint(before.fitting(length), from: 0, to: end, viewport, context)
        }
        if let after = scene.after {
            paint(after.fitting(length), from: dividerX, to: viewport.viewWidth, viewport, context)
        }
        if let part = scene.part, scene.needsPart(viewport, pixelsOfScreen: pixelsOfScreen) {
            if scene.isSplit {
                paint(part.before, of: part, from: 0, to: dividerX, viewport, pixelsOfScreen, context)
            }
            paint(part.after, of: part, from: dividerX, to: viewport.viewWidth, viewport, pixelsOfScreen, context)
        }
        if scene.showsBoxes { paintBoxes(scene, viewport, context, widget) }
        if scene.isSplit {
            paintDivider(dividerX, viewport, context)
            corner(tr("Before"), isLeft: true, viewport, context, widget)
            corner(tr("After"), isLeft: false, viewport, context, widget)
        }
        if gtk_widget_has_focus(widget) != 0 { paintFocus(viewport, context) }
    }

    private func paint(
        _ surface: PreviewSurface?, from left: Double, to right: Double, _ viewport: Viewport, _ context: OpaquePointer
    ) {
        guard let surface else { return }
        let (width, height) = (viewport.width * viewport.zoom, viewport.height * viewport.zoom)
        cairo_save(context)
        cairo_rectangle(context, left, 0, max(0, right - left), viewport.viewHeight)
        cairo_clip(context)
        surface.paint(on: context, origin: viewport.toView(Point(x: 0, y: 0)), width: width, height: height)
        cairo_restore(context)
    }

    private func paint(
        _ surface: PreviewSurface, of part: PreviewPart, from left: Double, to right: Double, _ viewport: Viewport,
        _ pixelsOfScreen: Double, _ context: OpaquePointer
    ) {
        let (columns, rows) = (part.area.columns, part.area.rows)
        var origin = viewport.toView(Point(x: Double(columns.lowerBound), y: Double(rows.lowerBound)))
        // Pixel on pixel nothing is to be mixed.
        if viewport.zoom * pixelsOfScreen == 1 {
            origin = Point(
                x: (origin.x * pixelsOfScreen).rounded() / pixelsOfScreen,
                y: (origin.y * pixelsOfScreen).rounded() / pixelsOfScreen)
        }
        cairo_save(context)
        cairo_rectangle(context, left, 0, max(0, right - left), viewport.viewHeight)
        cairo_clip(context)
        surface.paint(
            on: context, origin: origin, width: Double(columns.count) * viewport.zoom,
            height: Double(rows.count) * viewport.zoom)
        cairo_restore(context)
    }

    private func paintDivider(_ x: Double, _ viewport: Viewport, _ context: OpaquePointer) {
        let middle = viewport.viewHeight / 2
        for (width, shade) in [(3.0, 0.0), (1.0, 1.0)] {
            cairo_set_source_rgba(context, shade, shade, shade, shade == 0 ? 0.5 : 1)
            cairo_set_line_width(context, width)
            cairo_move_to(context, x + 0.5, 0)
            cairo_line_to(context, x + 0.5, viewport.viewHeight)
            cairo_stroke(context)
        }
        cairo_arc(context, x + 0.5, middle, 9, 0, 2 * Double.pi)
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_fill_preserve(context)
        cairo_set_source_rgba(context, 0, 0, 0, 0.5)
        cairo_stroke(context)
        cairo_set_source_rgb(context, 0.2, 0.2, 0.2)
        for side in [-1.0, 1.0] {
            cairo_move_to(context, x + 0.5 + side * 6, middle)
            cairo_line_to(context, x + 0.5 + side * 2, middle - 4)
            cairo_line_to(context, x + 0.5 + side * 2, middle + 4)
            cairo_fill(context)
        }
    }

    private func paintBoxes(_ scene: PreviewScene, _ viewport: Viewport, _ context: OpaquePointer, _ widget: Widget?) {
        for (index, face) in scene.faces.enumerated() {
            let isDrawn = scene.ticks.indices.contains(index) && scene.ticks[index]
            let from = viewport.toView(Point(x: face.box.x, y: face.box.y)),
                to = viewport.toView(Point(x: face.box.maxX, y: face.box.maxY))
            cairo_save(context)
            cairo_rectangle(
                context, from.x.rounded() + 0.5, from.y.rounded() + 0.5, (to.x - from.x).rounded(),
                (to.y - from.y).rounded())
            cairo_set_line_width(context, 3)
            cairo_set_source_rgba(context, 0, 0, 0, 0.5)
            cairo_stroke_preserve(context)
            cairo_set_line_width(context, 1.5)
            if isDrawn {
                cairo_set_source_rgb(context, 1, 0.85, 0.2)
            } else {
                cairo_set_source_rgb(context, 0.8, 0.8, 0.8)
                cairo_set_dash(context, [4, 4], 2, 0)
            }
            cairo_stroke(context)
            cairo_restore(context)
            // A number would cover a small face.
            let isSmall = to.y - from.y < 60
            caption(
                "\(index + 1)", x: isSmall ? (from.x + to.x) / 2 : from.x + 8, y: isSmall ? from.y - 9 : from.y + 9,
                context, widget)
        }
    }

    private func paintFocus(_ viewport: Viewport, _ context: OpaquePointer) {
        cairo_save(context)
        cairo_set_line_width(context, 1)
        cairo_set_dash(context, [1, 1], 2, 0)
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_rectangle(context, 1.5, 1.5, viewport.viewWidth - 3, viewport.viewHeight - 3)
        cairo_stroke(context)
        cairo_restore(context)
    }

    // MARK: - Text

    private func corner(_ text: String, isLeft: Bool, _ viewport: Viewport, _ context: OpaquePointer, _ widget: Widget?)
    {
        withLayout(text, widget) { layout, width, height in
            let x = isLeft ? Self.margin : viewport.viewWidth - width - Self.margin - 8
            paint(layout, x: x, y: Self.margin, width, height, context)
        }
    }

    /// Text on a dark ground, centred at a place.
    private func caption(_ text: String, x: Double, y: Double, _ context: OpaquePointer, _ widget: Widget?) {
        withLayout(text, widget) { layout, width, height in
            paint(layout, x: x - width / 2 - 4, y: y - height / 2 - 2, width, height, context)
        }
    }

    private func withLayout(_ text: String, _ widget: Widget?, _ body: (OpaquePointer, Double, Double) -> Void) {
        guard let layout = gtk_widget_create_pango_layout(widget, text) else { return }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        var (width, height): (gint, gint) = (0, 0)
        pango_layout_get_pixel_size(layout, &width, &height)
        body(layout, Double(width), Double(height))
    }

    private func paint(
        _ layout: OpaquePointer, x: Double, y: Double, _ width: Double, _ height: Double, _ context: OpaquePointer
    ) {
        cairo_set_source_rgba(context, 0, 0, 0, 0.55)
        cairo_rectangle(context, x.rounded(), y.rounded(), width + 8, height + 4)
        cairo_fill(context)
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_move_to(context, x.rounded() + 4, y.rounded() + 2)
        pango_cairo_show_layout(context, layout)
    }
}
