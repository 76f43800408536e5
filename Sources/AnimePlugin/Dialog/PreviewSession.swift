import CGimp
import Drawing
import Engine
import Files
import Models
import Raster
import Settings
import Synchronization

/// What a preview has drawn of the photograph itself.
struct FinishedPreview: Sendable {
    let photograph: LayerSnapshot
    let drawing: Drawing
}

/// The preview's work off the main thread.
///
/// `@unchecked Sendable` holds because three threads meet here, each with its own: the main one reads the layer's copy
/// (`tick`), asks (`show`) and fetches (`tick` again); the queue's thread alone touches the renderer and the parts.
/// They share only `mail`, `visible` and `original`, each under its lock. Nothing here calls GTK, and only `tick` calls
/// GIMP.
final class PreviewSession: @unchecked Sendable {
    /// What the worker is doing.
    enum Activity: Equatable {
        case reading, loading, drawing, refining, done
        case failed(String)
    }

    /// What has come since the last fetch.
    struct News: Sendable {
        var before: PreviewSurfaces?
        var after: PreviewSurfaces?
        var faces: [Face]?
        var notices: [Notice] = []
        var activity = Activity.reading
        /// What has been shown in its final form, and its drawing of the photograph itself.
        var finished: PreviewRequest?
        var drawing: Drawing?
        /// In the photograph's own pixels; comes before the rest of the drawing if it is in the window.
        var part: PreviewPart?
        /// Whether the part that is shown is none of what is drawn now.
        var hasLostPart = false
    }

    /// The photograph itself, on its way from GIMP.
    private enum Original {
        case reading
        case read(LayerSnapshot, selection: CoverageFile?)
        /// There is no room for it: the copy has to do.
        case missing
    }

    private enum Job: Sendable {
        case preview(PreviewRequest, copy: @Sendable () -> LayerCopy, longSide: Int)
        /// - isShown: whether all of it is shown already, and only a border is to be made.
        case part(PixelArea, Drawing, isShown: Bool)
    }

    private let engine: StyleEngine
    private var reader: LayerCopyReader?
    private var copy: (convert: @Sendable () -> LayerCopy, longSide: Int)?
    private var wanted: PreviewRequest?
    /// What is shown in its final form, which serves every magnification.
    private var finished: PreviewRequest?
    private var drawing: Drawing?
    /// What of it has been asked for in the photograph's own pixels.
    private var area: PixelArea?
    /// What is in the window in the photograph's own pixels.
    private let visible = Mutex(PixelArea?.none)
    private var snapshot: (reader: LayerSnapshotReader, source: SourceLayer)?
    private let original = Mutex(Original.reading)
    private let mail = Mutex(News())
    private lazy var queue = LatestRequestQueue<Job> { [weak self] job, turn in self?.serve(job, turn) }
    /// The queue's thread only, as the next one.
    private var renderer: PreviewRenderer?
    private let parts = PreviewPartMaker()

    /// A draft stands this long before the networks run at full size, in case the user goes on changing things.
    private static let quiet = 0.3
    /// For reading at once.
    private static let moment = Duration.milliseconds(40)

    init(engine: StyleEngine) {
        self.engine = engine
    }

    /// Starts reading; the networks of `style` are loaded meanwhile.
    /// - Throws: `PlugInError.imageGone`, `.colourProfile`.
    func start(_ source: SourceLayer, style: String, precision: Precision) throws {
        let engine = engine
        _ = Background { engine.preload(style: style, precision: precision) }
        Gegl.start()
        reader = try LayerCopyReader(source)
        snapshot = (try? LayerSnapshotReader(source)).map { ($0, source) }
        if snapshot == nil { original.withLock { $0 = .missing } }
    }

    /// Ends the work; what comes now is lost.
    func close() {
        queue.close()
        (reader, snapshot) = (nil, nil)
    }

    /// The drawing that the preview of `request` has ended with; `nil` when it has not come so far.
    func finishedDrawing(of request: PreviewRequest) -> FinishedPreview? {
        guard let finished, finished.isSameDrawing(as: request), let drawing,
            case let .read(photograph, _) = original.withLock({ $0 })
        else { return nil }
        return FinishedPreview(photograph: photograph, drawing: drawing)
    }

    /// Makes `request` the preview that is wanted.
    func show(_ request: PreviewRequest) {
        guard request != wanted else { return }
        wanted = request
        guard let copy, finished.map({ !$0.isSameDrawing(as: request) }) ?? true else { return }
        (finished, drawing, area) = (nil, nil, nil)
        queue.submit(.preview(request, copy: copy.convert, longSide: copy.longSide))
    }

    /// Makes a part in the photograph's own pixels: of a drawing that is finished at once, of any other one before the
    /// rest of it.
    ///
    /// - Parameters:
    ///   - wanted: what is in the window; `nil` where copies are enough.
    ///   - isShown: whether it has come before, within a larger part.
    func show(_ wanted: PixelArea?, isShown: Bool) {
        visible.withLock { $0 = wanted }
        guard let wanted, let drawing, wanted != area else { return }
        area = wanted
        if !isShown { post { $0.activity = .refining } }
        queue.submit(.part(wanted, drawing, isShown: isShown))
    }

    /// Reads a piece of the layer, if there is still something to read, and gives what is new.
    func tick() -> News {
        if let reader {
            if reader.readSome() {
                copy = reader.finish()
                self.reader = nil
                if let request = wanted {
                    wanted = nil
                    show(request)
                }
            }
        } else if let snapshot {
            read(snapshot.reader, snapshot.source)
        }
        let news = mail.withLock { mail in
            defer {
                (mail.before, mail.after, mail.faces, mail.part) = (nil, nil, nil, nil)
                (mail.finished, mail.drawing, mail.hasLostPart) = (nil, nil, false)
            }
            return mail
        }
        if let done = news.finished, let wanted, done.isSameDrawing(as: wanted) {
            (finished, drawing) = (done, news.drawing)
        }
        return news
    }

    /// Reads a piece of the photograph itself.
    private func read(_ snapshot: LayerSnapshotReader, _ source: SourceLayer) {
        let start = ContinuousClock.now
        do {
            while !snapshot.isFinished, start.duration(to: .now) < Self.moment { try snapshot.readBand() }
            guard snapshot.isFinished else { return }
            let photograph = try snapshot.finish(), selection = try source.selectionCoverage()
            original.withLock { $0 = .read(photograph, selection: selection) }
        } catch {
            original.withLock { $0 = .missing }
        }
        self.snapshot = nil
    }

    // MARK: - On the queue's thread

    private func serve(_ job: Job, _ turn: LatestRequestQueue<Job>.Turn) {
        do {
            switch job {
            case let .preview(request, copy, longSide):
                try draw(request, with: prepared(copy, longSide), turn)
            case let .part(area, drawing, isShown):
                // The part before it may have said that it was done meanwhile.
                if !isShown { post { $0.activity = .refining } }
                try make(area, of: drawing, hasBorder: true, turn) { $0.activity = .done }
                post { $0.activity = .done }
            }
        } catch StyleError.cancelled {
            // The next request says what is going on.
        } catch {
            post { $0.activity = .failed(sentence(error)) }
        }
    }

    /// - Parameter change: of the news that come with each part.
    private func make(
        _ area: PixelArea, of drawing: Drawing, hasBorder: Bool, _ turn: LatestRequestQueue<Job>.Turn,
        change: (inout News) -> Void = { _ in }
    ) throws {
        guard case let .read(_, selection) = original.withLock({ $0 }) else { return }
        try parts.make(
            area, of: drawing, hasBorder: hasBorder, selection: selection, check: turn.check,
            show: { part in
                post {
                    $0.part = part
                    change(&$0)
                }
            })
    }

    private func draw(_ request: PreviewRequest, with renderer: PreviewRenderer, _ turn: LatestRequestQueue<Job>.Turn)
        throws
    {
        post { $0.activity = .loading }
        let stylizer = try engine.stylizer(style: request.style, precision: request.options.precision)
        post { $0.activity = .drawing }
        if case let .read(photograph, _) = original.withLock({ $0 }) { renderer.photograph = photograph }
        parts.forget()
        let visible = VisiblePart(area: { self.visible.withLock { $0 } }) { drawing, area in
            try self.make(area, of: drawing, hasBorder: false, turn)
        }
        try renderer.draw(request, with: stylizer, quality: .draft, visible: visible, check: turn.check) {
            deliver($0, renderer)
        }
        post { $0.activity = .refining }
        try turn.pause(seconds: Self.quiet)
        try waitForPhotograph(renderer, turn)
        try renderer.draw(request, with: stylizer, quality: .final, visible: visible, check: turn.check) {
            deliver($0, renderer)
        }
        let drawing = renderer.drawing
        post { ($0.activity, $0.finished, $0.drawing) = (.done, request, drawing) }
    }

    /// Waits until the photograph itself is there or will not come.
    private func waitForPhotograph(_ renderer: PreviewRenderer, _ turn: LatestRequestQueue<Job>.Turn) throws {
        while true {
            switch original.withLock({ $0 }) {
            case .reading: try turn.pause(seconds: 0.02)
            case .missing: return
            case let .read(photograph, _):
                renderer.photograph = photograph
                return
            }
        }
    }

    private func prepared(_ convert: () -> LayerCopy, _ longSide: Int) throws -> PreviewRenderer {
        if let renderer { return renderer }
        let copy = convert()
        let made = try PreviewRenderer(copy: copy.picture, longSide: longSide, selection: copy.selection)
        renderer = made
        let before = PreviewSurfaces(small: PreviewSurface(made.smallCopy), full: PreviewSurface(made.copy))
        post { $0.before = before }
        return made
    }

    private func deliver(_ picture: PreviewPicture, _ renderer: PreviewRenderer) {
        var surfaces = PreviewSurfaces()
        let surface = PreviewSurface(picture.picture)
        if picture.picture.width == renderer.copy.width { surfaces.full = surface } else { surfaces.small = surface }
        if surfaces.full != nil, renderer.smallCopy.width != renderer.copy.width {
            surfaces.small = PreviewSurface(picture.picture.shrunk(toLongSide: PreviewRenderer.smallSide))
        }
        let made = surfaces, isWithoutPart = parts.made == nil
        post {
            $0.after = made
            if isWithoutPart { ($0.part, $0.hasLostPart) = (nil, true) }
            $0.faces = picture.faces
            $0.notices = picture.notices
        }
    }

    private func post(_ change: (inout News) -> Void) { mail.withLock { change(&$0) } }
}
