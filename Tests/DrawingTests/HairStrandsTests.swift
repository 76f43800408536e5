@testable import Drawing
import Raster
import XCTest

/// Light, shade and lines of hair that a network decides from place to place.
final class HairStrandsTests: XCTestCase {
    private static let side = 256
    /// Between the eyes, in pixels.
    private static let unit = 60.0
    /// Hair covers the picture's upper part and falls straight down.
    private static func isHair(_ y: Int) -> Bool { y < 150 }

    private var mesh: FaceMesh {
        let nose = Point(x: 128, y: 200)
        var points = [Point](repeating: nose, count: FaceMesh.count)
        for (eye, x) in [98.0, 158].enumerated() {
            for number in MeshPoints.upperLid[eye] + MeshPoints.lowerLid[eye] { points[number] = Point(x: x, y: 180) }
        }
        for (number, x) in zip(MeshPoints.mouthCorners, [108.0, 148]) { points[number] = Point(x: x, y: 240) }
        var mesh = FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
        mesh.hair = HairMap(
            likelihood: Plane(width: 64, height: 64, values: (0..<64 * 64).map { Self.isHair(4 * ($0 / 64)) ? 1 : 0 }),
            toSquare: SimilarityTransform(scale: 0.25))
        return mesh
    }

    /// Strands from top to bottom, of such a brightness.
    private func photograph(_ brightness: Float = 0.4) -> Bitmap {
        Bitmap(width: Self.side, height: Self.side) { x, _ in
            SIMD4(repeating: brightness * (1 + 0.25 * Float(sine(Double(x) * 0.8))))
        }
    }

    private func drawing(
        light: @escaping @Sendable (Int, Int) -> Bool = { _, _ in false },
        lines: @escaping @Sendable (Int, Int) -> Bool = { _, _ in false }
    ) -> UndecidedDrawing {
        let side = Self.side
        func map(_ effect: Float, _ isThere: @escaping @Sendable (Int, Int) -> Bool) -> Bitmap {
            Bitmap(width: side, height: side) { x, y in SIMD4(effect, effect, effect, isThere(x, y) ? 8 : -8) }
        }
        return UndecidedDrawing(
            flat: map(0.4, lines), shade: map(-0.2) { _, _ in false }, light: map(0.5, light),
            marks: Bitmap(width: side, height: side, filledWith: SIMD4(-99, -99, -99, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.05, 0.8)))
    }

    private func calmed(_ drawing: UndecidedDrawing) -> UndecidedDrawing {
        var result = drawing
        result.calmHair(of: [mesh], photograph: photograph())
        return result
    }

    private func share(_ map: Bitmap, _ columns: Range<Int>, _ rows: Range<Int>) -> Double {
        let places = rows.flatMap { y in columns.map { map[$0, y].w > 0 } }
        return Double(places.filter { $0 }.count) / Double(places.count)
    }

    func testSpotsOfLightAreGone() {
        let spots = drawing { x, y in x % 24 < 8 && y % 24 < 8 }
        let after = calmed(spots)
        XCTAssertGreaterThan(share(spots.light, 40..<216, 40..<120), 0.08)
        XCTAssertEqual(share(after.light, 40..<216, 40..<120), 0)
    }

    func testAStreakWithGapsBecomesOneStrand() {
        let gaps = drawing { x, y in (110..<130).contains(x) && y > 20 && y < 140 && y % 20 > 4 }
        let after = calmed(gaps)
        XCTAssertEqual(share(after.light, 116..<124, 50..<110), 1, "without a gap")
        XCTAssertEqual(share(after.light, 134..<200, 40..<120), 0, "no wider")
        XCTAssertEqual(after.shade.pixels.filter { $0.w > 0 }.count, 0)
    }

    func testAHoleInLightIsFilled() {
        let hole = drawing { x, y in
            (60..<190).contains(x) && (30..<130).contains(y) && !((120..<128).contains(x) && (70..<78).contains(y))
        }
        XCTAssertEqual(share(calmed(hole).light, 90..<160, 55..<105), 1)
    }

    func testShortStrokesGoAndLongOnesStay() {
        let strokes = drawing(lines: { x, y in
            x % 40 < 2 && (60..<70).contains(y) && x < 130 || (180..<182).contains(x) && (20..<120).contains(y)
        })
        let after = calmed(strokes)
        XCTAssertEqual(share(after.flat, 20..<140, 40..<100), 0)
        for y in 25..<115 { XCTAssertGreaterThan(after.flat[180, y].w, 6, "\(y)") }
    }

    func testBlackHairKeepsItsShortStrokes() {
        let braids = drawing(light: { x, y in x % 24 < 8 && y % 24 < 8 }, lines: { x, y in x % 40 < 2 && y % 40 < 9 })
        var black = braids
        black.calmHair(of: [mesh], photograph: photograph(0.08))
        XCTAssertEqual(black.flat.logits, braids.flat.logits)
        XCTAssertEqual(black.light.logits, braids.light.logits)
    }

    /// Waves and braids, in hair of any colour.
    func testFlatColourFollowsTheLightOnHair() {
        let plain = drawing()
        for (colour, dark, bright) in [
            (SIMD4<Float>(1, 1, 1, 1), Float(0.05), Float(0.15)), (SIMD4(1, 1, 1, 1), 0.4, 0.55),
            (SIMD4(1, 0.6, 0.4, 1), 0.4, 0.55),
        ] {
            let (low, high) = (colour * dark, colour * bright)
            var waved = plain
            waved.calmHair(
                of: [mesh],
                photograph: Bitmap(width: Self.side, height: Self.side) { x, _ in x % 24 < 12 ? high : low })
            func lightness(_ x: Int, _ y: Int) -> Float { Lab.from(waved.flat[x, y]).x }
            let contrast = 95 * (Iris.luma(high) - Iris.luma(low))
            for y in [40, 80, 120] {
                XCTAssertEqual(lightness(126, y) - lightness(138, y), contrast, accuracy: 0.25 * contrast)
            }
            XCTAssertEqual(waved.flat[126, 180], plain.flat[126, 180], "no hair")
            XCTAssertEqual(waved.flat[126, 80].w, plain.flat[126, 80].w, "lines stay")
        }
    }

    /// Light that the photograph does not have is a pale patch; what it has is a part of the form.
    func testTheNetworksOwnLightIsAnAccent() {
        let patch: @Sendable (Int, Int) -> Bool = { x, y in (90..<150).contains(x) && (30..<120).contains(y) }
        func lift(_ lit: Float) -> Float {
            var drawing = drawing(light: patch)
            drawing.calmHair(
                of: [mesh],
                photograph: Bitmap(width: Self.side, height: Self.side) { x, y in
                    SIMD4(0.45, 0.3, 0.2, 1) * (patch(x, y) ? lit : 1)
                })
            let drawn = drawing.picture()
            return Lab.lightness(drawn[120, 75]) - Lab.lightness(drawn[190, 75])
        }
        XCTAssertLessThan(lift(1), 5)
        XCTAssertGreaterThan(lift(1.6), 15)
    }

    func testWhatIsNoHairStaysAsItIs() {
        let spots = drawing(light: { x, y in x % 24 < 8 && y % 24 < 8 }, lines: { x, y in x % 40 < 2 && y % 40 < 9 })
        let after = calmed(spots)
        for y in 165..<Self.side {
            for x in 0..<Self.side {
                XCTAssertEqual(after.light[x, y], spots.light[x, y])
                XCTAssertEqual(after.flat[x, y], spots.flat[x, y])
            }
        }
        var bald = spots, face = mesh
        face.hair = nil
        bald.calmHair(of: [face], photograph: photograph())
        XCTAssertEqual(bald, spots)
    }
}
