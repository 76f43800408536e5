import CGimp
import Settings

/// The control of one setting, made from its row of the table. Main thread only.
final class SettingControl {
    let setting: Setting
    private let control: Control

    private enum Control {
        case slider(Slider)
        case choice(Choice)
        case check(Widget?)
        /// A number field without a slider.
        case field(Widget?)
    }

    /// Adds a labelled row to `form`.
    /// - Parameter changed: called after the user changed the value, and after `value` was set to another one.
    /// - Returns: `nil` for a text, which no control here can show.
    init?(_ setting: Setting, in form: Form, changed: @escaping () -> Void) {
        self.setting = setting
        let (label, tip) = (tr(setting.label), tr(setting.tip))
        switch setting.kind {
        case .text: return nil
        case let .choice(choice) where choice.isSwitch:
            let check = Build.check(label, false, tip: tip, changed)
            form.add(nil, check)
            control = .check(check)
        case let .choice(choice):
            let combo = Choice(choice.titles.map { tr($0) }, selected: 0, changed: changed)
            gtk_widget_set_tooltip_text(combo.widget, tip)
            form.add(label, combo.widget)
            control = .choice(combo)
        case let .number(number) where number.unit == .pixels:
            let field = Self.field(number, tip: tip, changed: changed)
            form.add(label, field)
            control = .field(field)
        case let .number(number):
            control = .slider(form.addSlider(label, number.range, tip: tip, changed: changed))
        }
        value = setting.number(in: DrawingSettings())
    }

    private static func field(_ number: Setting.Number, tip: String, changed: @escaping () -> Void) -> Widget? {
        let low = number.hasAutomatic ? 0 : number.range.lowerBound
        let adjustment: UnsafeMutablePointer<GtkAdjustment>? = cast(
            gtk_adjustment_new(low, low, number.range.upperBound, number.range.lowerBound, 64, 0))
        let field = gtk_spin_button_new(adjustment, 1, 0)
        gtk_entry_set_activates_default(cast(field), 1)
        gtk_widget_set_tooltip_text(field, tip)
        WheelGuard.protect(field)
        if number.hasAutomatic {
            // What is no number leaves the value as it is, so that the word needs no reading.
            gtk_entry_set_width_chars(cast(field), gint(max(tr("automatic").count, 6)))
            Signal.connectQuestion(field, "output") {
                guard gtk_spin_button_get_value(cast(field)) == 0 else { return false }
                gtk_entry_set_text(cast(field), tr("automatic"))
                return true
            }
        }
        let lowest = number.range.lowerBound
        Signal.connect(adjustment, "value-changed") {
            // What lies between 0, which is automatic, and the smallest value means nothing.
            let value = gtk_adjustment_get_value(adjustment)
            guard value > 0, value < lowest else { return changed() }
            gtk_adjustment_set_value(adjustment, lowest)
        }
        return field
    }

    /// As the setting's number.
    var value: Double {
        get {
            switch control {
            case let .slider(slider): return slider.value
            case let .choice(choice): return Double(choice.selected)
            case let .check(check): return Build.isActive(check) ? 1 : 0
            case let .field(field): return gtk_spin_button_get_value(cast(field))
            }
        }
        set {
            switch control {
            case let .slider(slider): slider.value = newValue
            case let .choice(choice): choice.selected = Int(newValue)
            case let .check(check): gtk_toggle_button_set_active(cast(check), newValue == 1 ? 1 : 0)
            case let .field(field): gtk_spin_button_set_value(cast(field), newValue)
            }
        }
    }

    /// Greys the value `index` of a choice, which cannot be chosen, and says why under the pointer.
    func forbid(_ index: Int, because sentence: String) {
        guard case let .choice(choice) = control else { return }
        choice.forbid(index)
        gtk_widget_set_tooltip_text(choice.widget, "\(tr(setting.tip))\n\(sentence)")
    }

    /// - Parameter sentence: why it cannot be used, shown under the pointer; `nil` makes it usable.
    func disable(because sentence: String?) {
        setSensitive(sentence == nil)
        let tip = sentence.map { "\(tr(setting.tip))\n\($0)" } ?? tr(setting.tip)
        switch control {
        case let .slider(slider): slider.setTip(tip)
        case let .choice(choice): gtk_widget_set_tooltip_text(choice.widget, tip)
        case let .check(widget), let .field(widget): gtk_widget_set_tooltip_text(widget, tip)
        }
    }

    private func setSensitive(_ isSensitive: Bool) {
        let flag: gboolean = isSensitive ? 1 : 0
        switch control {
        case let .slider(slider): slider.setSensitive(isSensitive)
        case let .choice(choice): gtk_widget_set_sensitive(choice.widget, flag)
        case let .check(widget), let .field(widget): gtk_widget_set_sensitive(widget, flag)
        }
    }
}

extension [SettingControl] {
    /// A control for each setting of `place` but those that are texts.
    static func add(_ place: Setting.Place, for subject: Setting.Subject, to form: Form, changed: @escaping () -> Void)
        -> Self
    {
        Setting.all(for: subject).filter { $0.place == place }.compactMap {
            SettingControl($0, in: form, changed: changed)
        }
    }

    /// Puts what the controls say into `settings`.
    func write(to settings: inout DrawingSettings) {
        for control in self { control.setting.write(.number(control.value), to: &settings) }
    }

    /// Puts `settings` into the controls.
    func show(_ settings: DrawingSettings) {
        for control in self { control.value = control.setting.number(in: settings) }
    }
}
