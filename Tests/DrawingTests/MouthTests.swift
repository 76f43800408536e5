@testable import Drawing
import Raster
import XCTest

/// Mouths: found in photographs that are made up here, and drawn into drawings that have them wrong.
final class MouthTests: XCTestCase {
    /// What a made-up photograph shows of a mouth. Lengths are in units.
    private struct Person {
        var skin = SIMD3<Float>(72, 14, 18), lips = SIMD3<Float>(56, 28, 14), teeth = SIMD3<Float>(84, 3, 9)
        var ground = SIMD3<Float>(14, 12, 8)
        /// Height of the opening in its middle, as the mesh has it too, and the part of it that teeth fill.
        var gap = 0.16, share = 0.8
        /// Right of this part of the mouth's half width lies a hand.
        var hand = 2.0
        /// How far the line of closed lips hangs at its ends.
        var sag = 0.0
        /// Lab of what lies between the two front teeth.
        var between: SIMD3<Float>?
        /// Height of the opening that the mesh has in full lips that are closed.
        var parted = 0.0

        static let smile = Person()
        static let calm = Person(gap: 0)
    }

    private let side = 512, half = 40.0, centre = Point(x: 256.8, y: 332.8)

    private func mesh(_ person: Person) throws -> FaceMesh {
        var points = try FixtureFace.points()
        let unit = FaceAxes(FixtureFace.mesh(points)).unit
        for (index, number) in MeshPoints.lips.enumerated() {
            let turn = 2 * Double.pi * Double(index) / Double(MeshPoints.lips.count), height = sine(turn)
            points[number] =
                centre + Point(x: -half * cosine(turn), y: -height * (height > 0 ? 10 : 14 + person.gap * unit))
        }
        for (upper, (lower, step)) in zip(MeshPoints.mouthUpper, zip(MeshPoints.mouthLower, steps(11))) {
            let across = 2 * step - 1
            points[upper] = centre + Point(x: 0.9 * half * across, y: 0)
            points[lower] = points[upper] + Point(x: 0, y: (person.gap + person.parted) * unit * (1 - across * across))
        }
        return FixtureFace.mesh(points)
    }

    private func photograph(_ person: Person, _ mesh: FaceMesh) -> Bitmap {
        let unit = FaceAxes(mesh).unit, (half, centre) = (half, centre)
        return Bitmap(width: side, height: side) { x, y in
            let off = Point(x: Double(x) + 0.5, y: Double(y) + 0.5) - centre
            let across = off.x / half, inner = off.x / (0.9 * half)
            let edge = max(0, 1 - across * across).squareRoot(), gap = person.gap * unit * (1 - inner * inner)
            var colour = person.skin
            if off.y > -10 * edge, off.y < (14 + person.gap * unit) * edge { colour = person.lips }
            if abs(inner) < 1, off.y > 0, off.y < gap {
                colour = abs(inner) < 0.75 && off.y < person.share * gap ? person.teeth : person.ground
                if let between = person.between, abs(off.x) < 1.5 { colour = between }
            }
            if person.gap == 0, abs(across) < 1.05, abs(off.y - person.sag * unit * across * across) < 2 {
                colour = SIMD3(20, 10, 6)
            }
            if across > person.hand, across < 2 { colour = person.skin + SIMD3(4, -1, 0) }
            var pixel = Lab.toRGB(colour)
            pixel.w = 1
            return pixel
        }
    }

    /// As a network draws it that has a crescent of paper white for every smile, and a line that hangs for other
    /// mouths.
    private func drawing(_ person: Person, _ mesh: FaceMesh) -> UndecidedDrawing {
        let unit = FaceAxes(mesh).unit, (half, centre) = (half, centre), lips = Lab.toRGB(SIMD3(66, 24, 16))
        let never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -20))
        let flat = Bitmap(width: side, height: side) { x, y in
            let off = Point(x: Double(x) + 0.5, y: Double(y) + 0.5) - centre, across = off.x / half
            let edge = max(0, 1 - across * across).squareRoot()
            let isLip = off.y > -10 * edge && off.y < (14 + person.gap * unit) * edge
            var pixel = isLip ? lips : Lab.toRGB(SIMD3(76, 15, 20))
            if person.gap > 0, off.y > 0, off.y < person.gap * unit * (1 - across * across) {
                pixel = SIMD4(repeating: 1)
            }
            let isLine = abs(across) < 1.1 && abs(off.y - 0.12 * unit * across * across) < 2
            pixel.w = person.gap == 0 && isLine ? 8 : -20
            return pixel
        }
        return UndecidedDrawing(
            flat: flat, shade: never, light: never,
            marks: Bitmap(width: side, height: side, filledWith: SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    private func drawn(_ person: Person) throws -> (picture: Bitmap, before: Bitmap, unit: Double) {
        let mesh = try mesh(person), photograph = photograph(person, mesh)
        var drawing = drawing(person, mesh)
        let before = drawing.picture()
        XCTAssertTrue(try XCTUnwrap(Mouth(photograph, mesh: mesh)).draw(into: &drawing))
        return (drawing.picture(), before, FaceAxes(mesh).unit)
    }

    private func mouth(_ person: Person) throws -> Mouth? {
        let mesh = try mesh(person)
        return Mouth(photograph(person, mesh), mesh: mesh)
    }

    /// Lab of a picture at a place beside the mouth's middle, in parts of its half width and in pixels.
    private func colour(_ picture: Bitmap, _ across: Double, _ down: Double) -> SIMD3<Float> {
        Lab.from(picture[Int(centre.x + across * half), Int(centre.y + down)])
    }

    // MARK: - Teeth

    func testTeethEndWhereThePhotographsEnd() throws {
        for share in [0.5, 0.8, 0.95] {
            var person = Person.smile
            person.share = share
            let teeth = try XCTUnwrap(mouth(person)?.teeth, "\(share)")
            XCTAssertEqual(teeth.bottom[30], share * person.gap, accuracy: 0.02, "\(share)")
            XCTAssertEqual(teeth.top[30], 0, "no gums")
        }
    }

    func testTeethAreOffWhiteAndShadedAndCornersAreDark() throws {
        for skin in [SIMD3<Float>(84, 10, 14), SIMD3(60, 18, 22), SIMD3(36, 14, 18), SIMD3(70, 0, 0)] {
            var person = Person.smile
            person.skin = skin
            if skin.y == 0 { (person.lips, person.teeth) = (SIMD3(52, 0, 0), SIMD3(86, 0, 0)) }
            let (picture, before, unit) = try drawn(person), height = person.gap * unit
            XCTAssertGreaterThan(colour(before, 0.1, 0.5 * height).x, 97, "paper white")
            let middle = colour(picture, 0.08, 0.5 * height)
            XCTAssertGreaterThan(middle.x, 82, "never gray: \(skin)")
            XCTAssertLessThan(middle.x, 93, "\(skin)")
            XCTAssertLessThan(abs(middle.y) + abs(middle.z), 9, "\(skin)")
            XCTAssertLessThan(colour(picture, 0.08, 0.12 * height).x, middle.x - 3, "shade below the lip: \(skin)")
            XCTAssertLessThan(colour(picture, 0.84, 0.1 * height).x, middle.x - 25, "the corner: \(skin)")
            XCTAssertEqual(colour(picture, 0, -40), colour(before, 0, -40), "the nose")
        }
    }

    func testTeethAreToldApart() throws {
        let (picture, _, _) = try drawn(.smile)
        let row = (-24...24).map { Lab.from(picture[Int(centre.x) + $0, Int(centre.y) + 9]).x }
        let borders = row.indices.dropFirst(3).dropLast(3).filter {
            row[$0] <= (row[$0 - 3...$0 + 3].min() ?? 0) && row[$0] < min(row[$0 - 3], row[$0 + 3]) - 2.5
        }
        XCTAssertTrue((3...7).contains(borders.count), "\(borders)")
    }

    /// Without their own light and dark teeth are one slab, and alike on all faces.
    func testTeethHaveThePhotographsLight() throws {
        var apart = Person.smile
        apart.between = SIMD3(30, 10, 10)
        func depth(_ person: Person) throws -> Float {
            let picture = try drawn(person).picture
            return colour(picture, 0.16, 10).x - colour(picture, -0.02, 10).x
        }
        let own = try depth(apart)
        XCTAssertGreaterThan(own, try depth(.smile) + 6)
        XCTAssertLessThan(own, 35, "lower than in the photograph")
    }

    /// Ink about teeth rings them, and dentures are seen.
    func testTheLineOfAnOpenMouthIsShadeAndThatOfAClosedOneInk() throws {
        for (person, isInk) in [(Person.smile, false), (.calm, true)] {
            let mesh = try mesh(person), photograph = photograph(person, mesh)
            var drawing = drawing(person, mesh)
            XCTAssertTrue(try XCTUnwrap(Mouth(photograph, mesh: mesh)).draw(into: &drawing))
            let column = (-6...6).map { (x: Int(centre.x), y: Int(centre.y) + $0) }
            let ink = column.map { drawing.flat[$0.x, $0.y].w }.max() ?? 0
            let shade = column.map { drawing.shade[$0.x, $0.y] }.max { $0.w < $1.w } ?? .zero
            XCTAssertEqual(ink > 0.5, isInk)
            XCTAssertEqual(shade.w > 0.5, !isInk)
            if !isInk { XCTAssertLessThan(shade.y, -0.5) }
        }
    }

    func testWhatIsLightBelowTeethIsNoHole() throws {
        var lower = Person.smile
        (lower.gap, lower.share) = (0.3, 0.5)
        let hole = lower
        lower.ground = SIMD3(40, 12, 10)
        func below(_ person: Person) throws -> Float {
            let (picture, _, unit) = try drawn(person)
            return colour(picture, 0, 0.58 * person.gap * unit).x
        }
        XCTAssertGreaterThan(try below(lower), try below(hole) + 2.5)
    }

    func testTheLipsOfASmileAreNotDrawnOverItsTeeth() throws {
        var person = Person.smile
        person.share = 0.55
        // The photograph's lower lip begins right below the teeth; the mesh has it lower, as meshes have.
        person.ground = person.lips
        let (picture, _, unit) = try drawn(person), end = person.share * person.gap * unit
        XCTAssertGreaterThan(colour(picture, 0.08, 0.6 * end).x, 80)
        XCTAssertGreaterThan(colour(picture, 0.08, end + 5).y, 15, "lip")
    }

    func testMouthsThatShowNoTeethAreLeftToTheNetwork() throws {
        var dark = Person.smile
        dark.share = 0
        XCTAssertNil(try mouth(dark), "an open mouth without teeth")
        var tongue = dark
        tongue.ground = SIMD3(60, 34, 18)
        XCTAssertNil(try mouth(tongue), "a tongue")
        var gaping = Person.smile
        gaping.gap = 0.5
        XCTAssertNil(try mouth(gaping), "wide open")
    }

    // MARK: - Closed lips

    func testTheLineOfClosedLipsEndsAsHighAsThePhotographs() throws {
        for sag in [0.0, 0.04] {
            var person = Person.calm
            person.sag = sag
            let (picture, before, unit) = try drawn(person)
            func height(_ picture: Bitmap, _ across: Double) -> Double {
                let column = Int(centre.x + across * half)
                let rows = (-20...20).map { (Double($0), picture[column, Int(centre.y) + $0].w) }
                return rows.reduce(0) { $0 + $1.0 * Double($1.1) } / max(rows.reduce(0) { $0 + Double($1.1) }, 1e-6)
            }
            XCTAssertGreaterThan(height(before, 0.9), sag * unit + 3, "the network's hangs")
            for across in [-0.9, -0.5, 0, 0.5, 0.9] {
                XCTAssertEqual(height(picture, across), sag * unit * across * across, accuracy: 1.6, "\(across)")
            }
            XCTAssertLessThan(colour(picture, 0, -6).x, colour(picture, 0, 8).x, "the upper lip lies in shade")
        }
    }

    func testFullLipsThatAMeshHasPartedAreClosed() throws {
        var person = Person.calm
        person.parted = 0.07
        let (picture, _, unit) = try drawn(person)
        let rows = (-20...20).filter { picture[Int(centre.x), Int(centre.y) + $0].w > 0.5 }
        XCTAssertGreaterThan(rows.count, 0)
        XCTAssertLessThan(Double(rows.map { abs($0) }.max() ?? 99), 0.05 * unit)
    }

    /// Lips of dark skin are often darker than it and no redder.
    func testDarkLipsNoRedderThanTheSkinAreDrawn() throws {
        var person = Person.calm
        (person.skin, person.lips) = (SIMD3(48, 20, 23), SIMD3(34, 15, 7))
        let (picture, before, _) = try drawn(person), skin = colour(picture, 1.6, 0)
        let lip = colour(picture, 0, 7)
        XCTAssertLessThan(lip.x, skin.x - 5)
        XCTAssertGreaterThan(lip.x, skin.x - 18, "no hole")
        XCTAssertNotEqual(colour(before, 0, 7), lip)
        // Cloth of that lightness is none.
        person.lips = SIMD3(34, 1, -8)
        let mesh = try mesh(person)
        var drawing = drawing(person, mesh)
        XCTAssertEqual(Mouth(photograph(person, mesh), mesh: mesh)?.draw(into: &drawing) ?? false, false)
    }

    /// Of one tone with a hard border lips are pasted on; those that are made up have one.
    func testLipsHaveTheirOwnLightAndEndSoftly() throws {
        /// Redness beside the lower lip's border over that within.
        func border(_ lips: SIMD3<Float>) throws -> Float {
            var person = Person.calm
            person.lips = lips
            let (picture, _, _) = try drawn(person), skin = colour(picture, 0.3, 30).y
            return (colour(picture, 0.3, 14).y - skin) / (colour(picture, 0.3, 6).y - skin)
        }
        let (own, madeUp) = (try border(SIMD3(62, 22, 15)), try border(SIMD3(45, 48, 16)))
        XCTAssertLessThan(own, 0.7 * madeUp)
        let person = Person.calm, mesh = try mesh(person)
        let lit = photograph(person, mesh), centre = self.centre, half = self.half
        let shaded = Bitmap(width: side, height: side) { x, y in
            var pixel = lit[x, y]
            if abs(Double(y) - centre.y) < 20 { pixel *= Float(1 + 0.2 * (Double(x) - centre.x) / half) }
            pixel.w = 1
            return pixel
        }
        func sides(_ photograph: Bitmap) throws -> Float {
            var drawing = drawing(person, mesh)
            XCTAssertTrue(try XCTUnwrap(Mouth(photograph, mesh: mesh)).draw(into: &drawing))
            let picture = drawing.picture()
            return colour(picture, 0.5, 6).x - colour(picture, -0.5, 6).x
        }
        XCTAssertEqual(try sides(lit), 0, accuracy: 1)
        XCTAssertGreaterThan(try sides(shaded), 2.5)
    }

    // MARK: - Left alone

    func testHandsAndMasksAreNotDrawnOver() throws {
        for var person in [Person.calm, Person.smile] {
            person.hand = 0.1
            XCTAssertNil(try mouth(person), "a hand before half of it")
        }
        var mask = Person.calm
        (mask.lips, mask.skin) = (SIMD3(80, -2, -12), SIMD3(72, 14, 18))
        let mesh = try mesh(mask), photograph = photograph(mask, mesh)
        var drawing = drawing(mask, mesh)
        let before = drawing
        if let mouth = Mouth(photograph, mesh: mesh) { XCTAssertFalse(mouth.draw(into: &drawing)) }
        XCTAssertEqual(drawing, before)
        let bare = Bitmap(width: side, height: side, filledWith: Lab.toRGB(mask.skin))
        XCTAssertNil(Mouth(bare, mesh: mesh), "nothing to see")
    }

    func testFacesThatAreTinyOrWithoutNumbersAreLeftAlone() throws {
        let mesh = try mesh(.smile), photograph = photograph(.smile, mesh), tiny = SimilarityTransform(scale: 0.2)
        XCTAssertNil(Mouth(areaResampled(photograph, width: 102, height: 102), mesh: mesh.map(tiny)))
        var points = mesh.points
        points[MeshPoints.lips[3]] = Point(x: .nan, y: 0)
        XCTAssertNil(Mouth(photograph, mesh: FixtureFace.mesh(points)))
        let outside = mesh.map(SimilarityTransform(a: 1, b: 0, tx: 900, ty: 0))
        XCTAssertNil(Mouth(photograph, mesh: outside))
        let wild = Bitmap(width: side, height: side, filledWith: SIMD4(.nan, .infinity, -9, 1))
        XCTAssertNil(Mouth(wild, mesh: mesh))
    }

    func testIsFoundAtOtherSizes() throws {
        let mesh = try mesh(.smile), photograph = photograph(.smile, mesh)
        for side in [256, 768] {
            let scale = SimilarityTransform(scale: Double(side) / Double(self.side))
            let other = Mouth(areaResampled(photograph, width: side, height: side), mesh: mesh.map(scale))
            XCTAssertEqual(try XCTUnwrap(other?.teeth, "\(side)").bottom[30], 0.128, accuracy: 0.02)
        }
    }

    func testSingleValuesFarOffDoNotMoveAParabola() throws {
        var points = (0..<20).map { index -> (t: Double, value: Double) in
            let t = Double(index) / 10 - 1
            return (t, 0.2 - 0.1 * t * t)
        }
        for index in [3, 11] { points[index].value = 0.5 }
        let fitted = try XCTUnwrap(Parabola(points))
        XCTAssertEqual(fitted(0), 0.2, accuracy: 0.005)
        XCTAssertEqual(fitted(0.9), 0.119, accuracy: 0.01)
        XCTAssertNil(Parabola(Array(points.prefix(4))))
        XCTAssertNil(Parabola([(t: Double, value: Double)](repeating: (0.5, 1), count: 9)), "of one place")
    }
}
