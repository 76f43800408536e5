import Raster

/// Nostrils and wings of one nose, as dark as the photograph shows them.
///
/// A network of this size draws the nostrils and wings that most noses have: black strokes, which on a nose in soft
/// light are dots and ticks. So each is drawn in place of the network's: nostrils with ink in them, thin in faint ones
/// and wide in deep ones, and wings as soft strokes of shade where the photograph has a crease.
struct NoseLines {
    /// Strokes of one kind and side, in pixels of the photograph.
    private struct Stroke {
        let line: [Point], widths: [Double]
        /// Coverage of the guide's, 0…1: of a turned nose the far side is hidden.
        let seen: Double
        /// How dark it is in the photograph, 0…1.
        let weight: Double
    }

    private let nostrils: [Stroke], wings: [Stroke]
    private let axes: FaceAxes

    /// Of the darkest tenth of a nostril: by which share it is darker than the nose, when it is faint and when it is
    /// deep.
    private static let hole = (0.1, 0.55)
    /// The same of a wing's line, over both sides of it.
    private static let crease = (0.02, 0.2)

    /// - Parameters:
    ///   - light: lightness (0…100) in the window.
    ///   - usual: the nose's.
    init(_ light: Plane, usual: Float, _ mesh: FaceMesh, _ axes: FaceAxes, _ window: CoverageWindow) {
        self.axes = axes
        let unit = axes.unit, soft = light.blurred(sigma: 0.012 * unit), contours = Contour.nose(mesh, axes)
        func deepness(_ line: [Point]) -> Double {
            let place = window.shape(
                window.stroke(line, widths: [Double](repeating: 0.06 * unit, count: line.count)), above: 0.5)
            return 1 - Double((soft.values(in: place).quantile(0.1) ?? usual) / max(usual, 5))
        }
        func dip(_ line: [Point]) -> Double {
            let dips = zip(line, Ridge.normals(line)).map { point, normal -> Double in
                let across = (-7...7).map { Double(window.value(soft, point + normal * (0.012 * unit * Double($0)))) }
                let inner = across[4...10].min() ?? 0, sides = min(across[0], across[14])
                return (sides - inner) / max(sides, 5)
            }
            return dips.sorted()[dips.count / 2]
        }
        // Nostril and wing by turns.
        func strokes(_ numbers: [Int], full: Double, weights: [Double]) -> [Stroke] {
            zip(numbers.map { contours[$0] }, weights).map { contour, weight in
                Stroke(
                    line: contour.line, widths: contour.widths, seen: Double(contour.strength) / full, weight: weight)
            }
        }
        // In light from one side only one of a pair is deep, but one alone would be a dot.
        let both = [0, 2].map { min(max(deepness(contours[$0].line), 0), 1) }.reduce(0, +) / 2
        let deep = smooth(Self.hole.0, Self.hole.1, both)
        nostrils = strokes([0, 2], full: 0.85, weights: [deep, deep])
        // A wing that is no crease would float beside the nose.
        let creased = [1, 3].map { smooth(Self.crease.0, Self.crease.1, dip(contours[$0].line)) }
        wings = strokes([1, 3], full: 0.55, weights: creased)
    }
}

// MARK: - Drawing them

extension NoseLines {
    /// Reach about a stroke, in units, within which the network's own goes, and from there to where it stays.
    private static let cleared = (all: 0.045, none: 0.075)
    /// What wings and nostrils add to the factor 1 of R, G, B, and the share of it that a faint nostril has.
    private static let wing = SIMD4<Float>(-0.38, -0.46, -0.46, 0), nostril = SIMD4<Float>(-0.58, -0.7, -0.7, 0)
    private static let faint: Float = 0.5
    /// Width of a wing's shade over the guide's, and of the Gaussian that it is smoothed by, in units.
    private static let broad = 1.6, softness = 0.016
    /// Width of the ink over the guide's, in a faint nostril, where it would be a black dot, and in a deep one; and the
    /// least that is drawn.
    private static let ink = (faint: 0.0, deep: 0.6), leastInk = 0.2
    /// By how much a border's logit falls for each pixel, where it falls no more, and pixels within which it does.
    private static let steepness: Float = 3, steepest: Float = 9, reach = 3.0

    /// Draws them into a drawing of the photograph.
    func draw(into drawing: inout UndecidedDrawing) {
        let all = nostrils + wings
        guard
            let window = CoverageWindow(
                width: drawing.width, height: drawing.height, around: all.flatMap(\.line),
                margin: Self.cleared.none * axes.unit + Self.reach)
        else { return }
        clear(all, window, in: &drawing)
        // Ink on a wing is a hook, and so is shade that ends sharply.
        for stroke in wings { shade(stroke, window, into: &drawing) }
        for stroke in nostrils {
            let ink = Self.ink.faint + (Self.ink.deep - Self.ink.faint) * stroke.weight
            let share = Self.faint + (1 - Self.faint) * Float(stroke.weight)
            draw(stroke, ink: ink, share: share, window, into: &drawing)
        }
    }

    private func clear(_ strokes: [Stroke], _ window: CoverageWindow, in drawing: inout UndecidedDrawing) {
        let unit = axes.unit
        var near = [Double](repeating: -.infinity, count: window.width * window.height)
        for stroke in strokes {
            let own = window.depth(
                ofStroke: stroke.line, widths: [Double](repeating: 0, count: stroke.line.count),
                reach: Self.cleared.none * unit)
            for index in own.indices { near[index] = max(near[index], own[index]) }
        }
        for index in near.indices {
            let share = smooth(-Self.cleared.none * unit, -Self.cleared.all * unit, near[index])
            guard share > 0 else { continue }
            let place = (window.y + index / window.width) * drawing.width + window.x + index % window.width
            drawing.flat.pixels[place].w = drawing.flat.pixels[place].w.hushed(by: Float(share))
        }
    }

    /// Darkens skin along a wing.
    private func shade(_ stroke: Stroke, _ window: CoverageWindow, into drawing: inout UndecidedDrawing) {
        let share = Float(stroke.weight * stroke.seen)
        guard share > 0.05 else { return }
        let widths = stroke.widths.map { $0 * Self.broad }
        let soft = window.plane(window.stroke(stroke.line, widths: widths)).blurred(sigma: Self.softness * axes.unit)
        for (index, covered) in soft.values.enumerated() where covered > 0.002 {
            let place = (window.y + index / window.width) * drawing.width + window.x + index % window.width
            drawing.flat.pixels[place] *= 1 + Self.wing * (share * covered)
        }
    }

    /// - Parameters:
    ///   - ink: its width over the guide's.
    ///   - share: of the dark.
    private func draw(
        _ stroke: Stroke, ink: Double, share: Float, _ window: CoverageWindow, into drawing: inout UndecidedDrawing
    ) {
        guard stroke.seen > 0.05, share > 0.05 else { return }
        let soft = window.depth(
            ofStroke: stroke.line, widths: stroke.widths.map { $0 * stroke.seen }, reach: Self.reach)
        let core = window.depth(
            ofStroke: stroke.line, widths: stroke.widths.map { $0 * ink * stroke.seen }, reach: Self.reach)
        let effect = Self.nostril * share
        let middle = drawing.rule.enlarged(1).middle
        for index in soft.indices where soft[index] > -Self.reach {
            let place = (window.y + index / window.width) * drawing.width + window.x + index % window.width
            let inside = Float(soft[index])
            drawing.shade.pixels[place] = drawing.shade.pixels[place].lined(
                by: effect, depth: inside,
                logit: min(max(Self.steepness * inside, -Self.steepest), Self.steepest))
            guard ink > Self.leastInk else { continue }
            let line = min(middle + Self.steepness * Float(core[index]), Self.steepest)
            drawing.flat.pixels[place].w = max(drawing.flat.pixels[place].w, line)
        }
    }
}
