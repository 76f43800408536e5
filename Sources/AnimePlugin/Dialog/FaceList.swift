import CGimp
import Drawing
import Engine
import Raster

/// The faces that were found, with a tick each. Main thread only.
final class FaceList {
    let widget: Widget?
    /// Which faces are drawn apart has changed, here or by a click on the preview.
    private let changed: () -> Void
    private let list = gtk_vbox_new(0, 0)
    private let message = Build.label()
    /// For the settings that concern faces.
    let form = Form(rows: 1)
    private var checks: [Widget?] = []
    /// In pixels of the photograph, best score first.
    private(set) var faces: [Face] = []
    /// `StyleOptions.excludedFaces`.
    private(set) var excluded: [Point] = []

    init(changed: @escaping () -> Void) {
        self.changed = changed
        widget = gimp_frame_new(tr("Faces"))
        let column = Build.column(), scroller = gtk_scrolled_window_new(nil, nil)
        gtk_scrolled_window_set_policy(cast(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC)
        gtk_scrolled_window_set_shadow_type(cast(scroller), GTK_SHADOW_IN)
        gtk_container_set_border_width(cast(list), 3)
        gtk_scrolled_window_add_with_viewport(cast(scroller), list)
        gtk_widget_set_size_request(scroller, -1, 64)
        gtk_label_set_line_wrap(cast(message), 1)
        // GTK 2 wraps a label at the width that was asked for.
        gtk_widget_set_size_request(message, 250, -1)
        Build.pack(message, into: list)

        Build.pack(scroller, into: column, expand: true)
        Build.pack(form.widget, into: column)
        gtk_container_add(cast(widget), column)
        say(tr("Looking for faces…"))
    }

    /// Whether each of `faces` is drawn apart.
    var ticks: [Bool] {
        let kept = faces.excluding(excluded)
        return faces.map(kept.contains)
    }

    /// Shows what was found; the ticks of faces that were there before stay.
    func show(_ found: [Face], notices: [Notice]) {
        guard found != faces || checks.isEmpty else { return }
        faces = found
        for check in checks { gtk_widget_destroy(check) }
        checks = zip(found.indices, ticks).map { index, isTicked in
            let size = Int(min(found[index].box.width, found[index].box.height).rounded())
            let check = Build.check(
                tr("Face \(index + 1) (\(size) pixels)"), isTicked,
                tip: tr(
                    "Without the tick this face is drawn with the rest, or stays a photograph if only faces are drawn")
            ) { [weak self] in
                self?.toggled(index)
            }
            Build.pack(check, into: list)
            gtk_widget_show(check)
            return check
        }
        say(notices.map { tr($0.message) }.joined(separator: "\n"))
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
