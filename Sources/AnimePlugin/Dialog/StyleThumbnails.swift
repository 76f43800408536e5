import Drawing
import Engine
import Models
import Raster
import Settings
import Synchronization

/// Draws a small part of the photograph in each style, one after the other, while nothing else is to be drawn. Main
/// thread only, but for the drawing itself.
///
/// What was drawn is kept as long as the window. Nothing of a user's photograph is written to a disk for it.
final class StyleThumbnails {
    private let engine: StyleEngine
    private var waiting: [Int] = []
    private var photograph: (@Sendable () -> Bitmap)?
    private var running: (index: Int, work: Background<Bitmap>, stop: StopSign)?

    /// Side of the part that is drawn, in pixels: a face in it is as large as the networks draw faces.
    private static let side = 256

    /// - Parameter engine: its catalogue's models, by index, are what `tick` speaks of.
    init(engine: StyleEngine) { self.engine = engine }

    /// Has all styles drawn from now on; a second call changes nothing.
    /// - Parameters:
    ///   - faces: in pixels of the photograph; the largest one is drawn, or the picture's middle.
    ///   - width: the photograph's columns.
    ///   - first: the style that is drawn first.
    func start(_ surface: PreviewSurface, faces: [Face], width: Int, first: Int) {
        guard photograph == nil else { return }
        let face = faces.map(\.box).max { $0.area < $1.area }
        photograph = { surface.square(about: face, ofWidth: width, zoom: 2, side: Self.side) }
        let all = Array(engine.catalog.models.indices)
        waiting = all.filter { $0 == first } + all.filter { $0 != first }
    }

    /// Goes on with the work.
    /// - Parameter isIdle: whether nothing else is drawn; otherwise this waits its turn.
    /// - Returns: a drawing that is ready, with its style.
    func tick(isIdle: Bool) -> (index: Int, picture: Bitmap)? {
        guard let (index, work, stop) = running else {
            if isIdle { startNext() }
            return nil
        }
        if !isIdle { stop.stop() }
        guard work.isFinished(within: 0) else { return nil }
        running = nil
        do {
            let picture = try work.value()
            waiting.removeAll { $0 == index }
            return (index, picture)
        } catch StyleError.cancelled {
            return nil
        } catch {
            // Who chooses the style is told why it cannot be drawn.
            waiting.removeAll { $0 == index }
            return nil
        }
    }

    private func startNext() {
        guard let index = waiting.first, let photograph else { return }
        let (engine, manifest, stop) = (engine, engine.catalog.models[index].manifest, StopSign())
        let work = Background {
            let settings = manifest.settings, part = photograph()
            let stylizer = try engine.stylizer(style: manifest.id, precision: settings.options.precision)
            try stop.check()
            let drawn = try stylizer.stylize(part, options: settings.options) { _ in try stop.check() }
            return drawn.picture.shrunk(toLongSide: StylePicker.side)
        }
        running = (index, work, stop)
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
