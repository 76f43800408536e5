import Drawing
import Raster

/// Groups of skin by its individual typology angle, as a photograph shows it (Chardon, Cretois and Hourseau 1991, six
/// groups joined to three).
public enum SkinTone: String, Sendable, CaseIterable, Codable {
    /// Above 41°.
    case light
    /// 10° to 41°.
    case intermediate
    /// Below 10°.
    case dark

    /// - Parameter angle: individual typology angle, in degrees.
    public init(angle: Double) {
        self = angle > 41 ? .light : angle >= 10 ? .intermediate : .dark
    }

    /// atan((L* − 50) / b*) in degrees.
    static func angle(_ lab: SIMD3<Float>) -> Double {
        arcTangent(Double(lab.x) - 50, Double(lab.z)) * 180 / .pi
    }
}

/// How far a drawing has moved the colours of one face, in CIE L*a*b*.
public struct ColourShift: Equatable, Sendable, Codable {
    /// ΔE*ab (CIE 1976) between the mean colours of the face's skin.
    public let skin: Double
    /// Mean of the skin pixels' own ΔE*ab; shading and lines count here too.
    public let skinPixels: Double
    /// Distance between the mean colours of the hair in the a*, b* plane.
    public let hairChroma: Double
    /// Angle between the hues of the mean hair colours, in degrees, 0…180; `nil` where the photograph's hair has too
    /// little chroma (below 5) to have a hue.
    public let hairHue: Double?
}

/// Mean colours of one face in a photograph and in a drawing of it, CIE L*a*b*.
public struct ColourComparison: Sendable {
    /// Of the face's skin.
    public let skin: (before: SIMD3<Float>, after: SIMD3<Float>)
    /// Of its hair.
    public let hair: (before: SIMD3<Float>, after: SIMD3<Float>)
    /// How far they are apart.
    public let shift: ColourShift
}

/// Where the skin and the hair of one face are, and what colour they have in the photograph.
struct FaceColours {
    /// The skin's individual typology angle, in degrees.
    let skinAngle: Double
    private let photograph: LabImage
    private let skin: [Int]
    private let hair: [(index: Int, weight: Float)]

    private static let leastHairChroma = 5.0
    /// A face with fewer skin pixels in its square of 512² shows none.
    private static let fewestSkinPixels = 200

    /// - Parameters:
    ///   - square: the photograph's face in its square.
    ///   - landmarks: in the square.
    /// - Returns: `nil` when no skin is to be seen.
    init?(_ square: Bitmap, landmarks: Landmarks) {
        let plain = ToneShift(source: square, painting: Painting(pixels: square, lineTint: .zero))
        guard let model = SkinModel(plain, landmarks: landmarks) else { return nil }
        photograph = LabImage(square)
        var skin: [Int] = [], hair: [(index: Int, weight: Float)] = []
        for index in photograph.values.indices {
            let (y, x) = index.quotientAndRemainder(dividingBy: square.width)
            let place = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
            let likely = model.likelihood(photograph.values[index])
            if likely >= 0.5, Self.isFace(place, landmarks) { skin.append(index) }
            // The weight that HairColorLimit gives a place.
            let weight = HairColorLimit.region(place, landmarks) * (1 - likely)
            if weight > 0.05 { hair.append((index, weight)) }
        }
        guard skin.count >= Self.fewestSkinPixels, !hair.isEmpty else { return nil }
        self.skin = skin
        self.hair = hair
        skinAngle = SkinTone.angle(Self.mean(photograph, skin))
    }

    /// - Parameter square: the drawing in the same square.
    func shift(to square: Bitmap) -> ColourShift { shift(to: LabImage(square)) }

    /// The shift, and the mean colours that it is between.
    func comparison(with square: Bitmap) -> ColourComparison {
        let drawing = LabImage(square)
        return ColourComparison(
            skin: (Self.mean(photograph, skin), Self.mean(drawing, skin)),
            hair: (hairMean(photograph), hairMean(drawing)), shift: shift(to: drawing))
    }

    private func shift(to drawing: LabImage) -> ColourShift {
        let difference = Self.mean(drawing, skin) - Self.mean(photograph, skin)
        let each = skin.reduce(0.0) { $0 + Double(Self.length(drawing.values[$1] - photograph.values[$1])) }
        let (before, after) = (Self.chroma(hairMean(photograph)), Self.chroma(hairMean(drawing)))
        let moved = after - before
        return ColourShift(
            skin: Double(Self.length(difference)), skinPixels: each / Double(skin.count),
            hairChroma: moved.length, hairHue: before.length >= Self.leastHairChroma ? Self.angle(before, after) : nil)
    }

    /// Inside the oval of the face, with the forehead and without the neck.
    private static func isFace(_ p: Point, _ landmarks: Landmarks) -> Bool {
        let across = landmarks.rightEye - landmarks.leftEye
        let unit = across.length
        let d = p - (landmarks.leftEye + landmarks.rightEye) * 0.5
        let x = (d.x * across.x + d.y * across.y) / (unit * unit), y = (d.y * across.x - d.x * across.y) / (unit * unit)
        return x * x / 1.2 + (y - 0.5) * (y - 0.5) / 1.7 < 1
    }

    private static func mean(_ image: LabImage, _ indices: [Int]) -> SIMD3<Float> {
        let sum = indices.reduce(SIMD3<Double>.zero) { $0 + SIMD3<Double>(image.values[$1]) }
        return SIMD3<Float>(sum / Double(max(indices.count, 1)))
    }

    private func hairMean(_ image: LabImage) -> SIMD3<Float> {
        var (sum, total) = (SIMD3<Double>.zero, 0.0)
        for (index, weight) in hair {
            sum += SIMD3<Double>(image.values[index]) * Double(weight)
            total += Double(weight)
        }
        return SIMD3<Float>(sum / total)
    }

    /// a* and b* as x and y.
    private static func chroma(_ lab: SIMD3<Float>) -> Point { Point(x: Double(lab.y), y: Double(lab.z)) }

    private static func length(_ v: SIMD3<Float>) -> Float { (v * v).sum().squareRoot() }

    private static func angle(_ a: Point, _ b: Point) -> Double {
        abs(arcTangent(a.x * b.y - a.y * b.x, a.x * b.x + a.y * b.y)) * 180 / .pi
    }
}
