import Drawing
import Models
import Raster

/// How the drawing of a face and the drawing around it meet: a ring just outside the face's mask is compared with one
/// just within, and for comparison the ring's left half within with its right half. All lengths are pixels of the
/// photograph, whatever its size.
public struct BorderMeeting: Equatable, Sendable, Codable {
    /// One place of a drawing compared with another.
    public struct Difference: Equatable, Sendable, Codable {
        /// Width of lines over that of the other place's, the larger over the smaller, at least 1; `nil` where one of
        /// them has no lines.
        public let lineWidth: Double?
        /// Between the shares of pixels that are flat, 0…1.
        public let flatness: Double
        /// ΔE*ab between what the drawing has changed in the mean colour here and there.
        public let colour: Double
    }

    /// What a drawing shows in one place.
    public struct Look: Equatable, Sendable, Codable {
        /// Mean width of lines in pixels; `nil` without lines.
        public let lineWidth: Double?
        /// Share of pixels that are flat, 0…1.
        public let flatness: Double
        /// What the drawing has changed in the mean colour: L*, a*, b*.
        public let shift: SIMD3<Double>

        fileprivate func difference(to other: Look) -> Difference {
            let moved = shift - other.shift
            return Difference(
                lineWidth: lineWidth.flatMap { width in other.lineWidth.map { max(width / $0, $0 / width) } },
                flatness: abs(flatness - other.flatness), colour: (moved * moved).sum().squareRoot())
        }
    }

    /// Just outside the mask and just within it.
    public let outside, inside: Look
    /// Outside and within.
    public let across: Difference
    /// Left and right, both within.
    public let within: Difference

    /// A ring reaches this many times as far from the face's middle as the mask does, or as much less far.
    private static let width: Float = 1.3
    /// Places with fewer pixels show nothing.
    private static let fewest = 400

    /// - Parameters:
    ///   - photograph: of the drawing's size.
    ///   - landmarks: of a face that was drawn apart, in the photograph.
    /// - Returns: `nil` when the photograph shows too little around the face.
    init?(_ drawing: Bitmap, of photograph: Bitmap, landmarks: Landmarks) {
        let template = FaceTemplate.ffhq512.scaled(toSize: 512, about: 0.4)
        guard let fit = SimilarityTransform.estimate(from: landmarks, to: template.landmarks),
            let back = fit.transform.inverse
        else { return nil }
        let corners = [(0.0, 0.0), (512, 0), (0, 512), (512, 512)].map { back.apply(Point(x: $0.0, y: $0.1)) }
        guard let columns = Self.span(corners.map(\.x), photograph.width),
            let rows = Self.span(corners.map(\.y), photograph.height)
        else { return nil }
        let (drawn, seen) = (drawing.read(rows: rows, columns: columns), photograph.read(rows: rows, columns: columns))
        let marks = Marks(drawn), before = LabImage(seen), after = LabImage(drawn)
        var places: [Place: Sums] = [:]
        let rings = Rings(template)
        for y in 1..<drawn.height - 1 {
            for x in 1..<drawn.width - 1 {
                let p = fit.transform.apply(
                    Point(x: Double(columns.lowerBound + x) + 0.5, y: Double(rows.lowerBound + y) + 0.5))
                guard let place = rings.place(Float(p.x), Float(p.y)) else { continue }
                let index = y * drawn.width + x
                places[place, default: Sums()].add(marks, index, after.values[index] - before.values[index])
            }
        }
        guard let left = places[.left], let right = places[.right], let outside = places[.outside],
            min(left.count, right.count, outside.count) >= Self.fewest
        else { return nil }
        (self.outside, inside) = (outside.look, (left + right).look)
        across = self.outside.difference(to: inside)
        within = left.look.difference(to: right.look)
    }

    /// What the border itself adds. Beside a face lie hair, cloth and walls, which differ from skin in photographs and
    /// in drawings of one hand too; so the step across the border is compared with the step between the same places
    /// where all is drawn in one piece.
    ///
    /// - Parameter onePiece: of such a drawing of the same face.
    /// - Returns: 1, 0 and 0 where the border shows no more than the picture does.
    public func beyond(_ onePiece: BorderMeeting) -> Difference {
        func ratio(_ meeting: BorderMeeting) -> Double? {
            meeting.outside.lineWidth.flatMap { width in meeting.inside.lineWidth.map { width / $0 } }
        }
        func step(_ meeting: BorderMeeting) -> Double { meeting.outside.flatness - meeting.inside.flatness }
        let moved = (outside.shift - inside.shift) - (onePiece.outside.shift - onePiece.inside.shift)
        return Difference(
            lineWidth: ratio(self).flatMap { here in ratio(onePiece).map { max(here / $0, $0 / here) } },
            flatness: abs(step(self) - step(onePiece)), colour: (moved * moved).sum().squareRoot())
    }

    private static func span(_ values: [Double], _ count: Int) -> Range<Int>? {
        let low = min(max((values.min() ?? 0).rounded(.down), 0), Double(count)),
            high = min(max((values.max() ?? 0).rounded(.up), low), Double(count))
        return high - low < 3 ? nil : Int(low)..<Int(high)
    }

    private enum Place { case left, right, outside }

    /// Which pixels lie in which ring, by the mask of a mean head.
    private struct Rings {
        private let mask: FeatherMask
        private let middle: SIMD2<Float>

        init(_ template: FaceTemplate) {
            mask = FeatherMask(template: template)
            let marks = template.landmarks, eyes = (marks.leftEye + marks.rightEye) * 0.5
            let mouth = (marks.leftMouth + marks.rightMouth) * 0.5
            let centre = eyes + (mouth - eyes) * (1 / 3.0)
            middle = SIMD2(Float(centre.x), Float(centre.y))
        }

        func place(_ x: Float, _ y: Float) -> Place? {
            let here = mask.value(x, y)
            func weight(_ times: Float) -> Float {
                let p = middle + (SIMD2(x, y) - middle) * times
                return mask.value(p.x, p.y)
            }
            if here == 0 { return weight(1 / BorderMeeting.width) > 0 ? .outside : nil }
            guard here > 0.999, weight(BorderMeeting.width) < 0.999 else { return nil }
            return x < middle.x ? .left : .right
        }
    }

    /// Where a drawing has lines and where it is flat.
    private struct Marks {
        let isLine: [Bool]
        let isBorder: [Bool]
        let isFlat: [Bool]

        /// How much darker than its surroundings a line is, of 1, and how far they reach, in pixels.
        private static let depth: Float = 0.12
        private static let radius = 12

        init(_ drawing: Bitmap) {
            let luma = drawing.pixels.map { 0.299 * $0.x + 0.587 * $0.y + 0.114 * $0.z }
            let means = drawing.boxMeans(radius: Self.radius).pixels.map {
                0.299 * $0.x + 0.587 * $0.y + 0.114 * $0.z
            }
            let isLine = zip(luma, means).map { $1 - $0 > Self.depth }, width = drawing.width
            func inner(_ test: (Int) -> Bool) -> [Bool] {
                luma.indices.map { index in
                    let (y, x) = index.quotientAndRemainder(dividingBy: width)
                    return x > 0 && y > 0 && x < width - 1 && y < drawing.height - 1 && test(index)
                }
            }
            self.isLine = isLine
            isBorder = inner { i in isLine[i] && [-1, 1, -width, width].contains { !isLine[i + $0] } }
            isFlat = inner { i in
                let (dx, dy) = (luma[i + 1] - luma[i], luma[i + width] - luma[i])
                return dx * dx + dy * dy < 1 / (255 * 255)
            }
        }
    }

    private struct Sums {
        private(set) var count = 0
        private var lines = 0
        private var borders = 0
        private var flat = 0
        private var shift = SIMD3<Double>.zero

        mutating func add(_ marks: Marks, _ index: Int, _ change: SIMD3<Float>) {
            count += 1
            lines += marks.isLine[index] ? 1 : 0
            borders += marks.isBorder[index] ? 1 : 0
            flat += marks.isFlat[index] ? 1 : 0
            shift += SIMD3<Double>(change)
        }

        static func + (a: Sums, b: Sums) -> Sums {
            var sum = a
            (sum.count, sum.lines, sum.borders) = (a.count + b.count, a.lines + b.lines, a.borders + b.borders)
            (sum.flat, sum.shift) = (a.flat + b.flat, a.shift + b.shift)
            return sum
        }

        /// A stroke has two borders.
        private var lineWidth: Double? { borders < 40 ? nil : 2 * Double(lines) / Double(borders) }

        var look: Look {
            Look(
                lineWidth: lineWidth, flatness: Double(flat) / Double(count), shift: shift / Double(count))
        }
    }
}
