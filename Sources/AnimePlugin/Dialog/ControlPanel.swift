import CGimp
import Models
import Settings

/// The controls beside the preview. Main thread only.
final class ControlPanel {
    let widget: Widget?
    let faces: FaceList
    private let styles: [ModelManifest]
    private let languages: [String]
    private let changed: () -> Void
    private let description = Build.label()
    private var style: Choice?
    private var controls: [SettingControl] = []
    /// While values are put into the controls, each would report a change.
    private var isQuiet = true
    private var lastStyle: ModelManifest
    /// What has no control.
    private var rest: DrawingSettings

    /// - Parameters:
    ///   - styles: at least one.
    ///   - presets: the row of presets.
    ///   - changed: called after the user changed something.
    init(
        styles: [ModelManifest], languages: [String], settings: DrawingSettings, presets: Widget?,
        changed: @escaping () -> Void
    ) {
        self.styles = styles
        self.languages = languages
        self.changed = changed
        rest = settings
        lastStyle = styles[0]
        faces = FaceList(changed: changed)
        widget = Build.column()
        Build.pack(mainForm(presets), into: widget)
        add(.faces, to: faces.form)
        Build.pack(faces.widget, into: widget, expand: true)
        Build.pack(Build.expander(tr("Li_ght, skin and hair"), toneForm()), into: widget)
        show(settings)
    }

    // MARK: - Values

    var settings: DrawingSettings {
        var settings = rest
        settings.style = manifest.id
        controls.write(to: &settings)
        settings.options.excludedFaces = faces.excluded
        return settings
    }

    /// The style that is chosen.
    var manifest: ModelManifest { styles[style?.selected ?? 0] }

    /// Puts `settings` into the controls; which faces are left out stays as it is, since that belongs to the
    /// photograph.
    func show(_ settings: DrawingSettings) {
        isQuiet = true
        rest = settings
        style?.selected = styles.firstIndex { $0.id == settings.style } ?? 0
        controls.show(settings)
        isQuiet = false
        lastStyle = manifest
        note()
    }

    /// Values that are still the last style's own become the new one's.
    private func styleChanged() {
        guard !isQuiet else { return }
        let (old, new) = (lastStyle.settings, manifest.settings)
        isQuiet = true
        for control in controls where abs(control.value - control.setting.number(in: old)) < 0.5 {
            control.value = control.setting.number(in: new)
        }
        isQuiet = false
        lastStyle = manifest
        note()
    }

    private func note() {
        guard !isQuiet else { return }
        gtk_label_set_text(cast(description), manifest.description(languages: languages))
        gtk_widget_set_sensitive(faces.widget, settings.options.region == .photo ? 0 : 1)
        // Some styles draw their lines into their colours.
        for control in controls where control.setting.name == "line-strength" {
            control.setSensitive(manifest.drawsLinesApart)
        }
        changed()
    }

    // MARK: - Layout

    private func add(_ place: Setting.Place, to form: Form) {
        controls += [SettingControl].add(place, for: .layer, to: form) { [weak self] in self?.note() }
    }

    private func mainForm(_ presets: Widget?) -> Widget? {
        let form = Form(rows: 8)
        let titles = styles.map { $0.title(languages: languages) }
        let style = Choice(titles, selected: 0) { [weak self] in self?.styleChanged() }
        self.style = style
        form.add(tr("_Preset:"), presets)
        form.add(tr("_Style:"), style.widget)
        gtk_label_set_line_wrap(cast(description), 1)
        gtk_widget_set_size_request(description, 260, -1)
        Build.italicize(description)
        form.add(nil, description)
        add(.look, to: form)
        return form.widget
    }

    private func toneForm() -> Widget? {
        let form = Form(rows: 4)
        add(.tone, to: form)
        return form.widget
    }
}
