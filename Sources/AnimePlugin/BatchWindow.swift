import AnimeCore
import CGimp

/// How far a batch is, with a button that stops it after the photograph at hand, and at the end what came of it.
final class BatchWindow: BatchHost {
    private let dialog: BatchWidgets.Widget?
    private let label = gtk_label_new(nil)
    private let bar = gtk_progress_bar_new()
    private let cancel: BatchWidgets.Widget?
    private var isStopped = false

    /// Failures that the window names; the others are counted.
    private static let shownFailures = 12

    init() {
        dialog = BatchWidgets.dialog(tr("Anime Style Batch"))
        cancel = gimp_dialog_add_button(BatchWidgets.cast(dialog), "gtk-cancel", GTK_RESPONSE_CANCEL.rawValue)
        let box = gtk_vbox_new(0, 12)
        gtk_container_set_border_width(BatchWidgets.cast(box), 12)
        gtk_misc_set_alignment(BatchWidgets.cast(label), 0, 0.5)
        gtk_label_set_line_wrap(BatchWidgets.cast(label), 1)
        gtk_label_set_width_chars(BatchWidgets.cast(label), 60)
        gtk_box_pack_start(BatchWidgets.cast(box), label, 1, 1, 0)
        gtk_box_pack_start(BatchWidgets.cast(box), bar, 0, 0, 0)
        gtk_box_pack_start(BatchWidgets.cast(gtk_dialog_get_content_area(BatchWidgets.cast(dialog))), box, 1, 1, 0)
        gtk_label_set_text(BatchWidgets.cast(label), tr("Loading the style"))
        let stop: @convention(c) (gpointer?, gint, gpointer?) -> Void = { _, _, window in
            guard let window else { return }
            Unmanaged<BatchWindow>.fromOpaque(window).takeUnretainedValue().stop()
        }
        g_signal_connect_data(dialog, "response", unsafeBitCast(stop, to: GCallback.self), Unmanaged.passUnretained(self).toOpaque(), nil,
                              GConnectFlags(rawValue: 0))
        gtk_widget_show_all(dialog)
    }

    deinit { if let dialog { gtk_widget_destroy(dialog) } }

    private func stop() {
        isStopped = true
        gtk_widget_set_sensitive(cancel, 0)
    }

    func wantsToStop() -> Bool {
        while gtk_events_pending() != 0 { gtk_main_iteration() }
        return isStopped
    }

    func show(_ fraction: Double, _ text: String) {
        gtk_label_set_text(BatchWidgets.cast(label), text)
        gtk_progress_bar_set_fraction(BatchWidgets.cast(bar), min(max(fraction, 0), 1))
    }

    func note(_ line: String) {}
    func warn(_ sentence: String) {}

    /// Shows the outcome until the user closes the window.
    func finish(_ outcome: BatchOutcome) {
        var lines = [outcome.text] + outcome.failures.prefix(Self.shownFailures)
        if outcome.failures.count > Self.shownFailures { lines.append("…") }
        gtk_label_set_text(BatchWidgets.cast(label), lines.joined(separator: "\n"))
        gtk_label_set_selectable(BatchWidgets.cast(label), 1)
        gtk_progress_bar_set_fraction(BatchWidgets.cast(bar), 1)
        gtk_widget_hide(cancel)
        gimp_dialog_add_button(BatchWidgets.cast(dialog), "gtk-close", GTK_RESPONSE_CLOSE.rawValue)
        _ = gimp_dialog_run(BatchWidgets.cast(dialog))
    }
}
