#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CGimp
import Drawing
import Engine
import Files
import Models
import Raster
import Settings

/// One call of the procedure, from its arguments to the layer with the drawing.
struct ProcedureCall {
    private let invocation: Invocation
    private let memory: any ArgumentMemory
    private let engine: StyleEngine
    private let timings: TimingsLog

    init(_ invocation: Invocation, memory: any ArgumentMemory, timings: TimingsLog) {
        self.invocation = invocation
        self.memory = memory
        self.timings = timings
        engine = .installed()
    }

    /// - Returns: the layer or group with the drawing.
    /// - Throws: `StyleError`, `PlugInError`; the image is unchanged then.
    func perform() throws -> gint32 {
        let choice = try choose(), (source, settings, preview) = (choice.source, choice.settings, choice.preview)
        if settings.output == .replace { try source.checkReplaceable() }
        let manifest = try engine.style(settings.style), bar = ProgressBar()
        // Starting GEGL and loading the networks take about the same time, so they run side by side.
        let engine = engine
        func load() -> Background<Stylizer> {
            Background { try engine.stylizer(style: settings.style, precision: settings.options.precision) }
        }
        let loading = preview == nil ? load() : nil
        gimp_progress_init(tr("Anime style"))
        timings.measure("gegl-init") { Gegl.start() }
        let selection = try timings.measure("selection") { try source.selectionCoverage() }
        let kept = try kept(preview, source)
        let (photograph, drawing) = try kept ?? draw(source, settings, loading ?? load(), bar)
        bar.show(StageProgress(.pasteBack, 0))
        let began = timings.elapsed, bands = BandProgress(height: source.height)
        // The user may have gone on working meanwhile; what is kept was compared a moment ago.
        let now = try recheck(source, settings.output, against: kept == nil ? photograph : nil)
        let earlier = choice.earlier.flatMap { host_item_get_image($0) == source.image ? $0 : nil }
        let layer: gint32
        if settings.output == .replace {
            layer = try LayerReplacement(source: now, earlier: earlier, progress: bands).write(drawing)
        } else {
            layer = try LayerWriter(
                source: now, selection: selection,
                name: tr("Anime Style – \(manifest.title(languages: userLanguages()))"),
                strength: settings.options.strength * 100, earlier: earlier, progress: bands
            ).add(drawing, as: settings.output)
        }
        timings.add("paste-back", seconds: bands.pasteBack)
        timings.add("write", seconds: timings.elapsed - began - bands.pasteBack)
        finish(settings, manifest, notices(drawing, source, selection))
        return layer
    }

    // MARK: - Drawing

    /// What the preview has drawn, if the layer is still what it was then.
    private func kept(_ preview: FinishedPreview?, _ source: SourceLayer) throws -> (LayerSnapshot, Drawing)? {
        guard let preview, try timings.measure("read", { try preview.photograph.isStill(source) }) else { return nil }
        return (preview.photograph, preview.drawing)
    }

    private func draw(
        _ source: SourceLayer, _ settings: DrawingSettings, _ loading: Background<Stylizer>, _ bar: ProgressBar
    ) throws -> (LayerSnapshot, Drawing) {
        let photograph = try timings.measure("read") { try source.snapshot() }
        var loaded = try timings.measure("load") { try bar.follow(loading) }
        loaded.drawsOnce = true
        let stylizer = loaded
        let drawing = try bar.follow(
            Background { try stylizer.draw(photograph, options: settings.options, progress: bar.report) })
        timings.add(drawing.timings)
        return (photograph, drawing)
    }

    // MARK: - What to do

    /// Which layer is drawn, how, and where the drawing goes.
    private struct Choice {
        let source: SourceLayer
        /// The drawing whose place the new one takes.
        var earlier: gint32?
        let settings: DrawingSettings
        var preview: FinishedPreview?
    }

    private func choose() throws -> Choice {
        switch invocation.mode {
        case let .arguments(given):
            // A script has the layer drawn that it names.
            let source = try SourceLayer(image: invocation.image, drawable: invocation.drawable)
            return Choice(source: source, settings: DrawingSettings(given, for: try engine.style(of: given)))
        case .lastValues:
            let origin = DrawingOrigin(of: invocation.drawable, in: invocation.image)
            let source = try source(origin)
            return Choice(
                source: source, earlier: origin?.drawing, settings: try last() ?? engine.firstStyle().settings)
        case .interactive:
            return try converse()
        }
    }

    /// The photograph of a drawing, else the layer that the call is for.
    private func source(_ origin: DrawingOrigin?) throws -> SourceLayer {
        try SourceLayer(image: invocation.image, drawable: origin?.photograph ?? invocation.drawable)
    }

    private func converse() throws -> Choice {
        // The style that was used last may have been removed since.
        let last = try? last(), origin = DrawingOrigin(of: invocation.drawable, in: invocation.image)
        var settings = try last ?? engine.firstStyle().settings, drawsAgain = origin != nil
        while true {
            let source = try source(drawsAgain ? origin : nil)
            let context = DialogContext(
                source: source, drawsAgain: try origin.map { (try self.source($0).name, drawsAgain) }, engine: engine,
                languages: userLanguages(), last: last, helpFolder: "\(PlugIn.folder)/help", timings: timings)
            switch try StyleDialog.ask(settings, context) {
            case nil: throw StyleError.cancelled
            case let .drawOther(chosen)?:
                settings = chosen
                settings.output = settings.output.next
                drawsAgain.toggle()
            case let .draw(chosen, preview)?:
                memory.keep { chosen.write(to: $0, for: .layer) }
                return Choice(
                    source: source, earlier: drawsAgain ? origin?.drawing : nil, settings: chosen, preview: preview)
            }
        }
    }

    /// What was chosen last, but for replacing a layer; `nil` when nothing was.
    private func last() throws -> DrawingSettings? {
        guard let kept = memory.recall() else { return nil }
        let given = try GivenSettings(kept, for: .layer)
        var settings = DrawingSettings(given, for: try engine.style(of: given))
        settings.output = settings.output.next
        return settings
    }

    // MARK: - The end

    /// - Parameter photograph: what the layer has to be still if it is replaced; `nil` if that is known.
    private func recheck(_ source: SourceLayer, _ output: OutputMode, against photograph: LayerSnapshot?) throws
        -> SourceLayer
    {
        do {
            let now = try SourceLayer(image: source.image, drawable: source.id)
            guard (now.width, now.height) == (source.width, source.height) else { throw PlugInError.imageGone }
            if output == .replace {
                try now.checkReplaceable()
                if let photograph, try !photograph.isStill(now) { throw PlugInError.layerChanged }
            }
            return now
        } catch PlugInError.selectionMissesLayer where output != .replace {
            // What counts is the selection at the start; this one is for the user's next step.
            return source
        } catch PlugInError.indexed {
            throw PlugInError.imageGone
        }
    }

    /// What the user should know of the part that is selected.
    private func notices(_ drawing: Drawing, _ source: SourceLayer, _ selection: CoverageFile?) -> [Notice] {
        guard let selection else { return drawing.notices }
        return drawing.notices(
            of: SelectedPart(width: source.width, height: source.height) { try? selection.plane(of: $0) })
    }

    private func finish(_ settings: DrawingSettings, _ manifest: ModelManifest, _ notices: [Notice]) {
        gimp_progress_end()
        for notice in notices { gimp_message(tr(notice)) }
        if settings.output == .layerGroup, !manifest.drawsLinesApart {
            gimp_message(
                tr(
                    """
                    The style “\(manifest.title(languages: userLanguages()))” draws its lines into its colors, so \
                    the group has no layer of lines.
                    """
                ))
        }
        if case .arguments = invocation.mode { return }
        gimp_displays_flush()
    }
}
