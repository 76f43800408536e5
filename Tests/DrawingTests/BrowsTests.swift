@testable import Drawing
import Raster
import XCTest

/// Brows: found in photographs that are made up here, and drawn into drawings that have them all alike.
final class BrowsTests: XCTestCase {
    /// What a made-up photograph shows. Lengths are in units.
    private struct Person {
        var skin = SIMD3<Float>(72, 14, 18), brow = SIMD3<Float>(30, 6, 8)
        var thickness = 0.07
        /// How far below the mesh's brow the photograph's lies.
        var lower = 0.0
        /// How far its inner end lies below that, and its outer end above.
        var slope = 0.0
        /// Of which side hair hangs down to the brow, −1 the viewer's left.
        var fringe: [Double] = []
        /// The tone of the inner half of each brow, over its own.
        var inner: Float = 1
    }

    private let side = 512

    private func mesh() throws -> FaceMesh {
        var points = try FixtureFace.points()
        let axes = FaceAxes(FixtureFace.mesh(points))
        for (index, sign) in zip(0...1, [-1.0, 1]) {
            let eye = points[MeshPoints.upperLid[index][4]] - axes.down * (0.4 * axes.unit)
            for (place, number) in MeshPoints.brow[index].enumerated() {
                let step = place < 5 ? place : 9 - place, across = 0.3 - 0.15 * Double(step)
                points[number] =
                    eye + axes.right * (sign * across * axes.unit)
                    + axes.down * ((place < 5 ? -0.03 : 0.03) * axes.unit)
            }
        }
        return FixtureFace.mesh(points)
    }

    private func coverage(_ mesh: FaceMesh, lower: Double, thickness: Double, slope: Double = 0) throws -> [Float] {
        let axes = FaceAxes(mesh)
        let window = try XCTUnwrap(
            CoverageWindow(
                width: side, height: side,
                around: [Point(x: 0, y: 0), Point(x: Double(side), y: Double(side))], margin: 0))
        let both = (0...1).map { index in
            let spine = Brow.spine(mesh, index: index)
            let line = zip(spine, steps(spine.count)).map { point, step in
                point + axes.down * ((lower + slope * (2 * step - 1)) * axes.unit)
            }
            return window.stroke(
                line, widths: [Double](repeating: thickness * axes.unit, count: line.count))
        }
        return zip(both[0], both[1]).map { max($0, $1) }
    }

    private func photograph(_ person: Person, _ mesh: FaceMesh) throws -> Bitmap {
        let brow = try coverage(mesh, lower: person.lower, thickness: person.thickness, slope: person.slope)
        let axes = FaceAxes(mesh), spine = Brow.spine(mesh, index: 0)
        let end = spine[20] - axes.down * (0.06 * axes.unit), middle = mesh.points[MeshPoints.noseBase]
        let inner = abs(dot(spine[20] - middle, axes.right))
        return Bitmap(width: side, height: side) { [side] x, y in
            let place = Point(x: Double(x), y: Double(y)), across = dot(place - middle, axes.right)
            let isHair = person.fringe.contains { $0 * across > 0 } && dot(place - end, axes.down) < 0
            let base = isHair ? person.brow : person.skin
            let share = brow[y * side + x] * (abs(across) < inner ? person.inner : 1)
            var pixel = Lab.toRGB(base + (person.brow - base) * share)
            pixel.w = 1
            return pixel
        }
    }

    /// As a network draws it that has one brow for all faces, and a lid's line below.
    private func drawing(_ skin: SIMD3<Float>, _ mesh: FaceMesh, upTo: Double = 0) throws -> UndecidedDrawing {
        let brow = try coverage(mesh, lower: upTo / 2, thickness: 0.08 + upTo)
        let skin = Lab.toRGB(skin)
        let never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -20))
        let flat = Bitmap(width: side, height: side) { [side] x, y in
            var pixel = skin + (SIMD4(0.2, 0.15, 0.12, 0) - skin) * brow[y * side + x]
            pixel.w = brow[y * side + x] > 0.5 ? 5 : -20
            return pixel
        }
        return UndecidedDrawing(
            flat: flat, shade: never, light: never,
            marks: Bitmap(width: side, height: side, filledWith: SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    private func brows(_ person: Person, _ mesh: FaceMesh) throws -> Brows? {
        try LowerFace(photograph(person, mesh), mesh: mesh).flatMap { Brows($0) }
    }

    private func draw(_ brows: Brows, into drawing: inout UndecidedDrawing) throws {
        let own = try XCTUnwrap(NetworkBrows(drawing, mesh: brows.face.mesh))
        brows.draw(into: &drawing, inPlaceOf: own, scale: 1)
    }

    /// Heights of what is darker than skin in the middle of the left brow, in units below the mesh's.
    private func heights(_ picture: Bitmap, _ mesh: FaceMesh, skin: Float) -> [Double] {
        let axes = FaceAxes(mesh), middle = Brow.spine(mesh, index: 0)[20]
        return stride(from: -0.13, through: 0.13, by: 0.005).filter { height in
            let place = middle + axes.down * (height * axes.unit)
            let pixel = picture[Int(place.x), Int(place.y)]
            return pixel.w > 0.5 || Lab.from(clamped01(pixel)).x < skin - 8
        }
    }

    func testBrowsLieWhereThePhotographHasThemOnAnySkin() throws {
        let mesh = try mesh()
        for skin in [SIMD3<Float>(84, 10, 14), SIMD3(60, 18, 22), SIMD3(38, 14, 18), SIMD3(70, 0, 0)] {
            for lower in [-0.04, 0.04] {
                var person = Person(skin: skin, lower: lower)
                person.brow = SIMD3(0.4 * skin.x, 0.4 * skin.y, 0.4 * skin.z)
                let found = try XCTUnwrap(brows(person, mesh), "\(skin)")
                var drawing = try drawing(skin, mesh)
                try draw(found, into: &drawing)
                let dark = heights(drawing.picture(), mesh, skin: skin.x)
                XCTAssertEqual(dark.reduce(0, +) / Double(dark.count), lower, accuracy: 0.025, "\(skin)")
                XCTAssertLessThan(try XCTUnwrap(dark.last) - (dark.first ?? 0), 0.12, "the network's own is gone")
            }
        }
    }

    func testSternBrowsStaySternAndRaisedOnesRaised() throws {
        let mesh = try mesh(), axes = FaceAxes(mesh)
        // Half of a slope down to the nose may be shade beside it.
        for (slope, range) in [(-0.035, -0.045 ... -0.025), (0.035, 0.014...0.04)] {
            var person = Person()
            person.slope = slope
            let found = try XCTUnwrap(brows(person, mesh))
            for (index, brow) in found.brows.enumerated() {
                let off = zip(brow.line, Brow.spine(found.face.mesh, index: index)).map { dot($0 - $1, axes.down) }
                let drawn = (off[34] - off[5]) / (2 * found.face.unit) / (29.0 / 39)
                XCTAssertTrue(range.contains(drawn), "\(index): \(drawn)")
            }
        }
    }

    /// The light skin over the brow that the network drew too high shows no trace of it.
    func testNoTraceOfTheNetworksBrowIsLeftOnLightSkin() throws {
        let mesh = try mesh(), axes = FaceAxes(mesh), middle = Brow.spine(mesh, index: 0)[20]
        var drawing = try drawing(Person().skin, mesh), light = Person()
        light.lower = 0.08
        for y in 0..<side {
            for x in 0..<side where dot(Point(x: Double(x), y: Double(y)) - middle, axes.down) < -0.05 * axes.unit {
                if drawing.flat[x, y].w < 0 { drawing.flat[x, y] *= SIMD4(1.2, 1.2, 1.2, 1) }
            }
        }
        let above = middle - axes.down * (0.25 * axes.unit)
        let skin = Lab.from(clamped01(drawing.flat[Int(above.x), Int(above.y)])).x
        try draw(XCTUnwrap(brows(light, mesh)), into: &drawing)
        for height in stride(from: -0.12, through: -0.06, by: 0.01) {
            let place = middle + axes.down * (height * axes.unit)
            let here = Lab.from(clamped01(drawing.flat[Int(place.x), Int(place.y)])).x
            XCTAssertEqual(here, skin, accuracy: 4, "\(height)")
        }
    }

    func testThicknessAndToneAreThePhotographs() throws {
        let mesh = try mesh()
        var (thin, thick, blond) = (Person(), Person(), Person())
        (thin.thickness, thick.thickness, blond.brow) = (0.04, 0.11, SIMD3(56, 10, 20))
        let widths = try [thin, thick].map { try XCTUnwrap(brows($0, mesh)).thickness }
        XCTAssertLessThan(1.5 * widths[0], widths[1])
        let tones = try [thin, blond].map { try XCTUnwrap(brows($0, mesh)).tone }
        XCTAssertLessThan(tones[0].x + 0.15, tones[1].x)
        XCTAssertGreaterThan(tones[1].z, tones[0].z)
    }

    func testCoveredAndMissingBrowsAreLeftAlone() throws {
        let mesh = try mesh()
        var fringe = Person(), none = Person()
        fringe.fringe = [-1, 1]
        none.brow = none.skin
        XCTAssertNil(try brows(fringe, mesh))
        XCTAssertNil(try brows(none, mesh))
        // What the network drew goes on to the eye: rims, or a lid.
        var drawing = try drawing(Person().skin, mesh, upTo: 0.5)
        let before = drawing
        try draw(XCTUnwrap(brows(Person(), mesh)), into: &drawing)
        XCTAssertEqual(drawing, before)
    }

    /// Of two brows one may be covered.
    func testAFringeOverOneBrowLeavesTheOther() throws {
        let mesh = try mesh()
        var person = Person()
        person.fringe = [-1]
        let found = try XCTUnwrap(brows(person, mesh))
        XCTAssertEqual(found.brows.map(\.index), [1])
        var drawing = try drawing(person.skin, mesh)
        let before = drawing, covered = Brow.spine(mesh, index: 0)[20], open = Brow.spine(mesh, index: 1)[20]
        try draw(found, into: &drawing)
        func change(_ place: Point) -> Bool {
            drawing.flat[Int(place.x), Int(place.y)] != before.flat[Int(place.x), Int(place.y)]
        }
        XCTAssertFalse(change(covered))
        XCTAssertTrue(change(open))
    }

    /// Dark hair that touches a brow, or a socket's shade, is no reason to leave the network's.
    func testABrowThatIsOneWithHairIsDrawnAndTheHairStays() throws {
        var mesh = try mesh()
        let axes = FaceAxes(mesh), spine = Brow.spine(mesh, index: 0)
        let beside = spine[0] - axes.right * (0.02 * axes.unit)
        mesh.hair = HairMap(
            likelihood: Plane(
                width: side, height: side, values: (0..<side * side).map { Double($0 % side) < beside.x ? 1 : 0 }),
            toSquare: .identity)
        var drawing = try drawing(Person().skin, mesh)
        for y in 0..<side {
            for x in 0..<side where dot(Point(x: Double(x), y: Double(y)) - beside, axes.right) < 0 {
                drawing.flat[x, y] = SIMD4(0.1, 0.08, 0.07, -20)
            }
        }
        var light = Person()
        light.brow = SIMD3(58, 12, 18)
        try draw(XCTUnwrap(brows(light, mesh)), into: &drawing)
        XCTAssertGreaterThan(Lab.from(clamped01(drawing.flat[Int(spine[20].x), Int(spine[20].y)])).x, 40)
        let hair = spine[0] - axes.right * (0.12 * axes.unit)
        XCTAssertEqual(drawing.flat[Int(hair.x), Int(hair.y)], SIMD4(0.1, 0.08, 0.07, -20))
    }

    func testBrowsAreFullWhereTheyHaveHairs() throws {
        let mesh = try mesh(), spine = Brow.spine(mesh, index: 0)
        func lights(_ inner: Float) throws -> [Float] {
            var person = Person(), drawing = try drawing(Person().skin, mesh)
            person.inner = inner
            try draw(XCTUnwrap(brows(person, mesh)), into: &drawing)
            return [10, 30].map { Lab.from(clamped01(drawing.flat[Int(spine[$0].x), Int(spine[$0].y)])).x }
        }
        let (even, thin) = (try lights(1), try lights(0.3))
        XCTAssertEqual(even[0], even[1], accuracy: 5)
        XCTAssertGreaterThan(thin[1], thin[0] + 8)
    }

    /// Skin that is lighter all about a brow is no other brow's skin: the brow lies on it, not on a hole.
    func testNoSkinOfTheUsualTonePatchesABrow() throws {
        let mesh = try mesh(), axes = FaceAxes(mesh), middle = Brow.spine(mesh, index: 0)[20]
        var drawing = try drawing(Person().skin, mesh)
        for y in 0..<side {
            for x in 0..<side {
                let off = (Point(x: Double(x), y: Double(y)) - middle).length / axes.unit
                if off < 0.3, drawing.flat[x, y].w < 0 { drawing.flat[x, y] += SIMD4(0.22, 0.22, 0.22, 0) }
            }
        }
        try draw(XCTUnwrap(brows(Person(), mesh)), into: &drawing)
        let darkest = stride(from: -0.12, through: 0.12, by: 0.005).map { height -> Float in
            let place = middle + axes.down * (height * axes.unit)
            return Lab.from(clamped01(drawing.flat[Int(place.x), Int(place.y)])).x
        }.min()
        XCTAssertGreaterThan(try XCTUnwrap(darkest), 17, "no darker than its stroke")
    }

    func testTheRestOfTheDrawingStays() throws {
        let mesh = try mesh(), axes = FaceAxes(mesh)
        var drawing = try drawing(Person().skin, mesh)
        let before = drawing
        try draw(XCTUnwrap(brows(Person(), mesh)), into: &drawing)
        for place in MeshPoints.upperLid.flatMap({ mesh.points($0) }) + [mesh.points[MeshPoints.noseBase]] {
            XCTAssertEqual(drawing.flat[Int(place.x), Int(place.y)], before.flat[Int(place.x), Int(place.y)])
        }
        XCTAssertGreaterThan(axes.unit, 20)
    }
}
