import CGimp
import Drawing
import Engine
import Settings

/// What the dialog is opened with.
struct DialogContext {
    let source: SourceLayer
    /// Where the layer that was chosen is a drawing of this filter: the photograph that it was drawn from, and whether
    /// that is what is drawn.
    let drawsAgain: (photograph: String, isOn: Bool)?
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
    private let thumbnails: StyleThumbnails
    /// What styles and faces are cut from for their small pictures.
    private var photograph: PreviewSurface?
    private let pane: PreviewPane
    private var panel: ControlPanel?
    private var presets: PresetBar?
    private var answer: Answer?
    private var problem: Error?
    private var shownAt = 0.0
    private var timed: Set<String> = []

    private static let reset: Int32 = 1

    /// What the user decided.
    enum Answer {
        /// To draw like that, with the drawing if the preview has come so far.
        case draw(DrawingSettings, FinishedPreview?)
        /// To have the other layer drawn: the drawing, or its photograph.
        case drawOther(DrawingSettings)
    }

    /// Shows the window until the user has decided.
    ///
    /// - Parameter settings: what the controls begin with.
    /// - Returns: `nil` when the dialog was cancelled.
    /// - Throws: `PlugInError`.
    static func ask(_ settings: DrawingSettings, _ context: DialogContext) throws -> Answer? {
        let began = context.timings.elapsed
        try GimpWindow.start()
        let dialog = StyleDialog(context)
        dialog.shownAt = began
        return try dialog.run(settings)
    }

    private init(_ context: DialogContext) {
        self.context = context
        session = PreviewSession(engine: context.engine)
        thumbnails = StyleThumbnails(engine: context.engine)
        pane = PreviewPane(width: context.source.width, height: context.source.height)
    }

    private func run(_ settings: DrawingSettings) throws -> Answer? {
        let window = try GimpWindow.makeMain(
            tr("Anime Style"), reset: Self.reset, purpose: tr("Draw the layer as the preview shows"))
        fill(window, settings)
        pane.area.painted = { [weak self] in self?.startSession(settings) }
        let ticker = Ticker(milliseconds: 20) { [weak self] in self?.tick() }
        gtk_widget_show_all(window)
        gtk_main()
        WindowSize(of: window).keep(for: .layer)
        ticker.stop()
        session.close()
        gtk_widget_destroy(window)
        // The screen is to show that the window is gone before something slow begins.
        GimpWindow.handlePending()
        thumbnails.close()
        if let problem { throw problem }
        return answer
    }

    // MARK: - Building

    private func fill(_ window: Widget, _ settings: DrawingSettings) {
        host_window_set_transient(cast(window))
        Signal.connectResponse(window) { [weak self] in self?.respond($0) }
        GimpWindow.onHelpKey(window) { [weak self] in self?.showHelp() }

        let bar = PresetBar(
            last: context.last, source: .init(settings, languages: context.languages) { [weak self] in self?.panel },
            chosen: { [weak self] in self?.panel?.show($0) }, failed: { [weak self] in self?.pane.status.say($0) })
        let controls = ControlPanel(
            for: .layer, styles: context.engine.catalog.models.map(\.manifest), languages: context.languages,
            settings: settings, replacing: replacing, presets: bar.widget
        ) { [weak self] in self?.changed() }
        (presets, panel) = (bar, controls)
        pane.area.viewportChanged = { [weak self] in self?.viewportChanged() }
        pane.area.faceClicked = { [weak self] in self?.panel?.faces?.toggle($0) }

        let row = gtk_hbox_new(0, 12)
        Build.pack(pane.widget, into: row, expand: true)
        // Large fonts may need more than the screen has.
        let column = Build.column()
        if let again = context.drawsAgain { Build.pack(againCheck(again), into: column) }
        Build.pack(controls.widget, into: column, expand: true)
        Build.pack(Build.scroller(column), into: row)
        GimpWindow.fill(window, with: row)
        WindowSize.set(window, .layer, content: row, column: column)
    }

    /// The tick that opens the window again on the other layer.
    private func againCheck(_ again: (photograph: String, isOn: Bool)) -> Widget? {
        let name = again.photograph.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "__")
        let tip = tr(
            "The chosen layer is a drawing of this filter; without the tick, the drawing itself is drawn")
        return Build.check(tr("Draw the photograph “\(name)” a_gain"), again.isOn, tip: tip) { [weak self] in
            guard let self, let settings = panel?.settings else { return }
            answer = .drawOther(settings)
            gtk_main_quit()
        }
    }

    private var replacing: ControlPanel.Replacing {
        do {
            try context.source.checkReplaceable()
        } catch { return .impossible(sentence(error)) }
        let name = context.source.name
        let isPhotograph = context.drawsAgain?.isOn ?? false
        return .possible(
            isPhotograph
                ? tr(
                    """
                    OK draws over the photograph “\(name)” itself, not over the drawing that you chose. The next \
                    window and Repeat go back to a new layer.
                    """)
                : tr(
                    """
                    OK draws over the layer “\(name)” itself. The next window and Repeat go back to a new layer.
                    """))
    }

    // MARK: - What the user does

    private func respond(_ response: Int32) {
        switch response {
        case GTK_RESPONSE_HELP.rawValue: showHelp()
        case Self.reset:
            if let panel { panel.show(panel.manifest.settings) }
            presets?.showUsual()
        case GTK_RESPONSE_OK.rawValue:
            answer = (panel?.settings).map { .draw($0, session.finishedDrawing(of: previewRequest($0))) }
            gtk_main_quit()
        default: gtk_main_quit()
        }
    }

    private func showHelp() {
        HelpPage(folder: context.helpFolder, languages: context.languages).open(
            over: gtk_widget_get_toplevel(pane.widget))
    }

    private func changed() {
        presets?.follow()
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
            viewport.zoom * max(viewport.width, viewport.height) * pane.area.pixelsOfScreen
            > Double(PreviewRenderer.smallSide) * 1.15
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
            photograph = before.full ?? before.small
            if let photograph { panel?.faces?.take(photograph, ofWidth: context.source.width) }
        }
        if let faces = news.faces {
            panel?.faces?.show(faces, notices: news.notices)
            showFaces()
        }
        if let after = news.after {
            note("preview-first")
            pane.area.update { $0.after = after }
        }
        if news.hasLostPart { pane.area.update { $0.part = nil } }
        if let part = news.part {
            note("preview-part")
            pane.area.update { $0.part = part }
        }
        session.show(pane.area.wantedPart, isShown: pane.area.hasWantedPart)
        if news.activity == .done { note("preview-done") }
        switch news.activity {
        case .done: drawThumbnails(isIdle: true)
        case .failed:
            panel?.faces?.giveUp()
            drawThumbnails(isIdle: true)
        case .reading, .loading, .drawing, .refining: drawThumbnails(isIdle: false)
        }
    }

    /// The styles' pictures come while there is nothing else to draw.
    private func drawThumbnails(isIdle: Bool) {
        guard let panel, let photograph else { return }
        if isIdle, !thumbnails.isStarted {
            let (faces, width) = (panel.faces?.faces ?? [], context.source.width)
            thumbnails.start(first: panel.manifest.id) {
                StyleThumbnails.part(of: photograph, faces: faces, width: width)
            }
        }
        if let drawn = thumbnails.tick(isIdle: isIdle) { panel.show(drawn.picture, forStyle: drawn.index) }
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
