import CGimp

/// Small windows that ask one thing and wait for the answer. Main thread only.
enum Question {
    /// - Parameters:
    ///   - text: what the field begins with, selected, so that typing replaces it.
    ///   - parent: the window that waits meanwhile.
    ///   - isUsable: whether OK can be pressed.
    /// - Returns: what was typed; `nil` when the window was cancelled.
    static func text(
        _ title: String, _ label: String, _ text: String, over parent: Widget?, isUsable: @escaping (String) -> Bool
    ) -> String? {
        let entry = gtk_entry_new()
        gtk_entry_set_text(cast(entry), text)
        gtk_entry_set_activates_default(cast(entry), 1)
        gtk_entry_set_width_chars(cast(entry), 30)
        let form = Form(rows: 1)
        form.add(label, entry)
        let buttons = [("gtk-cancel", GTK_RESPONSE_CANCEL.rawValue), ("gtk-ok", GTK_RESPONSE_OK.rawValue)]
        func typed() -> String { gtk_entry_get_text(cast(entry)).map { String(cString: $0) } ?? "" }
        func prepare(_ dialog: Widget) {
            func allow() {
                let isAllowed: gboolean = isUsable(typed()) ? 1 : 0
                gtk_dialog_set_response_sensitive(cast(dialog), GTK_RESPONSE_OK.rawValue, isAllowed)
            }
            Signal.connect(entry, "changed", allow)
            allow()
        }
        return ask(title, form.widget, buttons, over: parent, prepare: prepare, answer: typed)
    }

    /// - Parameters:
    ///   - sentence: what will happen.
    ///   - button: what agreeing is called.
    /// - Returns: whether the user agreed.
    static func confirm(_ title: String, _ sentence: String, _ button: String, over parent: Widget?) -> Bool {
        let buttons = [("gtk-cancel", GTK_RESPONSE_CANCEL.rawValue), (button, GTK_RESPONSE_OK.rawValue)]
        return ask(title, text(sentence, beside: "gtk-dialog-warning"), buttons, over: parent) { true } ?? false
    }

    /// Shows a sentence, which can be selected and copied, until the user closes it.
    static func tell(_ title: String, _ sentence: String, over parent: Widget?) {
        let buttons = [("gtk-close", GTK_RESPONSE_OK.rawValue)]
        _ = ask(title, text(sentence, beside: "gtk-dialog-info"), buttons, over: parent) {}
    }

    /// Shows a text of many lines until the user closes it.
    /// - Parameter remark: a sentence under it.
    static func read(_ title: String, _ text: HelpText, remark: String, over parent: Widget?) {
        let column = Build.column(), view = gtk_text_view_new(), scroller = gtk_scrolled_window_new(nil, nil)
        gtk_text_view_set_editable(cast(view), 0)
        gtk_text_view_set_cursor_visible(cast(view), 0)
        gtk_text_view_set_wrap_mode(cast(view), GTK_WRAP_WORD)
        gtk_text_view_set_left_margin(cast(view), 6)
        gtk_text_view_set_right_margin(cast(view), 6)
        fill(gtk_text_view_get_buffer(cast(view)), with: text)
        gtk_scrolled_window_set_policy(cast(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC)
        gtk_scrolled_window_set_shadow_type(cast(scroller), GTK_SHADOW_IN)
        gtk_container_add(cast(scroller), view)
        gtk_widget_set_size_request(scroller, 560, 380)
        let label = Build.label(remark)
        gtk_label_set_line_wrap(cast(label), 1)
        gtk_label_set_selectable(cast(label), 1)
        gtk_widget_set_size_request(label, 560, -1)
        Build.pack(scroller, into: column, expand: true)
        Build.pack(label, into: column)
        _ = ask(title, column, [("gtk-close", GTK_RESPONSE_OK.rawValue)], over: parent) {}
    }

    private static func fill(_ buffer: UnsafeMutablePointer<GtkTextBuffer>?, with text: HelpText) {
        let bold = shim_bold_tag(buffer)
        for piece in text.pieces {
            var (start, end) = (GtkTextIter(), GtkTextIter())
            gtk_text_buffer_get_end_iter(buffer, &end)
            let offset = gtk_text_iter_get_offset(&end)
            gtk_text_buffer_insert(buffer, &end, piece.text, -1)
            guard piece.isBold else { continue }
            gtk_text_buffer_get_iter_at_offset(buffer, &start, offset)
            gtk_text_buffer_apply_tag(buffer, bold, &start, &end)
        }
    }

    private static func text(_ sentence: String, beside stock: String) -> Widget? {
        let row = Build.row(), label = Build.label(sentence)
        gtk_label_set_line_wrap(cast(label), 1)
        gtk_label_set_selectable(cast(label), 1)
        Build.pack(gtk_image_new_from_stock(stock, GTK_ICON_SIZE_DIALOG), into: row)
        Build.pack(label, into: row, expand: true)
        return row
    }

    private static func ask<Answer>(
        _ title: String, _ content: Widget?, _ buttons: [(String, Int32)], over parent: Widget?,
        prepare: (Widget) -> Void = { _ in }, answer: () -> Answer
    ) -> Answer? {
        let buttons = buttons.map { (stock: $0.0, response: $0.1) }
        guard let dialog = try? GimpWindow.make(title, buttons: buttons) else { return nil }
        defer { gtk_widget_destroy(dialog) }
        gtk_window_set_transient_for(cast(dialog), cast(parent))
        gtk_window_set_modal(cast(dialog), 1)
        gtk_window_set_resizable(cast(dialog), 0)
        GimpWindow.fill(dialog, with: content)
        gtk_widget_show_all(content)
        prepare(dialog)
        return gimp_dialog_run(cast(dialog)) == GTK_RESPONSE_OK.rawValue ? answer() : nil
    }
}
