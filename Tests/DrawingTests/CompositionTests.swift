@testable import Drawing
import DrawingFixtures
import Foundation
import Models
import Raster
import Settings
import XCTest

/// Decisions against those of the training code, and after enlarging.
final class CompositionTests: XCTestCase {
    private struct Golden: Decodable {
        struct Case: Decodable {
            let style: String
            let decisions: [String: ModelManifest.Decision]
            let factor: Double
            let lineStrength: Double
            let picture: [Float]
        }

        /// What the photograph shows of an iris, of the white beside it (empty: nothing) and of the skin around it, and
        /// what the painter draws, in Lab.
        struct TrueIrisColour: Decodable {
            let seen, white, skin, drawn: [Float]
        }

        /// What the photograph shows of lips and skin, the drawn skin, and the lips that the painter draws with `own`
        /// of their difference, in Lab.
        struct LipsBesideSkin: Decodable {
            let own: Float
            let lips, skin, tone, drawn: [Float]
        }

        let width: Int
        let height: Int
        let logitNames: [Logit]
        let flat, effects, logits, irisColour, irisRim, lineTint, lineRange: [Float]
        let cases: [Case]
        /// The first case with `irisColour` as a colour to draw.
        let drawnIrises: [Float]
        let trueIrises: [TrueIrisColour]
        let lipColours: [LipsBesideSkin]
    }

    private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    private func golden() throws -> Golden {
        try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: fixtures.appendingPathComponent("composition.json")))
    }

    func testEqualsThatOfTraining() throws {
        let golden = try golden()
        XCTAssertEqual(golden.cases.count, 3)
        let colour = SIMD4(golden.irisColour[0], golden.irisColour[1], golden.irisColour[2], 0)
        for sample in golden.cases {
            XCTAssertLessThan(
                try farthest(golden, sample, irises: Iris.tint(colour), from: sample.picture), 0.5 / 255, sample.style)
        }
        let first = try XCTUnwrap(golden.cases.first)
        XCTAssertLessThan(
            try farthest(golden, first, irises: Iris.hue(of: colour), from: golden.drawnIrises), 0.5 / 255)
    }

    private func lab(_ values: [Float]) -> SIMD3<Float> { SIMD3(values[0], values[1], values[2]) }

    func testLipsAreDrawnInThePaintersColours() throws {
        let samples = try golden().lipColours
        XCTAssertGreaterThan(samples.count, 50)
        for sample in samples {
            let (skin, tone) = (lab(sample.skin), lab(sample.tone))
            let drawn = LipColour.drawn(away: lab(sample.lips) - skin, skin: skin, tone: tone, own: sample.own)
            let off = tone + drawn - lab(sample.drawn)
            XCTAssertLessThan((off * off).sum().squareRoot(), 0.05, "\(sample)")
        }
    }

    func testIrisesAreDrawnInThePaintersColours() throws {
        let samples = try golden().trueIrises
        XCTAssertGreaterThan(samples.count, 50)
        for sample in samples {
            let white = sample.white.isEmpty ? nil : lab(sample.white)
            let off = TrueIris(skin: lab(sample.skin)).drawn(lab(sample.seen), white: white) - lab(sample.drawn)
            XCTAssertLessThan((off * off).sum().squareRoot(), 0.05, "\(sample)")
        }
    }

    /// The largest difference of a channel between a case's composition and a picture.
    private func farthest(
        _ golden: Golden, _ sample: Golden.Case, irises: SIMD4<Float>, from picture: [Float]
    ) throws -> Float {
        let count = golden.width * golden.height
        let all = try Logit.allCases.map { try XCTUnwrap(sample.decisions[$0.rawValue]) }
        let rule = DecisionRule(
            crispness: (
                SIMD4(all[0].crispness, all[1].crispness, all[2].crispness, 0),
                SIMD4(all[3].crispness, all[4].crispness, all[5].crispness, 0)
            ),
            lineRange: (golden.lineRange[0], golden.lineRange[1])
        ).enlarged(sample.factor)
        let ink = LineInk(
            tint: SIMD3(golden.lineTint[0], golden.lineTint[1], golden.lineTint[2]), strength: sample.lineStrength)
        var worst: Float = 0
        for index in 0..<count {
            let z = Logit.allCases.enumerated().map { number, logit in
                let channel = golden.logitNames.firstIndex(of: logit) ?? 0
                return all[number].sharpness * (golden.logits[channel * count + index] + all[number].readiness)
            }
            func triple(_ values: [Float], _ channel: Int, _ w: Float) -> SIMD4<Float> {
                SIMD4(
                    values[channel * count + index], values[(channel + 1) * count + index],
                    values[(channel + 2) * count + index], w)
            }
            var shade = lower(triple(golden.effects, 0, 0), .zero) * (all[1].strength ?? 1)
            var light = upper(triple(golden.effects, 3, 0), .zero) * (all[2].strength ?? 1)
            (shade.w, light.w) = (z[1], z[2])
            let place = DecisionRule.Place(
                flat: triple(golden.flat, 0, z[0]), shade: shade, light: light,
                marks: SIMD4(z[3], z[4], z[5], golden.irisRim[index]), irises: irises)
            let off = clamped01(ink(rule(place))) - triple(picture, 0, 0)
            worst = max(worst, abs(off.x), abs(off.y), abs(off.z))
        }
        return worst
    }

    // MARK: - After enlarging

    /// A white drawing of `side` pixels whose shade is black; `inside` is how far a place lies within the shade, in its
    /// pixels.
    private func shaded(side: Int, inside: @escaping @Sendable (Point) -> Double) -> Painting {
        let flat = Bitmap(width: side, height: side, filledWith: SIMD4(1, 1, 1, -99))
        let shade = Bitmap(width: side, height: side) { x, y in
            SIMD4(-1, -1, -1, Float(8 * min(max(inside(Point(x: Double(x) + 0.5, y: Double(y) + 0.5)), -3), 3)))
        }
        let never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -99))
        let rule = DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65))
        let marks = Bitmap(width: side, height: side, filledWith: SIMD4(-99, -99, -99, 0))
        let drawing = UndecidedDrawing(flat: flat, shade: shade, light: never, marks: marks, rule: rule)
        return painting(drawing, of: Bitmap(width: side, height: side, filledWith: SIMD4(0.5, 0.5, 0.5, 1)))
    }

    private func painting(_ drawing: UndecidedDrawing, of photograph: Bitmap) -> Painting {
        var painting = Painting(pixels: drawing.picture(), lineTint: .zero, undecided: drawing)
        painting.decide(photograph: photograph, meshes: [])
        painting.follow(photograph)
        return painting
    }

    private func enlarged(_ painting: Painting, _ factor: Int) throws -> Bitmap {
        let side = painting.pixels.width * factor
        let photograph = Bitmap(width: side, height: side, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        return try PasteBack(photograph: photograph, whole: painting, faces: [], options: StyleOptions()).render()
    }

    /// Distances of the drawn border from the true one and its width, both in pixels of the enlarged picture.
    private func border(_ factor: Int, inside: @escaping @Sendable (Point) -> Double) throws -> (
        worst: Double, roughness: Double, width: Double
    ) {
        let picture = try enlarged(shaded(side: 48, inside: inside), factor)
        var (distances, grey): ([Double], Double) = ([], 0)
        for y in 6 * factor..<42 * factor {
            for x in 6 * factor..<42 * factor {
                let value = Double(picture[x, y].x)
                if value > 0.1, value < 0.9 { grey += 1 }
                // Where the value crosses one half between two neighbours, interpolated.
                for (dx, dy) in [(1, 0), (0, 1)] {
                    let next = Double(picture[x + dx, y + dy].x)
                    guard (value < 0.5) != (next < 0.5) else { continue }
                    let t = (0.5 - value) / (next - value)
                    let place = Point(x: Double(x) + 0.5 + t * Double(dx), y: Double(y) + 0.5 + t * Double(dy))
                    distances.append(inside(place * (1 / Double(factor))) * Double(factor))
                }
            }
        }
        let mean = distances.reduce(0, +) / Double(distances.count)
        let spread = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(distances.count)
        return (distances.map(abs).max() ?? .infinity, spread.squareRoot(), grey / Double(distances.count))
    }

    func testACircleAndASlantedLineHaveSmoothBordersOfOnePixelAtAnySize() throws {
        let circle: @Sendable (Point) -> Double = { 13.3 - ($0 - Point(x: 24.2, y: 23.7)).length }
        let line: @Sendable (Point) -> Double = { ($0.x - 24) * 0.9578 + ($0.y - 24) * 0.2873 }
        for (name, inside) in [("circle", circle), ("line", line)] {
            let two = try border(2, inside: inside), six = try border(6, inside: inside),
                twelve = try border(12, inside: inside)
            XCTAssertLessThan(six.worst, 0.75, name)
            XCTAssertLessThan(six.roughness, 0.25, name)
            XCTAssertLessThan(twelve.roughness, max(2 * six.roughness, 0.25), name)
            for drawn in [two, six, twelve] {
                XCTAssertLessThan(drawn.width, 1.5, "\(name): grey pixels for each crossing")
            }
            print("\(name): \(two) \(six) \(twelve)")
        }
    }

    func testColourFollowsThePhotographsEdgeAndBringsNoTextureBack() throws {
        // The small drawing has the edge in the middle of a pixel; the photograph says where, and has texture on both
        // sides.
        let (side, factor) = (32, 6), edge = 16.5
        @Sendable func texture(_ x: Int, _ y: Int) -> Float { (x / 2 + y / 2) % 2 == 0 ? 0.03 : -0.03 }
        let large = Bitmap(width: side * factor, height: side * factor) { x, y in
            SIMD4(SIMD3(repeating: (Double(x) + 0.5 < edge * Double(factor) ? 0.3 : 0.7) + texture(x, y)), 1)
        }
        let small = areaResampled(large, width: side, height: side)
        let flat = Bitmap(width: side, height: side) { x, _ in
            SIMD4(SIMD3(repeating: x < 16 ? 0.2 : x == 16 ? 0.5 : 0.8), -99)
        }
        let never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -99))
        let marks = Bitmap(width: side, height: side, filledWith: SIMD4(-99, -99, -99, 0))
        let rule = DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65))
        let drawing = UndecidedDrawing(flat: flat, shade: never, light: never, marks: marks, rule: rule)
        let result = try PasteBack(
            photograph: large, whole: painting(drawing, of: small), faces: [], options: StyleOptions()
        ).render()
        let row = (0..<side * factor).map { result[$0, 100].x }
        let before = Int(edge * Double(factor)) - 1
        XCTAssertGreaterThan(row[before + 1] - row[before], 0.25, "the edge is as sharp as the photograph's")
        for x in Array(0..<before - 4 * factor) + Array(before + 4 * factor..<row.count) {
            XCTAssertEqual(row[x], x < before ? 0.2 : 0.8, accuracy: 0.01, "texture or a halo at \(x)")
        }
    }

    /// A gray drawing with a round pupil.
    private func pupil(side: Int) -> UndecidedDrawing {
        let never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -99))
        let flat = Bitmap(width: side, height: side) { x, y in SIMD4(0.6, 0.5, 0.4, x > 40 ? 4 : -4) }
        let marks = Bitmap(width: side, height: side) { x, y in
            let (dx, dy) = (Float(x) - 21.3, Float(y) - 17.8)
            return SIMD4(-99, 5 * (4 - (dx * dx + dy * dy).squareRoot()), -99, 0)
        }
        let rule = DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65))
        return UndecidedDrawing(flat: flat, shade: never, light: never, marks: marks, rule: rule)
    }

    func testMarksAreKeptWhereTheyShowAlone() throws {
        let photograph = Bitmap(width: 64, height: 64, filledWith: SIMD4(0.5, 0.5, 0.5, 1))
        var whole = Painting(pixels: pupil(side: 64).picture(), lineTint: .zero, undecided: pupil(side: 64))
        whole.decide(photograph: photograph, meshes: [])
        var cropped = whole
        cropped.undecided?.cropMarks()
        XCTAssertLessThan(try XCTUnwrap(cropped.undecided).marks.pixels.count, 64 * 64 / 2)
        let picture = try enlarged(whole, 5)
        XCTAssertEqual(picture, try enlarged(cropped, 5))
        XCTAssertLessThan(picture[107, 90].x, 0.1, "the pupil")
        XCTAssertEqual(picture[30, 30].x, 0.6, accuracy: 0.01)
    }

    func testARowIsDecidedAsItsPixelsAre() throws {
        let photograph = waves(64, 64), large = waves(320, 320)
        var painting = Painting(pixels: pupil(side: 64).picture(), lineTint: .zero, undecided: pupil(side: 64))
        painting.decide(photograph: photograph, meshes: [])
        painting.follow(photograph)
        let picture = try PasteBack(photograph: large, whole: painting, faces: [], options: StyleOptions()).render()
        try painting.undecided?.withLateDecision(factor: 5) { decide in
            let ink = LineInk(tint: painting.lineTint, strength: 1)
            for y in stride(from: 0, to: 320, by: 7) {
                for x in 0..<320 {
                    let one = ink(decide((Float(x) + 0.5) / 5, (Float(y) + 0.5) / 5, photograph: large[x, y]))
                    XCTAssertEqual(picture[x, y].x, one.x, accuracy: 2e-3, "\(x), \(y)")
                }
            }
        }
    }

    func testLinesMeetWhereAFaceIsDrawnFinerThanTheWhole() throws {
        let template = FaceTemplate.ffhq512.scaled(toSize: 512, about: 0.6667)
        let found = face(SimilarityTransform(scale: 0.5, tx: 200, ty: 200))
        let pose = try XCTUnwrap(FacePose(found, template: template))
        let never = Bitmap(width: 512, height: 512, filledWith: SIMD4(0, 0, 0, -99))
        let lines = Bitmap(width: 512, height: 512) { x, _ in SIMD4(1, 1, 1, 3 * (1.6 - abs(Float(x % 16) - 8))) }
        let marks = Bitmap(width: 512, height: 512, filledWith: SIMD4(-99, -99, -99, 0))
        let rule = DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65))
        let plain = UndecidedDrawing(flat: lines, shade: never, light: never, marks: marks, rule: rule)
        func coverage(_ drawing: UndecidedDrawing, _ y: Int) -> Float {
            let picture = drawing.picture()
            return (192..<320).reduce(0) { $0 + picture[$1, y].w }
        }
        var finer = plain, same = plain, coarser = plain
        finer.move(by: LineMeeting(pose, besideWhole: pose.toSquare.scale / 2))
        same.move(by: LineMeeting(pose, besideWhole: pose.toSquare.scale))
        coarser.move(by: LineMeeting(pose, besideWhole: pose.toSquare.scale * 2))
        XCTAssertEqual(same, plain)
        let middle = Int(pose.mask.square(0)[0].y)
        XCTAssertEqual(coverage(finer, middle), coverage(plain, middle), accuracy: 0.01, "features stay")
        XCTAssertGreaterThan(coverage(finer, 505), 1.1 * coverage(plain, 505), "a finer face's lines are widened")
        XCTAssertLessThan(coverage(coarser, 505), 0.9 * coverage(plain, 505))
    }

    func testToneStagesChangeTheEnlargedDrawingToo() throws {
        let painting = shaded(side: 32) { $0.x - 16 }
        var toned = painting
        toned.pixels.forEachRow { _, row in
            for x in row.indices { row[x] -= SIMD4(0.25, 0, 0, 0) * (row[x].x > 0.5 ? 1 : 0) }
        }
        toned.rememberCorrection(of: painting.pixels)
        let result = try enlarged(toned, 4)
        XCTAssertEqual(result[20, 60].x, 0.75, accuracy: 0.01)
        XCTAssertEqual(result[20, 60].y, 1, accuracy: 0.01)
        XCTAssertEqual(result[110, 60].x, 0, accuracy: 0.01)
    }
}
