import Raster

/// The folds of one face that is wrinkled as a whole, and the lines that tell a grown one, found in the photograph:
/// without them the drawing would be of somebody decades younger. Young faces have some folds too, as they smile; none
/// of these are drawn.
struct FaceFolds {
    let window: CoverageWindow
    /// How wrinkled the face is as a whole, above 0 and up to 1.
    let age: Double
    /// Those that are drawn.
    let folds: [SkinFolds.Fold]
    private let unit: Double

    /// On smaller faces folds cannot be told from grain; distance between the eyes in pixels.
    private static let leastUnit = 40.0
    /// Sum of signs from which on a face is wrinkled, and from which on all its folds are drawn in full: of 60
    /// portraits young faces reached 1.06.
    private static let signs = (low: 1.1, high: 1.9)
    /// Skin without any roughness is smooth, whatever lines are on it: those of a smile, or of glasses.
    private static let rough = (low: 0.006, high: 0.012)
    /// What is darker than this share of the skin's roughness is a lash, a frame or a strand of hair.
    private static let strongest = 14.0
    /// Coverage from which on the drawing has a line, and how far from it none is added, in units.
    private static let drawn = (coverage: Float(0.35), reach: 0.035)
    /// Evidence of age from which on a face is given its lines, and how wrinkled one with no other folds counts as.
    private static let lines = (least: 0.3, age: 0.3)

    /// - Parameters:
    ///   - photograph: of one face.
    ///   - mesh: in its pixels.
    ///   - drawing: of it, of its size.
    ///   - wearsGlasses: whether rims lie below the eyes.
    /// - Returns: `nil` where the face is smooth, too small, or not seen from far enough in front.
    init?(_ photograph: Bitmap, mesh: FaceMesh, drawing: UndecidedDrawing, wearsGlasses: Bool = false) {
        let axes = FaceAxes(mesh), ring = mesh.points(MeshPoints.oval)
        guard mesh.isClear(axes, from: Self.leastUnit),
            let window = CoverageWindow(width: photograph.width, height: photograph.height, around: ring, margin: 0)
        else { return nil }
        (self.window, unit) = (window, axes.unit)
        let cut = photograph.cropped(x: window.x, y: window.y, width: window.width, height: window.height)
        let light = cut.lightness
        let taken = Self.lines(of: drawing, window, axes.unit)
        let found = SkinFolds(FoldZones(mesh, axes, window), light: light, drawn: taken)
        let folds = found.folds.filter { $0.strength < Self.strongest * found.roughness }
        let roughness = smooth(Self.rough.low, Self.rough.high, found.roughness)
        let wrinkled = smooth(Self.signs.low, Self.signs.high, roughness * Self.signs(of: folds))
        let lines = AgeLines(mesh, axes, window, light: light, taken: taken, wearsGlasses: wearsGlasses)
        let isGrown = lines.evidence > Self.lines.least
        guard wrinkled > 0.05 || isGrown else { return nil }
        age = max(wrinkled, isGrown ? Self.lines.age * lines.evidence : 0)
        let own = wrinkled > 0.05 ? folds.filter { $0.strength > Self.leastDrawn($0.zone) } : []
        // A whole line in place of its pieces.
        let whole = isGrown ? lines.folds : []
        self.folds = whole + own.filter { fold in !whole.contains { $0.zone == fold.zone && $0.half == fold.half } }
    }

    private static func leastDrawn(_ zone: SkinFolds.Zone) -> Double {
        switch zone {
        case .forehead: 0.016
        case .frown, .eyeBag, .crowsFoot: 0.02
        case .smile: 0.026
        }
    }

    /// Folds' lengths in units times their depth, zone by zone. The longest below and beside each eye do not count:
    /// each face has them.
    private static func signs(of folds: [SkinFolds.Fold]) -> Double {
        func sum(_ zone: SkinFolds.Zone, above least: Double, without count: Int = 0) -> Double {
            [-1, 1].reduce(0) { total, half in
                let sizes = folds.filter { $0.zone == zone && $0.half == half && $0.strength > least }
                    .map { min($0.length, 0.5) * min($0.strength / 0.03, 2) }
                return total + sizes.sorted(by: >).dropFirst(count).reduce(0, +)
            }
        }
        return sum(.forehead, above: 0.014) + 0.7 * sum(.frown, above: 0.02)
            + 0.5 * sum(.eyeBag, above: 0.02, without: 1) + 0.8 * sum(.crowsFoot, above: 0.02, without: 1)
            + 0.25 * sum(.smile, above: 0.03)
    }

    /// Where the drawing has lines, in the window, and their surroundings.
    private static func lines(of drawing: UndecidedDrawing, _ window: CoverageWindow, _ unit: Double) -> ShapeMask {
        let (low, high) = drawing.rule.lineRange, share = low + drawn.coverage * (high - low)
        let least = logarithm(share / (1 - share))
        return ShapeMask(width: window.width, height: window.height) { index in
            let (x, y) = (window.x + index % window.width, window.y + index / window.width)
            return drawing.flat[x, y].w > least
        }.dilated(by: .disc(Int((drawn.reach * unit).rounded())))
    }
}

// MARK: - Drawing them

extension FaceFolds {
    /// Width of the deepest folds of the oldest faces, in units, and from which depth on a fold is one.
    private static let widest = 0.022, deepest = 0.06
    /// How much darker than shade a fold is.
    private static let depth: (least: Double, more: Double) = (0.3, 0.7)
    /// By how much a border's logit falls for each pixel, where it falls no more, and pixels within which it does.
    private static let steepness: Float = 5, steepest: Float = 9, reach = 2.5
    /// Pixels of a line that are averaged, to either side, and from how many pixels there is one point.
    private static let averaged = 4, step = 3

    /// Draws them into a drawing of the photograph as fine tapering lines in the tone that the network has for shade
    /// there, made darker.
    func draw(into drawing: inout UndecidedDrawing) {
        var pixels = drawing.shade.takePixels()
        let amount = 0.4 + 0.6 * age, offset = Point(x: Double(window.x), y: Double(window.y))
        for fold in folds {
            let line = Self.smoothed(fold.line).map { $0 + offset }
            guard line.count > 2 else { continue }
            let depth = min(fold.strength / Self.deepest, 1)
            let width = amount * (0.45 + 0.55 * depth) * Self.widest * unit
            let widths = steps(line.count).map { width * power(sine(.pi * (0.04 + 0.92 * $0)), 0.7) }
            guard
                let near = CoverageWindow(
                    width: drawing.width, height: drawing.height, around: line, margin: Self.reach + width)
            else { continue }
            let within = near.depth(ofStroke: line, widths: widths, reach: Self.reach)
            let darker = Float(amount * (Self.depth.least + Self.depth.more * depth))
            for place in within.indices where within[place] > -Self.reach {
                let index =
                    (near.y + place / near.width) * drawing.width + near.x + place % near.width
                let before = pixels[index], inside = Float(within[place])
                // Where shade lies already, only its tone changes.
                pixels[index] *= 1 + darker * min(max(inside + 1, 0), 1)
                pixels[index].w = max(before.w, min(max(Self.steepness * inside, -Self.steepest), Self.steepest))
            }
        }
        drawing.shade = Bitmap(width: drawing.width, height: drawing.height, pixels: pixels)
    }

    /// A line without the steps from pixel to pixel.
    private static func smoothed(_ line: [Point]) -> [Point] {
        var result: [Point] = []
        for index in stride(from: 0, to: line.count, by: step) {
            let reach = min(averaged, index, line.count - 1 - index)
            result.append(Array(line[index - reach...index + reach]).mean)
        }
        if let last = line.last, (line.count - 1) % step != 0 { result.append(last) }
        return result
    }
}
