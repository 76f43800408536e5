@testable import Drawing
import Raster
import XCTest

/// Borders that a network draws unevenly, enlarged six times.
final class SmoothShapesTests: XCTestCase {
    private static let factor = 6

    /// A drawing in which nothing shows but what is given.
    private func drawing(side: Int, lines: [Float]? = nil, marks: [SIMD4<Float>]? = nil) -> UndecidedDrawing {
        let never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -99))
        let none = SIMD4<Float>(-99, -99, -99, 0)
        let rule = DecisionRule(crispness: (SIMD4(0.7, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.05, 0.8))
        let count = side * side
        return UndecidedDrawing(
            flat: Bitmap(
                width: side, height: side,
                pixels: (lines ?? [Float](repeating: -99, count: count)).map { SIMD4(0.6, 0.5, 0.4, $0) }),
            shade: never, light: never,
            marks: Bitmap(
                width: side, height: side, pixels: marks ?? [SIMD4<Float>](repeating: none, count: count)),
            rule: rule)
    }

    /// The centre of each pixel of a square, row by row.
    private func centres(_ side: Int) -> [Point] {
        (0..<side * side).map { Point(x: Double($0 % side) + 0.5, y: Double($0 / side) + 0.5) }
    }

    /// A network's unevenness, −1…1 for each pixel.
    private func noise(_ count: Int, seed: UInt64) -> [Double] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Double(random.next() >> 11) / Double(1 << 53) * 2 - 1 }
    }

    /// Where a map's channel is `level` once it is enlarged, in pixels of the small one.
    private func border(_ map: Bitmap, _ channel: Int, level: Float = 0) -> [Point] {
        let count = map.width * Self.factor
        func place(_ index: Int) -> Double { (Double(index) + 0.5) / Double(Self.factor) }
        let values = map.withSampler(.clamp) { sample in
            (0..<count * count).map { sample(Float(place($0 % count)), Float(place($0 / count)))[channel] - level }
        }
        var points: [Point] = []
        for y in 0..<count - 1 {
            for x in 0..<count - 1 {
                for (dx, dy) in [(1, 0), (0, 1)] {
                    let here = values[y * count + x], next = values[(y + dy) * count + x + dx]
                    guard (here < 0) != (next < 0) else { continue }
                    let t = Double(here / (here - next)) / Double(Self.factor)
                    points.append(Point(x: place(x) + t * Double(dx), y: place(y) + t * Double(dy)))
                }
            }
        }
        return points
    }

    /// The deviation and the largest of distances, in pixels of the enlarged picture.
    private func roughness(_ distances: [Double]) -> (deviation: Double, largest: Double) {
        let mean = distances.reduce(0, +) / Double(distances.count)
        let square = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(distances.count)
        let scale = Double(Self.factor)
        return (square.squareRoot() * scale, (distances.map(abs).max() ?? .infinity) * scale)
    }

    // MARK: - Eyes

    private static let side = 96
    private static let eyes = [Point(x: 34.3, y: 40.2), Point(x: 62.7, y: 40.6)]
    /// Of the photographed iris; the drawn one is wider by 1.2.
    private static let radius = 7.0

    private var mesh: FaceMesh {
        var points = [Point](repeating: Point(x: 48, y: 48), count: FaceMesh.count)
        for eye in 0...1 {
            let centre = Self.eyes[eye]
            for number in MeshPoints.upperLid[eye] + MeshPoints.lowerLid[eye] { points[number] = centre }
            let ring = [(0.0, 0.0), (1, 0), (0, -1), (-1, 0), (0, 1)]
            for (number, off) in zip(MeshPoints.iris[eye], ring) {
                points[number] = centre + Point(x: off.0, y: off.1) * Self.radius
            }
            points[MeshPoints.mouthCorners[eye]] = Point(x: eye == 0 ? 40 : 57, y: 72)
        }
        return FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
    }

    /// How far a place lies within a circle about an eye's middle.
    private func within(_ place: Point, _ eye: Int, radius: Double, off: Point = Point(x: 0, y: 0)) -> Double {
        radius - (place - Self.eyes[eye] - off).length
    }

    /// Two eyes as a network draws them: irises cut by lids, pupils without the part under the highlight, all uneven by
    /// up to half a pixel.
    private func eyes(hidden: Bool = false) -> UndecidedDrawing {
        let uneven = noise(3 * Self.side * Self.side, seed: 5), count = Self.side * Self.side
        let marks = centres(Self.side).enumerated().map { index, place -> SIMD4<Float> in
            func logit(_ depth: Double, _ channel: Int) -> Float {
                Float(3 * (min(max(depth, -6), 6) + 0.5 * uneven[channel * count + index]))
            }
            let depths = (0...1).map { eye -> SIMD3<Double> in
                let iris = min(
                    within(place, eye, radius: 8.4), place.y - Self.eyes[eye].y + 7,
                    Self.eyes[eye].y + 6.5 - place.y,
                    // What hangs before it.
                    hidden ? place.x - Self.eyes[eye].x : .infinity)
                let highlight = within(place, eye, radius: 2.8, off: Point(x: -3, y: -3))
                return SIMD3(highlight, min(within(place, eye, radius: 3.6), -highlight), iris)
            }
            let most = depths[0].replacing(with: depths[1], where: depths[1] .> depths[0])
            return SIMD4(logit(most.x, 0), logit(most.y, 1), logit(most.z, 2), 0)
        }
        return drawing(side: Self.side, marks: marks)
    }

    /// Distances of the borders of highlights, pupils and irises from the true circles, lids and the part of a pupil
    /// under its highlight left out.
    private func distances(_ drawing: UndecidedDrawing) -> [[Double]] {
        let circles = [(2.8, Point(x: -3, y: -3)), (3.6, Point(x: 0, y: 0)), (8.4, Point(x: 0, y: 0))]
        return circles.enumerated().map { channel, circle in
            border(drawing.marks, channel).compactMap { place in
                let eye = place.x < 48 ? 0 : 1, off = place - Self.eyes[eye]
                if channel == 1, within(place, eye, radius: 4, off: Point(x: -3, y: -3)) > 0 { return nil }
                if channel == 2, abs(off.y) > 4.5 { return nil }
                return within(place, eye, radius: circle.0, off: circle.1)
            }
        }
    }

    func testEyesAreRoundAtSixTimesTheirSize() throws {
        let uneven = eyes()
        var round = uneven
        round.roundEyes(of: [mesh])
        for (name, (before, after)) in zip(
            ["highlight", "pupil", "iris"], zip(distances(uneven), distances(round)))
        {
            XCTAssertGreaterThan(after.count, 100, name)
            let (rough, smooth) = (roughness(before), roughness(after))
            print("\(name): \(rough) → \(smooth)")
            XCTAssertLessThan(smooth.deviation, 0.65 * rough.deviation, name)
            XCTAssertLessThan(smooth.deviation, 1, name)
            // Catchlights are smaller by a share of their radius, 3 pixels at six times the size.
            let smaller = name == "highlight" ? 3.0 : 0
            XCTAssertLessThan(smooth.largest, 2.5 + smaller, "\(name) lies where the network drew it")
        }
        // Under the highlight the pupil goes on.
        let (x, y) = (Int(Self.eyes[0].x - 2), Int(Self.eyes[0].y - 2))
        XCTAssertLessThan(uneven.marks[x, y].y, 0)
        XCTAssertGreaterThan(round.marks[x, y].y, 0)
        // The lids stay, at 7 above and 6.5 below.
        XCTAssertLessThan(round.marks[34, 32].z, 0)
        XCTAssertGreaterThan(round.marks[34, 34].z, 0)
        XCTAssertGreaterThan(round.marks[34, 45].z, 0)
        XCTAssertLessThan(round.marks[34, 47].z, 0)
    }

    func testAnIrisHalfBehindHairStaysHalfHidden() {
        var round = eyes(hidden: true)
        round.roundEyes(of: [mesh])
        for eye in Self.eyes {
            XCTAssertLessThan(round.marks[Int(eye.x - 4), Int(eye.y)].z, 0)
            XCTAssertGreaterThan(round.marks[Int(eye.x + 4), Int(eye.y)].z, 0)
        }
    }

    // MARK: - Colour

    /// The photograph has strands of hair; the drawing has a quarter of their contrast left, or all of it.
    func testWhatADrawingHasLeftOfHairBringsNoTextureBack() {
        let strands = Bitmap(width: 48, height: 48) { x, y in
            SIMD4(SIMD3(repeating: 0.5 + 0.25 * Float(sine(Double(x) * 1.1 + Double(y) * 0.3))), 1)
        }
        func share(_ contrast: Float) -> Float {
            let flat = Bitmap(width: 48, height: 48) { x, y in (strands[x, y] - 0.5) * contrast + 0.4 }
            return GuidedColour(photograph: strands, flat: flat).share[24, 24].x
        }
        XCTAssertEqual(share(0.25), 0, accuracy: 0.01)
        XCTAssertGreaterThan(share(0.5), 0.05)
        XCTAssertGreaterThan(share(1), 0.8)
    }

    // MARK: - Lines and corners

    func testAnUnevenLineBecomesEvenAndKeepsItsWidth() {
        let side = 64, uneven = noise(side * side, seed: 9)
        let normal = Point(x: 0.83, y: -0.5577)
        func along(_ place: Point) -> Double { dot(place - Point(x: 32, y: 32), normal) }
        let lines = zip(centres(side), uneven).map { (place: Point, noise: Double) -> Float in
            let reach: Double = 1.2 + 0.5 * noise
            return Float(4 * (reach - abs(along(place))))
        }
        let before = drawing(side: side, lines: lines.map { max($0, -10) })
        var after = before
        after.smoothBorders()
        func sides(_ drawing: UndecidedDrawing) -> (rough: Double, width: Double) {
            let places = border(drawing.flat, 3).filter { (8...56).contains($0.x) && (8...56).contains($0.y) }
                .map(along).filter { abs($0) < 3 }
            let (right, left) = (places.filter { $0 > 0 }, places.filter { $0 <= 0 })
            func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
            return (max(roughness(right).deviation, roughness(left).deviation), mean(right) - mean(left))
        }
        let (rough, smooth) = (sides(before), sides(after))
        print("line: \(rough) → \(smooth)")
        XCTAssertLessThan(smooth.rough, 0.6 * rough.rough)
        XCTAssertEqual(smooth.width, 2.4, accuracy: 0.25)
    }

    func testCornersAndEvenBordersStay() {
        let side = 48
        let lines = centres(side).map { place in
            Float(min(max(4 * min(place.x - 12, place.y - 12, 36 - place.x, 36 - place.y), -10), 10))
        }
        let before = drawing(side: side, lines: lines)
        var after = before
        after.smoothBorders()
        for place in border(after.flat, 3) {
            let depth = min(place.x - 12, place.y - 12, 36 - place.x, 36 - place.y)
            XCTAssertLessThan(abs(depth) * Double(Self.factor), 2.5, "\(place)")
        }
        let middle = border(after.flat, 3).filter { (18...30).contains($0.x) || (18...30).contains($0.y) }
        XCTAssertGreaterThan(middle.count, 200)
        for place in middle {
            let depth = min(place.x - 12, place.y - 12, 36 - place.x, 36 - place.y)
            XCTAssertLessThan(abs(depth) * Double(Self.factor), 0.1)
        }
    }
}
