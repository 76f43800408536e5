@testable import Drawing
import Foundation
import Raster
import XCTest

/// Beards and stubble: found as the painter finds them that the networks learned from, and drawn.
final class FacialHairTests: XCTestCase {
    private struct Golden: Decodable {
        struct Person: Decodable {
            struct Patch: Decodable {
                let top, bottom, reach: Double
                let colour: [Double]
                let noise: Double
            }

            struct Beard: Decodable {
                let shape: [Int]
                let tone, deepTone: [Float]
            }

            struct Stubble: Decodable {
                let coverage, drop: [Float]
                let chroma: Float
            }

            let name: String
            let skin: [Double]
            let patches: [Patch]
            let roughness: [Float]
            let beard: Beard?
            let stubble: Stubble?
        }

        let side, cell: Int
        let mesh: [[Double]]
        let people: [Person]
    }

    private func golden() throws -> (Golden, FaceMesh) {
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: FixtureFace.file))
        return (golden, FixtureFace.mesh(golden.mesh.map { Point(x: $0[0], y: $0[1]) }))
    }

    private func person(_ name: String, _ golden: Golden) throws -> Golden.Person {
        try XCTUnwrap(golden.people.first { $0.name == name })
    }

    /// As facial_hair.py makes it.
    private func photograph(_ person: Golden.Person, _ golden: Golden, _ mesh: FaceMesh) -> Bitmap {
        let axes = FaceAxes(mesh), base = mesh.points[MeshPoints.noseBase]
        return Bitmap(width: golden.side, height: golden.side) { x, y in
            var hash = UInt32(x) &* 374_761_393 &+ UInt32(y) &* 668_265_263
            hash = (hash ^ (hash >> 13)) &* 1_274_126_177
            hash ^= hash >> 16
            let grain = Double(hash & 0xFFFF) / 32767.5 - 1
            let off = Point(x: Double(x) + 0.5, y: Double(y) + 0.5) - base
            let side = dot(off, axes.right) / axes.unit, height = dot(off, axes.down) / axes.unit
            var (colour, noise) = (person.skin, 3.0)
            for patch in person.patches where height > patch.top && height < patch.bottom && abs(side) < patch.reach {
                (colour, noise) = (patch.colour, patch.noise)
            }
            let levels = colour.map { Float(min(max(($0 + noise * grain + 0.5).rounded(.down), 0), 255) / 255) }
            return SIMD4(levels[0], levels[1], levels[2], 1)
        }
    }

    private func hair(_ photograph: Bitmap, mesh: FaceMesh) -> FacialHair? {
        guard let face = LowerFace(photograph: photograph, mesh: mesh), let signs = HairSigns(face) else { return nil }
        return FacialHair(face, signs, scale: LowerFace.scale(of: photograph))
    }

    // MARK: - Found

    func testIsFoundAsInTraining() throws {
        let (golden, mesh) = try golden()
        XCTAssertEqual(golden.people.count, 10)
        for person in golden.people {
            let face = try XCTUnwrap(LowerFace(photograph(person, golden, mesh), mesh: mesh))
            let zones = JawZones(face)
            for (own, other) in zip(zones.roughness(face), person.roughness) {
                XCTAssertEqual(own, other, accuracy: 0.15 * other, person.name)
            }
            let signs = HairSigns(face)
            try compare(signs.flatMap { Beard(face, $0) }, person, golden, face)
            try compare(signs.flatMap { Stubble(face, $0) }, person, golden, face)
        }
    }

    private func compare(_ beard: Beard?, _ person: Golden.Person, _ golden: Golden, _ face: LowerFace) throws {
        XCTAssertEqual(beard == nil, person.beard == nil, person.name)
        guard let beard, let other = person.beard else { return }
        var expected: [Bool] = []
        for (index, count) in other.shape.enumerated() { expected += [Bool](repeating: index % 2 == 1, count: count) }
        let window = face.window
        let python = face.shape { index in
            expected[(window.y + index / window.width) * golden.side + window.x + index % window.width]
        }
        let common = Double((beard.shape & python).count) / Double((beard.shape | python).count)
        XCTAssertGreaterThan(common, 0.93, "\(person.name): share of the shapes that is common")
        XCTAssertEqual(python.count, expected.filter { $0 }.count, "the window holds all of it")
        for channel in 0..<3 {
            XCTAssertEqual(beard.tone[channel], other.tone[channel], accuracy: 1.5, person.name)
            XCTAssertEqual(beard.deepTone[channel], other.deepTone[channel], accuracy: 1.5, person.name)
        }
    }

    private func compare(_ stubble: Stubble?, _ person: Golden.Person, _ golden: Golden, _ face: LowerFace) throws {
        XCTAssertEqual(stubble == nil, person.stubble == nil, person.name)
        guard let stubble, let other = person.stubble else { return }
        XCTAssertEqual(stubble.chroma, other.chroma, accuracy: 0.03, person.name)
        let window = face.window, cell = golden.cell, count = golden.side / cell
        var compared = 0
        for row in 0..<count {
            for column in 0..<count {
                // Squares that lie whole in the window.
                let (x, y) = (column * cell - window.x, row * cell - window.y)
                guard x >= 0, y >= 0, x + cell <= window.width, y + cell <= window.height else { continue }
                var (coverage, drop) = (Float(0), Float(0))
                for index in 0..<cell * cell {
                    coverage += stubble.coverage[x + index % cell, y + index / cell] / Float(cell * cell)
                    drop += stubble.drop[x + index % cell, y + index / cell] / Float(cell * cell)
                }
                let expected = other.coverage[row * count + column]
                XCTAssertEqual(coverage, expected, accuracy: 0.04, "\(person.name) \(column) \(row)")
                guard expected > 0.5 else { continue }
                XCTAssertEqual(
                    drop, other.drop[row * count + column], accuracy: 0.04, "\(person.name) \(column) \(row)")
                compared += 1
            }
        }
        XCTAssertGreaterThan(compared, 10, person.name)
    }

    func testMasksShadeAndShavenFacesHaveNone() throws {
        let (golden, mesh) = try golden()
        for name in ["shaven", "black mask", "white mask", "shade"] {
            XCTAssertNil(hair(photograph(try person(name, golden), golden, mesh), mesh: mesh), name)
        }
    }

    /// Skin with grain, and below a height rough patches that have lost their red but are as light as the cheeks.
    private func unshaven(left: Bool, right: Bool) throws -> (Bitmap, FaceMesh) {
        let (golden, mesh) = try golden(), axes = FaceAxes(mesh), base = mesh.points[MeshPoints.noseBase]
        let skin = [200.0, 156, 134]
        let patch = Golden.Person.Patch(top: 0.5, bottom: 2, reach: 2, colour: [178, 164, 146], noise: 30)
        func person(_ patches: [Golden.Person.Patch]) -> Golden.Person {
            Golden.Person(name: "", skin: skin, patches: patches, roughness: [], beard: nil, stubble: nil)
        }
        let (shaven, rough) = (photograph(person([]), golden, mesh), photograph(person([patch]), golden, mesh))
        let picture = Bitmap(width: golden.side, height: golden.side) { x, y in
            let isLeft = dot(Point(x: Double(x) + 0.5, y: Double(y) + 0.5) - base, axes.right) < 0
            return (isLeft ? left : right) ? rough[x, y] : shaven[x, y]
        }
        return (picture, mesh)
    }

    func testHairsAreFoundWhereTheyGrowThoughTheSkinIsNoDarker() throws {
        let (photograph, mesh) = try unshaven(left: true, right: true)
        let face = try XCTUnwrap(LowerFace(photograph, mesh: mesh)), signs = try XCTUnwrap(HairSigns(face))
        XCTAssertNil(Stubble(face, signs), "no zone as a whole tells")
        let found = try XCTUnwrap(Stubble.drawn(face, signs))
        func coverage(_ number: Int, up: Double) -> Float {
            let spot = place(mesh, number, up: up)
            return found.coverage[spot.x - face.window.x, spot.y - face.window.y]
        }
        XCTAssertGreaterThan(coverage(MeshPoints.chin, up: 0.2), 0.6)
        XCTAssertLessThan(coverage(MeshPoints.upperLip[5], up: 0.08), 0.15, "the shaven lip")
        let chin = place(mesh, MeshPoints.chin, up: 0.2)
        XCTAssertGreaterThan(found.drop[chin.x - face.window.x, chin.y - face.window.y], 0.1, "it can be seen")
    }

    func testSkinThatIsRoughOnOneSideIsShaven() throws {
        for isLeft in [true, false] {
            let (photograph, mesh) = try unshaven(left: isLeft, right: !isLeft)
            XCTAssertNil(hair(photograph, mesh: mesh))
        }
        let (photograph, mesh) = try unshaven(left: false, right: false)
        XCTAssertNil(hair(photograph, mesh: mesh))
    }

    func testTheNosesShadeIsNoMoustache() throws {
        let (golden, mesh) = try golden(), stubble = try person("stubble", golden)
        let shade = Golden.Person.Patch(top: 0.03, bottom: 0.3, reach: 0.3, colour: [84, 66, 58], noise: 44)
        let shaded = Golden.Person(
            name: "", skin: stubble.skin, patches: stubble.patches + [shade], roughness: [], beard: nil, stubble: nil)
        let face = try XCTUnwrap(LowerFace(photograph(shaded, golden, mesh), mesh: mesh))
        let signs = try XCTUnwrap(HairSigns(face)), found = try XCTUnwrap(Stubble.drawn(face, signs))
        func drop(_ zone: ShapeMask) throws -> Float { try XCTUnwrap(found.drop.values(in: zone).median) }
        XCTAssertLessThan(try drop(signs.zones.lip), try drop(signs.zones.chin) + 0.08)
    }

    func testIsFoundAtOtherSizes() throws {
        let (golden, mesh) = try golden()
        let photograph = photograph(try person("beard", golden), golden, mesh)
        for side in [256, 768] {
            let factor = Double(side) / Double(golden.side)
            let other = areaResampled(photograph, width: side, height: side)
            let found = hair(other, mesh: mesh.map(SimilarityTransform(scale: factor)))
            guard case .beard = found?.kind else { return XCTFail("\(side)") }
        }
    }

    func testFacesThatAreTinyOrTurnedAwayOrWithoutNumbersAreLeftAlone() throws {
        let (golden, mesh) = try golden()
        let photograph = photograph(try person("beard", golden), golden, mesh)
        let tiny = SimilarityTransform(scale: 0.1)
        XCTAssertNil(hair(areaResampled(photograph, width: 51, height: 51), mesh: mesh.map(tiny)))
        var points = mesh.points
        points[MeshPoints.noseTip] = points[MeshPoints.chin]
        XCTAssertNil(hair(photograph, mesh: FixtureFace.mesh(points)), "seen from above")
        points[MeshPoints.beardBorder[0]] = Point(x: .nan, y: 0)
        XCTAssertNil(hair(photograph, mesh: FixtureFace.mesh(points)))
    }

    // MARK: - Drawn

    /// The photograph as its own drawing, but for the lower face, which is even skin; no shade and no light.
    private func drawing(of photograph: Bitmap, _ mesh: FaceMesh, lines: Float) -> UndecidedDrawing {
        let side = photograph.width, mouth = mesh.points[14], reach = 1.2 * FaceAxes(mesh).unit
        let skin = photograph[side / 2, 150]
        let never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -20))
        let flat = Bitmap(width: side, height: side) { x, y in
            let isNear = (Point(x: Double(x), y: Double(y)) - mouth).length < reach
            var pixel = isNear ? skin : photograph[x, y]
            pixel.w = lines
            return pixel
        }
        return UndecidedDrawing(
            flat: flat, shade: never, light: never,
            marks: Bitmap(width: side, height: side, filledWith: SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    private func drawn(_ name: String, lines: Float = -20) throws -> (before: Bitmap, after: Bitmap, mesh: FaceMesh) {
        let (golden, mesh) = try golden()
        let person = try person(name, golden), photograph = photograph(person, golden, mesh)
        var drawing = drawing(of: photograph, mesh, lines: lines)
        let before = drawing.picture()
        let found = try XCTUnwrap(hair(photograph, mesh: mesh))
        found.draw(into: &drawing, DrawnTones(photograph, drawing, found.face, scale: found.scale))
        return (before, drawing.picture(), mesh)
    }

    private func place(_ mesh: FaceMesh, _ number: Int, up: Double) -> (x: Int, y: Int) {
        let point = mesh.points[number] - FaceAxes(mesh).down * (up * FaceAxes(mesh).unit)
        return (Int(point.x), Int(point.y))
    }

    func testABeardIsDarkWithAHardBorderAndLeavesTheLips() throws {
        let (before, after, mesh) = try drawn("beard")
        let chin = place(mesh, MeshPoints.chin, up: 0.2), lips = place(mesh, 14, up: 0)
        XCTAssertLessThan(Lab.from(after[chin.x, chin.y]).x, 38)
        XCTAssertEqual(after[lips.x, lips.y], before[lips.x, lips.y])
        XCTAssertEqual(after[chin.x, 150], before[chin.x, 150], "the forehead")
        // From cheek to beard within a few pixels, along a column beside the mouth.
        let column = (200..<360).map { Lab.from(after[place(mesh, 61, up: 0).x - 12, $0]).x }
        XCTAssertLessThan(column.filter { $0 > 40 && $0 < 62 }.count, 8)
    }

    func testAWhiteBeardIsPaleAndNoSlab() throws {
        let (before, after, mesh) = try drawn("white beard")
        let chin = place(mesh, MeshPoints.chin, up: 0.2)
        func mean(_ picture: Bitmap) -> SIMD3<Float> {
            let places = (-4...4).flatMap { y in (-4...4).map { Lab.from(picture[chin.x + $0, chin.y + y]) } }
            return places.reduce(.zero, +) / Float(places.count)
        }
        let (skin, beard) = (mean(before), mean(after))
        XCTAssertGreaterThan(beard.x, skin.x + 8)
        XCTAssertLessThan(beard.y, 0.7 * skin.y)
    }

    func testStubbleIsATintAndItsEdgeFades() throws {
        let (before, _, _, face, tint) = try drawnStubble("stubble"), (_, mesh) = try golden()
        let jaw = place(mesh, 61, up: -0.25), chin = place(mesh, MeshPoints.chin, up: 0.25)
        func lightness(_ x: Int, _ y: Int) -> Float { tint[x - face.window.x, y - face.window.y] }
        let skin = Lab.from(before[jaw.x, jaw.y]).x
        XCTAssertLessThan(lightness(jaw.x, jaw.y), skin - 5)
        XCTAssertGreaterThan(lightness(jaw.x, jaw.y), 0.6 * skin)
        XCTAssertLessThan(lightness(chin.x, chin.y), lightness(jaw.x, jaw.y) + 0.5)
        let column = (220..<340).map { lightness(jaw.x, $0) }
        XCTAssertLessThan(zip(column, column.dropFirst()).map { abs($0 - $1) }.max() ?? 99, 4)
    }

    /// Without any of its hairs stubble is dirt; beyond it no grain of the skin comes back.
    func testSingleHairsAreSeenInStubbleAlone() throws {
        let (before, after, stubble, face, _) = try drawnStubble("stubble"), soft = 0.03 * face.unit
        func grain(_ picture: Bitmap, where isThere: (Int) -> Bool) -> Float {
            let light = face.plane { index in
                let (x, y) = (face.window.x + index % face.window.width, face.window.y + index / face.window.width)
                return Lab.from(picture[x, y]).x
            }
            let wide = light.blurred(sigma: soft), places = light.values.indices.filter(isThere)
            return places.reduce(0) { $0 + abs(light.values[$1] - wide.values[$1]) } / Float(places.count)
        }
        let lips = face.lips.dilated(by: .square(6)), coverage = stubble.coverage.values
        let inside = { coverage[$0] > 0.7 && !lips[$0] }, outside = { face.height.values[$0] < -0.4 }
        XCTAssertGreaterThan(grain(after, where: inside), grain(before, where: inside) + 0.5)
        XCTAssertEqual(grain(after, where: outside), grain(before, where: outside), accuracy: 0.01)
    }

    /// A beard of one tone is a sticker.
    func testABeardIsAsLightAndDarkAsItIs() throws {
        let (golden, mesh) = try golden(), bare = photograph(try person("beard", golden), golden, mesh)
        let chin = mesh.points[MeshPoints.chin], axes = FaceAxes(mesh)
        let picture = Bitmap(width: bare.width, height: bare.height) { x, y in
            let across = (Double(x) - chin.x) / axes.unit, lit = Float(1 + 0.5 * min(max(across, -0.5), 0.5))
            return across > -1 && abs(across) < 1 && Double(y) > mesh.points[14].y ? bare[x, y] * lit : bare[x, y]
        }
        var drawing = drawing(of: picture, mesh, lines: -20)
        let found = try XCTUnwrap(hair(picture, mesh: mesh))
        found.draw(into: &drawing, DrawnTones(picture, drawing, found.face, scale: found.scale))
        let drawn = drawing.picture()
        func mean(_ across: Double) -> Float {
            let place = chin - axes.down * (0.15 * axes.unit) + axes.right * (across * axes.unit)
            let near = (-4...4).flatMap { y in
                (-4...4).map { Lab.from(drawn[Int(place.x) + $0, Int(place.y) + y]).x }
            }
            return near.reduce(0, +) / Float(near.count)
        }
        XCTAssertGreaterThan(mean(0.25), mean(-0.25) + 2.5)
    }

    /// The drawn skin of unshaven people, whose own drawing is `under` times its Lab where told; `tint` is its
    /// lightness without single hairs.
    private func drawnStubble(
        _ name: String, under: SIMD3<Float> = .one,
        where isThere: (_ side: Double, _ height: Double) -> Bool = { _, _ in false }
    ) throws -> (before: Bitmap, after: Bitmap, stubble: Stubble, face: LowerFace, tint: Plane) {
        let (golden, mesh) = try golden(), axes = FaceAxes(mesh), base = mesh.points[MeshPoints.noseBase]
        let photograph = photograph(try person(name, golden), golden, mesh)
        var drawing = drawing(of: photograph, mesh, lines: -20)
        for y in 0..<drawing.height {
            for x in 0..<drawing.width {
                let off = Point(x: Double(x) + 0.5, y: Double(y) + 0.5) - base
                guard isThere(dot(off, axes.right) / axes.unit, dot(off, axes.down) / axes.unit) else { continue }
                drawing.flat[x, y] = Lab.toRGB(Lab.from(drawing.flat[x, y]) * under)
                drawing.flat[x, y].w = -20
            }
        }
        let before = drawing.picture(), found = try XCTUnwrap(hair(photograph, mesh: mesh))
        let stubble: Stubble? = if case let .stubble(stubble) = found.kind { stubble } else { nil }
        found.draw(into: &drawing, DrawnTones(photograph, drawing, found.face, scale: found.scale))
        let after = drawing.picture(), face = found.face, hairs = found.hairs, shape = try XCTUnwrap(stubble)
        let lips = face.lips.dilated(by: .square(1)).plane.blurred(sigma: 1).values
        let tint = face.plane { index in
            let (x, y) = (face.window.x + index % face.window.width, face.window.y + index / face.window.width)
            let covered = smoothstep(0.05, 0.7, shape.coverage.values[index]) * (1 - lips[index])
            return Lab.from(after[x, y]).x - covered * hairs.values[index]
        }
        return (before, after, shape, face, tint)
    }

    func testStubbleIsOneClosedShapeAsDarkAsItIs() throws {
        for name in ["stubble", "stubble on dark skin"] {
            let (before, after, stubble, face, tint) = try drawnStubble(name), lips = face.lips.dilated(by: .square(4))
            var shares: [Float] = []
            for index in stubble.coverage.values.indices where stubble.coverage.values[index] > 0.65 && !lips[index] {
                let (x, y) = (face.window.x + index % face.window.width, face.window.y + index / face.window.width)
                let (skin, drawn) = (Lab.from(before[x, y]), Lab.from(after[x, y]))
                shares.append((1 - tint.values[index] / skin.x) / stubble.drop.values[index])
                XCTAssertGreaterThan(drawn.y, 0.85 * skin.y, "not grey")
            }
            XCTAssertGreaterThan(shares.count, 2000, name)
            XCTAssertGreaterThan(shares.min() ?? 0, 0.9, "\(name): no holes")
            XCTAssertLessThan(shares.max() ?? 9, 1.15, name)
        }
    }

    func testStubbleIsNotDrawnTwiceWhereTheFormIsAsDark() throws {
        let (before, _, stubble, face, tint) = try drawnStubble("stubble", under: .one * 0.7) { $1 > 0.05 }
        let kept = stubble.coverage.values.indices.filter {
            stubble.coverage.values[$0] > 0.3 && face.height.values[$0] > 0.25
        }
        XCTAssertGreaterThan(kept.count, 2000)
        let shares = kept.map { index in
            let (x, y) = (face.window.x + index % face.window.width, face.window.y + index / face.window.width)
            return tint.values[index] / Lab.from(before[x, y]).x
        }
        XCTAssertGreaterThan(shares.min() ?? 0, 0.93)
    }

    /// What is dense stays a shape of its own, as a goatee in thin stubble.
    func testDenserStubbleIsDrawnAsAShape() throws {
        let (golden, mesh) = try golden(), axes = FaceAxes(mesh)
        let bare = photograph(try person("stubble", golden), golden, mesh), chin = mesh.points[MeshPoints.chin]
        let centre = chin - axes.down * (0.2 * axes.unit)
        let photograph = Bitmap(width: bare.width, height: bare.height) { x, y in
            let isDense = (Point(x: Double(x), y: Double(y)) - centre).length < 0.1 * axes.unit
            return isDense ? bare[x, y] * SIMD4(0.78, 0.78, 0.78, 1) : bare[x, y]
        }
        let found = try XCTUnwrap(hair(photograph, mesh: mesh))
        guard case let .stubble(stubble) = found.kind else { return XCTFail("no stubble") }
        func drop(_ across: Double) -> Float {
            let place = (centre + axes.right * (across * axes.unit)) * (1 / found.scale)
            return found.face.window.value(stubble.drop, place * found.scale)
        }
        XCTAssertGreaterThan(drop(0), drop(0.2) + 0.08)
        XCTAssertLessThan(abs(drop(0.05) - drop(0)), 0.04, "even within")
        XCTAssertLessThan(abs(drop(0.16) - drop(0.2)), 0.04, "and without")
    }

    func testTheNosesShadeThatANetworkDrewOnALipIsNoMoustache() throws {
        let (before, after, stubble, face, _) = try drawnStubble("stubble", under: .one * 0.4) { side, height in
            abs(side) < 0.25 && height > 0.12 && height < 0.2
        }
        let spot = place(face.mesh, MeshPoints.noseBase, up: -0.16)
        let covered = stubble.coverage[spot.x - face.window.x, spot.y - face.window.y]
        XCTAssertGreaterThan(covered, 0.5)
        XCTAssertLessThan(Lab.from(before[spot.x, spot.y]).x, 32)
        XCTAssertGreaterThan(Lab.from(after[spot.x, spot.y]).x, 40)
        let above = place(face.mesh, MeshPoints.noseBase, up: 0.1)
        XCTAssertEqual(after[above.x, above.y].x, before[above.x, above.y].x, accuracy: 0.01, "the nose keeps its own")
    }

    /// Where light is yellow a greyer tint of it would be green.
    func testStubbleHasTheHueOfTheSkin() throws {
        let (before, after, stubble, face, _) = try drawnStubble("stubble", under: SIMD3(1, 0.2, 1.4)) { $1 > 0.05 }
        func redness(_ lab: SIMD3<Float>) -> Float { lab.y / Lab.chroma(lab) }
        let lips = face.lips.dilated(by: .square(4))
        var count = 0
        for index in stubble.coverage.values.indices
        where stubble.coverage.values[index] > 0.7 && face.height.values[index] > 0.25 && !lips[index] {
            let (x, y) = (face.window.x + index % face.window.width, face.window.y + index / face.window.width)
            XCTAssertLessThan(redness(Lab.from(before[x, y])), 0.3)
            XCTAssertGreaterThan(redness(Lab.from(after[x, y])), 0.4)
            count += 1
        }
        XCTAssertGreaterThan(count, 1000)
    }

    func testABeardHasNoLinesButThoseOfTheMouth() throws {
        let (_, after, mesh) = try drawn("beard", lines: 8)
        let chin = place(mesh, MeshPoints.chin, up: 0.2), lips = place(mesh, 14, up: 0)
        XCTAssertLessThan(after[chin.x, chin.y].w, 0.05)
        XCTAssertEqual(after[lips.x, lips.y].w, 1, accuracy: 1e-3)
    }

    func testTonesFollowTheDrawings() throws {
        let (golden, mesh) = try golden()
        let person = try person("beard", golden), photograph = photograph(person, golden, mesh)
        let face = try XCTUnwrap(LowerFace(photograph, mesh: mesh))
        var same = drawing(of: photograph, mesh, lines: -20)
        same.flat = photograph
        same.flat.forEachRow { _, row in
            for x in row.indices { row[x].w = -20 }
        }
        var lighter = same
        lighter.flat.forEachRow { _, row in
            for x in row.indices {
                var colour = Lab.from(row[x])
                colour.x = 20 + 0.8 * colour.x
                row[x] = Lab.toRGB(colour)
                row[x].w = -20
            }
        }
        XCTAssertEqual(DrawnTones(photograph, same, face, scale: 1).drawn(SIMD3(50, 8, 9)).x, 50, accuracy: 0.5)
        let tones = DrawnTones(photograph, lighter, face, scale: 1)
        XCTAssertEqual(tones.skin.x, 20 + 0.8 * face.skin.x, accuracy: 1.5)
        XCTAssertEqual(tones.drawn(SIMD3(20, 8, 9)).x, 36, accuracy: 3)
    }
}
