import CGimp
import Drawing
import Engine
import Settings

/// What the dialog is opened with.
struct DialogContext {
    let source: SourceLayer
    let engine: StyleEngine
    /// The user's languages, most wanted first.
    let languages: [String]
    /// What was chosen last; `nil` when nothing was.
    let last: DrawingSettings?
    /// Folder of the help pages.
    let helpFolder: String
    let timings: TimingsLog
}

/// The filter's window: the preview on the left, the controls on the right. Main thread only; what is slow runs in
/// `PreviewSession`.
final class StyleDialog {
    private let context: DialogContext
    private let session: PreviewSession
    private let pane: PreviewPane
    private var panel: ControlPanel?
    private var presets: PresetBar?
    private var accepted: DrawingSettings?
    private var preview: FinishedPreview?
    private var problem: Error?
    private var shownAt = 0.0
    private var timed: Set<String> = []

    private static let reset: Int32 = 1

    /// Shows the window until the user has decided.
    ///
    /// - Parameter settings: what the controls begin with.
    /// - Returns: what the user chose, and its drawing if the preview has come so far; `nil` when the dialog was
    ///   cancelled.
    /// - Throws: `PlugInError`.
    static func ask(_ settings: DrawingSettings, _ context: DialogContext) throws -> (
        settings: DrawingSettings, preview: FinishedPreview?
    )? {
        let began = context.timings.elapsed
        try GimpWindow.start()
        let dialog = StyleDialog(context)
        dialog.shownAt = began
        return try dialog.run(settings).map { ($0, dialog.preview) }
    }

    private init(_ context: DialogContext) {
        self.context = context
        session = PreviewSession(engine: context.engine)
        pane = PreviewPane(width: context.source.width, height: context.source.height)
    }

    private func run(_ settings: DrawingSettings) throws -> DrawingSettings? {
        let window = try GimpWindow.make(
            tr("Anime Style"),
            buttons: [
                ("gtk-help", GTK_RESPONSE_HELP.rawValue),
                (host_reset_button().map { String(cString: $0) } ?? "", Self.reset),
                ("gtk-cancel", GTK_RESPONSE_CANCEL.rawValue), ("gtk-ok", GTK_RESPONSE_OK.rawValue),
            ])
        fill(window, settings)
        pane.area.painted = { [weak self] in self?.startSession(settings) }
        let ticker = Ticker(milliseconds: 20) { [weak self] in self?.tick() }
        gtk_widget_show_all(window)
        gtk_main()
        WindowSize(of: window).keep()
        ticker.stop()
        session.close()
        gtk_widget_destroy(window)
        // The screen is to show that the window is gone before something slow begins.
        GimpWindow.handlePending()
        if let problem { throw problem }
        return accepted
    }

    // MARK: - Building

    private func fill(_ window: Widget, _ settings: DrawingSettings) {
        gimp_window_set_transient(cast(window))
        let size = WindowSize.kept
        gtk_window_set_default_size(cast(window), size.width, size.height)
        Signal.connectResponse(window) { [weak self] in self?.respond($0) }
        Signal.connectEvent(window, "key-press-event") { [weak self] event in
            guard event.key.keyval == guint(GDK_KEY_F1) else { return false }
            self?.showHelp()
            return true
        }

        let bar = PresetBar(
            last: context.last, current: { [weak self] in self?.panel?.settings ?? settings },
            chosen: { [weak self] in self?.panel?.show($0) }, failed: { [weak self] in self?.pane.status.say($0) })
        let controls = ControlPanel(
            styles: context.engine.catalog.models.map(\.manifest), languages: context.languages, settings: settings,
            presets: bar.widget
        ) { [weak self] in self?.changed() }
        (presets, panel) = (bar, controls)
        pane.area.viewportChanged = { [weak self] in self?.viewportChanged() }
        pane.area.faceClicked = { [weak self] in self?.panel?.faces.toggle($0) }

        let row = gtk_hbox_new(0, 12)
        Build.pack(pane.widget, into: row, expand: true)
        Build.pack(controls.widget, into: row)
        GimpWindow.fill(window, with: row)
    }

    // MARK: - What the user does

    private func respond(_ response: Int32) {
        switch response {
        case GTK_RESPONSE_HELP.rawValue: showHelp()
        case Self.reset:
            if let panel { panel.show(panel.manifest.settings) }
            presets?.showUsual()
        case GTK_RESPONSE_OK.rawValue:
            accepted = panel?.settings
            preview = accepted.flatMap { session.finishedDrawing(of: previewRequest($0)) }
            gtk_main_quit()
        default: gtk_main_quit()
        }
    }

    private func showHelp() {
        guard let problem = HelpPage(folder: context.helpFolder, languages: context.languages).open() else { return }
        Question.tell(tr("Help"), problem, over: gtk_widget_get_toplevel(pane.widget))
    }

    private func changed() {
        presets?.forget()
        request()
        showFaces()
    }

    private func viewportChanged() {
        pane.showZoom()
        request()
    }

    private func request() {
        guard let settings = panel?.settings else { return }
        session.show(previewRequest(settings))
    }

    private func previewRequest(_ settings: DrawingSettings) -> PreviewRequest {
        let viewport = pane.area.viewport
        let isMagnified =
            viewport.zoom * max(viewport.width, viewport.height) > Double(PreviewRenderer.smallSide) * 1.15
        return PreviewRequest(style: settings.style, options: settings.options, isMagnified: isMagnified)
    }

    // MARK: - What comes back

    /// The window is on the screen; now there is time for the rest.
    private func startSession(_ settings: DrawingSettings) {
        note("dialog-shown")
        do {
            try session.start(context.source, style: settings.style, precision: settings.options.precision)
            request()
        } catch {
            problem = error
            gtk_main_quit()
        }
    }

    private func tick() {
        let news = session.tick()
        pane.status.show(news.activity)
        if let before = news.before {
            note("preview-read")
            pane.area.update { $0.before = before }
        }
        if let faces = news.faces {
            panel?.faces.show(faces, notices: news.notices)
            showFaces()
        }
        if let after = news.after {
            note("preview-first")
            pane.area.update { $0.after = after }
        }
        if news.activity == .done { note("preview-done") }
    }

    private func showFaces() {
        guard let list = panel?.faces else { return }
        pane.area.update { ($0.faces, $0.ticks) = (list.faces, list.ticks) }
    }

    /// Seconds from the call for the dialog to the first time that `event` came.
    private func note(_ event: String) {
        guard timed.insert(event).inserted else { return }
        context.timings.add(event, seconds: context.timings.elapsed - shownAt)
    }
}
