import CGimp

/// A choice among titles.
final class Choice {
    private let combo: Widget?
    private let count: Int

    init(_ titles: [String], selected: Int, changed: @escaping () -> Void) {
        combo = withCStrings(titles) { gimp_int_combo_box_new_array(gint(titles.count), $0) }
        count = titles.count
        shim_let_shrink(combo)
        gimp_int_combo_box_set_active(cast(combo), gint(selected))
        WheelGuard.protect(combo)
        Signal.connect(combo, "changed", changed)
    }

    var widget: Widget? { combo }

    var selected: Int {
        get {
            var index: gint = 0
            gimp_int_combo_box_get_active(cast(combo), &index)
            return min(max(Int(index), 0), count - 1)
        }
        set { gimp_int_combo_box_set_active(cast(combo), gint(newValue)) }
    }

    /// Greys the title `index`.
    func forbid(_ index: Int) {
        gimp_int_combo_box_set_sensitivity(
            cast(combo), { value, data in Held<Int>.value(data) == Int(value) ? 0 : 1 }, Held.retained(index),
            { Held<Int>.release($0) })
    }
}

/// A number with a slider and a field for it.
final class Slider {
    private let adjustment: UnsafeMutablePointer<GtkAdjustment>?
    private let widgets: [Widget?]
    private let range: ClosedRange<Double>

    fileprivate init(
        _ adjustment: UnsafeMutablePointer<GtkAdjustment>?, _ widgets: [Widget?], _ range: ClosedRange<Double>,
        changed: @escaping () -> Void
    ) {
        self.adjustment = adjustment
        self.widgets = widgets
        self.range = range
        Signal.connect(adjustment, "value-changed", changed)
    }

    func setSensitive(_ isSensitive: Bool) {
        for widget in widgets { gtk_widget_set_sensitive(widget, isSensitive ? 1 : 0) }
    }

    func setTip(_ tip: String) {
        for widget in widgets { gtk_widget_set_tooltip_text(widget, tip) }
    }

    var value: Double {
        get { gtk_adjustment_get_value(adjustment) }
        set { gtk_adjustment_set_value(adjustment, min(max(newValue, range.lowerBound), range.upperBound)) }
    }
}

/// A table of labelled controls.
final class Form {
    let widget: Widget?
    private var row: guint = 0

    init(rows: Int) {
        widget = gtk_table_new(guint(rows), 3, 0)
        gtk_table_set_col_spacings(cast(widget), 6)
        gtk_table_set_row_spacings(cast(widget), 6)
    }

    func add(_ label: String?, _ control: Widget?) {
        if let label { attach(makeLabel(label, for: control), 0, 1, grows: false) }
        attach(control, 1, 3, grows: true)
        row += 1
    }

    func addSlider(_ title: String, _ range: ClosedRange<Double>, tip: String, changed: @escaping () -> Void) -> Slider
    {
        let adjustment: UnsafeMutablePointer<GtkAdjustment>? = cast(
            gtk_adjustment_new(range.lowerBound, range.lowerBound, range.upperBound, 1, 10, 0))
        let scale = gtk_hscale_new(adjustment), field = gtk_spin_button_new(adjustment, 1, 0),
            label = makeLabel(title, for: field)
        gtk_scale_set_draw_value(cast(scale), 0)
        gtk_widget_set_size_request(scale, 110, -1)
        gtk_spin_button_set_numeric(cast(field), 1)
        gtk_entry_set_activates_default(cast(field), 1)
        for widget in [label, scale, field] { gtk_widget_set_tooltip_text(widget, tip) }
        for widget in [scale, field] { WheelGuard.protect(widget) }
        attach(label, 0, 1, grows: false)
        attach(scale, 1, 2, grows: true)
        attach(field, 2, 3, grows: false)
        row += 1
        return Slider(adjustment, [label, scale, field], range, changed: changed)
    }

    private func makeLabel(_ text: String, for control: Widget?) -> Widget? {
        let label = gtk_label_new_with_mnemonic(text)
        gtk_misc_set_alignment(cast(label), 0, 0.5)
        gtk_label_set_mnemonic_widget(cast(label), control)
        return label
    }

    private func attach(_ child: Widget?, _ left: guint, _ right: guint, grows: Bool) {
        gtk_table_attach(
            cast(widget), child, left, right, row, row + 1,
            grows ? GtkAttachOptions(rawValue: GTK_EXPAND.rawValue | GTK_FILL.rawValue) : GTK_FILL, GTK_FILL, 0, 0)
    }
}
