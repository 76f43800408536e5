import CGimp

/// A sentence with a sign, which is there only while there is something to say. Main thread only.
final class WarningRow {
    let widget = Build.row()
    private let label = Build.label()

    init() {
        Build.wrap(label)
        Build.pack(gtk_image_new_from_stock("gtk-dialog-warning", GTK_ICON_SIZE_BUTTON), into: widget)
        Build.pack(label, into: widget, expand: true)
        gtk_widget_show_all(widget)
        gtk_widget_hide(widget)
        gtk_widget_set_no_show_all(widget, 1)
    }

    func show(_ sentence: String?) {
        gtk_label_set_text(cast(label), sentence ?? "")
        gtk_widget_set_visible(widget, sentence == nil ? 0 : 1)
    }
}
