import Raster

/// The brows of one face as the network drew them, to be drawn anew, and the skin about them.
///
/// They are looked for before skin is drawn: in its form the shade of sockets is as dark.
struct NetworkBrows {
    let window: CoverageWindow
    /// Places of the drawing, in the window's order.
    let pixels: [Int]
    /// In the window, the viewer's left brow first.
    let brows: [ShapeMask]
    /// Where what is left of them may be looked for: not in hair or beside the head, and not beyond their outer ends.
    let around: [ShapeMask]
    /// The skin beside them, in the window.
    let skin: ShapeMask
    /// Whether each can be told from what lies beside it.
    let isTold: [Bool]
    /// Where eyes are drawn, with their lids' lines, in the window.
    let eyes: ShapeMask

    /// How wide the place about a brow's line is in which it is looked for, in units, in which it is where it is one
    /// with what lies beside it, and which it has to touch; and the place in which the skin beside it lies.
    private static let around = 0.27, near = 0.16, core = 0.09, beside = 0.5
    /// By how much it is darker than the skin, in L*, and the share of it that may lie elsewhere: then it is one with
    /// hair or shade.
    private static let dark: Float = 9, most = 0.12
    /// By how much rims and lids are darker than skin, in L*, and how much of them makes one a part of them, in square
    /// units.
    private static let black: Float = 25, rims = 0.02
    /// How far beyond its outer end one goes on, in units; ink there is the head's outline.
    private static let end = 0.07

    /// - Parameters:
    ///   - drawing: the network's.
    ///   - mesh: in its pixels.
    /// - Returns: `nil` where they are not to be told from what lies beside them.
    init?(_ drawing: UndecidedDrawing, mesh: FaceMesh) {
        guard let places = BrowPlaces(mesh, width: drawing.width, height: drawing.height),
            let (pixels, dark, black, ink) = Self.darkness(of: drawing, places)
        else { return nil }
        let region = places.both(Self.around), parts = dark.parts
        let found = (0...1).map { index -> (own: ShapeMask, around: ShapeMask, isTold: Bool) in
            var own = ShapeMask(width: dark.width, height: dark.height) { _ in false }, isTold = true
            let room = ShapeMask(width: dark.width, height: dark.height) { place in
                places.face[place] && places.past(place, index) < (ink[place] ? 0 : Self.end)
            }
            let core = places.about(index, Self.core)
            let (near, around) = (places.about(index, Self.near) & room, places.about(index, Self.around) & room)
            for part in parts where part.contains(where: { core[$0] }) {
                let outside = part.filter { !region[$0] }
                let isOne = Double(outside.count) > Self.most * Double(part.count)
                let rims = Double(outside.filter { black[$0] && places.face[$0] }.count)
                if rims > Self.rims * places.unit * places.unit { isTold = false }
                for place in part where isOne ? near[place] : around[place] { own.values[place] = true }
            }
            return (own, room, isTold)
        }
        (window, self.pixels, eyes) = (places.window, pixels, places.eyes)
        (brows, around, isTold) = (found.map(\.own), found.map(\.around), found.map(\.isTold))
        let all = brows[0] | brows[1] | places.both(Self.near)
        skin = (places.face & places.both(Self.beside)) - (all | ink | eyes).dilated(by: .disc(2))
    }

    /// What is darker than the skin about brows, what is much darker, and lines.
    private static func darkness(
        of drawing: UndecidedDrawing, _ places: BrowPlaces
    ) -> (pixels: [Int], dark: ShapeMask, black: ShapeMask, ink: ShapeMask)? {
        let window = places.window, beside = places.both(around) - places.both(core)
        let pixels = (0..<window.width * window.height).map {
            (window.y + $0 / window.width) * drawing.width + window.x + $0 % window.width
        }
        let lights = pixels.map { Lab.lightness(clamped01(drawing.flat.pixels[$0])) }
        guard let usual = pixels.indices.filter({ beside[$0] }).map({ lights[$0] }).median else { return nil }
        func shape(_ isInside: (Int) -> Bool) -> ShapeMask {
            ShapeMask(width: window.width, height: window.height, isInside: isInside)
        }
        let middle = drawing.rule.enlarged(1).middle
        let ink = shape { drawing.flat.pixels[pixels[$0]].w > middle - 1 }
        return (
            pixels, shape { !places.eyes[$0] && (lights[$0] < usual - dark || ink[$0]) },
            shape { lights[$0] < usual - black || ink[$0] }, ink
        )
    }
}

/// Where the brows of one face may be, in a window about them.
private struct BrowPlaces {
    let window: CoverageWindow
    /// In pixels.
    let unit: Double
    /// Where eyes are drawn, with their lids' lines; and the face without hair.
    let eyes, face: ShapeMask
    private let spines: [[Point]]

    /// What of the drawing about the drawn eyes is left as it is, how far beyond its outer end a brow goes on, and how
    /// far about both there is room, in units.
    private static let aroundEyes = 0.055, further = 0.05, room = 0.3
    /// Likelihood from which on a place is hair.
    private static let hair: Float = 0.25

    init?(_ mesh: FaceMesh, width: Int, height: Int) {
        let axes = FaceAxes(mesh), spines = (0...1).map { Brow.spine(mesh, index: $0) }
        guard
            let window = CoverageWindow(
                width: width, height: height, around: spines.flatMap { $0 }, margin: Self.room * axes.unit)
        else { return nil }
        (self.window, self.spines, unit) = (window, spines, axes.unit)
        eyes = window.drawnEyes(mesh, axes).dilated(by: .disc(Int(Self.aroundEyes * axes.unit)))
        let oval = window.shape(mesh.points(MeshPoints.oval), above: 0.5)
        face = ShapeMask(width: window.width, height: window.height) { place in
            oval[place] && mesh.hair.map { $0(window.centre(place)) > Self.hair } != true
        }
    }

    /// Within a stroke along a brow, without the eyes.
    ///
    /// - Parameter wide: in units.
    func about(_ index: Int, _ wide: Double) -> ShapeMask {
        let spine = spines[index], line = [spine[0] + outwards(spine) * (Self.further * unit)] + spine
        let widths = [Double](repeating: wide * unit, count: line.count)
        return window.shape(window.stroke(line, widths: widths), above: 0.5) - eyes
    }

    /// `about` of both.
    func both(_ wide: Double) -> ShapeMask { about(0, wide) | about(1, wide) }

    /// How far beyond the outer end of a brow a place lies, in units.
    func past(_ place: Int, _ index: Int) -> Double {
        dot(window.centre(place) - spines[index][0], outwards(spines[index])) / unit
    }

    private func outwards(_ spine: [Point]) -> Point {
        (spine[0] - spine[4]) * (1 / max((spine[0] - spine[4]).length, 1e-6))
    }
}
