import CGimp
import Engine
import Settings

/// The choice of named settings, with buttons to save, to rename and to delete one. Main thread only.
final class PresetBar {
    let widget: Widget?
    private var store: PresetStore<DrawingSettings>
    private let last: DrawingSettings?
    private let combo = gtk_combo_box_text_new()
    private var rename: Widget?
    private var remove: Widget?
    /// What the list shows, from the top.
    private var rows: [Row] = []
    private var isQuiet = false
    /// Gives the settings to be saved.
    private let current: () -> DrawingSettings
    private let chosen: (DrawingSettings) -> Void
    private let failed: (String) -> Void

    private enum Row: Equatable {
        /// The controls say something else than the preset of that name, or than any if it is `nil`.
        case changed(from: String?)
        /// The style's own settings.
        case usual
        case last
        case preset(String)

        var text: String {
            switch self {
            case let .changed(name?): return tr("\(name) (changed)")
            case .changed(nil): return tr("Changed")
            case .usual: return tr("Style's own settings")
            case .last: return tr("Last used")
            case let .preset(name): return name
            }
        }

        /// The preset that it is or was.
        var preset: String? {
            switch self {
            case let .changed(name): return name
            case .usual, .last: return nil
            case let .preset(name): return name
            }
        }
    }

    /// - Parameters:
    ///   - last: what was chosen last, if anything was.
    ///   - current: gives what is to be saved.
    ///   - chosen: takes what the user picked.
    ///   - failed: takes a sentence for the user.
    init(
        last: DrawingSettings?, current: @escaping () -> DrawingSettings, chosen: @escaping (DrawingSettings) -> Void,
        failed: @escaping (String) -> Void
    ) {
        store = PresetStore(path: "\(UserFolder.path)/presets.json")
        self.last = last
        self.current = current
        self.chosen = chosen
        self.failed = failed
        widget = Build.row()
        gtk_widget_set_tooltip_text(combo, tr("Settings kept under a name"))
        WheelGuard.protect(combo)
        Build.pack(combo, into: widget, expand: true)
        add("gtk-save", tr("Save these settings as a preset")) { $0.saveAs() }
        rename = add("gtk-edit", tr("Rename the chosen preset")) { $0.renameChosen() }
        remove = add("gtk-delete", tr("Delete the chosen preset")) { $0.removeChosen() }
        Signal.connect(combo, "changed") { [weak self] in self?.picked() }
        fill(selecting: last == nil ? .usual : .last)
    }

    @discardableResult
    private func add(_ stock: String, _ tip: String, _ action: @escaping (PresetBar) -> Void) -> Widget? {
        let button = Build.iconButton(stock, tip: tip) { [weak self] in
            if let self { action(self) }
        }
        Build.pack(button, into: widget)
        return button
    }

    /// The controls were changed, so that no preset describes them any more.
    func forget() {
        if case .changed = selected { return }
        fill(selecting: .changed(from: selected?.preset))
    }

    /// The controls show what the style is made for.
    func showUsual() { fill(selecting: .usual) }

    // MARK: - The list

    private var selected: Row? {
        let index = Int(gtk_combo_box_get_active(cast(combo)))
        return rows.indices.contains(index) ? rows[index] : nil
    }

    private func fill(selecting row: Row) {
        isQuiet = true
        for _ in rows { gtk_combo_box_text_remove(cast(combo), 0) }
        rows = (last == nil ? [] : [.last]) + store.presets.map { .preset($0.name) }
        if !rows.contains(row) { rows.insert(row, at: 0) }
        for row in rows { gtk_combo_box_text_append_text(cast(combo), row.text) }
        gtk_combo_box_set_active(cast(combo), gint(rows.firstIndex(of: row) ?? 0))
        isQuiet = false
        var isPreset = false
        if case .preset = row { isPreset = true }
        for button in [rename, remove] { gtk_widget_set_sensitive(button, isPreset ? 1 : 0) }
    }

    private func picked() {
        guard !isQuiet, let row = selected else { return }
        switch row {
        case .changed, .usual: return
        case .last: if let last { chosen(last) }
        case let .preset(name): if let settings = store[name] { chosen(settings) }
        }
        fill(selecting: row)
    }

    // MARK: - Changes

    private var window: Widget? { gtk_widget_get_toplevel(widget) }

    private func saveAs() {
        let usual = selected?.preset ?? ""
        let typed = Question.text(tr("Save Preset"), tr("Name of the preset:"), usual, over: window)
        guard let name = typed.flatMap(PresetStore<DrawingSettings>.usable), isFree(name) else { return }
        let settings = current()
        write { try $0.save(settings, as: name) }
    }

    private func renameChosen() {
        guard case let .preset(old)? = selected else { return }
        let typed = Question.text(tr("Rename Preset"), tr("Name of the preset:"), old, over: window)
        guard let new = typed.flatMap(PresetStore<DrawingSettings>.usable), new != old, isFree(new) else { return }
        write { store in
            try store.rename(old, to: new)
            return new
        }
    }

    private func removeChosen() {
        guard case let .preset(name)? = selected else { return }
        let question = tr("The preset “\(name)” will be gone for good.")
        guard Question.confirm(tr("Delete Preset"), question, tr("_Delete"), over: window) else { return }
        write { store in
            try store.remove(name)
            return nil
        }
    }

    /// Whether no preset has that name, or the user lets it be replaced.
    private func isFree(_ name: String) -> Bool {
        guard store[name] != nil else { return true }
        let question = tr("There is a preset “\(name)” already; its settings will be lost.")
        return Question.confirm(tr("Replace Preset"), question, tr("_Replace"), over: window)
    }

    /// - Parameter change: returns the name of the preset that describes the controls then, if one does.
    private func write(_ change: (inout PresetStore<DrawingSettings>) throws -> String?) {
        let before = selected
        do {
            let name = try change(&store)
            fill(selecting: name.map(Row.preset) ?? .changed(from: nil))
        } catch {
            fill(selecting: before ?? .changed(from: nil))
            failed(
                tr(
                    """
                    The presets could not be written to \(store.path); check that the folder may be written and the \
                    disk has room.
                    """
                ))
        }
    }
}
