import Raster

/// The brows of one face, as the photograph shows them.
///
/// A network of this size draws the brows that most faces have, of one arc, thickness and tone. So they are measured
/// as the painter measures them that it learned from (Models/training/painter/brows.py), and drawn as whole strokes in
/// place of its own, before anything is decided.
struct Brows {
    let face: LowerFace
    /// Those that are not covered, the viewer's left one first.
    let brows: [Brow]
    /// Of both, in pixels of the face's picture: what is seen better counts more.
    let thickness: Double
    /// How clearly the better one is seen, 0…1.
    let clear: Double
    /// Their lightness as a share of the skin's, and their a* and b*.
    let tone: SIMD3<Float>
    /// How much of their tone each place of the face's window has, 0…1: where there are hairs.
    private let fullness: Plane

    /// Thickness of brows, in units, and of faint ones.
    private static let thicknesses = 0.042...0.135, faint = 0.045
    /// Their thickness over that of what is measured as dark, which counts less at their borders.
    private static let wider = 1.25
    /// How clearly brows are seen at least, and when they are as thick as measured.
    private static let leastClear = 0.2, sure = 0.35
    /// Above a brow there is skin: how high, in units, how light over the skin, and along which share of it.
    private static let forehead = (height: 0.19, light: Float(0.7), share: 0.8)
    /// In shade it is as dark as hair, but less likely that: how light at least, over the skin, and how likely at most.
    private static let shade = (light: Float(0.35), hair: Float(0.4))
    /// Of the Gaussian that hairs are smoothed by, in units.
    private static let hairs = 0.012

    /// - Returns: `nil` where brows are covered, hardly seen, or could not be told.
    init?(_ face: LowerFace) {
        let dark = Self.darkness(face)
        let brows = (0...1).compactMap { Brow(face, dark: dark, index: $0) }.filter { Self.isBare(face, $0) }
        guard let clear = brows.map(\.clear).max(), clear >= Self.leastClear,
            let seen = Self.seen(face, brows, dark)
        else { return nil }
        (self.face, self.brows, self.clear) = (face, brows, clear)
        let hairs = dark.blurred(sigma: Self.hairs * face.unit), full = max(face.skin.x - seen.x, 6)
        fullness = face.plane { smoothstep(0, 0.85, hairs.values[$0] / full) }
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

    /// Whether the skin above one is seen: fringes, hats and upper rims lie there.
    private static func isBare(_ face: LowerFace, _ brow: Brow) -> Bool {
        let above = brow.line[4..<36].map { $0 - face.axes.down * (forehead.height * face.unit) }
        let bare = above.filter { place in
            let light = face.window.value(face.light, place) / face.skin.x
            return light > forehead.light
                || light > shade.light && face.mesh.hair.map { $0(place) < shade.hair } == true
        }
        return Double(bare.count) >= forehead.share * Double(above.count)
    }

    /// Lab of the darker half of what lies in both in the photograph.
    private static func seen(_ face: LowerFace, _ brows: [Brow], _ dark: Plane) -> SIMD3<Float>? {
        let shapes = brows.map { brow in
            face.window.shape(
                face.window.stroke(
                    brow.line, widths: [Double](repeating: 0.6 * brow.thickness, count: brow.line.count)), above: 0.6)
        }
        let places = dark.values.indices.filter { index in shapes.contains { $0[index] } }
        guard places.count > 16, let usual = places.map({ dark.values[$0] }).median, face.skin.x > 4 else {
            return nil
        }
        return places.filter { dark.values[$0] >= usual }
            .map { SIMD3(face.light.values[$0], face.a.values[$0], face.b.values[$0]) }.medianColour
    }
}

// MARK: - Drawing them

extension Brows {
    /// How far its own soft border goes beyond it, and the reach of the skin that covers it, in units.
    private static let beyondOwn = 0.04, spread = 0.06
    /// Of the Gaussian that a stroke's border is smoothed by, in units: stamped ones are nobody's.
    private static let soft = 0.006
    /// Share of its tone that a brow has where nothing of it is seen: it is whole.
    private static let thin: Float = 0.5
    /// a* of hair over its b*, at least.
    private static let leastRed: Float = 0.55

    /// Draws them into a drawing of the photograph.
    ///
    /// - Parameters:
    ///   - own: those that the network drew, which go.
    ///   - scale: pixels of the face's picture for each of the drawing.
    func draw(into drawing: inout UndecidedDrawing, inPlaceOf own: NetworkBrows, scale: Double) {
        let larger = 1 / scale, unit = face.unit * larger, width = drawing.width
        let (window, pixels) = (own.window, own.pixels)
        let drawn = brows.filter { own.isTold[$0.index] }, kept = own.eyes.plane.blurred(sigma: 1)
        let cover = Covering(drawing, pixels, window, from: own.skin, spread: Self.spread * unit)
        let border = max(2, Int((Self.beyondOwn * unit).rounded()))
        let erased = drawn.map { own.brows[$0.index].dilated(by: .disc(border)) & own.around[$0.index] }
        let taken = window.plane(pixels.indices.map { place in erased.contains { $0[place] } ? 1 : 0 }).blurred(
            sigma: 1)
        let strokes = shapes(drawn, larger: larger).map {
            window.plane(window.polygon($0)).blurred(sigma: Self.soft * unit)
        }
        let strength = Float(0.78 + 0.14 * clear)
        // In cold light brows of a warm drawing would be violet: they are shifted as the skin is. Where that is lifted
        // they are half as much, or they would be pale.
        let shift = (cover.skin - face.skin) * tone.x
        let lightness = max(tone.x * min(cover.skin.x, 0.5 * (cover.skin.x + face.skin.x)), 7)
        let (red, yellow) = (0.85 * tone.y + shift.y, 0.85 * tone.z + shift.z)
        // Beside warm skin a yellower one would be olive.
        let hair = SIMD3(lightness, max(red, Self.leastRed * yellow), yellow)
        var (flat, shade, light) = (drawing.flat.takePixels(), drawing.shade.takePixels(), drawing.light.takePixels())
        for (place, pixel) in pixels.enumerated() {
            let share = min(taken.values[place] * 1.4, 1) * (1 - kept.values[place])
            let stroke = (strokes.map { $0.values[place] }.max() ?? 0) * (1 - kept.values[place])
            guard max(share, stroke) > 0.004 else { continue }
            let covered = cover(place), quiet = max(share, stroke)
            let seen = face.window.value(fullness, window.centre(place) * scale)
            let full = Self.thin + (1 - Self.thin) * seen
            var colour = flat[pixel] + (covered.flat - flat[pixel]) * share
            let under = Lab.from(clamped01(colour))
            colour = Lab.toRGB(under + (hair - under) * (strength * stroke * full))
            colour.w = flat[pixel].w.hushed(by: quiet)
            flat[pixel] = colour
            shade[pixel] += (covered.shade - shade[pixel]) * share
            light[pixel].w = light[pixel].w.hushed(by: quiet)
        }
        drawing.flat = Bitmap(width: width, height: drawing.height, pixels: flat)
        drawing.shade = Bitmap(width: width, height: drawing.height, pixels: shade)
        drawing.light = Bitmap(width: width, height: drawing.height, pixels: light)
    }

    /// Outlines in pixels of the drawing: the outer end fine, fullest in the middle, the inner end round,
    /// thinner from below and not lowered.
    private func shapes(_ brows: [Brow], larger: Double) -> [[Point]] {
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
