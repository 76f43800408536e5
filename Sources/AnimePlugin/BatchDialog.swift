import AnimeCore
import CGimp
import GeglImage

/// Asks what a batch is to draw, from where to where.
struct BatchDialog {
    /// Id and title of each style, at least one.
    let styles: [(id: String, title: String)]

    /// - Returns: what the user chose; `nil` when the dialog was cancelled.
    /// - Throws: `PlugInError.noDisplay`.
    func ask(_ settings: BatchSettings) throws -> BatchSettings? {
        try BatchWidgets.start()
        guard let dialog = BatchWidgets.dialog(tr("Anime Style Batch")) else { throw PlugInError.noDisplay }
        defer { gtk_widget_destroy(dialog) }
        gimp_dialog_add_button(BatchWidgets.cast(dialog), "gtk-cancel", GTK_RESPONSE_CANCEL.rawValue)
        gimp_dialog_add_button(BatchWidgets.cast(dialog), "gtk-ok", GTK_RESPONSE_OK.rawValue)
        gtk_dialog_set_default_response(BatchWidgets.cast(dialog), GTK_RESPONSE_OK.rawValue)
        gimp_window_set_transient(BatchWidgets.cast(dialog))
        let form = BatchForm()
        gtk_box_pack_start(BatchWidgets.cast(gtk_dialog_get_content_area(BatchWidgets.cast(dialog))), form.widget, 1, 1, 0)
        let read = fill(form, settings)
        gtk_widget_show(dialog)
        while gimp_dialog_run(BatchWidgets.cast(dialog)) == GTK_RESPONSE_OK.rawValue {
            let chosen = read()
            if !chosen.pattern.isEmpty, !chosen.outputFolder.isEmpty { return chosen }
            gimp_message(tr("Choose the folder of the photographs and another one for the drawings."))
        }
        return nil
    }

    /// Adds all controls; the result reads them.
    private func fill(_ form: BatchForm, _ settings: BatchSettings) -> () -> BatchSettings {
        let source = PhotoPattern(settings.pattern).parts
        let photographs = form.addFolder(tr("_Photographs in:"), source.folder)
        let names = form.addEntry(tr("File _names:"), source.names, tip: tr("Like *.jpg; * takes all pictures of the folder"))
        let drawings = form.addFolder(tr("Drawings _to:"), settings.outputFolder)
        let formats = BatchProcedure.formats
        let format = form.addChoice(tr("_Format:"), formats.map(\.label), selected: formats.firstIndex { $0.ending == settings.format } ?? 0)
        let style = form.addChoice(tr("_Style:"), styles.map(\.title), selected: styles.firstIndex { $0.id == settings.style.style } ?? 0)
        let regions = Procedure.regions
        let region = form.addChoice(tr("_Draw:"), regions.map(\.label), selected: regions.firstIndex { $0.region == settings.style.region } ?? 0)
        let strength = form.addScale(tr("S_trength (%):"), Procedure.strength, settings.style.strength)
        let lines = form.addScale(tr("_Lines (%):"), Procedure.lineStrength, settings.style.lineStrength)
        let colours = form.addScale(tr("_Keep colors (%):"), Procedure.keepColors, settings.style.keepColors)
        let overwrite = form.addSwitch(tr("_Replace drawings that exist"), settings.overwrite)
        return {
            var chosen = settings
            chosen.pattern = PhotoPattern(folder: photographs(), names: names()).pattern
            chosen.outputFolder = drawings()
            chosen.format = formats[format()].ending
            chosen.overwrite = overwrite()
            chosen.style.style = styles[style()].id
            chosen.style.region = regions[region()].region
            chosen.style.strength = strength()
            chosen.style.lineStrength = lines()
            chosen.style.keepColors = colours()
            return chosen
        }
    }
}

/// A table of labelled controls; each `add…` returns a function that reads the control.
private final class BatchForm {
    let widget: BatchWidgets.Widget
    private var row: gint = 0

    init() {
        widget = gtk_table_new(10, 3, 0)
        gtk_container_set_border_width(BatchWidgets.cast(widget), 12)
        gtk_table_set_col_spacings(BatchWidgets.cast(widget), 6)
        gtk_table_set_row_spacings(BatchWidgets.cast(widget), 6)
        gtk_widget_show(widget)
    }

    private func attach(_ label: String, _ control: BatchWidgets.Widget?) {
        gimp_table_attach_aligned(BatchWidgets.cast(widget), 0, row, label, 0, 0.5, control, 2, 0)
        row += 1
    }

    func addFolder(_ label: String, _ path: String) -> () -> String {
        let button = gtk_file_chooser_button_new(tr("Choose a folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER)
        let chooser = OpaquePointer(button)
        if !path.isEmpty { gtk_file_chooser_set_filename(chooser, path) }
        attach(label, button)
        return {
            guard let name = gtk_file_chooser_get_filename(chooser) else { return "" }
            defer { g_free(name) }
            return String(cString: name)
        }
    }

    func addEntry(_ label: String, _ text: String, tip: String) -> () -> String {
        let entry = gtk_entry_new()
        gtk_entry_set_text(BatchWidgets.cast(entry), text)
        gtk_entry_set_activates_default(BatchWidgets.cast(entry), 1)
        gtk_widget_set_tooltip_text(entry, tip)
        attach(label, entry)
        return { gtk_entry_get_text(BatchWidgets.cast(entry)).map { String(cString: $0) } ?? "" }
    }

    func addChoice(_ label: String, _ titles: [String], selected: Int) -> () -> Int {
        let combo = BatchWidgets.withCStrings(titles) { gimp_int_combo_box_new_array(gint(titles.count), $0) }
        gimp_int_combo_box_set_active(BatchWidgets.cast(combo), gint(selected))
        attach(label, combo)
        return {
            var index: gint = 0
            gimp_int_combo_box_get_active(BatchWidgets.cast(combo), &index)
            return titles.indices.contains(Int(index)) ? Int(index) : selected
        }
    }

    func addScale(_ label: String, _ argument: NumberArgument, _ value: Double) -> () -> Double {
        let range = argument.range
        let adjustment = gimp_scale_entry_new(BatchWidgets.cast(widget), 0, row, label, 180, 6, min(max(value, range.lowerBound), range.upperBound),
                                              range.lowerBound, range.upperBound, 1, 10, 0, 1, 0, 0, nil, nil)
        row += 1
        guard let adjustment else { return { value } }
        return { gtk_adjustment_get_value(BatchWidgets.cast(adjustment)) }
    }

    func addSwitch(_ label: String, _ isOn: Bool) -> () -> Bool {
        let button = gtk_check_button_new_with_mnemonic(label)
        gtk_toggle_button_set_active(BatchWidgets.cast(button), isOn ? 1 : 0)
        gtk_widget_show(button)
        gtk_table_attach_defaults(BatchWidgets.cast(widget), button, 0, 3, guint(row), guint(row) + 1)
        row += 1
        return { gtk_toggle_button_get_active(BatchWidgets.cast(button)) != 0 }
    }
}
