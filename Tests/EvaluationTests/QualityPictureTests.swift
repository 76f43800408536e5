@testable import Drawing
@testable import Evaluation
import Models
import Raster
import XCTest

/// Colour shifts, lines and the contact sheet.
final class QualityPictureTests: XCTestCase {
    private let landmarks = FaceTemplate.ffhq512.scaled(toSize: 512, about: 2.0 / 3).landmarks

    /// A head of one skin colour with hair of another on gray.
    private func portrait(skin: SIMD4<Float>, hair: SIMD4<Float>) -> Bitmap {
        let landmarks = self.landmarks, gray = SIMD4<Float>(0.5, 0.5, 0.5, 1)
        return Bitmap(width: 512, height: 512) { (x: Int, y: Int) -> SIMD4<Float> in
            let p = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
            let (across, down): (Double, Double) = ((p.x - 256) / 100, (p.y - 290) / 125)
            if across * across + down * down < 1 { return skin }
            return HairColorLimit.region(p, landmarks) > 0.04 ? hair : gray
        }
    }

    private func encoded(_ lab: SIMD3<Float>) -> SIMD4<Float> { Lab.toRGB(lab) + SIMD4(0, 0, 0, 1) }

    func testSkinAnglesAndGroups() {
        XCTAssertEqual(SkinTone.angle(SIMD3(60, 12, 10)), 45, accuracy: 1e-9)
        XCTAssertEqual(SkinTone.angle(SIMD3(50, 12, 10)), 0, accuracy: 1e-9)
        XCTAssertEqual(SkinTone(angle: 41.1), .light)
        XCTAssertEqual(SkinTone(angle: 41), .intermediate)
        XCTAssertEqual(SkinTone(angle: 10), .intermediate)
        XCTAssertEqual(SkinTone(angle: 9.9), .dark)
        XCTAssertEqual(SkinTone(angle: -60), .dark)
    }

    func testTheGroupIsThatOfThePhotographsSkin() throws {
        for (lab, tone) in [
            (SIMD3<Float>(72, 10, 16), SkinTone.light), (SIMD3(60, 14, 20), .intermediate), (SIMD3(35, 14, 18), .dark),
        ] {
            let colours = try XCTUnwrap(
                FaceColours(portrait(skin: encoded(lab), hair: SIMD4(0.1, 0.1, 0.1, 1)), landmarks: landmarks))
            XCTAssertEqual(colours.skinAngle, SkinTone.angle(lab), accuracy: 1)
            XCTAssertEqual(SkinTone(angle: colours.skinAngle), tone)
        }
    }

    func testAnUnchangedPictureHasNoShift() throws {
        let picture = portrait(skin: encoded(SIMD3(65, 14, 18)), hair: encoded(SIMD3(30, 15, 25)))
        let shift = try XCTUnwrap(FaceColours(picture, landmarks: landmarks)).shift(to: picture)
        XCTAssertEqual([shift.skin, shift.skinPixels, shift.hairChroma], [0, 0, 0])
        XCTAssertEqual(try XCTUnwrap(shift.hairHue), 0, accuracy: 1e-4)
    }

    func testAKnownShiftIsFound() throws {
        let (skin, hair) = (SIMD3<Float>(65, 14, 18), SIMD3<Float>(30, 20, 0))
        let picture = portrait(skin: encoded(skin), hair: encoded(hair))
        // ΔE 5 on skin; hair turned by a quarter of the hue circle at the same chroma.
        let drawing = portrait(skin: encoded(skin + SIMD3(4, 3, 0)), hair: encoded(SIMD3(30, 0, 20)))
        let shift = try XCTUnwrap(FaceColours(picture, landmarks: landmarks)).shift(to: drawing)
        XCTAssertEqual(shift.skin, 5, accuracy: 0.1)
        XCTAssertEqual(shift.skinPixels, 5, accuracy: 0.1)
        XCTAssertEqual(try XCTUnwrap(shift.hairHue), 90, accuracy: 3)
        XCTAssertEqual(shift.hairChroma, 800.0.squareRoot(), accuracy: 1.5)
    }

    func testShadingCountsByPixelAndNotInTheMean() throws {
        let skin = SIMD3<Float>(65, 14, 18)
        let picture = portrait(skin: encoded(skin), hair: SIMD4(0.1, 0.1, 0.1, 1))
        var drawing = picture
        let (dark, light) = (encoded(skin - SIMD3(6, 0, 0)), encoded(skin + SIMD3(6, 0, 0)))
        drawing.forEachRow { y, row in
            for x in row.indices where row[x] != SIMD4(0.5, 0.5, 0.5, 1) && row[x].x > 0.3 {
                row[x] = (x + y) % 2 == 0 ? dark : light
            }
        }
        let shift = try XCTUnwrap(FaceColours(picture, landmarks: landmarks)).shift(to: drawing)
        XCTAssertLessThan(shift.skin, 0.2)
        XCTAssertEqual(shift.skinPixels, 6, accuracy: 0.2)
    }

    func testGrayHairHasNoHue() throws {
        let picture = portrait(skin: encoded(SIMD3(65, 14, 18)), hair: SIMD4(0.2, 0.2, 0.2, 1))
        XCTAssertNil(try XCTUnwrap(FaceColours(picture, landmarks: landmarks)).shift(to: picture).hairHue)
    }

    // MARK: - Lines

    func testAConstantPictureIsFlat() {
        let quality = LineQuality(Bitmap(width: 40, height: 30, filledWith: SIMD4(0.3, 0.6, 0.1, 1)))
        XCTAssertEqual(quality.flatness, 1)
        XCTAssertEqual(quality.sharpness, 0)
        XCTAssertEqual(LineQuality(Bitmap(width: 1, height: 1)).flatness, 1)
    }

    func testARampIsNotFlatAndAsSteepAsItIs() {
        let ramp = Bitmap(width: 50, height: 50) { x, _ in SIMD4(SIMD3(repeating: Float(x) / 100), 1) }
        XCTAssertEqual(LineQuality(ramp).flatness, 0)
        XCTAssertEqual(LineQuality(ramp).sharpness, 0.01, accuracy: 1e-5)
        let gentle = Bitmap(width: 50, height: 50) { x, _ in SIMD4(SIMD3(repeating: Float(x) / 300), 1) }
        XCTAssertEqual(LineQuality(gentle).flatness, 1)
    }

    func testBlurMakesLinesLessSharp() {
        let hard = Bitmap(width: 80, height: 80) { x, _ in SIMD4(SIMD3(repeating: x % 16 == 8 ? 0 : 1), 1) }
        let soft = Bitmap(width: 80, height: 80) { x, _ in
            SIMD4(SIMD3(repeating: [7: 0.6, 8: 0.4, 9: 0.6][x % 16] ?? 1), 1)
        }
        XCTAssertGreaterThan(LineQuality(hard).sharpness, 1.5 * LineQuality(soft).sharpness)
        XCTAssertGreaterThan(LineQuality(hard).flatness, LineQuality(soft).flatness)
    }

    // MARK: - Sheet

    func testPhotographsAreAboveTheirDrawings() {
        let (red, blue) = (SIMD4<Float>(1, 0, 0, 1), SIMD4<Float>(0, 0, 1, 1))
        for count in [1, 2, 5, 60] {
            var sheet = ContactSheet(count: count, cell: 16)
            for index in 0..<count + 1 {
                let wide = index % 2 == 0
                let photograph = Bitmap(width: wide ? 40 : 20, height: wide ? 20 : 40, filledWith: red)
                sheet.place(
                    photograph, Bitmap(width: photograph.width, height: photograph.height, filledWith: blue), at: index)
            }
            let picture = sheet.picture
            XCTAssertEqual(picture.pixels.count { $0 == red }, count * 16 * 8, "\(count)")
            XCTAssertEqual(picture.pixels.count { $0 == blue }, count * 16 * 8)
            for y in 0..<picture.height - 1 {
                for x in 0..<picture.width { XCTAssertFalse(picture[x, y] == blue && picture[x, y + 1] == red) }
            }
        }
    }
}
