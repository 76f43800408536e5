import CGimp
import Drawing

/// What goes on, under the preview: a sentence and, while something is computed, a wheel. Main thread only.
final class StatusLine {
    let widget = Build.row()
    private let spinner = gtk_spinner_new()
    /// Of the spinner, which would else be as high as the row.
    private let place = gtk_alignment_new(0.5, 0.5, 0, 0)
    private let label = Build.label()
    private var shown: PreviewSession.Activity?

    init() {
        gtk_widget_set_size_request(spinner, 16, 16)
        gtk_widget_show(spinner)
        gtk_container_add(cast(place), spinner)
        gtk_widget_set_no_show_all(place, 1)
        Build.ellipsize(label)
        Build.pack(place, into: widget)
        Build.pack(label, into: widget, expand: true)
    }

    func show(_ activity: PreviewSession.Activity) {
        guard activity != shown else { return }
        shown = activity
        switch activity {
        case .reading: say(tr("Reading the photograph…"), isBusy: true)
        case .loading: say(tr("Loading the style…"), isBusy: true)
        case .drawing: say(tr("Drawing a draft…"), isBusy: true)
        case .refining: say(tr("Drawing in full detail…"), isBusy: true)
        case .done: say(tr("The preview is up to date."), isBusy: false)
        case let .failed(reason): say(reason, isBusy: false)
        }
    }

    /// Shows a sentence until something else goes on.
    func say(_ text: String, isBusy: Bool = false) {
        gtk_label_set_text(cast(label), text)
        // A sentence that does not fit can be read in full under the pointer.
        gtk_widget_set_tooltip_text(label, text)
        if isBusy {
            gtk_widget_show(place)
            gtk_spinner_start(cast(spinner))
        } else {
            gtk_spinner_stop(cast(spinner))
            gtk_widget_hide(place)
        }
    }
}
