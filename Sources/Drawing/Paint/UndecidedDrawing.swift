import Raster

/// A drawing before its decisions, all at the network's size. A logit is kept as sharpness · (logit + readiness).
/// Enlarging these smoothly and deciding then gives borders that are smooth at any size; Models/training/COMPOSITION.md
/// has the formulas.
struct UndecidedDrawing: Equatable, Sendable {
    /// Unshaded R'G'B'; `w` the lines' logit.
    var flat: Bitmap
    /// What shade adds to the factor 1 of each channel, at most 0; `w` its logit.
    var shade: Bitmap
    /// What light adds, at least 0; `w` its logit.
    var light: Bitmap
    /// Logits of highlights, pupils and irises; `w` the irises' rim, 0…1.
    var marks: Bitmap
    /// Hue of irises times how much it counts, R, G, B; `w` how much the drawn colour counts instead.
    var irises: Bitmap
    /// What part of the drawing marks and irises are; `nil` for all of it.
    private(set) var marked: MarkedBlocks.Frame?
    /// What the photograph and the tone stages change in the decided colour: R, G, B.
    var correction: Bitmap
    /// How the flat colour follows the photograph; `nil` where it is enlarged by itself.
    var guide: GuidedColour?
    let rule: DecisionRule

    var width: Int { flat.width }
    var height: Int { flat.height }

    init(flat: Bitmap, shade: Bitmap, light: Bitmap, marks: Bitmap, rule: DecisionRule) {
        (self.flat, self.shade, self.light, self.marks, self.rule) = (flat, shade, light, marks, rule)
        irises = Bitmap(width: 1, height: 1, filledWith: SIMD4(0, 0, 0, 1))
        correction = Bitmap(width: 1, height: 1, filledWith: .zero)
    }

    /// Leaves of marks and irises what shows, after which this is decided where it is enlarged alone. Most drawings
    /// have few places with either.
    mutating func cropMarks() {
        guard marked == nil, irises.width == width || irises.width == 1 else { return }
        let frame = MarkedBlocks(marks, rule.enlarged(1), in: nil, width: width, height: height).frame
        marks = marks.cropped(x: frame.x, y: frame.y, width: frame.width, height: frame.height)
        if irises.width == width {
            irises = irises.cropped(x: frame.x, y: frame.y, width: frame.width, height: frame.height)
        }
        marked = frame
    }

    /// Lends the pixels of flat colour, shade and light to `body`, which may write them on several threads, each index
    /// on one of them.
    mutating func changeAtOnce(
        _ body: (_ flat: SharedPixels, _ shade: SharedPixels, _ light: SharedPixels) -> Void
    ) {
        let (width, height) = (self.width, self.height)
        // Taken out, since one may be written only while the others are not held by this.
        var flat = self.flat.takePixels(), shade = self.shade.takePixels(), light = self.light.takePixels()
        flat.withSharedMutableBuffer { flat in
            shade.withSharedMutableBuffer { shade in
                light.withSharedMutableBuffer { light in body(flat, shade, light) }
            }
        }
        self.flat = Bitmap(width: width, height: height, pixels: flat)
        self.shade = Bitmap(width: width, height: height, pixels: shade)
        self.light = Bitmap(width: width, height: height, pixels: light)
    }

    typealias SharedPixels = SharedMutableBuffer<SIMD4<Float>>

    /// The maps that tiles are put together from.
    static let tileMaps: [WritableKeyPath<UndecidedDrawing, Bitmap> & Sendable] = [\.flat, \.shade, \.light, \.marks]
}

extension Bitmap {
    /// `w` of each pixel of one of an undecided drawing's maps.
    var logits: [Float] {
        let width = self.width
        return pixels.withSharedBuffer { pixels in
            [Float](count: pixels.count) { logits in
                parallelFor(height) { y in
                    for index in y * width..<(y + 1) * width { logits[index] = pixels[index].w }
                }
            }
        }
    }
}

extension Float {
    /// A logit of which nothing shows. From a deeper fall the cubic that enlarges it would swing over into slopes
    /// beside it.
    static var hushed: Float { -12 }

    /// A logit of which a share (0…1) is taken out; none is raised.
    func hushed(by share: Float) -> Float { self + (min(self, .hushed) - self) * share }
}

extension SIMD4<Float> {
    /// Shade (effect, and its logit in `w`) over which a line of shade is drawn.
    ///
    /// - Parameters:
    ///   - effect: what it adds to the factor 1 of R, G, B.
    ///   - depth: how far within it the place lies, in pixels.
    func lined(by effect: SIMD4<Float>, depth: Float, logit: Float) -> SIMD4<Float> {
        // Enlarged, the effect has to be whole where the logit's border lies.
        var result = self + (lower(self, effect) - self) * smoothstep(-1, 0, depth)
        result.w = Swift.max(w, logit)
        return result
    }
}

/// How logits become masks and colour.
struct DecisionRule: Equatable, Sendable {
    /// k^crispness is the slope of a logit that is enlarged k times: lines, shade, light, and highlights, pupils,
    /// irises.
    let crispness: (tones: SIMD4<Float>, marks: SIMD4<Float>)
    /// Line coverage that counts as none and as whole.
    let lineRange: (low: Float, high: Float)

    static func == (a: DecisionRule, b: DecisionRule) -> Bool {
        a.crispness == b.crispness && a.lineRange == b.lineRange
    }

    /// A pixel's maps as `UndecidedDrawing` names them.
    struct Place {
        var flat, shade, light, marks, irises: SIMD4<Float>
    }

    /// The rule for a drawing that is enlarged `factor` times.
    func enlarged(_ factor: Double) -> EnlargedRule {
        func slope(_ crispness: Float) -> Float { power(Float(factor), crispness) }
        let (tones, marks) = crispness
        return EnlargedRule(
            lines: slope(tones.x), shade: slope(tones.y), light: slope(tones.z),
            marks: SIMD4(slope(marks.x), slope(marks.y), slope(marks.z), 0),
            low: lineRange.low, high: lineRange.high)
    }
}

/// `DecisionRule` for one enlargement.
struct EnlargedRule: Sendable {
    private let lines, shade, light: Float
    private let marks: SIMD4<Float>
    /// Logit of lines at their border.
    let middle: Float
    private let low, scale: Float

    init(lines: Float, shade: Float, light: Float, marks: SIMD4<Float>, low: Float, high: Float) {
        (self.lines, self.shade, self.light, self.marks, self.low) = (lines, shade, light, marks, low)
        scale = 1 / (high - low)
        let centre = min(max((low + high) / 2, 1e-4), 1 - 1e-4)
        middle = logarithm(centre / (1 - centre))
    }

    /// Below this a mask is 0 for an 8-bit picture.
    private static let never: Float = -9

    /// R'G'B' without lines; `w` is line coverage, 0…1.
    @inline(__always)
    func callAsFunction(_ place: DecisionRule.Place) -> SIMD4<Float> {
        let coverage = Self.mask(middle + (place.flat.w - middle) * lines)
        let (dark, bright) = (Self.mask(place.shade.w * shade), Self.mask(place.light.w * light))
        var colour = place.flat * (SIMD4(repeating: 1) + place.shade * dark + place.light * bright)
        let z = place.marks * marks
        if max(z.x, z.y, z.z) > Self.never { colour = marked(colour, z, place) }
        colour.w = min(max((coverage - low) * scale, 0), 1)
        return colour
    }

    /// The same, with its colour limited to 0…1.
    @inline(__always)
    func clamped(_ place: DecisionRule.Place) -> SIMD4<Float> {
        let decided = self(place)
        var colour = clamped01(decided)
        colour.w = decided.w
        return colour
    }

    /// Whether shade may show where its logit is enlarged from pixels between these.
    func shades(between low: Float, _ high: Float) -> Bool { Self.shows(low, high, shade) }

    /// The same of light.
    func lights(between low: Float, _ high: Float) -> Bool { Self.shows(low, high, light) }

    /// Between pixels the cubic goes beyond them by an eighth of their difference at most, when its outer weights are
    /// −1/16 each.
    private static func shows(_ low: Float, _ high: Float, _ slope: Float) -> Bool {
        !((high + 0.126 * (high - low)) * slope < -1.001 * limit)
    }

    /// How much of a place is iris, 0…1, by its `UndecidedDrawing.marks`.
    func irises(_ place: SIMD4<Float>) -> Float { Self.mask(place.z * marks.z) }

    /// Whether highlights, pupils or irises show where the marks are such.
    @inline(__always)
    func hasMarks(_ place: SIMD4<Float>) -> Bool {
        let z = place * marks
        return max(z.x, z.y, z.z) > Self.never
    }

    /// Irises, pupils and highlights.
    private func marked(_ colour: SIMD4<Float>, _ z: SIMD4<Float>, _ place: DecisionRule.Place) -> SIMD4<Float> {
        let grey = Iris.luma(colour)
        var hue = place.irises
        hue.w = 0
        let tinted = hue * grey + (colour + (colour - grey) * Iris.ownChroma) * place.irises.w
        var result = colour + (tinted * (1 - Iris.rim * place.marks.w) - colour) * Self.mask(z.z)
        result *= 1 - 0.9 * Self.mask(z.y)
        return result + (SIMD4(repeating: 0.97) - result) * Self.mask(z.x)
    }

    /// Beyond this a mask is 1, and below its negative 0.
    private static let limit: Float = 16

    @inline(__always)
    static func mask(_ logit: Float) -> Float {
        if logit > limit { return 1 }
        return logit < -limit ? 0 : 1 / (1 + exponential(-logit))
    }
}

/// Constants of COMPOSITION.md's rule for irises, all chosen by eye.
enum Iris {
    static let ownChroma: Float = 0.8
    static let rim: Float = 0.65
    /// Of the mean of a drawn iris, whose lower half is of a purer colour than its upper.
    static let drawnVividness: Float = 1.3

    @inline(__always)
    static func luma(_ colour: SIMD4<Float>) -> Float { 0.30 * colour.x + 0.59 * colour.y + 0.11 * colour.z }

    /// The map `UndecidedDrawing.irises` at a place whose iris is drawn in `colour`, as light as it is drawn there.
    static func hue(of colour: SIMD4<Float>) -> SIMD4<Float> {
        var hue = 1 + drawnVividness * (colour / max(luma(colour), 1e-3) - 1)
        hue.w = 0
        return hue
    }

    /// The map `UndecidedDrawing.irises` at a place where the photograph shows `colour`.
    static func tint(_ colour: SIMD4<Float>) -> SIMD4<Float> {
        let light = luma(colour)
        let share = min(max((light - 0.1) / 0.2, 0.3), 1)
        // The summand keeps the hue of black pixels from being noise.
        let (r, g, b) = (
            (colour.x + 0.03) / (light + 0.03), (colour.y + 0.03) / (light + 0.03), (colour.z + 0.03) / (light + 0.03)
        )
        let yellow = (r + g) / 2 - b
        let excess = max(0, r - g - 0.55 * max(0, yellow) - 0.02) / 2
        let cooler = max(0, -yellow)
        func vivid(_ value: Float) -> Float {
            let base = max(value, 0.05)
            return min(max(base * base * base, 0.35), 1.9)
        }
        var result = SIMD4(vivid(r - excess - cooler), vivid(g + excess), vivid(b + cooler), 0) * share
        result.w = 1 - share
        return result
    }
}
