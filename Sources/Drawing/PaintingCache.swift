import Raster
import Settings

/// What a network drew, by what it depends on; the least recently used go first when there are more pixels than
/// allowed.
struct PaintingCache: Sendable {
    /// What was drawn.
    enum Subject: Equatable, Sendable {
        /// The whole photograph, drawn at this size.
        case whole(PixelSize)
        /// A face, and the side of its square in pixels.
        case face(Face, side: Int)
    }

    struct Key: Equatable, Sendable {
        let style: String
        /// What the network sees of them.
        let options: StyleOptions
        let subject: Subject
    }

    /// Most pixels that are kept, at 16 bytes each.
    let capacity: Int
    /// The most recently used last.
    private var entries: [(key: Key, painting: Painting)] = []

    init(capacity: Int) { self.capacity = capacity }

    func contains(_ key: Key) -> Bool { entries.contains { $0.key == key } }

    mutating func painting(_ key: Key) -> Painting? {
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        let entry = entries.remove(at: index)
        entries.append(entry)
        return entry.painting
    }

    mutating func insert(_ painting: Painting, for key: Key) {
        entries.append((key, painting))
        var pixels = entries.reduce(0) { $0 + $1.painting.storedPixels }
        while pixels > capacity, entries.count > 1 {
            pixels -= entries.removeFirst().painting.storedPixels
        }
    }
}

extension Painting {
    /// Of all the bitmaps in it.
    var storedPixels: Int { pixels.pixels.count + (undecided?.storedPixels ?? 0) }
}

extension UndecidedDrawing {
    /// Of all its maps.
    var storedPixels: Int {
        let guides = guide.map { [$0.photograph, $0.share] } ?? []
        return ([flat, shade, light, marks, irises, correction] + guides).reduce(0) { $0 + $1.pixels.count }
    }
}
