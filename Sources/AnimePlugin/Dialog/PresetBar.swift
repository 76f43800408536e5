import CGimp
import Engine
import Settings

/// The choice of named settings, with buttons to add and to remove one. Main thread only.
final class PresetBar {
    let widget: Widget?
    private var store: PresetStore<Settings>
    private let last: Settings?
    private let combo = gtk_combo_box_text_new()
    private var remove: Widget?
    private var count = 0
    private var isQuiet = false
    /// Gives the settings to be saved.
    private let current: () -> Settings
    private let chosen: (Settings) -> Void
    private let failed: (String) -> Void

    /// - Parameters:
    ///   - last: what was chosen last, if anything was.
    ///   - current: gives what is to be saved.
    ///   - chosen: takes what the user picked.
    ///   - failed: takes a sentence for the user.
    init(last: Settings?, current: @escaping () -> Settings, chosen: @escaping (Settings) -> Void, failed: @escaping (String) -> Void) {
        store = PresetStore(path: "\(gimp_directory().map { String(cString: $0) } ?? ".")/gimp-anime-style/presets.json")
        self.last = last
        self.current = current
        self.chosen = chosen
        self.failed = failed
        widget = Build.row()
        Build.pack(combo, into: widget, expand: true)
        Build.pack(Build.iconButton("gtk-save", tip: tr("Save these settings as a preset")) { [weak self] in self?.askForName() }, into: widget)
        remove = Build.iconButton("gtk-delete", tip: tr("Delete the chosen preset")) { [weak self] in self?.removeChosen() }
        Build.pack(remove, into: widget)
        Signal.connect(combo, "changed") { [weak self] in self?.picked() }
        fill(selecting: nil)
    }

    /// The controls were changed, so that no preset describes them any more.
    func forget() { select(-1) }

    private var names: [String] { store.presets.map(\.name) }
    /// “Last used” comes first.
    private var offset: Int { last == nil ? 0 : 1 }

    private func fill(selecting name: String?) {
        isQuiet = true
        for _ in 0..<count { gtk_combo_box_text_remove(cast(combo), 0) }
        if last != nil { gtk_combo_box_text_append_text(cast(combo), tr("Last used")) }
        for name in names { gtk_combo_box_text_append_text(cast(combo), name) }
        count = names.count + offset
        isQuiet = false
        select(name.flatMap { names.firstIndex(of: $0) }.map { $0 + offset } ?? -1)
    }

    private func select(_ index: Int) {
        isQuiet = true
        gtk_combo_box_set_active(cast(combo), gint(index))
        isQuiet = false
        gtk_widget_set_sensitive(remove, index >= offset ? 1 : 0)
    }

    private func picked() {
        guard !isQuiet else { return }
        let index = Int(gtk_combo_box_get_active(cast(combo)))
        guard index >= 0 else { return }
        let settings = index < offset ? last : store[names[index - offset]]
        if let settings { chosen(settings) }
        select(index)
    }

    private func removeChosen() {
        let index = Int(gtk_combo_box_get_active(cast(combo))) - offset
        guard names.indices.contains(index) else { return }
        write { try $0.remove(names[index]) }
        fill(selecting: nil)
    }

    private func askForName() {
        let take: (String) -> Void = { [weak self] name in self?.save(as: name) }
        let box = host_query_string(tr("Save Preset"), gtk_widget_get_toplevel(widget), tr("Name of the preset:"), { _, text, data in
            if let text { Held<(String) -> Void>.value(data)?(String(cString: text)) }
        }, Held.retained(take), nil)
        gtk_window_set_modal(cast(box), 1)
        gtk_widget_show(box)
    }

    private func save(as name: String) {
        guard PresetStore<Settings>.isUsable(name) else { return }
        var saved = name
        write { saved = try $0.save(current(), as: name) }
        fill(selecting: saved)
    }

    private func write(_ change: (inout PresetStore<Settings>) throws -> Void) {
        do {
            try change(&store)
        } catch {
            failed(tr("The presets could not be written to \(store.path); check that the folder may be written and the disk has room."))
        }
    }
}
