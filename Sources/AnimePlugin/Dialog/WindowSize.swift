import CGimp

/// The size of one of the filter's windows, which the next one of its kind has again.
struct WindowSize: Codable {
    let width: gint
    let height: gint

    /// The windows whose size is kept.
    enum Kind {
        case layer, batch

        fileprivate var file: String { self == .layer ? "window.json" : "batch-window.json" }
        fileprivate var usual: WindowSize {
            self == .layer ? WindowSize(width: 960, height: 680) : WindowSize(width: 460, height: 680)
        }
    }

    /// That of the last window, or the usual one.
    static func kept(for kind: Kind) -> WindowSize {
        guard let kept = UserFolder.read(Self.self, kind.file), (1...16_384).contains(kept.width),
            (1...16_384).contains(kept.height)
        else {
            return kind.usual
        }
        return kept
    }

    func keep(for kind: Kind) { UserFolder.keep(self, kind.file) }
}

extension WindowSize {
    init(of window: Widget) {
        var (width, height): (gint, gint) = (0, 0)
        gtk_window_get_size(cast(window), &width, &height)
        self.init(width: width, height: height)
    }
}
