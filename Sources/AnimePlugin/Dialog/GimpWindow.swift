import CGimp
import Glibc

/// The windows that the plug-in opens.
enum GimpWindow {
    /// GTK ends the process when it finds no display, so look before.
    /// - Throws: `PlugInError.noDisplay`.
    static func start() throws {
        let fromGimp = gimp_display_name().map { $0.pointee != 0 } ?? false
        let fromEnvironment = Host.displayVariables.contains { name in getenv(name).map { $0.pointee != 0 } ?? false }
        guard fromGimp || fromEnvironment else { throw PlugInError.noDisplay }
        host_ui_init(translationDomain)
    }

    /// A dialog with buttons, from left to right.
    /// - Parameter buttons: stock name and response of each.
    /// - Throws: `PlugInError.noDisplay`.
    static func make(_ title: String, buttons: [(stock: String, response: Int32)]) throws -> Widget {
        let noButtons = [Int(0)]
        let dialog = withVaList(noButtons) {
            gimp_dialog_new_valist(title, translationDomain, nil, GtkDialogFlags(rawValue: 0), nil, nil, $0)
        }
        guard let dialog else { throw PlugInError.noDisplay }
        for (stock, response) in buttons { gimp_dialog_add_button(cast(dialog), stock, response) }
        gtk_dialog_set_default_response(cast(dialog), GTK_RESPONSE_OK.rawValue)
        return dialog
    }

    /// One of the filter's own windows: Help, Reset, Cancel and OK.
    /// - Parameters:
    ///   - reset: the response of Reset.
    ///   - purpose: what OK does.
    /// - Throws: `PlugInError.noDisplay`.
    static func makeMain(_ title: String, reset: Int32, purpose: String) throws -> Widget {
        let stockOfReset = host_reset_button().map { String(cString: $0) } ?? ""
        let buttons: [(stock: String, response: Int32, tip: String)] = [
            ("gtk-help", GTK_RESPONSE_HELP.rawValue, tr("Show what the controls do (F1)")),
            (stockOfReset, reset, tr("Put back the style's own settings")),
            ("gtk-cancel", GTK_RESPONSE_CANCEL.rawValue, tr("Close the window and draw nothing")),
            ("gtk-ok", GTK_RESPONSE_OK.rawValue, purpose),
        ]
        let dialog = try make(title, buttons: buttons.map { ($0.stock, $0.response) })
        for button in buttons {
            let widget = gtk_dialog_get_widget_for_response(cast(dialog), button.response)
            gtk_widget_set_tooltip_text(widget, button.tip)
        }
        return dialog
    }

    /// Has F1 do something in a window.
    static func onHelpKey(_ window: Widget, _ action: @escaping () -> Void) {
        Signal.connectEvent(window, "key-press-event") { event in
            guard event.pointee.key.keyval == guint(GDK_KEY_F1) else { return false }
            action()
            return true
        }
    }

    static func fill(_ dialog: Widget, with content: Widget?) {
        gtk_container_set_border_width(cast(content), Build.border)
        gtk_box_pack_start(cast(gtk_dialog_get_content_area(cast(dialog))), content, 1, 1, 0)
    }

    /// Lets the screen show what has changed.
    static func handlePending() {
        while gtk_events_pending() != 0 { gtk_main_iteration() }
    }
}
