import CGimp
import Models
import Raster
import Settings

/// The controls of how a layer or a batch is drawn. Main thread only.
final class ControlPanel {
    let widget: Widget?
    /// The faces of the photograph; a batch has many of them and none to choose.
    let faces: FaceList?
    private let subject: Setting.Subject
    private let styles: [ModelManifest]
    private let languages: [String]
    private let changed: () -> Void
    private let description = Build.label()
    private var style: StylePicker?
    private var controls: [SettingControl] = []
    /// While values are put into the controls, each would report a change.
    private var isQuiet = true
    private var lastStyle: ModelManifest
    /// What has no control.
    private var rest: DrawingSettings
    private let replacing: Replacing?
    private let warning = WarningRow()

    /// What is to be said of replacing the layer.
    enum Replacing {
        /// Why its pixels cannot be changed.
        case impossible(String)
        /// Which layer it is, while it is chosen.
        case possible(String)
    }

    /// - Parameters:
    ///   - styles: at least one.
    ///   - replacing: `nil` where there is no layer.
    ///   - presets: the row of presets.
    ///   - changed: called after the user changed something.
    init(
        for subject: Setting.Subject, styles: [ModelManifest], languages: [String], settings: DrawingSettings,
        replacing: Replacing?, presets: Widget?, changed: @escaping () -> Void
    ) {
        self.subject = subject
        self.styles = styles
        self.languages = languages
        self.changed = changed
        self.replacing = replacing
        rest = settings
        lastStyle = styles[0]
        faces = subject == .layer ? FaceList(changed: changed) : nil
        widget = Build.column()
        Build.pack(mainForm(presets), into: widget)
        if let faces {
            add(.faces, to: faces.form)
            Build.pack(faces.widget, into: widget, expand: true)
        }
        Build.pack(
            Build.expander(
                tr("Li_ght, skin and hair"),
                tip: tr("More settings: how true light and colors stay, and how fast it is drawn"),
                toneForm()), into: widget)
        show(settings)
    }

    // MARK: - Values

    var settings: DrawingSettings {
        var settings = rest
        settings.style = manifest.id
        controls.write(to: &settings)
        if let faces { settings.options.excludedFaces = faces.excluded }
        return settings
    }

    /// The style that is chosen.
    var manifest: ModelManifest { styles[style?.selected ?? 0] }

    /// Puts `settings` into the controls; which faces are left out stays as it is, since that belongs to the
    /// photograph.
    func show(_ settings: DrawingSettings) {
        isQuiet = true
        var settings = settings
        if case .impossible? = replacing { settings.output = settings.output.next }
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
        faces?.disable(
            because: settings.options.region == .photo
                ? tr("Faces are drawn with the rest while the whole photograph is drawn in one go.") : nil)
        control("line-strength")?.disable(
            because: manifest.drawsLinesApart ? nil : tr("This style draws its lines into its colors."))
        if case let .possible(sentence)? = replacing { warning.show(settings.output == .replace ? sentence : nil) }
        changed()
    }

    private func control(_ name: String) -> SettingControl? { controls.first { $0.setting.name == name } }

    /// - Parameter picture: what the style of that index makes of the photograph.
    func show(_ picture: Bitmap, forStyle index: Int) { style?.show(picture, for: index) }

    // MARK: - Layout

    private func add(_ place: Setting.Place, to form: Form) {
        controls += [SettingControl].add(place, for: subject, to: form) { [weak self] in self?.note() }
    }

    private func mainForm(_ presets: Widget?) -> Widget? {
        let column = Build.column(), form = Form(rows: 8)
        let titles = styles.map { (title: $0.title(languages: languages), tip: $0.description(languages: languages)) }
        let style = StylePicker(titles) { [weak self] in self?.styleChanged() }
        self.style = style
        let presetForm = Form(rows: 1)
        presetForm.add(tr("_Preset:"), presets)
        Build.remark(description)
        for widget in [presetForm.widget, style.widget, description, form.widget] { Build.pack(widget, into: column) }
        add(.look, to: form)
        if faces == nil { add(.faces, to: form) }
        if case let .impossible(reason)? = replacing, let replace = OutputMode.allCases.firstIndex(of: .replace) {
            control("output")?.forbid(replace, because: reason)
            let remark = Build.label(tr("“\(tr("Replace the layer"))” cannot be chosen: \(reason)"))
            Build.remark(remark)
            form.add(nil, remark)
        }
        // As wide as the column: below its list alone it would widen that.
        Build.pack(warning.widget, into: column)
        return column
    }

    private func toneForm() -> Widget? {
        let form = Form(rows: 4)
        add(.tone, to: form)
        return form.widget
    }
}
