import Raster

/// Gives lips the colour that the painter gives them beside the drawing's skin: the photograph's hue towards pink,
/// make-up kept (`Models/training/painter/mouth.py`, `lip_colour`).
enum LipColour {
    /// How much of the red and yellow of the lips' own difference from skin stays.
    private static let own: Float = 0.75
    /// Coverage from which on a pixel is one of lips, and the fewest that they are told by.
    private static let covered: Float = 0.7, leastPixels = 20
    /// Height of the opening in the face's units from which on a mouth is open.
    private static let open = 0.0375
    /// Outlines about the lips' middle, over the lips', between which the skin beside them lies.
    private static let beside = (inner: 1.15, outer: 1.5)
    /// Distance in Lab from the photographed skin, and from the drawn one, at which lips are hardly and surely there:
    /// hands before a mouth are skin.
    private static let unlike = (photographed: (Float(2.5), Float(6)), drawn: (Float(1.5), Float(4)))
    /// Red over the skin's of what is surely none, and surely one of lips, in Lab: masks and cloth have less.
    private static let red = (Float(-4), Float(-1))
    /// Shares of the change of lightness, red and yellow for lips without make-up: with all the colour men looked made
    /// up.
    private static let unpainted = SIMD3<Float>(1, 0.6, 0.6)
    /// Largest changes, in Lab.
    private static let limit = (lightness: Float(20), chroma: Float(20))

    /// - Parameters:
    ///   - drawing: of the photograph, of its size.
    ///   - faces: of the drawing.
    static func apply(to drawing: inout Painting, photograph: Bitmap, meshes: [FaceMesh], faces: [ToneFace]) {
        for mesh in meshes where !mesh.isMouthCovered {
            guard let skin = ToneFace.of(mesh, among: faces)?.skin,
                let mouth = LipPlaces(mesh, width: photograph.width, height: photograph.height)
            else { continue }
            mouth.colour(&drawing, photograph, skin)
        }
    }

    /// By how much drawn lips change, in Lab.
    ///
    /// - Parameters:
    ///   - painted: their colour in the drawing.
    ///   - seen: in the photograph.
    ///   - near: the photograph's skin beside them; `nil` where it is not seen.
    ///   - skin: the photograph's.
    ///   - tone: the drawn skin.
    /// - Returns: `nil` where nothing shows that these are lips.
    static func change(
        of painted: SIMD3<Float>, seen: SIMD3<Float>, near: SIMD3<Float>?, skin: SIMD3<Float>, tone: SIMD3<Float>
    ) -> SIMD3<Float>? {
        var around = skin
        if let near {
            // Warm light reddens lips and the skin beside them, and so does shade; stubble darkens both.
            let stronger = near - skin
            around += SIMD3(0.3 * min(stronger.x, 0), min(max(stronger.y, 0), 8), min(max(stronger.z, 0), 8))
        }
        let away = seen - around, now = painted - tone
        let sure =
            smoothstep(unlike.photographed.0, unlike.photographed.1, (away * away).sum().squareRoot())
            * smoothstep(unlike.drawn.0, unlike.drawn.1, (now * now).sum().squareRoot())
            * redness(of: seen, beside: skin)
        guard sure > 0 else { return nil }
        let wanted = drawn(away: away, skin: around, tone: tone) - now
        let hue = shortened(SIMD2(wanted.y, wanted.z), to: limit.chroma)
        let amount = (unpainted + (1 - unpainted) * madeUp(away)) * sure
        return SIMD3(min(max(wanted.x, -limit.lightness), limit.lightness), hue.x, hue.y) * amount
    }

    /// 0…1: how surely a colour of the photograph is red enough beside its skin for lips, both in Lab.
    static func redness(of seen: SIMD3<Float>, beside skin: SIMD3<Float>) -> Float {
        smoothstep(red.0, red.1, seen.y - skin.y + 10 * (1 - smoothstep(2, 6, Lab.chroma(skin))))
    }

    /// Lab in which lips differ from the drawn skin.
    ///
    /// - Parameters:
    ///   - away: by how much the photograph's lips differ from its skin, Lab.
    ///   - skin: the photograph's, Lab.
    ///   - tone: the drawn skin, Lab.
    static func drawn(away: SIMD3<Float>, skin: SIMD3<Float>, tone: SIMD3<Float>, own: Float = own) -> SIMD3<Float> {
        // Warm light makes all colours stronger, also the difference of lips from skin.
        let calm = min(1, 38 / max(Lab.chroma(skin), 1))
        var away = away * SIMD3(1, calm, calm)
        // Make-up is kept, and only that makes lips red or deep: others stay near the skin but are there, and as dark
        // as they are they would be brown, as if they were painted.
        let madeUp = madeUp(away)
        away *= SIMD3(1, own + (1 - own) * madeUp, own + (1 - own) * madeUp)
        away.x = min(max(away.x, -18 - 12 * madeUp), -5.5)
        away.y = min(max(away.y + 4, 10.5), 34)
        away.z = min(max(away.z - 0.5, -4 - 16 * madeUp), 1)
        let colourful = smoothstep(2, 6, Lab.chroma(tone))
        return away * SIMD3(1, colourful, colourful)
    }

    /// 0…1: how surely lips that differ so from the skin, in Lab, are made up.
    static func madeUp(_ away: SIMD3<Float>) -> Float {
        let redness = max(away.y, 0), yellowness = 0.7 * away.z
        return smoothstep(12, 26, (redness * redness + yellowness * yellowness).squareRoot())
    }

    /// Where the lips of one face lie in a drawing.
    private struct LipPlaces {
        private let window: CoverageWindow
        /// Coverage of the lips, without what is seen between them, and of the skin beside them.
        private let lips: [Float], skin: [Float]

        init?(_ mesh: FaceMesh, width: Int, height: Int) {
            let axes = FaceAxes(mesh), outline = closedCurve(mesh.points(MeshPoints.lips)), middle = outline.mean
            func grown(_ factor: Double) -> [Point] { outline.map { middle + ($0 - middle) * factor } }
            let (near, far) = (grown(beside.inner), grown(beside.outer))
            guard let window = CoverageWindow(width: width, height: height, around: far, margin: 2) else { return nil }
            let upper = curve(mesh.points(MeshPoints.mouthUpper), count: 60),
                lower = curve(mesh.points(MeshPoints.mouthLower), count: 60)
            let gap = Array(lower[20..<40]).mean - Array(upper[20..<40]).mean
            var whole = window.polygon(outline)
            if dot(gap, axes.down) > open * axes.unit {
                whole = zip(whole, window.polygon(upper + lower.reversed())).map { $0 * (1 - $1) }
            }
            self.window = window
            lips = whole
            skin = zip(window.polygon(far), window.polygon(near)).map { $0 * (1 - $1) }
        }

        func colour(_ drawing: inout Painting, _ photograph: Bitmap, _ face: SkinModel) {
            guard let seen = median(photograph, lips), let painted = median(drawing.pixels, lips),
                let change = change(
                    of: painted, seen: seen, near: median(photograph, skin), skin: face.mean, tone: face.drawnMean)
            else { return }
            for (index, cover) in lips.enumerated() where cover > 0 {
                let x = window.x + index % window.width, y = window.y + index / window.width
                let before = drawing.pixels[x, y], lab = Lab.from(before)
                var after = clamped01(before + Lab.toRGB(lab + change * cover) - Lab.toRGB(lab))
                after.w = before.w
                drawing.pixels[x, y] = after
            }
        }

        /// Median Lab of a picture where the coverage is nearly whole.
        private func median(_ picture: Bitmap, _ coverage: [Float]) -> SIMD3<Float>? {
            let places = coverage.indices.filter { coverage[$0] > covered }
            guard places.count >= leastPixels else { return nil }
            let colours = places.map {
                Lab.from(clamped01(picture[window.x + $0 % window.width, window.y + $0 / window.width].finiteOrZero))
            }
            return colours.medianColour
        }
    }
}
