import CGimp
import Engine
import Models

/// The controls beside the preview. Main thread only.
final class ControlPanel {
    let widget: Widget?
    let faces: FaceList
    private let styles: [ModelManifest]
    private let languages: [String]
    private let changed: () -> Void
    private let description = Build.label()
    private var style: Choice?
    private var region: Choice?
    private var output: Choice?
    private var sliders: [(slider: Slider, path: WritableKeyPath<Settings, Double>)] = []
    private var halfPrecision: Widget?
    /// While values are put into the controls, each would report a change.
    private var isQuiet = false
    private var lastStyle: ModelManifest
    /// What has no control.
    private var rest: Settings

    /// - Parameters:
    ///   - styles: at least one.
    ///   - presets: the row of presets.
    ///   - changed: called after the user changed something.
    init(styles: [ModelManifest], languages: [String], settings: Settings, presets: Widget?, changed: @escaping () -> Void) {
        self.styles = styles
        self.languages = languages
        self.changed = changed
        rest = settings
        lastStyle = styles[0]
        faces = FaceList(changed: changed)
        widget = Build.column()
        Build.pack(mainForm(presets), into: widget)
        Build.pack(faces.widget, into: widget, expand: true)
        Build.pack(expander(), into: widget)
        show(settings)
    }

    // MARK: - Values

    var settings: Settings {
        var settings = rest
        settings.style = styles[style?.selected ?? 0].id
        settings.region = Procedure.regions[region?.selected ?? 0].region
        settings.output = Procedure.outputs[output?.selected ?? 0].output
        for (slider, path) in sliders { settings[keyPath: path] = slider.value }
        settings.halfPrecision = Build.isActive(halfPrecision)
        settings.minFace = faces.minimumSize
        settings.excludedFaces = faces.excluded
        return settings
    }

    /// The style that is chosen.
    var manifest: ModelManifest { styles[style?.selected ?? 0] }

    /// Puts `settings` into the controls; which faces are left out stays as it is, since that belongs to the photograph.
    func show(_ settings: Settings) {
        isQuiet = true
        rest = settings
        style?.selected = styles.firstIndex { $0.id == settings.style } ?? 0
        region?.selected = Procedure.regions.firstIndex { $0.region == settings.region } ?? 0
        output?.selected = Procedure.outputs.firstIndex { $0.output == settings.output } ?? 0
        for (slider, path) in sliders { slider.value = settings[keyPath: path] }
        gtk_toggle_button_set_active(cast(halfPrecision), settings.halfPrecision ? 1 : 0)
        faces.minimumSize = settings.minFace
        isQuiet = false
        lastStyle = manifest
        note()
    }

    /// Values that are still the last style's own become the new one's.
    private func styleChanged() {
        guard !isQuiet else { return }
        let (old, new) = (Settings(lastStyle), Settings(manifest))
        isQuiet = true
        for (slider, path) in sliders where abs(slider.value - old[keyPath: path]) < 0.5 { slider.value = new[keyPath: path] }
        isQuiet = false
        lastStyle = manifest
        note()
    }

    private func note() {
        guard !isQuiet else { return }
        gtk_label_set_text(cast(description), manifest.description(languages: languages))
        gtk_widget_set_sensitive(faces.widget, settings.region == .photo ? 0 : 1)
        // Some styles draw their lines into their colours.
        for (slider, path) in sliders where path == \.lineStrength { slider.setSensitive(manifest.outputs.lines != nil) }
        changed()
    }

    // MARK: - Layout

    private func add(_ settings: [SettingSlider], to form: Form) {
        for setting in settings { sliders.append((form.addSlider(setting) { [weak self] in self?.note() }, setting.path)) }
    }

    private func choice(_ titles: [String]) -> Choice { Choice(titles, selected: 0) { [weak self] in self?.note() } }

    private func mainForm(_ presets: Widget?) -> Widget? {
        let form = Form(rows: 8)
        let style = Choice(styles.map { $0.title(languages: languages) }, selected: 0) { [weak self] in self?.styleChanged() }
        let region = choice(Procedure.regions.map(\.label)), output = choice(Procedure.outputs.map(\.label))
        (self.style, self.region, self.output) = (style, region, output)
        form.add(tr("_Preset:"), presets)
        form.add(tr("_Style:"), style.widget)
        gtk_label_set_line_wrap(cast(description), 1)
        gtk_widget_set_size_request(description, 260, -1)
        Build.italicize(description)
        form.add(nil, description)
        form.add(tr("_Draw:"), region.widget)
        add(SettingSlider.drawing, to: form)
        form.add(tr("O_utput:"), output.widget)
        return form.widget
    }

    private func expander() -> Widget? {
        let expander = gtk_expander_new_with_mnemonic(tr("Li_ght, skin and hair"))
        let form = Form(rows: 4)
        add(SettingSlider.tone, to: form)
        halfPrecision = Build.check(tr("Hal_f precision"), true, tip: tr("Computes with 16 bits where the processor is faster that way")) { [weak self] in
            self?.note()
        }
        form.add(nil, halfPrecision)
        let inset = gtk_alignment_new(0, 0, 1, 1)
        gtk_alignment_set_padding(cast(inset), 6, 0, 12, 0)
        gtk_container_add(cast(inset), form.widget)
        gtk_container_add(cast(expander), inset)
        return expander
    }
}
