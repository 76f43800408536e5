import CGimp

/// The size of one of the filter's windows, which the next one of its kind has again.
struct WindowSize: Codable {
    let width: gint
    let height: gint

    /// The windows whose size is kept.
    enum Kind {
        case layer, batch

        fileprivate var file: String { self == .layer ? "window.json" : "batch-window.json" }
        fileprivate var width: gint { self == .layer ? 960 : 460 }
    }

    /// Of the first window, where its column does not ask for more: the preview wants room.
    private static let usualHeight: gint = 680
    /// Of the screen, for panels and the window's title.
    private static let margin: gint = 88

    /// Gives a window that was not shown yet the size of the last one of its kind, or one in which its column need not
    /// be scrolled if the screen has room for that.
    /// - Parameter content: what `GimpWindow.fill` has put into it, `column` and its scroller among it.
    static func set(_ window: Widget, _ kind: Kind, content: Widget?, column: Widget?) {
        gtk_widget_show_all(content)
        // The theme's room around a dialog's buttons comes with its style, else not before the window is shown.
        gtk_widget_ensure_style(window)
        let size = kept(for: kind) ?? first(kind, window, content, column)
        gtk_window_set_default_size(cast(window), size.width, size.height)
    }

    private static func kept(for kind: Kind) -> WindowSize? {
        UserFolder.read(Self.self, kind.file).flatMap { kept in
            (1...16_384).contains(kept.width) && (1...16_384).contains(kept.height) ? kept : nil
        }
    }

    private static func first(_ kind: Kind, _ window: Widget, _ content: Widget?, _ column: Widget?) -> WindowSize {
        let inner = shim_wanted_size(content).height
        let around = shim_wanted_size(gtk_dialog_get_content_area(cast(window))).height - inner
        let wanted = around + max(inner, shim_wanted_size(column).height + gint(2 * Build.border))
        var (columns, rows): (gint, gint) = (0, 0)
        shim_smallest_screen(window, &columns, &rows)
        return WindowSize(width: kind.width, height: min(max(wanted, usualHeight), rows - margin))
    }

    func keep(for kind: Kind) { UserFolder.keep(self, kind.file) }
}

extension WindowSize {
    init(of window: Widget) {
        var (width, height): (gint, gint) = (0, 0)
        gtk_window_get_size(cast(window), &width, &height)
        self.init(width: width, height: height)
    }
}
