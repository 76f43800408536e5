import CGimp

/// Small windows that ask one thing and wait for the answer. Main thread only.
enum Question {
    /// - Parameters:
    ///   - text: what the field begins with, selected, so that typing replaces it.
    ///   - parent: the window that waits meanwhile.
    /// - Returns: what was typed, without spaces around it; `nil` when the window was cancelled.
    static func text(_ title: String, _ label: String, _ text: String, over parent: Widget?) -> String? {
        let entry = gtk_entry_new()
        gtk_entry_set_text(cast(entry), text)
        gtk_entry_set_activates_default(cast(entry), 1)
        gtk_entry_set_width_chars(cast(entry), 30)
        let form = Form(rows: 1)
        form.add(label, entry)
        return ask(title, form.widget, "gtk-ok", over: parent) {
            gtk_entry_get_text(cast(entry)).map { String(cString: $0) } ?? ""
        }
    }

    /// - Parameters:
    ///   - sentence: what will happen.
    ///   - button: what agreeing is called.
    /// - Returns: whether the user agreed.
    static func confirm(_ title: String, _ sentence: String, _ button: String, over parent: Widget?) -> Bool {
        let row = Build.row(), label = Build.label(sentence)
        gtk_label_set_line_wrap(cast(label), 1)
        Build.pack(gtk_image_new_from_stock("gtk-dialog-warning", GTK_ICON_SIZE_DIALOG), into: row)
        Build.pack(label, into: row, expand: true)
        return ask(title, row, button, over: parent) { true } ?? false
    }

    private static func ask<Answer>(
        _ title: String, _ content: Widget?, _ button: String, over parent: Widget?, answer: () -> Answer
    ) -> Answer? {
        let buttons = [("gtk-cancel", GTK_RESPONSE_CANCEL.rawValue), (button, GTK_RESPONSE_OK.rawValue)]
        guard let dialog = try? GimpWindow.make(title, buttons: buttons) else { return nil }
        defer { gtk_widget_destroy(dialog) }
        gtk_window_set_transient_for(cast(dialog), cast(parent))
        gtk_window_set_modal(cast(dialog), 1)
        gtk_window_set_resizable(cast(dialog), 0)
        GimpWindow.fill(dialog, with: content)
        gtk_widget_show_all(content)
        return gimp_dialog_run(cast(dialog)) == GTK_RESPONSE_OK.rawValue ? answer() : nil
    }
}
