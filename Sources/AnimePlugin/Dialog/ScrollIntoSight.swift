import CGimp

/// Scrolls a column until all of a widget that has just grown is in sight. Main thread only.
final class ScrollIntoSight {
    private let widget: Widget?
    private var ticker: Ticker?
    private var ticksLeft = 0
    /// Where the last tick left the column, in its pixels.
    private var reached: Double?

    /// Themes let things unfold slowly, so the column is looked at more than once.
    private static let (ticks, milliseconds): (Int, UInt32) = (12, 40)

    init(_ widget: Widget?) { self.widget = widget }

    deinit { ticker?.stop() }

    func start() {
        (ticksLeft, reached) = (Self.ticks, nil)
        guard ticker == nil else { return }
        ticker = Ticker(milliseconds: Self.milliseconds) { [weak self] in self?.tick() }
    }

    private func tick() {
        scroll()
        ticksLeft -= 1
        guard ticksLeft <= 0 else { return }
        ticker?.stop()
        ticker = nil
    }

    private func scroll() {
        let viewport = gtk_widget_get_ancestor(widget, gtk_viewport_get_type())
        guard viewport != nil,
            let adjustment = gtk_scrolled_window_get_vadjustment(
                cast(gtk_widget_get_ancestor(widget, gtk_scrolled_window_get_type())))
        else { return }
        var place = GtkAllocation(), (x, y): (gint, gint) = (0, 0)
        gtk_widget_get_allocation(widget, &place)
        let column = gtk_bin_get_child(cast(viewport))
        guard gtk_widget_translate_coordinates(widget, column, 0, 0, &x, &y) != 0 else { return }
        // Who turns the wheel meanwhile wants the column elsewhere.
        if let reached, reached != gtk_adjustment_get_value(adjustment) { return ticksLeft = 0 }
        gtk_adjustment_clamp_page(adjustment, Double(y), Double(y + place.height))
        reached = gtk_adjustment_get_value(adjustment)
    }
}
