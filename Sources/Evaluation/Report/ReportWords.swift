import Drawing
import Raster

/// What a comparison shows, in plain words.
struct ReportWords {
    let face: ReportedFace
    let drawing: DrawnFace

    /// Shares of the eyes' distance from which on something is plainly to be seen, and below which nothing is.
    private static let plain = 0.06, hardly = 0.02
    /// ΔE that can just be told apart (Mahy, Van Eycken and Oosterlinck 1994), that is plain, and that is strong.
    private static let noticeable = 2.3, clear = 6.0, strong = 12.0

    // MARK: - Places

    var geometry: [String] {
        guard let distance = face.eyeDistance else {
            return ["The networks see no face they can measure in the photograph, so nothing is said of its features."]
        }
        guard let most = drawing.movements.max(by: { excess($0) < excess($1) }) else {
            return ["The networks find no face in the drawing, so how far its features moved cannot be said."]
        }
        let head = "The eyes are \(number(distance, 0)) pixels apart."
        guard excess(most) >= Self.hardly else {
            return ["\(head) Every feature is where the photograph has it, as far as this can be measured."] + sizes
        }
        let degree = excess(most) >= Self.plain ? ", which is plain to see" : ""
        let moved =
            "\(head) What moved most is the \(most.feature.name): \(number(most.distance, 1)) pixels, "
            + "\(number(most.share * 100, 1)) % of that distance\(degree)."
        let kept = drawing.movements.filter { excess($0) < Self.hardly }.map(\.feature.name)
        return [moved + (kept.isEmpty ? "" : " Hardly moved: \(kept.joined(separator: ", ")).")] + sizes
    }

    /// A feature's share beyond what the measurement makes of a face that has not moved.
    private func excess(_ movement: FeatureMovement) -> Double {
        Statistics.excess(movement.share, over: face.floor[movement.feature] ?? 0)
    }

    private var sizes: [String] {
        func mean(_ features: [FaceFeature], _ size: KeyPath<FeatureMovement, Double>) -> Double {
            let values = drawing.movements.filter { features.contains($0.feature) }.map { $0[keyPath: size] }
            return values.reduce(0, +) / Double(max(values.count, 1))
        }
        let (wide, open) = (mean([.leftEye, .rightEye], \.width), mean([.leftEye, .rightEye], \.height))
        let mouth = mean([.mouth], \.width)
        return [
            "The eyes are drawn \(Self.times(wide)) wide and \(Self.times(open)) open as they are, "
                + "the mouth \(Self.times(mouth)) wide."
        ]
    }

    private static func times(_ ratio: Double) -> String {
        abs(ratio - 1) < 0.03 ? "as" : "\(number(ratio, 2)) times as"
    }

    /// - Parameter shift: to the viewer's right and to the chin, in pixels.
    static func direction(_ shift: Point) -> String {
        let parts = [(shift.y, "down", "up"), (shift.x, "right", "left")].compactMap { value, positive, negative in
            abs(value) < 0.05 ? nil : "\(number(abs(value), 1)) px \(value > 0 ? positive : negative)"
        }
        return parts.isEmpty ? "in place" : parts.joined(separator: ", ")
    }

    // MARK: - Colours

    var colours: [String] {
        guard let colours = drawing.colours else {
            return ["Too little skin and hair are to be seen for a comparison of colours."]
        }
        return [
            Self.sentence("skin", colours.skin.before, colours.skin.after),
            Self.sentence("hair", colours.hair.before, colours.hair.after),
        ]
    }

    private static func sentence(_ name: String, _ before: SIMD3<Float>, _ after: SIMD3<Float>) -> String {
        let difference = after - before, size = Double((difference * difference).sum().squareRoot())
        let degree =
            switch size {
            case ..<noticeable: "hardly to be told from the photograph’s"
            case ..<clear: "a little off the photograph’s"
            case ..<strong: "plainly another than the photograph’s"
            default: "far from the photograph’s"
            }
        let how = size < noticeable ? [] : changes(before, after)
        return "The \(name)’s colour is \(degree) (ΔE \(number(size, 1)))"
            + (how.isEmpty ? "." : ": \(how.joined(separator: ", ")).")
    }

    /// Lightness, colourfulness and hue, as far as each can be seen.
    private static func changes(_ before: SIMD3<Float>, _ after: SIMD3<Float>) -> [String] {
        var result: [String] = []
        let (light, colourful) = (after.x - before.x, Lab.chroma(after) - Lab.chroma(before))
        if abs(light) >= 1 { result.append("\(light > 0 ? "lighter" : "darker") by \(number(Double(abs(light)), 1))") }
        if abs(colourful) >= 1 { result.append(colourful > 0 ? "more colourful" : "less colourful") }
        if Lab.chroma(before) >= 5, Lab.chroma(after) >= 5 {
            let turn = degrees(after) - degrees(before)
            let short = turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn
            if abs(short) >= 5 {
                result.append("turned by \(number(abs(short), 0))° towards \(hue(before, short > 0))")
            }
        }
        return result
    }

    private static func degrees(_ lab: SIMD3<Float>) -> Double { arcTangent(Double(lab.z), Double(lab.y)) * 180 / .pi }

    /// The next of the four hues on CIE L*a*b*'s axes that a turn leads to.
    private static func hue(_ from: SIMD3<Float>, _ isPositive: Bool) -> String {
        let quarter = (degrees(from) + 360).truncatingRemainder(dividingBy: 360) / 90
        let axis = Int(isPositive ? quarter.rounded(.down) + 1 : (quarter - 1e-9).rounded(.down))
        return ["red", "yellow", "green", "blue"][(axis % 4 + 4) % 4]
    }
}
