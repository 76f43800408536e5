import Raster

/// The brows of one face, as the photograph shows them.
///
/// A network of this size draws the brows that most faces have, of one arc, thickness and tone. So they are measured
/// as the painter measures them that it learned from (Models/training/painter/brows.py), and drawn as whole strokes in
/// place of its own, before anything is decided.
struct Brows {
    let face: LowerFace
    /// The viewer's left one first.
    let brows: [Brow]
    /// Of both, in pixels of the face's picture: what is seen better counts more.
    let thickness: Double
    /// How clearly the better one is seen, 0…1.
    let clear: Double
    /// Their lightness as a share of the skin's, and their a* and b*.
    let tone: SIMD3<Float>

    /// Thickness of brows, in units, and of faint ones.
    private static let thicknesses = 0.042...0.135, faint = 0.045
    /// Their thickness over that of what is measured as dark, which counts less at their borders.
    private static let wider = 1.25
    /// How clearly brows are seen at least, and when they are as thick as measured.
    private static let leastClear = 0.2, sure = 0.35
    /// Above a brow there is skin: how high, in units, how light over the skin, and along which share of both.
    private static let forehead = (height: 0.19, light: Float(0.7), share: 0.8)

    /// - Returns: `nil` where brows are covered, hardly seen, or could not be told.
    init?(_ face: LowerFace) {
        let dark = Self.darkness(face), brows = (0...1).compactMap { Brow(face, dark: dark, index: $0) }
        guard brows.count == 2, let clear = brows.map(\.clear).max(), clear >= Self.leastClear,
            Self.isBare(face, brows), let seen = Self.seen(face, brows, dark)
        else { return nil }
        (self.face, self.brows, self.clear) = (face, brows, clear)
        // Seen from afar a brow is darker than its hairs with skin between them, fair ones little; a faint one is
        // still a stroke.
        let light = max(min(0.87 * seen.x, face.skin.x - 14 - 4 * Float(clear)), 8)
        tone = SIMD3(light / face.skin.x, seen.y, seen.z)
        let votes = brows.map { $0.clear * $0.length + 1e-3 }
        let measured = Self.wider * zip(votes, brows).reduce(0) { $0 + $1.0 * $1.1.thickness } / votes.reduce(0, +)
        thickness =
            clear > Self.sure
            ? min(max(measured, Self.thicknesses.lowerBound * face.unit), Self.thicknesses.upperBound * face.unit)
            : Self.faint * face.unit
    }

    /// By how much each place is darker than the skin about it, in L*.
    private static func darkness(_ face: LowerFace) -> Plane {
        let soft = face.light.blurred(sigma: 1.2), wide = face.light.blurred(sigma: 0.18 * face.unit)
        return face.plane { min(wide.values[$0] + 4, face.skin.x) - soft.values[$0] }
    }

    /// Whether the skin above both is seen: fringes, hats and upper rims lie there.
    private static func isBare(_ face: LowerFace, _ brows: [Brow]) -> Bool {
        let above = brows.flatMap { brow in
            brow.line[4..<36].map { point -> Float in
                let place = point - face.axes.down * (forehead.height * face.unit)
                return face.window.value(face.light, place)
            }
        }
        let light = above.filter { $0 > forehead.light * face.skin.x }
        return Double(light.count) >= forehead.share * Double(above.count)
    }

    /// Lab of the darker half of what lies in both in the photograph.
    private static func seen(_ face: LowerFace, _ brows: [Brow], _ dark: Plane) -> SIMD3<Float>? {
        let shapes = brows.map { brow in
            face.window.shape(
                face.window.stroke(
                    brow.line, widths: [Double](repeating: 0.6 * brow.thickness, count: brow.line.count)), above: 0.6)
        }
        let places = dark.values.indices.filter { shapes[0][$0] || shapes[1][$0] }
        guard places.count > 16, let usual = places.map({ dark.values[$0] }).median, face.skin.x > 4 else {
            return nil
        }
        return places.filter { dark.values[$0] >= usual }
            .map { SIMD3(face.light.values[$0], face.a.values[$0], face.b.values[$0]) }.medianColour
    }
}

// MARK: - Drawing them

extension Brows {
    /// How far beyond a brow the network's own is looked for, across and along it, in units, and how near its line it
    /// has to come.
    private static let around = 0.27, core = 0.09
    /// By how much the network's brow is darker than the skin, in L*, and the share of it that may go on beyond: then
    /// it is one with hair, rims or lids.
    private static let dark: Float = 9, beyond = 0.12
    /// How far its own soft border goes beyond it, and the reach of the skin that covers it, in units.
    private static let beyondOwn = 0.04, spread = 0.06
    /// Share of its tone that a brow has where nothing of it is seen: it is whole.
    private static let thin: Float = 0.5
    /// What of the drawing about the drawn eyes is left as it is, in units.
    private static let aroundEyes = 0.055

    /// Draws them into a drawing of the photograph.
    ///
    /// - Parameter scale: pixels of the face's picture for each of the drawing.
    /// - Returns: whether they were drawn; not where the network's own are not to be told from what lies beside them.
    @discardableResult
    func draw(into drawing: inout UndecidedDrawing, scale: Double) -> Bool {
        let larger = 1 / scale, unit = face.unit * larger, mesh = face.mesh.map(SimilarityTransform(scale: larger))
        let spines = (0...1).map { Brow.spine(mesh, index: $0) }
        guard
            let window = CoverageWindow(
                width: drawing.width, height: drawing.height, around: spines.flatMap { $0 }, margin: 0.3 * unit)
        else { return false }
        let eyes = Self.eyes(mesh, in: window), width = drawing.width
        let pixels = (0..<window.width * window.height).map {
            (window.y + $0 / window.width) * width + window.x + $0 % window.width
        }
        guard let (erased, skin) = own(drawing, pixels, window, spines, eyes: eyes, unit: unit) else { return false }
        let cover = Covering(drawing, pixels, window, from: skin, spread: Self.spread * unit)
        let taken = erased.dilated(by: .disc(max(2, Int((Self.beyondOwn * unit).rounded())))).plane.blurred(sigma: 1)
        let strokes = shapes(larger: larger).map(window.polygon), kept = eyes.plane.blurred(sigma: 1)
        let strength = Float(0.72 + 0.14 * clear)
        // In cold light brows of a warm drawing would be violet: they are shifted as the skin is. Where that is lifted
        // they are half as much, or they would be pale.
        let shift = (cover.skin - face.skin) * tone.x
        let lightness = max(tone.x * min(cover.skin.x, 0.5 * (cover.skin.x + face.skin.x)), 7)
        let own = SIMD3(lightness, 0.85 * tone.y + shift.y, 0.85 * tone.z + shift.z)
        var (flat, shade, light) = (drawing.flat.takePixels(), drawing.shade.takePixels(), drawing.light.takePixels())
        for (place, pixel) in pixels.enumerated() {
            let share = min(taken.values[place] * 1.4, 1) * (1 - kept.values[place])
            let index = strokes[0][place] > strokes[1][place] ? 0 : 1
            let stroke = strokes[index][place] * (1 - kept.values[place])
            guard max(share, stroke) > 0.004 else { continue }
            let covered = cover(place), quiet = max(share, stroke)
            let at = Point(x: Double(window.x + place % window.width), y: Double(window.y + place / window.width))
            let full = Self.thin + (1 - Self.thin) * Float(brows[index].fullness(near: at * scale))
            var colour = flat[pixel] + (covered.flat - flat[pixel]) * share
            let under = Lab.from(clamped01(colour))
            colour = Lab.toRGB(under + (own - under) * (strength * stroke * full))
            colour.w = flat[pixel].w.hushed(by: quiet)
            flat[pixel] = colour
            shade[pixel] += (covered.shade - shade[pixel]) * share
            light[pixel].w = light[pixel].w.hushed(by: quiet)
        }
        drawing.flat = Bitmap(width: width, height: drawing.height, pixels: flat)
        drawing.shade = Bitmap(width: width, height: drawing.height, pixels: shade)
        drawing.light = Bitmap(width: width, height: drawing.height, pixels: light)
        return true
    }

    /// Outlines of both in pixels of the drawing: the outer end fine, fullest in the middle, the inner end round,
    /// thinner from below and not lowered.
    private func shapes(larger: Double) -> [[Point]] {
        let unit = face.unit, down = face.axes.down
        return brows.map { brow in
            let far = 0.6 + 0.4 * smooth(0.18, 0.42, brow.length)
            let both = zip(brow.line, steps(brow.line.count)).map { point, t -> (upper: Point, lower: Point) in
                let tip = max((t - 0.9) / 0.1, 0), round = max(1 - tip * tip, 0).squareRoot()
                let inner = max((t - 0.55) / 0.45, 0)
                let profile = power(min(t / 0.35, 1), 0.7) * (1 - 0.25 * power(inner, 1.5)) * round
                let rise = 0.003 * unit * inner
                let half = 0.5 * (0.012 * unit * round + thickness * profile * far), middle = point - down * rise
                return (middle - down * half, middle + down * half)
            }
            return (both.map(\.upper) + both.map(\.lower).reversed()).map { $0 * larger }
        }
    }

    /// The network's own brows, and the skin about them.
    private func own(
        _ drawing: UndecidedDrawing, _ pixels: [Int], _ window: CoverageWindow, _ spines: [[Point]], eyes: ShapeMask,
        unit: Double
    ) -> (brows: ShapeMask, skin: ShapeMask)? {
        func about(_ reach: Double) -> ShapeMask {
            let near = spines.map { spine in
                let along = (spine[0] - spine[4]) * (0.05 * unit / max((spine[0] - spine[4]).length, 1e-6))
                let line = [spine[0] + along] + spine
                return window.shape(
                    window.stroke(line, widths: [Double](repeating: reach * unit, count: line.count)), above: 0.5)
            }
            return near[0] | near[1]
        }
        let region = about(Self.around) - eyes, core = about(Self.core) - eyes
        let middle = drawing.rule.enlarged(1).middle
        let lights = pixels.map { Lab.lightness(clamped01(drawing.flat.pixels[$0])) }
        guard let usual = region.values.indices.filter({ region[$0] && !core[$0] }).map({ lights[$0] }).median else {
            return nil
        }
        let dark = ShapeMask(width: window.width, height: window.height) {
            !eyes[$0] && (lights[$0] < usual - Self.dark || drawing.flat.pixels[pixels[$0]].w > middle - 1)
        }
        var own = ShapeMask(width: window.width, height: window.height) { _ in false }
        for part in dark.parts where part.contains(where: { core[$0] }) {
            let outside = part.filter { !region[$0] }.count
            guard Double(outside) <= Self.beyond * Double(part.count) else { return nil }
            for place in part { own.values[place] = true }
        }
        let skin = ShapeMask(width: window.width, height: window.height) {
            lights[$0] > usual - Self.dark && !eyes[$0]
        }
        return (own, skin - dark.dilated(by: .disc(2)))
    }

    /// Where eyes are drawn, with their lids' lines.
    private static func eyes(_ mesh: FaceMesh, in window: CoverageWindow) -> ShapeMask {
        let axes = FaceAxes(mesh)
        return window.drawnEyes(mesh, axes).dilated(by: .disc(Int(aroundEyes * axes.unit)))
    }

    /// The skin of the drawing, which goes on beneath brows.
    private struct Covering {
        private let flat: [Plane], shade: [Plane]
        /// Its median Lab.
        let skin: SIMD3<Float>

        /// Of the reach of what goes on further, over the usual one.
        private static let wider = 4.0
        /// Share of the skin within reach at which it does not count, and at which it is enough.
        private static let enough = (none: Float(0.01), all: Float(0.06))

        init(
            _ drawing: UndecidedDrawing, _ pixels: [Int], _ window: CoverageWindow, from place: ShapeMask,
            spread: Double
        ) {
            let weight = place.plane, near = weight.blurred(sigma: spread)
            func planes(_ map: Bitmap, _ channels: Range<Int>) -> [Plane] {
                channels.map { channel in
                    let values = window.plane(pixels.map { map.pixels[$0][channel] })
                    let close = values.smoothed(within: weight, sigma: spread)
                    // Where no skin is that near, what lies further away goes on.
                    let wide = values.smoothed(within: weight, sigma: Self.wider * spread)
                    return window.plane(
                        close.values.indices.map { index in
                            let share = smoothstep(Self.enough.none, Self.enough.all, near.values[index])
                            return wide.values[index] + (close.values[index] - wide.values[index]) * share
                        })
                }
            }
            (flat, shade) = (planes(drawing.flat, 0..<3), planes(drawing.shade, 0..<4))
            let colours = pixels.indices.filter { place[$0] }.map { Lab.from(drawing.flat.pixels[pixels[$0]]) }
            skin = colours.medianColour ?? SIMD3(50, 0, 0)
        }

        func callAsFunction(_ place: Int) -> (flat: SIMD4<Float>, shade: SIMD4<Float>) {
            (
                SIMD4(flat[0].values[place], flat[1].values[place], flat[2].values[place], 0),
                SIMD4(
                    shade[0].values[place], shade[1].values[place], shade[2].values[place], shade[3].values[place])
            )
        }
    }
}
