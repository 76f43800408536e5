import Raster
import Settings
import Synchronization

/// One part of a plan that the network has drawn, on its way to its corrected drawing.
final class Sketch: Sendable {
    private let part: Plan.Part
    private let key: TonedPainting.Key
    /// `nil` where nothing is left to do.
    private let canvas: Canvas?
    /// Until it is given away; held here alone, so that it is changed in its place.
    private let painting: Mutex<Painting?>

    init(_ part: Plan.Part, _ key: TonedPainting.Key, _ canvas: Canvas?, _ painting: Painting) {
        (self.part, self.key, self.canvas) = (part, key, canvas)
        self.painting = Mutex(painting)
    }

    /// One that was toned before.
    convenience init(_ part: Plan.Part, _ toned: TonedPainting) { self.init(part, toned.key, nil, toned.painting) }

    /// Tones all that is waiting, two side by side: on a face most of it is the work of one core, and the network,
    /// which takes them all, would be slowed down by it.
    ///
    /// - Parameter waiting: none of them afterwards.
    /// - Returns: in the same order.
    static func toned(_ waiting: inout [Sketch], options: StyleOptions) -> [(part: Plan.Part, drawing: TonedPainting)] {
        let sketches = waiting
        waiting = []
        for pair in stride(from: 0, to: sketches.count, by: 2) {
            let first = sketches[pair]
            guard pair + 1 < sketches.count else {
                first.tone(options)
                break
            }
            let second = sketches[pair + 1]
            _ = both({ second.tone(options) }, { first.tone(options) })
        }
        return sketches.compactMap { sketch in sketch.taken.map { (sketch.part, $0) } }
    }

    private func tone(_ options: StyleOptions) {
        guard let canvas else { return }
        painting.withLock { painting in
            guard var drawing = painting.take() else { return }
            canvas.tone(&drawing, options: options)
            painting = drawing
        }
    }

    private var taken: TonedPainting? {
        painting.withLock { $0.take() }.map { TonedPainting(key: key, painting: $0) }
    }
}

/// The parts of a plan that are there so far.
struct DrawnParts {
    private let photograph: any RowSource
    private let plan: Plan
    private let isPreview: Bool
    private var whole: Painting?
    private var faces: [PaintedFace] = []

    /// - Parameter isPreview: whether a smaller copy may be shown too.
    init(_ photograph: any RowSource, _ plan: Plan, isPreview: Bool) {
        (self.photograph, self.plan, self.isPreview) = (photograph, plan, isPreview)
    }

    /// - Throws: what reading the photograph throws.
    mutating func add(_ painting: Painting, _ part: Plan.Part) throws {
        switch part {
        case let .whole(size):
            // What is enlarged is decided late, from its maps alone; only previews show a smaller copy too.
            whole = !isPreview && size.width < photograph.width ? painting.withoutPicture : painting
        case let .face(pose):
            faces.append(try pose.painted(painting).finished(over: photograph, beyondHead: !plan.drawsWhole))
        }
    }

    /// What they make together.
    func drawing(_ timings: [StageTiming]) -> Drawing {
        let pasteBack = PasteBack(photograph: photograph, whole: whole, faces: faces, options: plan.options)
        return Drawing(pasteBack: pasteBack, plan: plan, timings: timings)
    }
}
