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
    private let source: Source
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

    /// Where the bar looks.
    struct Source {
        /// What the controls say.
        let current: () -> DrawingSettings
        /// The style's own settings.
        let usual: () -> DrawingSettings
        /// What a preset might be called.
        let title: () -> String

        /// What a window's controls say, or `settings` while it has none.
        init(_ settings: DrawingSettings, languages: [String], panel: @escaping () -> ControlPanel?) {
            current = { panel()?.settings ?? settings }
            usual = { panel()?.manifest.settings ?? settings }
            title = { panel()?.manifest.title(languages: languages) ?? "" }
        }
    }

    /// - Parameters:
    ///   - last: what was chosen last, if anything was.
    ///   - chosen: takes what the user picked.
    ///   - failed: takes a sentence for the user.
    init(
        last: DrawingSettings?, source: Source, chosen: @escaping (DrawingSettings) -> Void,
        failed: @escaping (String) -> Void
    ) {
        store = PresetStore(path: "\(UserFolder.path)/presets.json")
        self.last = last
        self.source = source
        self.chosen = chosen
        self.failed = failed
        widget = Build.row()
        gtk_widget_set_tooltip_text(combo, tr("Settings kept under a name"))
        // By its letters, not by the screen: what it asks for on a wide one would go off the preview.
        shim_let_texts_shrink(combo, 30 * Build.digitWidth(of: combo))
        WheelGuard.protect(combo)
        Build.pack(combo, into: widget, expand: true)
        add(.save, tr("Save these settings as a preset")) { $0.saveAs() }
        rename = add(.edit, tr("Rename the chosen preset")) { $0.renameChosen() }
        remove = add(.delete, tr("Delete the chosen preset")) { $0.removeChosen() }
        Signal.connect(combo, "changed") { [weak self] in self?.picked() }
        fill(selecting: last == nil ? .usual : .last)
    }

    @discardableResult
    private func add(_ icon: Icon, _ tip: String, _ action: @escaping (PresetBar) -> Void) -> Widget? {
        let button = Build.iconButton(icon, tip: tip) { [weak self] in
            if let self { action(self) }
        }
        Build.pack(button, into: widget)
        return button
    }

    /// The controls may say something else now: the list says what describes them.
    func follow() {
        let now = source.current(), before = selected, preset = before?.preset.map(Row.preset)
        let rows = [before, preset, .usual, .last].compactMap { $0 }
        let row = rows.first { settings(of: $0)?.looks(like: now) ?? false } ?? .changed(from: before?.preset)
        if row != before { fill(selecting: row) }
    }

    private func settings(of row: Row) -> DrawingSettings? {
        switch row {
        case .changed: return nil
        case .usual: return source.usual()
        case .last: return last
        case let .preset(name): return store[name]
        }
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
        fill(selecting: row)
        if let settings = settings(of: row) { chosen(settings) }
    }

    // MARK: - Changes

    private var window: Widget? { gtk_widget_get_toplevel(widget) }

    private func saveAs() {
        guard let name = askName(tr("Save Preset"), selected?.preset ?? freeTitle) else { return }
        let settings = source.current()
        write { try $0.save(settings, as: name) }
    }

    /// The style's title, with a number where a preset has that name.
    private var freeTitle: String {
        let title = source.title()
        let numbered = (2...store.presets.count + 2).lazy.map { "\(title) \($0)" }
        return ([title] + numbered).first { store[$0] == nil } ?? title
    }

    /// Asks for a name until it is free, may be replaced, or the box is cancelled.
    /// - Parameter suggestion: what the box begins with.
    /// - Parameter own: a name that needs no question.
    private func askName(_ title: String, _ suggestion: String, own: String? = nil) -> String? {
        var suggestion = suggestion
        while true {
            let typed = Question.text(title, tr("Name of the preset:"), suggestion, over: window) {
                PresetStore<DrawingSettings>.usable($0) != nil
            }
            guard let name = typed.flatMap(PresetStore<DrawingSettings>.usable) else { return nil }
            if name == own || isFree(name) { return name }
            suggestion = name
        }
    }

    private func renameChosen() {
        guard case let .preset(old)? = selected else { return }
        guard let new = askName(tr("Rename Preset"), old, own: old), new != old else { return }
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
