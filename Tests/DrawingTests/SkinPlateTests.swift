@testable import Drawing
import Raster
import XCTest

/// Skin as one plate with one shade, on a made face whose drawing is smeared as networks smear.
final class SkinPlateTests: XCTestCase {
    private static let side = 512
    private var skin: SIMD4<Float> { Lab.toRGB(SIMD3(70, 14, 18)) }

    private func mesh() throws -> FaceMesh { FixtureFace.mesh(try FixtureFace.points()) }

    private func picture(_ colour: @Sendable (_ x: Int, _ y: Int) -> SIMD4<Float>) -> Bitmap {
        Bitmap(
            width: Self.side, height: Self.side,
            fill: { y, row in
                for x in row.indices {
                    // Grain, since photographs are never even.
                    let grain = Float((x * 7919 + y * 104_729) % 17) / 17 - 0.5
                    row[x] = clamped01(colour(x, y) + grain * 0.012)
                    row[x].w = 1
                }
            })
    }

    private func drawing(_ flat: Bitmap, shade: Bitmap? = nil, line: Float = -7) -> UndecidedDrawing {
        func even(_ value: SIMD4<Float>) -> Bitmap {
            Bitmap(width: Self.side, height: Self.side, filledWith: value)
        }
        var flat = flat
        for index in flat.pixels.indices { flat.pixels[index].w = line }
        return UndecidedDrawing(
            flat: flat, shade: shade ?? even(SIMD4(0, 0, 0, -20)), light: even(SIMD4(0, 0, 0, -20)),
            marks: even(SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    private func drawn(
        _ photograph: Bitmap, _ flat: Bitmap, shade: Bitmap? = nil, line: Float = -7, hair: HairMap? = nil,
        isMouthCovered: Bool = false, age: Float = 0
    ) throws -> UndecidedDrawing {
        var mesh = try mesh()
        (mesh.hair, mesh.isMouthCovered) = (hair, isMouthCovered)
        let face = try XCTUnwrap(LowerFace(photograph: photograph, mesh: mesh))
        var drawing = drawing(flat, shade: shade, line: line)
        let plate = SkinPlate(
            face, try XCTUnwrap(HairSigns(face)), hair: nil, drawing, scale: LowerFace.scale(of: photograph))
        try XCTUnwrap(plate).draw(into: &drawing, age: age)
        return drawing
    }

    private func place(_ number: Int) throws -> (x: Int, y: Int) {
        let point = try mesh().points[number]
        return (Int(point.x), Int(point.y))
    }

    func testASmearOnTheCheekBecomesSkin() throws {
        let cheek = try place(280), skin = self.skin
        let flat = picture { x, y in
            let off = Float((x - cheek.x) * (x - cheek.x) + (y - cheek.y) * (y - cheek.y)).squareRoot()
            return skin * (1 - 0.25 * smoothstep(20, 5, off))
        }
        let before = Lab.from(flat[cheek.x, cheek.y]).x
        let after = try drawn(picture { _, _ in skin }, flat)
        XCTAssertLessThan(before, 60)
        XCTAssertEqual(Lab.from(after.flat[cheek.x, cheek.y]).x, 70, accuracy: 4)
        XCTAssertTrue(after.flat.pixels.prefix(cheek.y * Self.side).allSatisfy { $0.w == -7 }, "lines stay")
    }

    /// A black line between face and neck is a second chin; the head's outline before a wall stays.
    func testTheChinIsASoftLineOfShadeAndTheOutlineBeforeAWallIsInk() throws {
        let mesh = try mesh(), skin = self.skin, chin = try place(MeshPoints.chin)
        let wall = Lab.toRGB(SIMD3(80, -2, -6))
        func drawnLine(_ below: SIMD4<Float>) throws -> (ink: Float, light: Float) {
            let photograph = picture { _, y in y > chin.y ? below : skin }
            var flat = photograph
            for index in flat.pixels.indices { flat.pixels[index].w = -7 }
            var drawing = drawing(flat)
            for x in chin.x - 40..<chin.x + 40 {
                for y in chin.y - 1..<chin.y + 2 { drawing.flat[x, y].w = 4 }
            }
            let face = try XCTUnwrap(LowerFace(photograph: photograph, mesh: mesh))
            let plate = SkinPlate(
                face, try XCTUnwrap(HairSigns(face)), hair: nil, drawing, scale: LowerFace.scale(of: photograph))
            try XCTUnwrap(plate).draw(into: &drawing)
            return (drawing.flat[chin.x, chin.y].w, Lab.from(clamped01(drawing.flat[chin.x, chin.y])).x)
        }
        let neck = try drawnLine(skin * 0.9), before = try drawnLine(wall)
        XCTAssertLessThan(neck.ink, -7, "no ink")
        XCTAssertTrue((20...50).contains(neck.light), "\(neck.light)")
        XCTAssertGreaterThan(before.ink, 2)
    }

    /// The last of the network's skin before hair, flat and light, is a mask's rim.
    func testTheFormGoesUpToTheHair() throws {
        let skin = self.skin, black = SIMD4<Float>(0.1, 0.08, 0.07, 1), temple = try place(127)
        let hairline = temple.x - 7
        // The forehead turns away from the light towards the hair.
        let photograph = picture { x, y in
            x < hairline ? black : skin * (1 - 0.35 * smoothstep(60, 0, Float(x - hairline)))
        }
        let flat = picture { x, y in x < hairline ? black : skin }
        let hair = HairMap(
            likelihood: Plane(
                width: 128, height: 128, values: (0..<128 * 128).map { 4 * ($0 % 128) < hairline ? 1 : 0 }),
            toSquare: SimilarityTransform(scale: 0.25))
        let after = try drawn(photograph, flat, hair: hair).flat, y = temple.y
        func light(_ x: Int) -> Float { (y - 6...y + 6).map { Lab.from(clamped01(after[x, $0])).x }.reduce(0, +) / 13 }
        let inner = light(hairline + 24)
        XCTAssertLessThan(inner, 66, "the form is dark there")
        for x in hairline + 2..<hairline + 24 {
            XCTAssertLessThan(light(x), inner + 2, "\(x - hairline): \(light(x)) \(inner)")
        }
    }

    /// Maps of hair are coarse: a wall beside a bald head may lie in them.
    func testAWallBesideSkinThatMayBeHairStays() throws {
        let skin = self.skin, temple = try place(127), edge = temple.x - 7
        let wall = Lab.toRGB(SIMD3(94, -1, -2)), ear = Lab.toRGB(SIMD3(48, 3, 3))
        let hair = HairMap(
            likelihood: Plane(
                width: 128, height: 128, values: (0..<128 * 128).map { 4 * ($0 % 128) < edge ? 1 : 0 }),
            toSquare: SimilarityTransform(scale: 0.25))
        for beside in [wall, ear] {
            let photograph = picture { x, _ in
                x < edge ? beside : skin * (1 - 0.5 * smoothstep(60, 0, Float(x - edge)))
            }
            let flat = picture { x, _ in x < edge ? beside : skin }
            let after = try drawn(photograph, flat, hair: hair).flat
            for x in edge - 6..<edge - 1 {
                let change = Lab.from(clamped01(after[x, temple.y])) - Lab.from(flat[x, temple.y])
                XCTAssertLessThan((change * change).sum().squareRoot(), 2, "\(x - edge)")
            }
        }
    }

    /// Drawn as the network has it, what is neither lit skin nor hair to it is a grey seam.
    func testASeamInDeepShadeIsAsDarkAsTheFaceIsThere() throws {
        let skin = self.skin, side = try place(127), grey = Lab.toRGB(SIMD3(42, 3, 4))
        func seam(_ share: Float, _ place: (x: Int, y: Int), lit: Int = 99) throws -> Float {
            let photograph = picture { x, _ in x < side.x + 8 && x >= side.x - lit ? skin * share : skin }
            let flat = picture { x, _ in x < side.x + 8 ? grey : skin }
            return Lab.from(clamped01(try drawn(photograph, flat).flat[place.x, place.y])).x
        }
        let place = (x: side.x - 4, y: side.y)
        XCTAssertLessThan(try seam(0.1, place), 25)
        XCTAssertGreaterThan(try seam(0.6, place), 38, "in light it is something else")
        XCTAssertGreaterThan(try seam(0.1, place, lit: 7), 38, "a fold of an ear")
        let neck = (x: side.x - 4, y: try self.place(MeshPoints.chin).y)
        XCTAssertEqual(try seam(0.1, neck), 42, accuracy: 3, "necks are not drawn black")
    }

    /// Networks draw necks in shade grey; beside a plate of the face's hue they look dead.
    func testANeckBeyondThePlateHasTheFacesHue() throws {
        let skin = self.skin, tone = Lab.from(skin), chin = try place(MeshPoints.chin), unit = FaceAxes(try mesh()).unit
        let below = chin.y + Int(0.3 * unit), grey = Lab.toRGB(SIMD3(45, 0.05 * tone.y, 0.05 * tone.z))
        func chroma(_ neck: SIMD4<Float>) throws -> Float {
            let photograph = picture { _, y in y > chin.y + 4 ? neck : skin }
            let flat = picture { _, y in y > chin.y + 4 ? grey : skin }
            return Lab.chroma(Lab.from(clamped01(try drawn(photograph, flat).flat[chin.x, below])))
        }
        XCTAssertLessThan(below, Self.side)
        XCTAssertGreaterThan(try chroma(skin * 0.6), 0.6 * Lab.chroma(tone))
        XCTAssertLessThan(try chroma(SIMD4(0.3, 0.3, 0.32, 1)), 0.35 * Lab.chroma(tone), "a collar")
    }

    /// Where stubble may lie the plate leaves gaps; their border would be a patch.
    func testTheNetworksSkinInAGapOfThePlateHasItsTone() throws {
        let skin = self.skin, tone = Lab.from(skin), chin = try place(MeshPoints.chin)
        let even = try XCTUnwrap(LowerFace(photograph: picture { _, _ in skin }, mesh: try mesh()))
        let (window, lip) = (even.window, JawZones(even).lip)
        let rough = picture { x, y in
            guard (window.x..<window.x + window.width).contains(x), (window.y..<window.y + window.height).contains(y)
            else { return skin }
            let isLip = lip[(y - window.y) * window.width + x - window.x]
            return skin * (isLip && (x * 7919 + y * 104_729) % 5 < 2 ? 0.86 : 1)
        }
        let gap = Lab.toRGB(tone - SIMD3(14, 0, 0)), middle = chin.y - 30
        let flat = picture { x, y in abs(y - middle) < 18 && abs(x - chin.x) < 30 ? gap : skin }
        let face = try XCTUnwrap(LowerFace(photograph: rough, mesh: try mesh()))
        XCTAssertGreaterThan(try XCTUnwrap(HairSigns(face)).roughness[0], SkinPlate.rough)
        let after = try drawn(rough, flat).flat
        let off = Lab.from(clamped01(after[chin.x, middle])).x - Lab.from(clamped01(after[chin.x + 60, middle])).x
        XCTAssertLessThan(abs(off), 6)
    }

    /// Lips of a grey photograph are of the skin's colour, and darker.
    func testLipsThatAreLikeSkinStay() throws {
        let mesh = try mesh(), lips = mesh.points(MeshPoints.lips), middle = lips.mean
        let grey = SIMD4<Float>(0.36, 0.36, 0.36, 1), reach = (lips.map { abs($0.x - middle.x) }.max() ?? 0) * 0.5
        let flat = picture { x, y in
            grey * (abs(Double(x) - middle.x) < reach && abs(Double(y) - middle.y) < 6 ? 0.56 : 1)
        }
        let place = (x: Int(middle.x), y: Int(middle.y)), after = try drawn(flat, flat).flat
        func depth(_ picture: Bitmap) -> Float {
            Lab.from(clamped01(picture[place.x - 90, place.y])).x - Lab.from(clamped01(picture[place.x, place.y])).x
        }
        XCTAssertGreaterThan(depth(after), 0.7 * depth(flat))
    }

    /// A border where the face ends, in the middle of the network's shade, is nothing's.
    func testTheNetworksShadeFadesWhereThePlateEnds() {
        let own = SIMD4<Float>(-0.2, -0.25, -0.25, 4), effect = SIMD4<Float>(-0.1, -0.1, -0.1, 0)
        func depth(_ share: Float, _ logit: Float) -> Float {
            let shade = SkinPlate.shade(own, effect, logit, share: share, fading: 1)
            return -shade.y * EnlargedRule.mask(3 * shade.w)
        }
        let fading = stride(from: Float(0), through: 1, by: 0.05).map { depth($0, -8) }
        XCTAssertEqual(fading[0], 0.25, accuracy: 0.001)
        XCTAssertLessThan(fading[20], 0.001)
        for (before, after) in zip(fading, fading.dropFirst()) { XCTAssertLessThan(before - after, 0.03) }
        XCTAssertEqual(depth(1, 8), 0.1, accuracy: 0.001, "the face's own")
    }

    /// About brows and eyes the network's shade ends where the plate does, which would be a ring.
    func testTheNetworksShadeOnSkinAmongFeaturesGoes() throws {
        let skin = self.skin, brow = try place(105), even = picture { _, _ in skin }
        var patch = Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(0, 0, 0, -20))
        for y in brow.y - 30..<brow.y + 30 {
            for x in brow.x - 40..<brow.x + 40 { patch[x, y] = SIMD4(-0.1, -0.14, -0.16, 6) }
        }
        let shade = try drawn(even, even, shade: patch).shade
        for y in [brow.y, brow.y + 10] {
            let place = shade[brow.x, y]
            XCTAssertLessThan(-place.y * EnlargedRule.mask(place.w), 0.03, "\(y - brow.y)")
        }
    }

    /// Networks draw the skin about brows and eyes in another tone than the rest.
    func testNoRingOfAnotherToneLiesAboutABrow() throws {
        let brow = try place(105), forehead = try place(151), skin = self.skin, tone = Lab.from(skin)
        let paler = picture { x, y in
            if abs(y - brow.y) < 4, abs(x - brow.x) < 20 { return SIMD4(0.2, 0.15, 0.12, 1) }
            let off = Float((x - brow.x) * (x - brow.x) + (y - brow.y) * (y - brow.y)).squareRoot()
            return Lab.toRGB(tone + SIMD3(7, -3, 5) * smoothstep(70, 40, off))
        }
        let flat = try drawn(picture { _, _ in skin }, paler).flat, plate = Lab.from(flat[forehead.x, forehead.y])
        // Towards the eye, where a feature is too near for the plate.
        for away in 8...13 {
            let off = Lab.from(flat[brow.x, brow.y + away]) - plate
            XCTAssertLessThan((off * off).sum().squareRoot(), 4, "\(away) pixels below the brow")
        }
        XCTAssertLessThan(Lab.from(flat[brow.x, brow.y]).x, 30, "what is no skin stays")
    }

    func testDarkHairAndWhiteClothBesideSkinStay() throws {
        let top = try place(10), skin = self.skin
        let flat = picture { _, y in y < top.y + 25 ? SIMD4(0.1, 0.08, 0.07, 1) : y > 470 ? SIMD4(1, 1, 1, 1) : skin }
        let after = try drawn(flat, flat)
        for (x, y) in [(top.x, top.y + 5), (256, 500)] {
            let change = after.flat[x, y] - flat[x, y]
            XCTAssertLessThan(max(abs(change.x), abs(change.y), abs(change.z)), 0.01, "\(x), \(y)")
        }
    }

    /// What a plate of one tone lacks to be this person: soft, lower than in the photograph, and nothing that is fine.
    func testTheFaceKeepsItsFormButNotItsTexture() throws {
        let skin = self.skin, cheek = try place(280), even = picture { _, _ in skin }
        @Sendable func away(_ x: Int, _ y: Int) -> Float {
            Float((x - cheek.x) * (x - cheek.x) + (y - cheek.y) * (y - cheek.y)).squareRoot()
        }
        func lightness(_ photograph: Bitmap) throws -> [Float] {
            let flat = try drawn(photograph, even).flat
            return (-35...35).map { Lab.from(flat[cheek.x + $0, cheek.y]).x }
        }
        let plain = try lightness(even)[35]
        for (share, range) in [(Float(0.72), Float(-16)...(-6)), (1.15, 2...9)] {
            let row = try lightness(picture { x, y in skin * (1 + (share - 1) * smoothstep(60, 25, away(x, y))) })
            XCTAssertTrue(range.contains(row[35] - plain), "\(share): \(row[35] - plain)")
            let steps = zip(row, row.dropFirst()).map { abs($0 - $1) }
            XCTAssertLessThan(try XCTUnwrap(steps.max()), 1, "no border")
        }
        let pores = try lightness(picture { x, y in skin * ((x / 2 + y / 2) % 3 == 0 ? 0.85 : 1) })
        XCTAssertLessThan(try XCTUnwrap(pores.max()) - (try XCTUnwrap(pores.min())), 3, "of eleven")
    }

    /// With a pale rim a face is a mask, and rounder than it is.
    func testWhatTurnsAwayFromTheLightIsDarkUpToTheOutline() throws {
        let skin = self.skin, mesh = try mesh(), side = mesh.points[MeshPoints.faceSides[0]]
        let even = picture { _, _ in skin }, unit = FaceAxes(mesh).unit
        let photograph = picture { x, _ in skin * (1 - 0.3 * smoothstep(0.5, 0.2, Float((Double(x) - side.x) / unit))) }
        let flat = try drawn(photograph, even).flat
        func light(_ across: Double) -> Float { Lab.from(flat[Int(side.x + across * unit), Int(side.y)]).x }
        XCTAssertLessThan(light(0.2), light(0.7) - 6)
        XCTAssertEqual(light(0.03), light(0.2), accuracy: 3)
    }

    /// Without its creases a face is plastic, and an old one decades younger.
    func testCreasesAreHintsOnSmoothFacesAndSeenOnWrinkledOnes() throws {
        let skin = self.skin, cheek = try place(280), even = picture { _, _ in skin }
        let creased = picture { x, _ in skin * (abs(x - cheek.x) < 2 ? 0.75 : 1) }
        func depth(_ age: Float) throws -> Float {
            let flat = try drawn(creased, even, age: age).flat
            return Lab.from(flat[cheek.x + 15, cheek.y]).x - Lab.from(flat[cheek.x, cheek.y]).x
        }
        let own = Lab.from(skin).x - Lab.from(skin * 0.75).x, (young, old) = (try depth(0), try depth(1))
        XCTAssertTrue((0.15...0.7).contains(young / own), "\(young) of \(own)")
        XCTAssertTrue((young / own + 0.2...1.1).contains(old / own), "\(old) of \(own)")
    }

    /// Light below a nose is a part of its form.
    func testShadeBelowTheNoseIsThePhotographs() throws {
        let skin = self.skin, even = picture { _, _ in skin }, mesh = try mesh(), axes = FaceAxes(mesh)
        let middle = mesh.points[MeshPoints.noseBase] - axes.down * (0.05 * axes.unit)
        let base = (x: Int(middle.x), y: Int(middle.y)), reach = Float(0.1 * axes.unit)
        let shaded = picture { x, y in
            let square = (x - base.x) * (x - base.x) + (y - base.y) * (y - base.y)
            return skin * (1 - 0.4 * smoothstep(reach, 0.6 * reach, Float(square).squareRoot()))
        }
        func lightness(_ photograph: Bitmap) throws -> Float {
            Lab.from(try drawn(photograph, even).flat[base.x, base.y]).x
        }
        XCTAssertLessThan(try lightness(shaded), try lightness(even) - 4)
    }

    /// What lies before a mouth may be of skin, too.
    func testSkinAboveAHandIsAPlateAndTheHandIsLeft() throws {
        let skin = self.skin, photograph = picture { _, _ in skin }, flat = picture { _, _ in skin * 0.86 }
        let (forehead, chin) = (try place(151), try place(MeshPoints.chin))
        let tone = Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(-0.2, -0.25, -0.25, 9))
        let covered = try drawn(photograph, flat, shade: tone, isMouthCovered: true)
        var hand = flat[chin.x, chin.y - 20]
        hand.w = -7
        XCTAssertEqual(covered.flat[chin.x, chin.y - 20], hand)
        XCTAssertEqual(covered.shade[chin.x, chin.y - 20], tone[chin.x, chin.y - 20])
        XCTAssertLessThan(covered.light[forehead.x, forehead.y].w, -5)
        XCTAssertNotEqual(covered.flat[forehead.x, forehead.y], flat[forehead.x, forehead.y])
    }

    /// A patch of shade that the network alone has is a stain.
    func testShadeOnTheFaceIsInThePhotographToo() throws {
        let skin = self.skin, cheek = try place(280), middle = try place(1).x
        var patch = Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(0, 0, 0, -20))
        for y in cheek.y - 29..<cheek.y + 30 {
            for x in cheek.x - 29..<cheek.x + 30 { patch[x, y] = SIMD4(-0.1, -0.14, -0.16, 6) }
        }
        func logit(_ photograph: Bitmap) throws -> Float {
            try drawn(photograph, picture { _, _ in skin }, shade: patch).shade[cheek.x, cheek.y].w
        }
        XCTAssertLessThan(try logit(picture { _, _ in skin }), -1)
        XCTAssertGreaterThan(try logit(picture { x, _ in skin * (x > middle + 15 ? 0.62 : 1) }), 1)
    }

    /// Soft shade has no border in the photograph, and its form shows it.
    func testShadeWithoutABorderInThePhotographHasNoneInTheDrawing() throws {
        let skin = self.skin, cheeks = [try place(50), try place(280)], cheek = cheeks[1]
        var patch = Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(0, 0, 0, -20))
        for y in cheek.y - 9..<cheek.y + 10 {
            for x in cheek.x - 9..<cheek.x + 10 { patch[x, y] = SIMD4(-0.1, -0.14, -0.16, 6) }
        }
        // On both cheeks, so that it is not light from one side.
        let soft = picture { x, y in
            let away = cheeks.map { Float(($0.x - x) * ($0.x - x) + ($0.y - y) * ($0.y - y)).squareRoot() }
            return skin * (0.68 + 0.32 * smoothstep(22, 32, min(away[0], away[1])))
        }
        XCTAssertLessThan(try drawn(soft, picture { _, _ in skin }, shade: patch).shade[cheek.x, cheek.y].w, -1)
    }

    /// As light as the face, what lies below the jaw is read as a second chin.
    func testANeckIsAsDarkBelowTheJawAsItIs() throws {
        let skin = self.skin, chin = try place(152), even = picture { _, _ in skin }
        func drop(_ share: Float) throws -> Float {
            let flat = try drawn(picture { _, y in y > chin.y + 2 ? skin * share : skin }, even).flat
            return Lab.from(clamped01(flat[chin.x, chin.y - 20])).x - Lab.from(clamped01(flat[chin.x, chin.y + 12])).x
        }
        let lit = try drop(1), shaded = try drop(0.72)
        XCTAssertLessThan(abs(lit), 3)
        XCTAssertGreaterThan(shaded, 8)
        XCTAssertLessThan(shaded, 24, "not twice")
    }

    /// A hard border below the jaw is read as a second chin.
    func testShadeOnTheNeckHasASoftBorder() throws {
        let skin = self.skin, chin = try place(152), even = picture { _, _ in skin }, deep = 18
        var band = Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(0, 0, 0, -20))
        for y in chin.y + 3..<chin.y + deep {
            for x in chin.x - 60..<chin.x + 60 { band[x, y] = SIMD4(-0.1, -0.14, -0.16, 6) }
        }
        let after = try drawn(even, even, shade: band)
        let row = (chin.y + 5..<chin.y + deep + 10).map { Lab.from(clamped01(after.flat[chin.x, $0])).x }
        XCTAssertGreaterThan(try XCTUnwrap(row.last) - row[0], 3, "it is still shade")
        XCTAssertLessThan(try XCTUnwrap(zip(row, row.dropFirst()).map { abs($0 - $1) }.max()), 1.2, "no border")
        XCTAssertLessThan(after.shade[chin.x, chin.y + 10].w, -2)
    }

    /// Networks shade bare heads as if there were hair.
    func testABareCrownHasNoShadeOfTheNetworks() throws {
        let skin = self.skin, top = try place(10)
        var cap = Bitmap(width: Self.side, height: Self.side, filledWith: SIMD4(0, 0, 0, -20))
        for y in max(top.y - 40, 0)..<top.y - 6 {
            for x in top.x - 30..<top.x + 30 { cap[x, y] = SIMD4(-0.1, -0.14, -0.16, 6) }
        }
        let even = picture { _, _ in skin }
        XCTAssertLessThan(try drawn(even, even, shade: cap).shade[top.x, top.y - 22].w, -1)
    }

    /// A bald head is higher than what is looked at of it: a straight seam would be left there.
    func testThePlateEndsSoftlyOnABareCrown() throws {
        let skin = self.skin, top = try place(10)
        let photograph = picture { _, y in y < top.y ? skin * 0.8 : skin }, flat = picture { _, _ in skin }
        let window = try XCTUnwrap(LowerFace(photograph: photograph, mesh: try mesh())).window
        let after = try drawn(photograph, flat).flat
        func lightness(_ y: Int) -> Float {
            (top.x - 30..<top.x + 30).map { Lab.from(after[$0, y]).x - Lab.from(flat[$0, y]).x }.reduce(0, +) / 60
        }
        XCTAssertGreaterThan(window.y, 8, "the window ends in the picture")
        XCTAssertLessThan(lightness(top.y - 12), -4)
        XCTAssertEqual(lightness(window.y - 4), 0)
        let steps = (window.y - 4..<top.y - 12).map { abs(lightness($0 + 1) - lightness($0)) }
        XCTAssertLessThan(try XCTUnwrap(steps.max()), 1.5)
    }

    /// The mesh ends on the forehead, where the plate's border would show as a mask's.
    func testThePlateGoesUpToTheHair() throws {
        let skin = self.skin, top = try place(10), black = SIMD4<Float>(0.1, 0.08, 0.07, 1)
        let hairline = top.y - 24
        let photograph = picture { _, y in y < hairline ? black : skin }
        let flat = picture { _, y in y < hairline ? black : y < top.y + 4 ? skin * 0.93 : skin }
        let hair = HairMap(
            likelihood: Plane(
                width: 128, height: 128, values: (0..<128 * 128).map { 4 * ($0 / 128) < hairline ? 1 : 0 }),
            toSquare: SimilarityTransform(scale: 0.25))
        let after = try drawn(photograph, flat, hair: hair).flat
        XCTAssertLessThan(Lab.from(flat[top.x, top.y - 8]).x, 66.5)
        XCTAssertEqual(Lab.from(after[top.x, top.y - 8]).x, 70, accuracy: 1.5)
        XCTAssertEqual(Lab.from(after[top.x, hairline - 12]).x, Lab.from(flat[top.x, hairline - 12]).x, accuracy: 0.5)
        XCTAssertLessThan(Lab.from(try drawn(photograph, flat).flat[top.x, top.y - 8]).x, 67, "hair is not known")
        // With a line there a face is a mask.
        let lined = try drawn(photograph, flat, line: 5, hair: hair).flat
        XCTAssertLessThan(lined[top.x, hairline].w, -5)
        XCTAssertEqual(lined[top.x, hairline - 24].w, 5, "lines in hair stay")
        XCTAssertEqual(lined[top.x, try place(MeshPoints.noseBase).y].w, 5, "and in the face")
    }

    /// Gloss has hardly a hue by which it would be like skin: a plate that ends about it leaves a grey hole.
    func testGlossAboveTheMeshesForeheadIsSkin() throws {
        let dark = Lab.toRGB(SIMD3(44, 22, 27)), top = try place(10), hairline = top.y - 60
        let black = SIMD4<Float>(0.06, 0.05, 0.05, 1)
        @Sendable func gloss(_ x: Int, _ y: Int) -> Float {
            let away = Float((x - top.x) * (x - top.x) + (y - top.y + 16) * (y - top.y + 16)).squareRoot()
            return smoothstep(14, 8, away)
        }
        @Sendable func lab(_ gloss: Float, _ shiny: SIMD3<Float>) -> SIMD4<Float> {
            Lab.toRGB(SIMD3(44, 22, 27) + (shiny - SIMD3(44, 22, 27)) * gloss)
        }
        let photograph = picture { x, y in y < hairline ? black : lab(gloss(x, y), SIMD3(68, 12, 4)) }
        let flat = picture { x, y in y < hairline ? black : lab(gloss(x, y), SIMD3(50, 17, 20)) }
        let hair = HairMap(
            likelihood: Plane(
                width: 128, height: 128, values: (0..<128 * 128).map { 4 * ($0 / 128) < hairline ? 1 : 0 }),
            toSquare: SimilarityTransform(scale: 0.25))
        let before = Lab.chroma(Lab.from(flat[top.x, top.y - 16]))
        let after = Lab.from(try drawn(photograph, flat, hair: hair).flat[top.x, top.y - 16])
        XCTAssertLessThan(before, 0.76 * Lab.chroma(Lab.from(dark)))
        XCTAssertGreaterThan(Lab.chroma(after), 0.82 * Lab.chroma(Lab.from(dark)))
    }

    /// Networks draw shaven temples in deep shade as hair; braids are as dark, and are hair above the forehead too.
    func testOnlyAHeadWithoutHairHasSkinAtItsTemplesInDeepShade() throws {
        let skin = self.skin, top = try place(10), temple = try place(127)
        @Sendable func isTemple(_ x: Int, _ y: Int) -> Bool { x < temple.x - 4 && y < temple.y + 20 }
        let shade = picture { x, y in isTemple(x, y) ? skin * 0.45 : skin }, dark = Lab.toRGB(SIMD3(33, 4, 5))
        let flat = picture { x, y in isTemple(x, y) ? dark : skin }
        func temples(_ above: Float) throws -> Float {
            let hair = HairMap(
                likelihood: Plane(
                    width: 128, height: 128, values: (0..<128 * 128).map { 4 * ($0 / 128) < top.y - 10 ? above : 0 }),
                toSquare: SimilarityTransform(scale: 0.25))
            let after = try drawn(shade, flat, hair: hair).flat
            return Lab.chroma(Lab.from(after[temple.x - 16, temple.y]))
        }
        XCTAssertGreaterThan(try temples(0), 14)
        XCTAssertLessThan(try temples(0.45), 9)
    }

    /// A patch with a border would be left where foreheads shine.
    func testThePlateGoesOnInGlossAboveTheMesh() throws {
        let skin = self.skin, gloss = Lab.toRGB(SIMD3(84, 7, 10)), top = try place(10)
        let photograph = picture { _, y in y < top.y + 4 ? gloss : skin }
        let flat = picture { _, y in y < top.y + 4 ? skin * 0.93 : skin }
        let bald = HairMap(
            likelihood: Plane(width: 128, height: 128), toSquare: SimilarityTransform(scale: 0.25))
        let after = try drawn(photograph, flat, hair: bald).flat
        XCTAssertLessThan(Lab.from(flat[top.x, top.y - 10]).x, 66.5)
        XCTAssertGreaterThan(Lab.from(after[top.x, top.y - 10]).x, 69)
    }

    func testOnlyLightFromOneSideGivesShade() throws {
        let middle = try place(1).x, skin = self.skin
        func shaded(_ photograph: Bitmap) throws -> (left: Float, right: Float) {
            let shade = try drawn(photograph, picture { _, _ in skin }).shade
            let (left, right) = (try place(50), try place(280))
            return (shade[left.x - 20, left.y].w, shade[right.x + 20, right.y].w)
        }
        let even = try shaded(picture { _, _ in skin })
        XCTAssertLessThan(max(even.left, even.right), -2)
        let lit = try shaded(picture { x, _ in skin * (x > middle + 15 ? 0.62 : 1) })
        XCTAssertLessThan(lit.left, -2)
        XCTAssertGreaterThan(lit.right, 2)
    }

    func testGrayStaysGray() throws {
        let gray = SIMD4<Float>(0.6, 0.6, 0.6, 1), dark = SIMD4<Float>(0.4, 0.4, 0.4, 1)
        let after = try drawn(picture { x, _ in x > 300 ? dark : gray }, picture { _, _ in gray })
        for pixel in after.flat.pixels { XCTAssertLessThan(abs(pixel.x - pixel.z), 0.004) }
    }

    func testNothingIsDrawnWhereTheCheeksAreNoSkin() throws {
        let stripes = picture { x, _ in x % 60 < 30 ? SIMD4(0.9, 0.9, 0.95, 1) : SIMD4(0.1, 0.1, 0.3, 1) }
        let skin = self.skin
        let face = try XCTUnwrap(LowerFace(photograph: picture { _, _ in skin }, mesh: try mesh()))
        let signs = try XCTUnwrap(HairSigns(face))
        let black = picture { _, _ in .zero }
        XCTAssertNil(SkinPlate(face, signs, hair: nil, drawing(black), scale: 1))
        var drawing = drawing(stripes)
        let before = drawing.flat[20, 20]
        SkinPlate(face, signs, hair: nil, drawing, scale: 1)?.draw(into: &drawing)
        XCTAssertEqual(drawing.flat[20, 20], before)
    }

    /// On every skin tone: no greyer than the photograph, and not lighter but in the dark of a lamp.
    func testTone() {
        for seen in [SIMD3<Float>(85, 10, 14), SIMD3(62, 16, 24), SIMD3(40, 14, 22), SIMD3(28, 9, 13)] {
            let drawn = seen * SIMD3(1, 0.8, 0.8), tone = SkinPlate.tone(drawn, seen: seen)
            XCTAssertEqual(tone.x, seen.x, accuracy: 0.01)
            XCTAssertEqual(tone.z, 0.95 * seen.z, accuracy: 0.01)
        }
        let lamp = SkinPlate.tone(SIMD3(36, 25, 27), seen: SIMD3(34, 31, 33))
        XCTAssertGreaterThan(lamp.x, 44)
        XCTAssertEqual(SkinPlate.tone(SIMD3(70, 5, 6), seen: SIMD3(70, 20, 24)).z, 11.4, accuracy: 0.2, "a step")
    }
}
