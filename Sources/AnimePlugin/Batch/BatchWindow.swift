import Batch
import CGimp
import Settings

/// How far a batch is, with a button that stops it after the photograph at hand, and at the end what came of it.
final class BatchWindow: BatchHost {
    private let dialog: Widget
    private let label = Build.label(tr("Loading the style"))
    private let bar = gtk_progress_bar_new()
    private let box = Build.column()
    private let cancel: Widget?
    private var isStopped = false

    /// Of what it says, in pixels.
    private static let width: gint = 480
    /// Of a long list of failures, in pixels.
    private static let listHeight: gint = 240
    /// Failures that the window lists; the others are counted.
    private static let shownFailures = 1000

    /// - Throws: `PlugInError.noDisplay`.
    init() throws {
        dialog = try GimpWindow.make(tr("Anime Style Batch"), buttons: [("gtk-cancel", GTK_RESPONSE_CANCEL.rawValue)])
        cancel = gtk_dialog_get_widget_for_response(cast(dialog), GTK_RESPONSE_CANCEL.rawValue)
        gtk_label_set_line_wrap(cast(label), 1)
        gtk_label_set_line_wrap_mode(cast(label), PANGO_WRAP_WORD_CHAR)
        // GTK 2 wraps a label at the width that was asked for.
        gtk_widget_set_size_request(label, Self.width, -1)
        Build.pack(label, into: box, expand: true)
        Build.pack(bar, into: box)
        GimpWindow.fill(dialog, with: box)
        Signal.connectResponse(dialog) { [weak self] _ in self?.stop() }
        gtk_widget_show_all(dialog)
    }

    deinit { gtk_widget_destroy(dialog) }

    private func stop() {
        isStopped = true
        gtk_widget_set_sensitive(cancel, 0)
    }

    func wantsToStop() -> Bool {
        GimpWindow.handlePending()
        return isStopped
    }

    func show(_ fraction: Double, _ job: BatchJob, number: Int, count: Int) {
        let photograph = tr("\(number) of \(count): \(job.input.printable)")
        gtk_label_set_text(cast(label), "\(photograph)\n→ \(job.output.printable)")
        gtk_progress_bar_set_fraction(cast(bar), min(max(fraction, 0), 1))
    }

    func note(_ line: String) {}
    func warn(_ sentence: String) {}

    /// What could not be drawn, in a list that is scrolled where it is long.
    private func list(_ failures: [String]) {
        guard !failures.isEmpty else { return }
        let text = failures.prefix(Self.shownFailures) + (failures.count > Self.shownFailures ? ["…"] : [])
        let list = Build.label(text.joined(separator: "\n")), scroller = Build.scroller(list)
        gtk_label_set_line_wrap(cast(list), 1)
        gtk_label_set_selectable(cast(list), 1)
        gtk_widget_set_size_request(list, Self.width, -1)
        gtk_widget_set_size_request(scroller, -1, failures.count > 3 ? Self.listHeight : Self.listHeight / 2)
        shim_keep_scrollbar(scroller)
        Build.pack(scroller, into: box, expand: true)
        gtk_widget_show_all(scroller)
    }

    /// Shows the outcome until the user closes the window.
    /// - Parameter folder: that of the drawings.
    func finish(_ outcome: BatchOutcome, folder: String) {
        var lines = isStopped ? [tr("Stopped. Started again, the batch goes on from here.")] : []
        lines.append(outcome.text)
        if outcome.drawn + outcome.kept > 0 { lines.append(tr("The drawings are in \(folder.printable).")) }
        gtk_label_set_text(cast(label), lines.joined(separator: "\n"))
        gtk_label_set_selectable(cast(label), 1)
        gtk_widget_hide(bar)
        list(outcome.sentences(sentence))
        gtk_widget_hide(cancel)
        gtk_widget_grab_focus(gimp_dialog_add_button(cast(dialog), "gtk-close", GTK_RESPONSE_CLOSE.rawValue))
        _ = gimp_dialog_run(cast(dialog))
    }
}
