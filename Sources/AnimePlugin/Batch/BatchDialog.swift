import Batch
import CGimp
import Engine
import Settings

/// Asks what a batch is to draw, from where to where.
struct BatchDialog {
    /// Id and title of each style, at least one.
    let styles: [(id: String, title: String)]

    /// - Parameter problem: a sentence that says why `settings` could not be drawn, shown in the dialog.
    /// - Returns: what the user chose; `nil` when the dialog was cancelled.
    /// - Throws: `PlugInError.noDisplay`.
    func ask(_ settings: BatchSettings, problem: String?) throws -> BatchSettings? {
        try GimpWindow.start()
        let dialog = try GimpWindow.make(
            tr("Anime Style Batch"),
            buttons: [
                ("gtk-cancel", GTK_RESPONSE_CANCEL.rawValue),
                ("gtk-ok", GTK_RESPONSE_OK.rawValue),
            ])
        defer { gtk_widget_destroy(dialog) }
        gimp_window_set_transient(cast(dialog))
        gtk_window_set_default_size(cast(dialog), 420, -1)
        let column = Build.column(), form = Form(rows: 10), tone = Form(rows: 4), warning = WarningRow()
        Build.pack(form.widget, into: column)
        Build.pack(Build.expander(tr("Li_ght, skin and hair"), tone.widget), into: column)
        Build.pack(warning.widget, into: column)
        GimpWindow.fill(dialog, with: column)
        let read = fill(form, tone, settings)
        gtk_widget_show_all(dialog)
        warning.show(problem)
        while gimp_dialog_run(cast(dialog)) == GTK_RESPONSE_OK.rawValue {
            let chosen = read()
            if !chosen.pattern.isEmpty, !chosen.outputFolder.isEmpty { return chosen }
            warning.show(tr("Choose the folder of the photographs and another one for the drawings."))
        }
        return nil
    }

    /// Adds all controls; the result reads them.
    private func fill(_ form: Form, _ tone: Form, _ settings: BatchSettings) -> () -> BatchSettings {
        let source = PhotoPattern(settings.pattern).parts
        let photographs = form.addFolder(tr("_Photographs in:"), source.folder)
        let names = form.addEntry(
            tr("File _names:"), source.names, tip: tr("Like *.jpg; * takes all pictures of the folder"))
        let drawings = form.addFolder(tr("Drawin_gs to:"), settings.outputFolder)
        let formats = BatchProcedure.formats
        let chosenFormat = formats.firstIndex { $0.ending == settings.format }
        let format = form.addChoice(tr("_Format:"), formats.map(\.label), selected: chosenFormat)
        let chosenStyle = styles.firstIndex { $0.id == settings.style.style }
        let style = form.addChoice(tr("_Style:"), styles.map(\.title), selected: chosenStyle)
        let places: [(Setting.Place, Form)] = [(.look, form), (.faces, form), (.tone, tone)]
        let controls = places.flatMap { [SettingControl].add($0.0, for: .files, to: $0.1) {} }
        controls.show(settings.style)
        let overwrite = Build.check(tr("_Replace drawings that exist"), settings.overwrite) {}
        form.add(nil, overwrite)
        return {
            var chosen = settings
            chosen.pattern = PhotoPattern(folder: photographs(), names: names()).pattern
            chosen.outputFolder = drawings()
            chosen.format = formats[format.selected].ending
            chosen.overwrite = Build.isActive(overwrite)
            chosen.style.style = styles[style.selected].id
            controls.write(to: &chosen.style)
            return chosen
        }
    }
}

/// A sentence with a sign, which is there only while there is something to say.
private struct WarningRow {
    let widget = Build.row()
    private let label = Build.label()

    init() {
        gtk_label_set_line_wrap(cast(label), 1)
        // GTK 2 wraps a label at the width that was asked for.
        gtk_widget_set_size_request(label, 350, -1)
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

/// What only this dialog asks for.
private extension Form {
    /// - Returns: reads the folder, `""` when none is chosen.
    func addFolder(_ label: String, _ path: String) -> () -> String {
        let button = gtk_file_chooser_button_new(tr("Choose a folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER)
        let chooser = OpaquePointer(button)
        if !path.isEmpty { gtk_file_chooser_set_filename(chooser, path) }
        add(label, button)
        return {
            guard let name = gtk_file_chooser_get_filename(chooser) else { return "" }
            defer { g_free(name) }
            return String(cString: name)
        }
    }

    func addEntry(_ label: String, _ text: String, tip: String) -> () -> String {
        let entry = gtk_entry_new()
        gtk_entry_set_text(cast(entry), text)
        gtk_entry_set_activates_default(cast(entry), 1)
        gtk_widget_set_tooltip_text(entry, tip)
        add(label, entry)
        return { gtk_entry_get_text(cast(entry)).map { String(cString: $0) } ?? "" }
    }

    func addChoice(_ label: String, _ titles: [String], selected: Int?) -> Choice {
        let choice = Choice(titles, selected: selected ?? 0) {}
        add(label, choice.widget)
        return choice
    }
}
