import Raster

/// What is seen between the lips of a smile: a dark ground, gums, one off-white band of teeth with hints of their
/// borders, shaded below the lip and towards the corners.
struct OpenMouth {
    /// Coverage, 0…1.
    let inside: [Float]
    /// Lab.
    let colours: [SIMD3<Float>]
    /// How far within a line a place lies, in pixels.
    let lines: [Double]

    /// Points along the band.
    private static let count = 41
    /// Distances of the teeth's borders from the middle between the front teeth, in units; as wide as teeth are on
    /// the mean (8.5 mm the front ones, 63 mm between the eyes).
    private static let borders = [0, 0.135, 0.240, 0.345, 0.435, 0.520]
    /// Lab by which shade, and at most the borders between teeth, differ from them.
    private static let shade = SIMD3<Float>(-7, 2.5, -1), border = SIMD3<Float>(-6, 1, 1)
    /// Of the Gaussian that the photograph's light on teeth is smoothed by, in units; the share of its differences that
    /// is drawn, and the most of that, L*.
    private static let soft = 0.01
    private static let followed = (share: Float(0.8), darker: Float(26), lighter: Float(3))
    /// The share of the photograph's lightness that is drawn below them.
    private static let lower: Float = 0.75
    /// Heights of bands in which no borders between teeth are drawn, and all of them, in units.
    private static let bordered = (0.055, 0.1)

    /// The band, point for point.
    private struct Band {
        /// The upper lip's border, and the teeth's, in pixels; how high the teeth are, in units.
        let lip, top, bottom: [Point]
        let height: [Double]
    }

    /// - Parameters:
    ///   - lips: Lab of the drawn lips.
    ///   - tone: Lab of the drawn skin.
    init(_ view: MouthView, _ teeth: Teeth, lips: SIMD3<Float>, tone: SIMD3<Float>) {
        let window = view.window, unit = view.unit, down = view.axes.down
        inside = window.polygon(teeth.upperLip + teeth.lowerLip.reversed())
        let band = Self.band(view, teeth), colourful = SIMD3(1, view.colourful, view.colourful)
        let shown = window.polygon(band.top + band.bottom.reversed())
        let gums = window.polygon(band.lip + band.top.map { $0 + down * (0.01 * unit) }.reversed())
        let hasGums = zip(band.lip, band.top).contains { dot($1 - $0, down) > 0.02 * unit }
        let rim = zip(band.top, band.height).enumerated().map { index, place in
            let side = abs(2 * Double(index) / Double(Self.count - 1) - 1)
            return place.0 + down * ((0.24 + 0.26 * smooth(0.55, 1, side)) * place.1 * unit)
        }
        let shaded = window.plane(
            window.polygon(band.top.map { $0 - down * (0.02 * unit) } + rim.reversed())
        ).blurred(sigma: 0.008 * unit).values
        let borders = Self.borders(view, band)
        let ground = SIMD3<Float>(min(26, 0.42 * tone.x + 4), 18, 9) * colourful
        let gum = lips + SIMD3<Float>(3, 5, -3) * colourful
        let white = Self.white(teeth.colour, view.skin, tone) * colourful
        let form = Self.form(view, teeth), below = view.light.blurred(sigma: Self.soft * unit).values
        colours = shown.indices.map { index in
            // Lower teeth and tongues are lighter than a hole.
            var colour = ground
            colour.x += max(Self.lower * below[index] - ground.x, 0)
            if hasGums { colour += (gum - colour) * gums[index] }
            var tooth = white + (Self.shade * shaded[index] + Self.border * borders[index]) * colourful
            tooth.x += form[index]
            return colour + (tooth - colour) * shown[index]
        }
        lines = Self.lines(view, teeth)
    }

    /// The teeth's own light and dark, L*: without it they are one slab, and alike on all faces.
    private static func form(_ view: MouthView, _ teeth: Teeth) -> [Float] {
        view.light.blurred(sigma: soft * view.unit).values.map { light in
            let own = followed.share * (light - teeth.colour.x)
            return own < 0 ? -followed.darker * own / (own - followed.darker) : min(own, followed.lighter)
        }
    }

    /// Off-white, as light as the drawing's skin allows: the photograph's teeth beside its skin count half.
    private static func white(_ seen: SIMD3<Float>, _ skin: SIMD3<Float>, _ tone: SIMD3<Float>) -> SIMD3<Float> {
        let usual = 0.2 * tone.x + 77, own = seen.x * tone.x / max(skin.x, 8)
        return SIMD3(min(max(0.5 * usual + 0.5 * min(own, 94), 80), 91), 1, min(max(0.4 * seen.z + 2, 3), 9))
    }

    private static func band(_ view: MouthView, _ teeth: Teeth) -> Band {
        let down = view.axes.down, unit = view.unit, last = MouthView.columns - 1
        let low = zip(teeth.lowerLip, teeth.upperLip).map { dot($0 - $1, down) / unit }
        var lip: [Point] = [], top: [Point] = [], bottom: [Point] = [], heights: [Double] = []
        for step in steps(count) {
            let column = teeth.span.lowerBound + (teeth.span.upperBound - teeth.span.lowerBound) * step
            let index = min(Int(column), last - 1), share = column - Double(index)
            func between(_ values: [Double]) -> Double { values[index] + (values[index + 1] - values[index]) * share }
            let side = abs(2 * step - 1)
            let start = teeth.upperLip[index] + (teeth.upperLip[index + 1] - teeth.upperLip[index]) * share
            let first = between(teeth.top) * (1 - power(side, 4))
            // The band rounds off at its ends, and below it a rim of the ground keeps it off the lip.
            let end = min(between(teeth.bottom), between(low) - 0.006)
            let height = max(end - first, 0) * (1 - power(side, 7))
            lip.append(start - down * (0.01 * unit))
            top.append(start + down * ((first > 0 ? first : -0.01) * unit))
            bottom.append(start + down * ((first + height) * unit))
            heights.append(height)
        }
        return Band(lip: lip, top: top, bottom: bottom, height: heights)
    }

    /// Borders between teeth, from their lower ends up to about their middle, 0…1.
    private static func borders(_ view: MouthView, _ band: Band) -> [Float] {
        let down = view.axes.down, unit = view.unit, middle = band.lip[count / 2]
        let places = band.lip.map { dot($0 - middle, view.axes.right) / unit }
        let front = (view.upper[MouthView.columns / 2] + view.lower[MouthView.columns / 2]) * 0.5
        let centre = dot(front - middle, view.axes.right) / unit
        let narrower = max(cosine(HeadPose(view.mesh).yaw * .pi / 180), 0.5)
        let strength = Float(smooth(bordered.0, bordered.1, band.height.max() ?? 0))
        var result = view.window.empty
        guard strength > 0 else { return result }
        for place in borders.flatMap({ $0 > 0 ? [-$0, $0] : [0] }) {
            let across = centre + narrower * place
            guard let next = places.firstIndex(where: { $0 > across }), next > 1, next < count - 1 else { continue }
            let share = (across - places[next - 1]) / max(places[next] - places[next - 1], 1e-6)
            let end = band.bottom[next - 1] + (band.bottom[next] - band.bottom[next - 1]) * share
            let height = band.height[next - 1] + (band.height[next] - band.height[next - 1]) * share
            let line = steps(9).map { end - down * (0.75 * height * $0 * unit) }
            let stroke = view.window.stroke(line, widths: steps(9).map { unit * (0.013 - 0.007 * $0) })
            for (index, covered) in stroke.enumerated() { result[index] = max(result[index], strength * covered) }
        }
        return result
    }

    /// The upper lip's border, on to the corners of the lips, and towards them the lower lip's.
    private static func lines(_ view: MouthView, _ teeth: Teeth) -> [Double] {
        let unit = view.unit, ends = view.mesh.points(MeshPoints.mouthCorners)
        func tapered(_ width: Double) -> Double { min(width, 2 * width - 1) }
        let whole = Self.smoothed(
            Self.beyond(teeth.upperLip.first, ends[0]).reversed() + teeth.upperLip
                + Self.beyond(teeth.upperLip.last, ends[1]))
        let upper = view.window.depth(
            ofStroke: whole,
            widths: steps(whole.count).map { tapered(unit * (0.007 + 0.006 * power(sine(.pi * $0), 0.6))) }, reach: 3)
        let sides = steps(MouthView.columns)
        func part(_ range: Range<Int>) -> [Double] {
            let widths = sides[range].map { tapered(unit * 0.011 * power(abs(2 * $0 - 1), 1.5)) }
            return view.window.depth(ofStroke: Array(teeth.lowerLip[range]), widths: widths, reach: 3)
        }
        let (left, right) = (part(2..<22), part(MouthView.columns - 22..<MouthView.columns - 2))
        return upper.indices.map { max(upper[$0], left[$0], right[$0]) }
    }

    /// A part of the way from the mouth's inner corner to the lips' own, where the line ends.
    private static func beyond(_ inner: Point?, _ outer: Point) -> [Point] {
        guard let inner else { return [] }
        return [0.15, 0.3].map { inner + (outer - inner) * $0 }
    }

    /// Each point is the mean of those about it, and the ends stay.
    private static func smoothed(_ line: [Point]) -> [Point] {
        line.indices.map { index in
            let reach = min(4, index, line.count - 1 - index)
            return Array(line[index - reach...index + reach]).mean
        }
    }
}
