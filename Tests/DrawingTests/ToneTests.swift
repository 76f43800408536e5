@testable import Drawing
import Models
import Raster
import Settings
import XCTest

final class ToneTests: XCTestCase {
    private let landmarks = FaceTemplate.ffhq512.scaled(toSize: 512, about: 2.0 / 3).landmarks

    /// A head of one skin colour with hair of another on gray.
    private func portrait(skin: SIMD4<Float>, hair: SIMD4<Float>) -> Bitmap {
        let landmarks = self.landmarks, gray = SIMD4<Float>(0.5, 0.5, 0.5, 1)
        return Bitmap(width: 512, height: 512) { (x: Int, y: Int) -> SIMD4<Float> in
            let p = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
            let (across, down): (Double, Double) = ((p.x - 256) / 100, (p.y - 290) / 125)
            if across * across + down * down < 1 { return skin }
            return HairColorLimit.region(p, landmarks) > 0.3 ? hair : gray
        }
    }

    private func mean(_ picture: Bitmap, around p: Point) -> SIMD3<Float> {
        var sum = SIMD3<Float>.zero
        for y in -4...4 { for x in -4...4 { sum += Lab.from(picture[Int(p.x) + x, Int(p.y) + y]) } }
        return sum / 81
    }

    private func corrected(_ painting: Painting, _ source: Bitmap, by make: (ToneShift) -> ToneCorrection?) -> Painting
    {
        let shift = ToneShift(source: source, painting: painting)
        var result = painting
        shift.apply([make(shift)].compactMap { $0 }, to: &result)
        return result
    }

    private func undone(_ light: LightingEqualizer, _ painting: Painting, degree: Double = 1) -> Painting {
        var result = painting
        light.undo(&result, degree: degree)
        return result
    }

    private func skin(_ painting: Painting, _ source: Bitmap, faces: Int = 1, amount: Double = 1) -> Painting {
        corrected(painting, source) {
            SkinConstancy(faces: Array(repeating: ToneFace(landmarks, in: $0), count: faces), amount: amount)
        }
    }

    private func hair(_ painting: Painting, _ source: Bitmap) -> Painting {
        corrected(painting, source) { HairColorLimit(faces: [ToneFace(landmarks, in: $0)], amount: 1) }
    }

    private func distance(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float { ((a - b) * (a - b)).sum().squareRoot() }

    func testLabKnowsPublishedValuesAndGoesBack() {
        // Reference values: Lindbloom's calculator, sRGB, D65.
        let red = Lab.from(SIMD4(1, 0, 0, 1))
        XCTAssertLessThan(distance(red, SIMD3(53.24, 80.09, 67.20)), 0.05)
        XCTAssertLessThan(distance(Lab.from(SIMD4(1, 1, 1, 1)), SIMD3(100, 0, 0)), 0.02)
        for r in stride(from: Float(0), through: 1, by: 0.2) {
            for b in stride(from: Float(0), through: 1, by: 0.25) {
                let colour = SIMD4<Float>(r, 1 - r * b, b, 0)
                let back = Lab.toRGB(Lab.from(colour))
                XCTAssertLessThan(((back - colour) * (back - colour)).sum().squareRoot(), 2e-3)
            }
        }
    }

    func testSkinReturnsToThePhotographForEverySkinToneAlike() {
        let cheek = landmarks.nose + Point(x: 45, y: 5)
        for skin in [
            SIMD4<Float>(0.96, 0.82, 0.74, 1), SIMD4(0.78, 0.58, 0.46, 1), SIMD4(0.45, 0.30, 0.22, 1),
            SIMD4(0.24, 0.16, 0.12, 1),
        ] {
            let photograph = portrait(skin: skin, hair: SIMD4(0.1, 0.08, 0.07, 1))
            let drawn = portrait(skin: skin * 0.92 + SIMD4(0.08, 0.02, 0.05, 0), hair: SIMD4(0.1, 0.08, 0.07, 1))
            let painting = Painting(pixels: drawn, lineTint: .zero)
            let wanted = mean(photograph, around: cheek)
            let kept = self.skin(painting, photograph).pixels
            XCTAssertGreaterThan(distance(mean(drawn, around: cheek), wanted), 2.5, "the test must start with a cast")
            XCTAssertLessThan(distance(mean(kept, around: cheek), wanted), 1, "skin \(skin)")
            XCTAssertLessThan(
                distance(mean(kept, around: Point(x: 30, y: 480)), mean(drawn, around: Point(x: 30, y: 480))), 0.5,
                "background stays")
        }
    }

    /// Lips are no skin, but go with it: the skin about them, moved alone, would make them darker or lighter beside it.
    func testLipsGoWithTheSkin() {
        let cheek = landmarks.nose + Point(x: 45, y: 5), middle = (landmarks.leftMouth + landmarks.rightMouth) * 0.5
        func face(_ skin: SIMD3<Float>, mouth: SIMD3<Float>) -> Bitmap {
            let head = portrait(skin: Lab.toRGB(skin), hair: SIMD4(0.1, 0.08, 0.07, 1))
            return Bitmap(width: 512, height: 512) { x, y in
                let off = Point(x: Double(x) + 0.5, y: Double(y) + 0.5) - middle
                let isMouth = (off.x / 44) * (off.x / 44) + (off.y / 26) * (off.y / 26) < 1
                return isMouth ? Lab.toRGB(mouth) : head[x, y]
            }
        }
        func moved(_ mouth: SIMD3<Float>) -> (cheek: Float, mouth: Float) {
            let seen = SIMD3<Float>(60, 15, 18), lifted = SIMD3<Float>(10, 0, 0)
            let drawn = face(seen + lifted, mouth: mouth + lifted)
            let after = skin(Painting(pixels: drawn, lineTint: .zero), face(seen, mouth: mouth)).pixels
            func change(_ place: Point) -> Float { (mean(after, around: place) - mean(drawn, around: place)).x }
            return (change(cheek), change(middle))
        }
        let lips = moved(SIMD3(40, 38, 14))
        XCTAssertLessThan(lips.cheek, -7)
        XCTAssertEqual(lips.mouth, lips.cheek, accuracy: 1.5)
        // A mask's blue is another thing's.
        XCTAssertGreaterThan(moved(SIMD3(40, -2, -25)).mouth, -1)
    }

    /// Reddish skin that is drawn yellowish is another person's; paler or stronger colour of the same hue is not.
    func testSkinMayBePalerButNotOfAnotherHue() {
        let cheek = landmarks.nose + Point(x: 45, y: 5), hair = SIMD4<Float>(0.1, 0.08, 0.07, 1)
        let seen = SIMD3<Float>(68, 15, 12)
        func away(_ drawn: SIMD3<Float>) -> Float {
            let painting = Painting(pixels: portrait(skin: Lab.toRGB(drawn), hair: hair), lineTint: .zero)
            let after = skin(painting, portrait(skin: Lab.toRGB(seen), hair: hair), amount: 0.8).pixels
            let off = mean(after, around: cheek) - seen
            return (off.y * off.y + off.z * off.z).squareRoot()
        }
        XCTAssertGreaterThan(away(seen * SIMD3(1, 0.8, 0.8)), 3)
        XCTAssertLessThan(away(SIMD3(68, 10, 18)), 2.2)
    }

    func testAtTheUsualAmountADrawingMayLiftSkinButNotRecolourIt() {
        let cheek = landmarks.nose + Point(x: 45, y: 5)
        for skin in [SIMD4<Float>(0.78, 0.58, 0.46, 1), SIMD4(0.45, 0.30, 0.22, 1), SIMD4(0.24, 0.16, 0.12, 1)] {
            let photograph = portrait(skin: skin, hair: SIMD4(0.1, 0.08, 0.07, 1))
            func kept(_ drawn: SIMD4<Float>) -> (before: SIMD3<Float>, after: SIMD3<Float>) {
                let painting = Painting(
                    pixels: portrait(skin: drawn, hair: SIMD4(0.1, 0.08, 0.07, 1)), lineTint: .zero)
                let after = self.skin(painting, photograph, amount: 0.8).pixels
                return (mean(painting.pixels, around: cheek), mean(after, around: cheek))
            }
            let lifted = kept(skin * SIMD4(1.07, 1.055, 1.03, 1))
            let wanted = mean(photograph, around: cheek), isDark = wanted.x < 50
            XCTAssertLessThan(distance(lifted.before, lifted.after), isDark ? 2 : 1, "skin \(skin)")
            // Dark skin stays dark.
            XCTAssertLessThan(lifted.after.x, wanted.x + (isDark ? 1.5 : 6), "skin \(skin)")
            let glowing = kept(skin * 0.6 + SIMD4(0.4, 0.4, 0.4, 0.4))
            XCTAssertGreaterThan(glowing.before.x, wanted.x + 11)
            XCTAssertLessThan(glowing.after.x, glowing.before.x - 1)
            let green = kept(skin * SIMD4(0.8, 1.1, 0.7, 1))
            let off = green.after - wanted
            XCTAssertLessThan((off.y * off.y + off.z * off.z).squareRoot(), 9.1, "skin \(skin)")
        }
    }

    func testABlotchOnSkinIsBroughtBack() {
        let photograph = portrait(skin: SIMD4(0.8, 0.6, 0.5, 1), hair: SIMD4(0.1, 0.1, 0.1, 1))
        var drawn = photograph
        let place = landmarks.nose + Point(x: 50, y: -15)
        for y in -14...14 {
            for x in -14...14 { drawn[Int(place.x) + x, Int(place.y) + y] = SIMD4(0.62, 0.68, 0.4, 1) }
        }
        let painting = Painting(pixels: drawn, lineTint: .zero)
        func stray(_ picture: Bitmap) -> Float {
            let d = mean(picture, around: place) - mean(photograph, around: place)
            return (d.y * d.y + d.z * d.z).squareRoot()
        }
        XCTAssertGreaterThan(stray(drawn), 20)
        XCTAssertLessThan(stray(skin(painting, photograph).pixels), 7)
    }

    func testShineIsATintOfTheSkinAndNotGrey() {
        let forehead = (landmarks.leftEye + landmarks.rightEye) * 0.5 - Point(x: 0, y: 55)
        for skin in [SIMD4<Float>(0.85, 0.66, 0.56, 1), SIMD4(0.6, 0.42, 0.32, 1), SIMD4(0.36, 0.23, 0.17, 1)] {
            var photograph = portrait(skin: skin, hair: SIMD4(0.1, 0.08, 0.07, 1))
            var drawn = photograph
            for y in -16...16 {
                for x in -16...16 {
                    let (column, row) = (Int(forehead.x) + x, Int(forehead.y) + y)
                    photograph[column, row] = skin * 0.4 + SIMD4(0.6, 0.6, 0.6, 0.6)
                    drawn[column, row] = skin * 0.3 + SIMD4(0.5, 0.5, 0.5, 0.7)
                }
            }
            let painting = Painting(pixels: drawn, lineTint: .zero)
            let kept = corrected(painting, photograph) { SkinShine(faces: [ToneFace(landmarks, in: $0)], amount: 1) }
                .pixels
            let (before, after, plain) = (mean(drawn, around: forehead), mean(kept, around: forehead), Lab.from(skin))
            func chroma(_ lab: SIMD3<Float>) -> Float { (lab.y * lab.y + lab.z * lab.z).squareRoot() }
            XCTAssertGreaterThan(chroma(after), chroma(before) + 2.5, "skin \(skin)")
            XCTAssertLessThan(chroma(after), chroma(plain), "skin \(skin)")
            XCTAssertGreaterThan(after.x, before.x + 1, "skin \(skin)")
            let (wall, cheek) = (Point(x: 30, y: 480), landmarks.nose + Point(x: 45, y: 5))
            XCTAssertLessThan(distance(mean(kept, around: wall), mean(drawn, around: wall)), 0.1)
            XCTAssertLessThan(
                distance(mean(kept, around: cheek), mean(drawn, around: cheek)), 0.1, "skin that does not shine stays")
            XCTAssertEqual(
                corrected(painting, photograph) { SkinShine(faces: [ToneFace(landmarks, in: $0)], amount: 0) }, painting
            )
            let same = Painting(pixels: photograph, lineTint: .zero)
            XCTAssertEqual(
                corrected(same, photograph) { SkinShine(faces: [ToneFace(landmarks, in: $0)], amount: 1) }, same,
                "shine of the photograph itself")
        }
    }

    func testEyesTeethAndTemplesAreNoShine() {
        for place in [landmarks.leftEye, landmarks.rightEye, (landmarks.leftMouth + landmarks.rightMouth) * 0.5] {
            XCTAssertLessThan(SkinShine.region(place, landmarks), 0.01)
        }
        XCTAssertLessThan(SkinShine.region(landmarks.leftEye - Point(x: 60, y: 0), landmarks), 0.05, "a temple")
        let eyes = (landmarks.leftEye + landmarks.rightEye) * 0.5
        for place in [eyes, (eyes + landmarks.nose) * 0.5, eyes - Point(x: 0, y: 55)] {
            XCTAssertEqual(SkinShine.region(place, landmarks), 1, accuracy: 0.01)
        }
        XCTAssertGreaterThan(SkinShine.region(landmarks.nose, landmarks), 0.4, "its tip")
    }

    func testSkinCorrectionIsClampedAndOffAtZero() {
        let photograph = portrait(skin: SIMD4(0.8, 0.6, 0.5, 1), hair: SIMD4(0.1, 0.1, 0.1, 1))
        // Lightness alone differs, so that only the clamped mean moves.
        let dark = Painting(
            pixels: portrait(skin: SIMD4(0.4, 0.3, 0.25, 1), hair: SIMD4(0.1, 0.1, 0.1, 1)), lineTint: .zero)
        let kept = skin(dark, photograph)
        let cheek = landmarks.nose + Point(x: 45, y: 5)
        let moved = mean(kept.pixels, around: cheek).x - mean(dark.pixels, around: cheek).x
        XCTAssertGreaterThan(moved, 5)
        XCTAssertLessThanOrEqual(moved, 14.5)
        XCTAssertEqual(skin(dark, photograph, amount: 0), dark)
        XCTAssertEqual(skin(dark, photograph, faces: 0), dark)
    }

    func testHairKeepsItsHueAndLightness() {
        let complexion = SIMD4<Float>(0.8, 0.6, 0.5, 1)
        let photograph = portrait(skin: complexion, hair: SIMD4(0.45, 0.3, 0.15, 1))
        let purple = Painting(pixels: portrait(skin: complexion, hair: SIMD4(0.45, 0.2, 0.6, 1)), lineTint: .zero)
        let place = Point(x: 256, y: 105)
        func chroma(_ lab: SIMD3<Float>) -> SIMD3<Float> { SIMD3(0, lab.y, lab.z) }
        let wanted = chroma(mean(photograph, around: place))
        let kept = self.hair(purple, photograph).pixels
        XCTAssertGreaterThan(distance(chroma(mean(purple.pixels, around: place)), wanted), 25)
        XCTAssertLessThan(
            distance(chroma(mean(kept, around: place)), wanted), 9, "at most the allowance and its blur are left")
        XCTAssertEqual(mean(kept, around: place).x, mean(purple.pixels, around: place).x, accuracy: 1.5)
    }

    func testLightingIsEvenedOutAndComesBack() {
        let halfDark = Bitmap(width: 256, height: 256) { x, y in
            let pattern = Float(0.5 + 0.4 * sine(Double(x) / 9) * cosine(Double(y) / 11))
            return SIMD4(repeating: pattern * (x < 128 ? 0.35 : 1))
        }
        let even = LightingEqualizer(halfDark, amount: 1)
        func gap(_ picture: Bitmap) -> Float {
            let lightness = LabImage(picture).values.map(\.x)
            let sides = lightness.indices.reduce(into: [Float(0), 0]) {
                $0[$1 % 256 < 128 ? 0 : 1] += lightness[$1] / (128 * 256)
            }
            return sides[1] - sides[0]
        }
        XCTAssertLessThan(gap(even.picture), 0.75 * gap(halfDark))
        let echoed = Painting(pixels: even.picture, lineTint: .zero)
        XCTAssertEqual(gap(undone(even, echoed).pixels), gap(halfDark), accuracy: 2)
        XCTAssertEqual(undone(even, echoed, degree: 0), echoed)
        XCTAssertEqual(even.picture.pixels.map(\.w), halfDark.pixels.map(\.w))
    }

    /// Evening out makes no patches: where a surface's light changes softly, what it adds changes softly too, and a
    /// spot on it keeps its contrast.
    func testEveningOutLeavesNoPatches() {
        let cheek = Bitmap(width: 256, height: 256) { x, y in
            let (dx, dy) = (Float(x) - 128, Float(y) - 128)
            let light = 0.45 + 0.3 * Float(x) / 255, spot: Float = dx * dx + dy * dy < 144 ? 0.04 : 0
            return SIMD4(repeating: light - spot)
        }
        let even = LightingEqualizer(cheek, amount: 1).picture
        func lightness(_ picture: Bitmap, _ x: Int, _ y: Int) -> Float { Lab.from(picture[x, y]).x }
        for x in stride(from: 8, to: 248, by: 8) {
            let step = lightness(even, x + 8, 40) - lightness(even, x, 40)
            XCTAssertTrue((-0.5...1.5).contains(step), "at \(x): \(step)")
        }
        let (before, after) = (
            lightness(cheek, 128, 100) - lightness(cheek, 128, 128),
            lightness(even, 128, 100) - lightness(even, 128, 128)
        )
        XCTAssertEqual(after, before, accuracy: 0.5)
    }

    func testKeepColorsBringsTheHueBackAndKeepsTheLightness() {
        let gray = Painting(
            pixels: Bitmap(width: 128, height: 128, filledWith: SIMD4(0.5, 0.5, 0.5, 0)), lineTint: .zero)
        let brick = Bitmap(width: 128, height: 128, filledWith: SIMD4(0.6, 0.4, 0.35, 1))
        let kept = corrected(gray, brick) { _ in KeepColors(amount: 1) }.pixels
        let (was, now, wanted) = (Lab.from(gray.pixels[64, 64]), Lab.from(kept[64, 64]), Lab.from(brick[64, 64]))
        XCTAssertEqual(now.x, was.x, accuracy: 0.2)
        XCTAssertEqual(now.y, wanted.y, accuracy: 0.2)
        XCTAssertEqual(now.z, wanted.z, accuracy: 0.2)
        XCTAssertEqual(corrected(gray, brick) { _ in KeepColors(amount: 0) }, gray)
    }

    func testTinyAndThinPicturesAreNoTrouble() {
        for (width, height) in [(8, 8), (8, 900), (513, 9)] {
            let picture = Bitmap(width: width, height: height, filledWith: SIMD4(0.7, 0.5, 0.4, 1))
            let painting = Painting(pixels: picture, lineTint: .zero)
            let skin = self.skin(painting, picture)
            let hair = self.hair(skin, picture)
            let light = LightingEqualizer(picture, amount: 1)
            XCTAssertTrue(
                undone(light, hair).pixels.pixels.allSatisfy { ($0.x + $0.y + $0.z + $0.w).isFinite })
        }
    }

    /// A closed mouth at the landmarks' place, its lips an ellipse.
    private var mouth: FaceMesh {
        var points = [Point](repeating: landmarks.nose, count: FaceMesh.count)
        for (eye, centre) in [landmarks.leftEye, landmarks.rightEye].enumerated() {
            for number in MeshPoints.upperLid[eye] + MeshPoints.lowerLid[eye] { points[number] = centre }
        }
        let corners = [landmarks.leftMouth, landmarks.rightMouth], middle = corners.mean
        for (number, corner) in zip(MeshPoints.mouthCorners, corners) { points[number] = corner }
        for (index, number) in MeshPoints.lips.enumerated() {
            let turn = 2 * Double.pi * Double(index) / Double(MeshPoints.lips.count)
            points[number] = middle + Point(x: 60 * cosine(turn), y: 22 * sine(turn))
        }
        for (number, share) in zip(MeshPoints.mouthUpper, steps(11)) {
            points[number] = corners[0] + (corners[1] - corners[0]) * share
        }
        for (number, share) in zip(MeshPoints.mouthLower, steps(11)) {
            points[number] = corners[0] + (corners[1] - corners[0]) * share
        }
        return FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
    }

    func testLipsGetThePhotographsHueWhereThereAreLips() {
        let skin = SIMD3<Float>(70, 14, 18), pale = SIMD3<Float>(66, 19, 18)
        let middle = [landmarks.leftMouth, landmarks.rightMouth].mean
        func face(lips: SIMD3<Float>) -> Bitmap {
            Bitmap(width: 512, height: 512) { x, y in
                let off = Point(x: Double(x) + 0.5, y: Double(y) + 0.5) - middle
                return Lab.toRGB((off.x / 60) * (off.x / 60) + (off.y / 22) * (off.y / 22) < 1 ? lips : skin)
            }
        }
        func drawn(photographed lips: SIMD3<Float>) -> (lips: SIMD3<Float>, skin: SIMD3<Float>) {
            let photograph = face(lips: lips)
            var painting = Painting(pixels: face(lips: pale), lineTint: .zero)
            let shift = ToneShift(source: photograph, painting: painting)
            LipColour.apply(
                to: &painting, photograph: photograph, meshes: [mouth], faces: [ToneFace(landmarks, in: shift)])
            let (x, y) = (Int(middle.x), Int(middle.y))
            return (Lab.from(painting.pixels[x, y]), Lab.from(painting.pixels[x, y - 60]))
        }
        let violet = SIMD3<Float>(50, 34, -6)
        let painted = drawn(photographed: violet)
        XCTAssertLessThan(distance(painted.lips, violet), 0.5 * distance(pale, violet), "make-up is kept")
        XCTAssertLessThan(distance(painted.skin, skin), 0.5)
        XCTAssertLessThan(drawn(photographed: SIMD3(64, 18, 17)).lips.x, pale.x, "pale lips are there")
        for (other, what) in [(skin, "a hand"), (SIMD3(60, -2, -20), "a mask"), (SIMD3(20, 0, 0), "black cloth")] {
            XCTAssertLessThan(distance(drawn(photographed: other).lips, pale), 0.5, what)
        }
    }

    func testAPhotographWithoutColourIsDrawnWithoutColour() {
        let drawn = Painting(
            pixels: Bitmap(width: 40, height: 30, filledWith: SIMD4(0.4, 0.5, 0.7, 0)), lineTint: .zero)
        /// Red where the photograph has its rose, of `side` pixels.
        func toned(rose side: Int, tint: Float = 0) -> SIMD4<Float> {
            let photograph = Bitmap(width: 40, height: 30) { x, y in
                let gray = Float(x + y) / 70
                return x < side && y < side ? SIMD4(0.8, 0.1, 0.2, 1) : SIMD4(gray + tint, gray, gray - tint, 1)
            }
            var painting = drawn
            Canvas(photograph, faces: [], options: StyleOptions()).tone(&painting, options: StyleOptions())
            return painting.pixels[30, 20]
        }
        let gray = toned(rose: 0)
        XCTAssertEqual(gray.x, gray.z, accuracy: 1e-5)
        XCTAssertEqual(Lab.from(gray).x, Lab.from(drawn.pixels[30, 20]).x, accuracy: 3, "as light as it was")
        XCTAssertEqual(toned(rose: 9), drawn.pixels[30, 20])
        XCTAssertEqual(toned(rose: 0, tint: 0.06), drawn.pixels[30, 20])
    }

    func testVividnessMovesColoursFromTheirOwnGrayAndLeavesLinesAlone() {
        let colours = [SIMD4<Float>(0.6, 0.4, 0.3, 0.25), SIMD4(0.5, 0.5, 0.5, 1), SIMD4(1, 0, 0, 0)]
        let painting = Painting(pixels: Bitmap(width: 3, height: 1) { x, _ in colours[x] }, lineTint: .zero)
        func vivid(_ amount: Double) -> Painting {
            var result = painting
            Vividness.apply(to: &result, amount: amount)
            return result
        }
        XCTAssertEqual(vivid(1), painting)
        let gray = vivid(0).pixels
        for x in 0..<3 {
            XCTAssertEqual(gray[x, 0].x, gray[x, 0].y, accuracy: 1e-6)
            XCTAssertEqual(gray[x, 0].y, gray[x, 0].z, accuracy: 1e-6)
            XCTAssertEqual(gray[x, 0].w, colours[x].w)
        }
        let strong = vivid(2).pixels
        XCTAssertEqual(strong[0, 0].x - strong[0, 0].y, 0.4, accuracy: 1e-6, "twice 0.6 − 0.4")
        XCTAssertEqual(Lab.from(strong[0, 0]).x, Lab.from(colours[0]).x, accuracy: 4)
        for (a, b) in zip([strong[1, 0].x, strong[1, 0].y, strong[1, 0].z], [0.5, 0.5, 0.5] as [Float]) {
            XCTAssertEqual(a, b, accuracy: 1e-6)
        }
        XCTAssertEqual(strong[2, 0], SIMD4(1, 0, 0, 0), "clipped")
    }
}
