import CGimp
import Drawing

/// Shows how far the last stage is, which puts a drawing together and writes it band by band, and tells the seconds of
/// both apart. Main thread only.
final class BandProgress {
    private let height: Int
    private var mark = ContinuousClock.now
    /// In which bands were put together.
    private(set) var pasteBack = 0.0

    /// - Parameter height: of the picture, in pixels.
    init(height: Int) { self.height = height }

    /// The first band is about to be put together.
    func start() { mark = .now }

    /// A band has been put together and `body` writes it.
    func write<Result>(_ firstRow: Int, _ body: () throws -> Result) rethrows -> Result {
        let passed = mark.duration(to: .now).components
        pasteBack += Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
        defer { mark = .now }
        gimp_progress_update(StageProgress(.pasteBack, Double(firstRow) / Double(height)).fraction)
        return try body()
    }
}
