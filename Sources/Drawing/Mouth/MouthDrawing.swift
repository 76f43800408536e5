import Raster

extension Mouth {
    /// Lab in which the upper lip, which lies in shade, differs from the lower one, and the light on that.
    private static let upperLip = SIMD3<Float>(-3.5, 1, 0), gloss: Float = 3.5
    /// Change of lips whose colour does not tell them from skin, in Lab.
    private static let unsure = SIMD3<Float>(-3, 2, 0)
    /// Of lips no redder than their skin: the least chroma, by how much they are darker at least, and drawn at most.
    private static let darkLips = (chroma: Float(8), darker: Float(-6), darkest: Float(-11))
    /// How far beyond the lips the network's own lips and lines reach, in units.
    private static let lipsReach = 0.045, linesReach = 0.06
    /// By how much a line's logit rises for each pixel towards its middle, and where it rises no more.
    private static let steepness: Float = 4, most: Float = 9
    /// What the line of an open mouth adds to the factor 1 of R, G, B: a black one rings the teeth.
    private static let openLine = SIMD4<Float>(-0.55, -0.7, -0.66, 0)
    /// Of the lower lip's border, in Lab.
    private static let border: Float = 5

    /// Draws it into a drawing of the photograph.
    ///
    /// - Returns: whether it was drawn; not where nothing shows that there are lips.
    func draw(into drawing: inout UndecidedDrawing) -> Bool {
        let window = view.window, places = view.lips
        let tone = MouthView.skin(of: drawing.flat, view.mesh) ?? view.skin
        let teeth = teeth
        func isFlesh(_ index: Int) -> Bool {
            places.whole[index] - (teeth == nil ? 0 : places.between[index]) > Self.covered
        }
        let painted = places.whole.indices.filter(isFlesh).map {
            Lab.from(drawing.flat[window.x + $0 % window.width, window.y + $0 / window.width])
        }
        guard let now = painted.medianColour else { return false }
        let change = LipColour.change(of: now, seen: lips, near: beside, skin: view.skin, tone: tone)
        // Where teeth are seen lips are, however little they differ from the skin; without colour they differ little.
        let isSure = teeth != nil || view.colourful < 0.5
        guard let change = change ?? (isSure ? Self.unsure : darkLips(tone).map { $0 - now }) else { return false }
        let shapes = MouthShapes(self, lips: now + change, tone: tone), form = LipForm(self)
        let filling = Filling(drawing.flat, view), width = drawing.width, lineMiddle = drawing.rule.enlarged(1).middle
        var flat = drawing.flat.takePixels(), shade = drawing.shade.takePixels(), light = drawing.light.takePixels()
        for index in places.whole.indices {
            let place = (x: window.x + index % window.width, y: window.y + index / window.width)
            let pixel = place.y * width + place.x, before = flat[pixel]
            var colour = before
            if shapes.erased[index] > 0.004 {
                colour += (filling(place) - colour) * shapes.erased[index]
            }
            let lip =
                now + change + form.tones[index] + Self.upperLip * shapes.above[index]
                + SIMD3(Self.gloss * shapes.gloss[index], 0, 0)
            colour += (Lab.toRGB(lip) - colour) * (0.95 * form.cover[index])
            if shapes.border[index] > 0 {
                colour = Lab.toRGB(Lab.from(colour) - SIMD3(Self.border * shapes.border[index], 0, 0))
            }
            let inside = shapes.inside[index]
            if inside > 0 {
                colour += (Lab.toRGB(shapes.within[index]) - colour) * inside
                shade[pixel].w = shade[pixel].w.hushed(by: inside)
                light[pixel].w = light[pixel].w.hushed(by: inside)
            }
            let line = min(max(Self.steepness * Float(shapes.lines[index]), .hushed), Self.most)
            colour.w = before.w.hushed(by: shapes.quiet[index])
            if teeth == nil {
                colour.w = max(colour.w, lineMiddle + line)
            } else if line > -Self.most {
                shade[pixel] = shade[pixel].lined(by: Self.openLine, depth: Float(shapes.lines[index]), logit: line)
            }
            flat[pixel] = colour
        }
        drawing.flat = Bitmap(width: width, height: drawing.height, pixels: flat)
        drawing.shade = Bitmap(width: width, height: drawing.height, pixels: shade)
        drawing.light = Bitmap(width: width, height: drawing.height, pixels: light)
        return true
    }

    /// Lab of closed lips that are no redder than their skin, as some of dark skin are: their line, and that they are
    /// of a skin's hue, tells them from cloth.
    private func darkLips(_ tone: SIMD3<Float>) -> SIMD3<Float>? {
        guard case let .closed(closed) = kind, closed.isClear, Lab.chroma(lips) > Self.darkLips.chroma else {
            return nil
        }
        let off = lips - view.skin, hue = 360 * turn(lips.z, lips.y), skin = 360 * turn(view.skin.z, view.skin.y)
        guard off.x < Self.darkLips.darker, hue < skin + 10 || hue > 340 else { return nil }
        return tone + SIMD3(max(off.x, Self.darkLips.darkest), 3, -1)
    }

    var teeth: Teeth? {
        if case let .smiling(teeth) = kind { teeth } else { nil }
    }

    /// What covers the network's own lips: the drawing about them, mixed by distance.
    private struct Filling {
        private let known: [(place: Point, colour: SIMD4<Float>)]

        init(_ flat: Bitmap, _ view: MouthView) {
            let ring = view.ring(grownBy: 0.09)
            known = stride(from: 0, to: ring.count, by: 3).map { index in
                let place = ring[index]
                var (sum, count) = (SIMD4<Float>.zero, Float(0))
                for y in Int(place.y) - 1...Int(place.y) + 1 where (0..<flat.height).contains(y) {
                    for x in Int(place.x) - 1...Int(place.x) + 1 where (0..<flat.width).contains(x) {
                        sum += flat[x, y]
                        count += 1
                    }
                }
                return (place, count > 0 ? sum / count : flat[0, 0])
            }
        }

        func callAsFunction(_ pixel: (x: Int, y: Int)) -> SIMD4<Float> {
            var (sum, total) = (SIMD4<Float>.zero, Float(0))
            for (place, colour) in known {
                let off = Point(x: Double(pixel.x) + 0.5, y: Double(pixel.y) + 0.5) - place
                let near = Float(1 / (dot(off, off) + 4))
                sum += near * near * colour
                total += near * near
            }
            return sum / total
        }
    }

    /// Places of the network's own lips and lines in the window, 0…1.
    fileprivate func covered() -> (erased: [Float], quiet: [Float]) {
        let window = view.window
        func soft(_ reach: Double) -> [Float] {
            window.plane(window.polygon(view.ring(grownBy: reach))).blurred(sigma: 0.012 * view.unit).values
        }
        var quiet = soft(Self.linesReach)
        let middle = view.ring.mean
        // Beyond the corners the network's line goes on.
        for number in MeshPoints.mouthCorners {
            let corner = view.mesh.points[number], out = corner - middle
            let far = corner + out * (0.11 * view.unit / max(out.length, 1e-6))
            let ends = window.stroke([corner, far], widths: [0.13 * view.unit, 0.10 * view.unit])
            quiet = zip(quiet, ends).map { max($0, $1) }
        }
        return (soft(Self.lipsReach), quiet)
    }
}

/// What is drawn of a mouth at each place of the window.
private struct MouthShapes {
    /// Where the network's lips give way to skin, and its lines to none, 0…1.
    let erased, quiet: [Float]
    /// Upper lip, light on the lower one, the lower one's border, and what is seen between the lips, 0…1.
    let above, gloss, border, inside: [Float]
    /// Lab of what is seen between the lips.
    let within: [SIMD3<Float>]
    /// How far within a line a place lies, in pixels.
    let lines: [Double]

    /// - Parameters:
    ///   - lips: Lab of the drawn lips.
    ///   - tone: Lab of the drawn skin.
    init(_ mouth: Mouth, lips: SIMD3<Float>, tone: SIMD3<Float>) {
        let view = mouth.view, window = view.window, unit = view.unit, down = view.axes.down
        (erased, quiet) = mouth.covered()
        let line: [Point]
        switch mouth.kind {
        case let .closed(closed):
            line = closed.line
            inside = window.empty
            within = []
            let widths = steps(line.count).map { unit * (0.005 + 0.014 * power(sine(.pi * $0), 0.6)) }
            lines = window.depth(ofStroke: line, widths: widths.map(Self.tapered), reach: 3)
        case let .smiling(teeth):
            line = teeth.upperLip
            let opening = OpenMouth(view, teeth, lips: lips, tone: tone)
            (inside, within, lines) = (opening.inside, opening.colours, opening.lines)
        }
        let first = line.first ?? view.upper[0], last = line.last ?? view.upper[0]
        above = window.polygon(line + [last - down * unit, first - down * unit])
        let middle = 20..<41, top = Array((mouth.teeth?.lowerLip ?? view.lower)[middle])
        let bottom = Array(view.lowerBorder[middle]), tall = bottom[10] - top[10]
        let ridge = zip(bottom, top).map { $0 * 0.45 + $1 * 0.55 }
        let half = steps(ridge.count).map { tall * (0.16 * sine(.pi * $0)) }
        let lens = zip(ridge, half).map { $0 - $1 } + zip(ridge, half).map { $0 + $1 }.reversed()
        gloss = window.plane(window.polygon(lens)).blurred(sigma: 0.01 * unit).values
        border = window.stroke(
            bottom, widths: steps(bottom.count).map { 0.014 * unit * sine(.pi * (0.05 + 0.9 * $0)) })
    }

    /// A line thinner than a pixel fades, and one without width is none.
    static func tapered(_ width: Double) -> Double { min(width, 2 * width - 1) }
}
