import Batch
import CGimp
import Engine
import Settings

/// What the batch's window is opened with.
struct BatchDialogContext {
    let engine: StyleEngine
    /// The user's languages, most wanted first.
    let languages: [String]
    /// What was chosen last; `nil` when nothing was.
    let last: DrawingSettings?
    /// Folder of the help pages.
    let helpFolder: String
}

/// Asks what a batch is to draw, from where to where. Main thread only.
final class BatchDialog {
    private let context: BatchDialogContext
    private let help: HelpPage
    private let thumbnails: StyleThumbnails
    /// The photographs that the styles are shown on; `nil` before there is anything to show.
    private var shown: [String]?
    private let photographs: FolderChooser
    private let drawings: FolderChooser
    private let names = gtk_entry_new()
    private var format: Choice?
    private var overwrite: Widget?
    private let count = Build.label()
    private let warning = WarningRow()
    /// What the warning is about.
    private var refused: [String]?
    private var panel: ControlPanel?

    private static let reset: Int32 = 1

    /// - Parameters:
    ///   - settings: what the controls begin with.
    ///   - problem: a sentence that says why `settings` could not be drawn, shown in the dialog.
    /// - Returns: what the user chose; `nil` when the dialog was cancelled.
    /// - Throws: `PlugInError.noDisplay`.
    static func ask(_ context: BatchDialogContext, _ settings: BatchSettings, problem: String?) throws
        -> BatchSettings?
    {
        try GimpWindow.start()
        // The window's signals know the dialog weakly.
        let dialog = BatchDialog(context)
        return try withExtendedLifetime(dialog) { try dialog.ask(settings, problem) }
    }

    private init(_ context: BatchDialogContext) {
        self.context = context
        help = HelpPage(folder: context.helpFolder, languages: context.languages)
        thumbnails = StyleThumbnails(engine: context.engine)
        photographs = FolderChooser(tip: tr("The folder whose pictures are drawn"))
        drawings = FolderChooser(tip: tr("The folder that the drawings are saved in; not that of the photographs"))
    }

    private func ask(_ settings: BatchSettings, _ problem: String?) throws -> BatchSettings? {
        let dialog = try GimpWindow.makeMain(
            tr("Anime Style Batch"), reset: Self.reset, purpose: tr("Draw the photographs of the folder"))
        GimpWindow.onHelpKey(dialog) { [help] in help.open(over: dialog) }
        defer {
            WindowSize(of: dialog).keep(for: .batch)
            gtk_widget_destroy(dialog)
        }
        host_window_set_transient(cast(dialog))
        let presets = fill(dialog, settings)
        gtk_widget_show_all(dialog)
        warn(problem)
        let ticker = Ticker(milliseconds: 50) { [weak self] in self?.showThumbnail() }
        defer {
            ticker.stop()
            thumbnails.close()
        }
        while true {
            switch gimp_dialog_run(cast(dialog)) {
            case GTK_RESPONSE_HELP.rawValue: help.open(over: dialog)
            case Self.reset:
                if let panel { panel.show(panel.manifest.settings) }
                presets.showUsual()
            case GTK_RESPONSE_OK.rawValue:
                let chosen = self.chosen(settings)
                guard let problem = Self.problem(chosen) else { return chosen }
                warn(problem)
            default: return nil
            }
        }
    }

    /// Why a batch cannot begin; `nil` when it can.
    private static func problem(_ chosen: BatchSettings) -> String? {
        guard !chosen.pattern.isEmpty, !chosen.outputFolder.isEmpty else {
            return tr("Choose the folder of the photographs and another one for the drawings.")
        }
        do {
            try chosen.runner().check()
            return nil
        } catch { return sentence(error) }
    }

    /// Says what is wrong until what it is about is chosen anew.
    private func warn(_ sentence: String?) {
        warning.show(sentence)
        refused = sentence.map { _ in places }
    }

    /// What is drawn, and where to.
    private var places: [String] { [photographs.path, namePattern, drawings.path] }

    private var namePattern: String { gtk_entry_get_text(cast(names)).map { String(cString: $0) } ?? "" }

    // MARK: - Building

    private func fill(_ dialog: Widget, _ settings: BatchSettings) -> PresetBar {
        let source = PhotoPattern(settings.pattern).parts, files = Form(rows: 7)
        photographs.add(to: files, tr("_Photographs in:"), source.folder)
        addNames(to: files, source.names)
        drawings.add(to: files, tr("Drawin_gs to:"), settings.outputFolder)
        addFormat(to: files, settings.format)
        let overwrite = Build.check(
            tr("_Replace drawings that exist"), settings.overwrite,
            tip: tr("Without the tick, a drawing that exists is kept, and a batch that was stopped goes on")
        ) { [weak self] in self?.showCount() }
        self.overwrite = overwrite
        files.add(nil, overwrite)
        Build.remark(count)
        files.add(nil, count)
        for folder in [photographs, drawings] { folder.changed = { [weak self] in self?.showCount() } }

        let presets = PresetBar(
            last: context.last,
            source: .init(settings.style, languages: context.languages) { [weak self] in self?.panel },
            chosen: { [weak self] in self?.panel?.show($0) }, failed: { [weak self] in self?.warn($0) })
        let panel = ControlPanel(
            for: .files, styles: context.engine.catalog.models.map(\.manifest), languages: context.languages,
            settings: settings.style, replacing: nil, presets: presets.widget
        ) { [weak self] in
            // While it is made, the settings are those that the presets' list says.
            if self?.panel != nil { presets.follow() }
        }
        self.panel = panel
        let column = Build.column(), content = Build.column()
        for widget in [files.widget, gtk_hseparator_new(), panel.widget] { Build.pack(widget, into: column) }
        // Large fonts may need more than the screen has.
        Build.pack(Build.scroller(column), into: content, expand: true)
        Build.pack(warning.widget, into: content)
        GimpWindow.fill(dialog, with: content)
        // Before the size: what is counted takes lines.
        showCount()
        WindowSize.set(dialog, .batch, content: content, column: column)
        return presets
    }

    private func addNames(to form: Form, _ pattern: String) {
        gtk_entry_set_text(cast(names), pattern)
        gtk_entry_set_activates_default(cast(names), 1)
        gtk_widget_set_tooltip_text(names, tr("Like *.jpg; * takes all pictures of the folder"))
        Signal.connect(names, "changed") { [weak self] in self?.showCount() }
        form.add(tr("File _names:"), names)
    }

    private func addFormat(to form: Form, _ ending: String) {
        let formats = BatchProcedure.formats
        let choice = Choice(
            formats.map(\.label), selected: formats.firstIndex { $0.ending == ending } ?? 0
        ) { [weak self] in self?.showCount() }
        gtk_widget_set_tooltip_text(choice.widget, tr("The drawings' file format"))
        form.add(tr("_Format:"), choice.widget)
        format = choice
    }

    // MARK: - Values

    private func chosen(_ before: BatchSettings) -> BatchSettings {
        var chosen = before
        chosen.pattern = PhotoPattern(folder: photographs.path, names: namePattern).pattern
        chosen.outputFolder = drawings.path
        chosen.format = BatchProcedure.formats[format?.selected ?? 0].ending
        chosen.overwrite = Build.isActive(overwrite)
        chosen.style = panel?.settings ?? before.style
        return chosen
    }

    /// Says how many photographs there are to draw, and has the styles shown on the first of them.
    private func showCount() {
        guard let panel else { return }
        if let refused, refused != places { warn(nil) }
        var chosen = chosen(BatchSettings(style: panel.settings))
        guard !chosen.pattern.isEmpty else {
            gtk_label_set_text(cast(count), "")
            return showStyles(on: [])
        }
        // Before a folder for the drawings is chosen, none of them exists.
        if chosen.outputFolder.isEmpty {
            chosen.outputFolder = "\(PhotoPattern(chosen.pattern).parts.folder)/drawings"
            chosen.overwrite = true
        }
        do {
            let runner = try chosen.runner()
            let words = Self.counts(runner) + runner.list.notices.map { tr($0) }
            gtk_label_set_text(cast(count), words.joined(separator: "\n"))
            showStyles(on: runner.list.jobs.prefix(BatchSample.mostTried).map(\.input))
        } catch {
            gtk_label_set_text(cast(count), sentence(error))
            showStyles(on: [])
        }
    }

    private static func counts(_ runner: BatchRunner) -> [String] {
        let (new, kept) = (runner.pending.count, runner.kept)
        let toDraw = tr(new, one: "\(new) photograph to draw", many: "\(new) photographs to draw")
        guard kept > 0 else { return [toDraw] }
        return [
            toDraw,
            tr(
                kept, one: "\(kept) drawing exists already and is kept",
                many: "\(kept) drawings exist already and are kept"),
        ]
    }

    // MARK: - The styles' pictures

    /// - Parameter photographs: paths; without any, those before stay, or the example is taken.
    private func showStyles(on photographs: [String]) {
        guard photographs != shown, !photographs.isEmpty || shown == nil, let panel else { return }
        shown = photographs
        let sample = BatchSample(photographs: photographs, helpFolder: context.helpFolder, engine: context.engine)
        thumbnails.start(first: panel.manifest.id) { try sample.part() }
    }

    private func showThumbnail() {
        if let drawn = thumbnails.tick(isIdle: true) { panel?.show(drawn.picture, forStyle: drawn.index) }
    }
}

/// A button that asks for a folder, and the whole path of the one that is chosen.
private final class FolderChooser {
    var changed: () -> Void = {}
    private let button = gtk_file_chooser_button_new(
        tr("Choose a folder"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER)
    private let label = Build.label()

    init(tip: String) { gtk_widget_set_tooltip_text(button, tip) }

    func add(to form: Form, _ title: String, _ path: String) {
        if !path.isEmpty { path.withPath { _ = gtk_file_chooser_set_filename(OpaquePointer(button), $0) } }
        Build.remark(label)
        gtk_label_set_line_wrap_mode(cast(label), PANGO_WRAP_WORD_CHAR)
        gtk_widget_set_no_show_all(label, 1)
        show(path)
        form.add(title, button)
        form.add(nil, label)
        Signal.connect(button, "selection-changed") { [weak self] in
            guard let self else { return }
            show(self.path)
            changed()
        }
    }

    /// Without a path there is no empty line either.
    private func show(_ path: String) {
        gtk_label_set_text(cast(label), path.printable)
        gtk_widget_set_visible(label, path.isEmpty ? 0 : 1)
    }

    /// `""` when none is chosen.
    var path: String {
        guard let name = gtk_file_chooser_get_filename(OpaquePointer(button)) else { return "" }
        defer { g_free(name) }
        return String(path: name)
    }
}
