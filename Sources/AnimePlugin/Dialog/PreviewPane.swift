import CGimp
import Drawing
import Engine

/// The preview with its buttons and the status under it. Main thread only.
final class PreviewPane {
    let widget = Build.column()
    let area: PreviewArea
    let status = StatusLine()
    private let zoomLabel = Build.label()
    private var split: Widget?
    private var boxes: Widget?

    private static var use: String {
        tr(
            """
            Drag the line to compare and the picture to move it; the wheel zooms, and a click on a face's box sets \
            or takes its tick
            """)
    }

    /// - Parameters: the photograph's size, in pixels.
    init(width: Int, height: Int) {
        area = PreviewArea(width: width, height: height)
        let frame = gtk_frame_new(nil)
        gtk_frame_set_shadow_type(cast(frame), GTK_SHADOW_IN)
        gtk_container_add(cast(frame), area.widget)
        // A tip would come over the picture wherever the pointer rests, also on the face that is being compared.
        Build.describe(area.widget, Self.use)
        Build.pack(frame, into: widget, expand: true)
        Build.pack(toolbar(), into: widget)
        Build.pack(status.widget, into: widget)
        showZoom()
        applyToggles()
    }

    /// The zoom in percent of the photograph's own pixels.
    func showZoom() {
        let zoom = area.viewport.zoom * area.pixelsOfScreen
        gtk_label_set_text(cast(zoomLabel), "\(max(1, Int((zoom * 100).rounded()))) %")
    }

    private func toolbar() -> Widget? {
        let row = Build.row()
        // Not higher than their icons need where the ticks take two lines.
        let buttons = gtk_hbox_new(0, 0), place = gtk_alignment_new(0, 0.5, 0, 0)
        let area = area
        Build.pack(Build.iconButton(.zoomOut, tip: tr("Zoom out (−)")) { area.zoomOut() }, into: buttons)
        Build.pack(Build.iconButton(.zoomIn, tip: tr("Zoom in (+)")) { area.zoomIn() }, into: buttons)
        Build.pack(
            Build.iconButton(.fit, tip: tr("Show the whole photograph (0)")) { area.fit() }, into: buttons)
        Build.pack(
            Build.iconButton(.actualSize, tip: tr("Show the photograph's own pixels (1)")) { area.actualSize() },
            into: buttons)
        gtk_container_add(cast(place), buttons)
        Build.pack(place, into: row)
        gtk_label_set_width_chars(cast(zoomLabel), 6)
        gtk_widget_set_tooltip_text(zoomLabel, Self.use)
        Build.pack(zoomLabel, into: row, expand: true)
        split = Build.check(
            tr("Split _view"), true, tip: tr("Before on the left, after on the right; drag the line between them")
        ) { [weak self] in
            self?.applyToggles()
        }
        boxes = Build.check(tr("Face _boxes"), true, tip: tr("Mark the faces; a click on one sets or takes its tick")) {
            [weak self] in
            self?.applyToggles()
        }
        // One below the other where large letters would make the window wider than the screen.
        let ticks = isWide(row, [split, boxes]) ? gtk_vbox_new(0, 0) : Build.row()
        for tick in [split, boxes] { Build.pack(tick, into: ticks) }
        Build.pack(ticks, into: row)
        return row
    }

    /// Whether a row would be too much beside the other half of the window with so many widgets more in it.
    private func isWide(_ row: Widget?, _ more: [Widget?]) -> Bool {
        var (columns, rows): (gint, gint) = (0, 0)
        shim_smallest_screen(row, &columns, &rows)
        let widths = ([row] + more).map { widget in
            gtk_widget_show_all(widget)
            return shim_wanted_size(widget).width
        }
        return widths.reduce(0, +) > columns * 2 / 5
    }

    private func applyToggles() {
        let (isSplit, showsBoxes) = (Build.isActive(split), Build.isActive(boxes))
        area.update { ($0.isSplit, $0.showsBoxes) = (isSplit, showsBoxes) }
    }
}
