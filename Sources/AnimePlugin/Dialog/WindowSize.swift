import CGimp

/// The size of the filter's window, which the next one has again.
struct WindowSize: Codable {
    let width: gint
    let height: gint

    private static let file = "window.json"
    private static let usual = WindowSize(width: 960, height: 680)

    /// That of the last window, or the usual one.
    static var kept: WindowSize {
        guard let kept = UserFolder.read(Self.self, file), (1...16_384).contains(kept.width),
            (1...16_384).contains(kept.height)
        else {
            return usual
        }
        return kept
    }

    func keep() { UserFolder.keep(self, Self.file) }
}

extension WindowSize {
    init(of window: Widget) {
        var (width, height): (gint, gint) = (0, 0)
        gtk_window_get_size(cast(window), &width, &height)
        self.init(width: width, height: height)
    }
}
