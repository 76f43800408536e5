import Drawing
import Raster

/// The features' outlines and the mesh's points over a picture.
struct MeshPlot {
    enum Kind: String {
        /// The picture's own.
        case after
        /// Another picture's.
        case ghost
    }

    /// Of its size.
    let size: Bitmap
    let meshes: [(mesh: FaceMesh, kind: Kind)?]

    var svg: String {
        let drawn = meshes.compactMap { $0 }.map(paths).joined()
        guard !drawn.isEmpty else { return "" }
        return #"<svg class="mesh" viewBox="0 0 \#(size.width) \#(size.height)" aria-hidden="true">\#(drawn)</svg>"#
    }

    private func paths(_ mesh: FaceMesh, _ kind: Kind) -> String {
        let outlines = FaceFeature.allCases.map { Self.path(mesh.points($0.outline), isClosed: $0.isRing) }
        let irises =
            kind == .ghost ? [] : MeshPoints.iris.map { Self.path(mesh.points(Array($0.dropFirst())), isClosed: true) }
        let dots = kind == .ghost ? "" : mesh.points.prefix(FaceMesh.skinCount).map { "M\(Self.place($0))h0" }.joined()
        // Lines keep their width whatever the picture is shrunk to.
        return (dots.isEmpty ? "" : #"<path class="dots" d="\#(dots)"/>"#)
            + #"<path class="\#(kind.rawValue)" d="\#((outlines + irises).joined())"/>"#
    }

    private static func path(_ points: [Point], isClosed: Bool) -> String {
        "M" + points.map(place).joined(separator: "L") + (isClosed ? "Z" : "")
    }

    private static func place(_ p: Point) -> String { "\(coordinate(p.x)) \(coordinate(p.y))" }
}

/// With one digit behind the point, as SVG wants it; what is no number is 0.
func coordinate(_ value: Double) -> String {
    guard abs(value) < 1e9 else { return "0" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
}

/// How far a feature moved, as a bar with a mark where the measurement's own noise ends.
struct MovementBar {
    /// Share of the eyes' distance.
    let share: Double
    /// In the same; `nil` when it is not known.
    let floor: Double?
    /// At the bar's end.
    static let most = 0.2
    private static let (width, height) = (150.0, 14.0)

    var svg: String {
        func x(_ share: Double) -> Double { min(max(share / Self.most, 0), 1) * Self.width }
        let mark = floor.map { #"<path class="floor" d="M\#(coordinate(max(x($0), 1))) 0V14"/>"# } ?? ""
        let words =
            "\(number(share * 100, 1)) %"
            + (floor.map { ", of which \(number($0 * 100, 1)) % are the measurement’s own" } ?? "")
        return """
            <svg class="bar" viewBox="0 0 150 14" width="150" height="14" role="img" aria-label="\(words)">\
            <rect class="rail" width="150" height="14" rx="2"/>\
            <rect class="value" y="3" height="8" width="\(coordinate(x(share)))" rx="1"/>\(mark)</svg>
            """
    }
}

/// Two colours as patches, in the plane of CIE L*a*b*'s a* and b*, and by their lightness.
struct ColourPlot {
    let name: String
    let before: SIMD3<Float>
    let after: SIMD3<Float>

    /// Pixels of a unit of a* and b*, and of the plane's side.
    private static let unit = 1.5, side = 150.0

    var figure: String {
        let difference = after - before, size = Double((difference * difference).sum().squareRoot())
        return """
            <figure class="plot"><svg viewBox="0 0 320 196" role="img" \
            aria-label="\(name): \(Self.text(before)) in the photograph, \(Self.text(after)) in the drawing">\
            \(patches)\(plane)\(lightness)</svg><figcaption>\(name): ΔE \(number(size, 1))</figcaption></figure>
            """
    }

    private var patches: String {
        """
        <rect x="0.5" y="0.5" width="74" height="60" fill="\(Self.css(before))" class="edge"/>\
        <rect x="0.5" y="76.5" width="74" height="60" fill="\(Self.css(after))" class="edge"/>\
        <text x="0" y="73">photograph</text><text x="0" y="149">drawing</text>
        """
    }

    /// The plane in the middle: red to the right, yellow upwards.
    private var plane: String {
        let middle = Self.side / 2
        func place(_ lab: SIMD3<Float>) -> (x: Double, y: Double) {
            func limited(_ value: Double) -> Double { min(max(value, 4), Self.side - 4) }
            return (limited(middle + Double(lab.y) * Self.unit), limited(middle - Double(lab.z) * Self.unit))
        }
        let (old, new) = (place(before), place(after))
        return """
            <g transform="translate(96 0)"><rect x="0.5" y="0.5" width="149" height="149" class="edge rail"/>\
            <path class="axis" d="M75 1V149M1 75H149"/>\
            <text x="146" y="71" text-anchor="end">red</text><text x="4" y="71">green</text>\
            <text x="79" y="12">yellow</text><text x="79" y="146">blue</text>\
            <path class="way" d="M\(coordinate(old.x)) \(coordinate(old.y))\
            L\(coordinate(new.x)) \(coordinate(new.y))"/>\
            <circle cx="\(coordinate(old.x))" cy="\(coordinate(old.y))" r="6" fill="\(Self.css(before))" class="edge"/>\
            <rect x="\(coordinate(new.x - 5))" y="\(coordinate(new.y - 5))" width="10" height="10" \
            fill="\(Self.css(after))" class="edge"/>\
            <circle cx="6" cy="164" r="4" class="sign"/><text x="14" y="168">photograph</text>\
            <rect x="2" y="176" width="8" height="8" class="sign"/><text x="14" y="184">drawing</text></g>
            """
    }

    private var lightness: String {
        func y(_ lab: SIMD3<Float>) -> String { coordinate(149 - Double(min(max(lab.x, 0), 100)) * 1.48) }
        return """
            <g transform="translate(262 0)"><rect x="0.5" y="0.5" width="12" height="149" class="edge rail"/>\
            <path class="mark" d="M-3 \(y(before))H6.5"/><path class="mark" d="M6.5 \(y(after))H16"/>\
            <text x="18" y="10">light</text><text x="18" y="148">dark</text></g>
            """
    }

    private static func css(_ lab: SIMD3<Float>) -> String {
        let levels = SIMD4<Int32>(Lab.toRGB(lab).clamped(lowerBound: .zero, upperBound: .one) * 255 + 0.5)
        return "rgb(\(levels.x) \(levels.y) \(levels.z))"
    }

    private static func text(_ lab: SIMD3<Float>) -> String {
        "L* \(number(Double(lab.x), 0)), a* \(number(Double(lab.y), 0)), b* \(number(Double(lab.z), 0))"
    }
}
