import Drawing
import Engine
import Models
import Raster
import Settings
import Synchronization

/// Draws a small part of a photograph in each style, one after the other, while nothing else is to be drawn. Main
/// thread only, but for the drawing itself.
///
/// What was drawn is kept as long as the window. Nothing of a user's photograph is written to a disk for it.
final class StyleThumbnails {
    private let engine: StyleEngine
    private var waiting: [Int] = []
    private var sample: Sample?
    private var running: (index: Int, sample: Sample, work: Background<Bitmap>, stop: StopSign)?

    /// What the styles are drawn on, read once, as soon as the first of them is drawn.
    private final class Sample {
        private(set) lazy var part = Background(read)
        private let read: @Sendable () throws -> Bitmap

        init(_ read: @escaping @Sendable () throws -> Bitmap) { self.read = read }
    }

    /// Side of the part that is drawn, in pixels: a face in it is as large as the networks draw faces.
    private static let side = 256
    /// Side of the part, for a face whose box has a side of 1.
    private static let zoom = 2.0

    /// - Parameter engine: its catalogue's models, by index, are what `tick` speaks of.
    init(engine: StyleEngine) { self.engine = engine }

    /// Whether there is something that the styles are drawn on.
    var isStarted: Bool { sample != nil }

    /// Has all styles drawn from now on, instead of what was drawn before.
    /// - Parameters:
    ///   - first: id of the style that is drawn first.
    ///   - part: gives what is drawn; called on another thread.
    func start(first: String, on part: @escaping @Sendable () throws -> Bitmap) {
        running?.stop.stop()
        sample = Sample(part)
        let all = engine.catalog.models.indices
        waiting = all.filter(isStyle(first)) + all.filter { !isStyle(first)($0) }
    }

    private func isStyle(_ id: String) -> (Int) -> Bool {
        { [models = engine.catalog.models] in models[$0].manifest.id == id }
    }

    /// The part of a picture that styles are drawn on.
    /// - Parameters:
    ///   - faces: in pixels of the photograph; the part is about the largest one, or the picture's middle.
    ///   - width: the photograph's columns.
    static func part(of surface: PreviewSurface, faces: [Face], width: Int) -> Bitmap {
        let face = faces.map(\.box).max { $0.area < $1.area }
        return surface.square(about: face, ofWidth: width, zoom: zoom, side: side)
    }

    /// Goes on with the work.
    /// - Parameter isIdle: whether nothing else is drawn; otherwise this waits its turn.
    /// - Returns: a drawing that is ready, with its style.
    func tick(isIdle: Bool) -> (index: Int, picture: Bitmap)? {
        guard let (index, sample, work, stop) = running else {
            if isIdle { startNext() }
            return nil
        }
        if !isIdle { stop.stop() }
        guard work.isFinished(within: 0) else { return nil }
        running = nil
        do {
            let picture = try work.value()
            guard sample === self.sample else { return nil }
            waiting.removeAll { $0 == index }
            return (index, picture)
        } catch StyleError.cancelled {
            return nil
        } catch {
            // Who chooses the style is told why it cannot be drawn.
            if sample === self.sample { waiting.removeAll { $0 == index } }
            return nil
        }
    }

    private func startNext() {
        guard let index = waiting.first, let sample else { return }
        let (engine, manifest, stop) = (engine, engine.catalog.models[index].manifest, StopSign())
        let part = sample.part
        let work = Background {
            let settings = manifest.settings, part = try part.value()
            let stylizer = try engine.stylizer(style: manifest.id, precision: settings.options.precision)
            try stop.check()
            return try stylizer.stylize(part, options: settings.options) { _ in try stop.check() }.picture
        }
        running = (index, sample, work, stop)
    }

    /// Ends the work, with the next step of a network.
    func close() {
        running?.stop.stop()
        running = nil
        waiting = []
    }
}

/// Tells work on another thread to end.
private final class StopSign: Sendable {
    private let isStopped = Atomic(false)

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// - Throws: `StyleError.cancelled` once it is to end.
    func check() throws { if isStopped.load(ordering: .relaxed) { throw StyleError.cancelled } }
}
