import CGimp
import Drawing
import Raster
import Synchronization

/// Carries progress from the thread that draws to the main thread, the one that may talk to GIMP.
final class ProgressBar: Sendable {
    private let latest = Mutex<StageProgress?>(nil)

    /// Called on any thread.
    func report(_ progress: StageProgress) { latest.withLock { $0 = progress } }

    /// Shows progress until `task` is done; main thread only.
    func follow<Value>(_ task: Background<Value>) throws -> Value {
        var shown: StageProgress?
        while !task.isFinished(within: 40) {
            guard let progress = latest.withLock({ $0 }), progress != shown else { continue }
            show(progress, after: shown)
            shown = progress
        }
        return try task.value()
    }

    /// Main thread only.
    func show(_ progress: StageProgress, after shown: StageProgress? = nil) {
        if progress.stage != shown?.stage { gimp_progress_set_text(Self.text(progress.stage)) }
        gimp_progress_update(progress.fraction)
    }

    private static func text(_ stage: Stage) -> String {
        switch stage {
        case .detect: return tr("Finding faces")
        case .align: return tr("Turning faces upright")
        case .stylize: return tr("Drawing")
        case .tone: return tr("Matching light and colors")
        case .pasteBack: return tr("Putting the drawing together")
        }
    }
}
