import CGimp

/// Who turns the wheel over a window's column means the column: a slider, a number or a list on the way takes the wheel
/// only once it was clicked or reached by Tab.
enum WheelGuard {
    /// - Parameter widget: one that would change with the wheel.
    static func protect(_ widget: Widget?) {
        Signal.connectEvent(widget, "scroll-event") { event in
            guard !hasFocus(widget) else { return false }
            gtk_propagate_event(gtk_widget_get_parent(widget), event)
            return true
        }
    }

    /// Whether keys go to the widget or to what it is made of.
    private static func hasFocus(_ widget: Widget?) -> Bool {
        guard let widget, let focus = gtk_window_get_focus(cast(gtk_widget_get_toplevel(widget))) else { return false }
        return focus == widget || gtk_widget_is_ancestor(focus, widget) != 0
    }
}
