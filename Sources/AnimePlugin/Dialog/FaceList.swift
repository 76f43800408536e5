import CGimp
import Drawing
import Engine
import Raster

/// The faces that were found, from left to right, as small pictures with a tick each. Main thread only.
final class FaceList {
    let widget: Widget?
    /// For the settings that concern faces.
    let form = Form(rows: 1)
    /// Which faces are drawn apart has changed, here or by a click on the preview.
    private let changed: () -> Void
    private let list = gtk_vbox_new(0, 3)
    private let scroller: Widget?
    private let message = Build.label()
    private var table: Widget?
    private var checks: [Widget?] = []
    private var images: [Widget?] = []
    private var photograph: (surface: PreviewSurface, width: Int)?
    /// In pixels of the photograph, from left to right.
    private(set) var faces: [Face] = []
    /// `StyleOptions.excludedFaces`.
    private(set) var excluded: [Point] = []

    /// Side of a face's picture, in pixels.
    private static let side = 48
    private static let columns = 4
    /// Of pictures that are in sight at once.
    private static let mostRows = 3

    init(changed: @escaping () -> Void) {
        self.changed = changed
        scroller = Build.scroller(list)
        widget = gimp_frame_new(tr("Faces"))
        let column = Build.column()
        gtk_scrolled_window_set_shadow_type(cast(scroller), GTK_SHADOW_IN)
        gtk_container_set_border_width(cast(list), 3)
        showRows(1)
        gtk_label_set_line_wrap(cast(message), 1)
        // GTK 2 wraps a label at the width that was asked for.
        gtk_widget_set_size_request(message, 250, -1)
        Build.pack(message, into: list)

        Build.pack(scroller, into: column, expand: true)
        Build.pack(form.widget, into: column)
        gtk_container_add(cast(widget), column)
        disable(because: nil)
        say(tr("Looking for faces…"))
    }

    /// - Parameter sentence: why it cannot be used, shown under the pointer; `nil` makes it usable.
    func disable(because sentence: String?) {
        gtk_widget_set_sensitive(widget, sentence == nil ? 1 : 0)
        gtk_widget_set_tooltip_text(
            widget,
            sentence
                ?? tr("The faces from left to right; those with a tick are drawn at the size that suits them best"))
    }

    /// Whether each of `faces` is drawn apart.
    var ticks: [Bool] {
        let kept = faces.excluding(excluded)
        return faces.map(kept.contains)
    }

    /// Takes the photograph that the faces' pictures are cut from.
    /// - Parameter width: the photograph's columns, which the faces' places count.
    func take(_ surface: PreviewSurface, ofWidth width: Int) {
        photograph = (surface, width)
        showPictures()
    }

    /// Shows what was found; the ticks of faces that were there before stay.
    func show(_ found: [Face], notices: [Notice]) {
        let found = found.sorted { ($0.box.centre.x, $0.box.centre.y) < ($1.box.centre.x, $1.box.centre.y) }
        if found != faces || table == nil {
            faces = found
            showChecks()
        }
        say(notices.map { tr($0) }.joined(separator: "\n"))
    }

    /// No face will be looked for, as nothing can be drawn.
    func giveUp() { if table == nil { say("") } }

    /// Makes room for so many rows, as far as they leave the other controls in sight.
    private func showRows(_ count: Int) {
        let rows = min(max(count, 1), Self.mostRows), letters = Int(Build.height(of: "1", in: message))
        // Themes leave some room about the number and the picture.
        gtk_widget_set_size_request(scroller, -1, gint(rows * (Self.side + letters + 12) + 6))
    }

    private func showChecks() {
        if let table { gtk_widget_destroy(table) }
        let table = gtk_table_new(1, guint(Self.columns), 1)
        // A tick is nearer to its own picture than to the one before.
        gtk_table_set_col_spacings(cast(table), 6)
        images = faces.map { _ in gtk_image_new() }
        checks = zip(faces.indices, ticks).map { check($0, isTicked: $1) }
        for (index, check) in checks.enumerated() {
            let (row, column) = (guint(index / Self.columns), guint(index % Self.columns))
            gtk_table_attach(cast(table), check, column, column + 1, row, row + 1, GTK_FILL, GTK_FILL, 0, 0)
        }
        showRows((faces.count + Self.columns - 1) / Self.columns)
        Build.pack(table, into: list)
        gtk_widget_show_all(table)
        self.table = table
        showPictures()
    }

    private func check(_ index: Int, isTicked: Bool) -> Widget? {
        let box = faces[index].box, size = Int(min(box.width, box.height).rounded())
        let name = tr("Face \(index + 1) (\(size) pixels)")
        let check = gtk_check_button_new(), column = gtk_vbox_new(0, 0)
        gtk_widget_set_size_request(images[index], gint(Self.side), gint(Self.side))
        Build.pack(images[index], into: column)
        let number = gtk_label_new("\(index + 1)")
        shim_keep_color(number)
        Build.pack(number, into: column)
        gtk_container_add(cast(check), column)
        shim_keep_size(number)
        gtk_toggle_button_set_active(cast(check), isTicked ? 1 : 0)
        let tip = tr(
            "Without the tick this face is drawn with the rest, or stays a photograph if only faces are drawn")
        gtk_widget_set_tooltip_text(check, "\(name): \(tip)")
        Build.name(check, name)
        Signal.connect(check, "toggled") { [weak self] in self?.toggled(index) }
        return check
    }

    private func showPictures() {
        guard let photograph else { return }
        for (face, image) in zip(faces, images) {
            Build.show(in: image, side: Self.side) { side in
                photograph.surface.square(about: face.box, ofWidth: photograph.width, zoom: 1.5, side: side)
            }
        }
    }

    private func say(_ text: String) {
        gtk_label_set_text(cast(message), text)
        gtk_widget_set_visible(message, text.isEmpty ? 0 : 1)
    }

    /// The same as a click on the check of face `index`.
    func toggle(_ index: Int) {
        guard checks.indices.contains(index) else { return }
        gtk_toggle_button_set_active(cast(checks[index]), Build.isActive(checks[index]) ? 0 : 1)
    }

    private func toggled(_ index: Int) {
        let face = faces[index]
        if Build.isActive(checks[index]) {
            excluded.removeAll { [face].excluding([$0]).isEmpty }
        } else if ticks[index] {
            excluded.append(face.box.centre)
        }
        changed()
    }
}
