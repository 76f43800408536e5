import CGimp

/// A choice among titles.
final class Choice {
    private let combo: Widget?
    private let count: Int

    init(_ titles: [String], selected: Int, changed: @escaping () -> Void) {
        combo = withCStrings(titles) { gimp_int_combo_box_new_array(gint(titles.count), $0) }
        count = titles.count
        gimp_int_combo_box_set_active(cast(combo), gint(selected))
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
}

/// A number with a slider.
final class Slider {
    private let adjustment: UnsafeMutablePointer<GtkObject>?
    private let range: ClosedRange<Double>

    fileprivate init(_ adjustment: UnsafeMutablePointer<GtkObject>?, _ range: ClosedRange<Double>, changed: @escaping () -> Void) {
        self.adjustment = adjustment
        self.range = range
        Signal.connect(adjustment, "value-changed", changed)
    }

    func setSensitive(_ isSensitive: Bool) { gimp_scale_entry_set_sensitive(adjustment, isSensitive ? 1 : 0) }

    var value: Double {
        get { gtk_adjustment_get_value(cast(adjustment)) }
        set { gtk_adjustment_set_value(cast(adjustment), min(max(newValue, range.lowerBound), range.upperBound)) }
    }
}

/// A table of labelled controls.
final class Form {
    let widget: Widget?
    private var row: gint = 0

    init(rows: Int) {
        widget = gtk_table_new(guint(rows), 3, 0)
        gtk_table_set_col_spacings(cast(widget), 6)
        gtk_table_set_row_spacings(cast(widget), 6)
    }

    func add(_ label: String?, _ control: Widget?) {
        gimp_table_attach_aligned(cast(widget), 0, row, label, 0, 0.5, control, 2, 0)
        row += 1
    }

    func addSlider(_ setting: SettingSlider, changed: @escaping () -> Void) -> Slider {
        let argument = setting.argument, range = argument.range
        let adjustment = gimp_scale_entry_new(cast(widget), 0, row, setting.label, 110, 4, argument.standard, range.lowerBound, range.upperBound,
                                              1, 10, 0, 1, 0, 0, setting.tip, nil)
        row += 1
        return Slider(adjustment, range, changed: changed)
    }
}
