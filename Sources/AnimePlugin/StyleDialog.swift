import AnimeCore
import CGimp
import Glibc

/// The plain dialog: style, region, strength, lines, colours.
struct StyleDialog {
    /// Id and title of each style, at least one.
    let styles: [(id: String, title: String)]

    /// - Returns: what the user chose; `nil` when the dialog was cancelled.
    /// - Throws: `PlugInError.noDisplay`.
    func ask(_ settings: Settings) throws -> Settings? {
        try start()
        let noButtons = [Int(0)]
        let window = withVaList(noButtons) {
            gimp_dialog_new_valist(tr("Anime Style"), translationDomain, nil, GtkDialogFlags(rawValue: 0), nil, nil, $0)
        }
        guard let dialog = window else { throw PlugInError.noDisplay }
        defer { gtk_widget_destroy(dialog) }
        gimp_dialog_add_button(cast(dialog), "gtk-cancel", GTK_RESPONSE_CANCEL.rawValue)
        gimp_dialog_add_button(cast(dialog), "gtk-ok", GTK_RESPONSE_OK.rawValue)
        gtk_dialog_set_default_response(cast(dialog), GTK_RESPONSE_OK.rawValue)
        gimp_window_set_transient(cast(dialog))

        let form = Form(rows: 5)
        gtk_box_pack_start(cast(gtk_dialog_get_content_area(cast(dialog))), form.widget, 1, 1, 0)
        let style = form.addChoice(tr("_Style:"), styles.map(\.title), selected: styles.firstIndex { $0.id == settings.style } ?? 0)
        let region = form.addChoice(tr("_Draw:"), Procedure.regions.map(\.label),
                                    selected: Procedure.regions.firstIndex { $0.region == settings.region } ?? 0)
        let strength = form.addScale(tr("S_trength (%):"), Procedure.strength, settings.strength,
                                     tip: tr("0 leaves the photograph, 100 is the whole drawing"))
        let lines = form.addScale(tr("_Lines (%):"), Procedure.lineStrength, settings.lineStrength,
                                  tip: tr("0 draws no lines, 100 draws them as the style does, 200 twice as heavy"))
        let colours = form.addScale(tr("_Keep colors (%):"), Procedure.keepColors, settings.keepColors,
                                    tip: tr("How much of the photograph's own colors is kept"))
        gtk_widget_show(dialog)
        guard gimp_dialog_run(cast(dialog)) == GTK_RESPONSE_OK.rawValue else { return nil }

        var chosen = settings
        chosen.style = styles[style()].id
        chosen.region = Procedure.regions[region()].region
        chosen.strength = strength()
        chosen.lineStrength = lines()
        chosen.keepColors = colours()
        return chosen
    }

    /// GTK ends the process when it finds no display, so look before.
    private func start() throws {
        let fromGimp = gimp_display_name().map { $0.pointee != 0 } ?? false
        let fromEnvironment = getenv("DISPLAY").map { $0.pointee != 0 } ?? false
        guard fromGimp || fromEnvironment else { throw PlugInError.noDisplay }
        gimp_ui_init(translationDomain, 0)
    }
}

/// A table of labelled controls; each `add…` returns a function that reads the control.
private final class Form {
    let widget: UnsafeMutablePointer<GtkWidget>
    private var row: gint = 0

    init(rows: Int) {
        widget = gtk_table_new(guint(rows), 3, 0)
        gtk_container_set_border_width(cast(widget), 12)
        gtk_table_set_col_spacings(cast(widget), 6)
        gtk_table_set_row_spacings(cast(widget), 6)
        gtk_widget_show(widget)
    }

    func addChoice(_ label: String, _ titles: [String], selected: Int) -> () -> Int {
        let combo = withCStrings(titles) { gimp_int_combo_box_new_array(gint(titles.count), $0) }
        guard let combo else { return { selected } }
        gimp_int_combo_box_set_active(cast(combo), gint(selected))
        gimp_table_attach_aligned(cast(widget), 0, row, label, 0, 0.5, combo, 2, 0)
        row += 1
        return {
            var index: gint = 0
            gimp_int_combo_box_get_active(cast(combo), &index)
            return titles.indices.contains(Int(index)) ? Int(index) : selected
        }
    }

    func addScale(_ label: String, _ argument: NumberArgument, _ value: Double, tip: String) -> () -> Double {
        let range = argument.range
        let adjustment = gimp_scale_entry_new(cast(widget), 0, row, label, 180, 6, min(max(value, range.lowerBound), range.upperBound),
                                              range.lowerBound, range.upperBound, 1, 10, 0, 1, 0, 0, tip, nil)
        row += 1
        guard let adjustment else { return { value } }
        return { gtk_adjustment_get_value(cast(adjustment)) }
    }
}

/// GTK's classes share their first member, which is all that its cast macros rely on.
private func cast<From, To>(_ pointer: UnsafeMutablePointer<From>?) -> UnsafeMutablePointer<To>? {
    UnsafeMutableRawPointer(pointer)?.assumingMemoryBound(to: To.self)
}

private func withCStrings<Result>(_ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    var pointers = copies.map { UnsafePointer($0) }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
}
