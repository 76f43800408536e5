@testable import Drawing
import Raster
import XCTest

/// Frames of glasses: found by photograph and drawing together, and drawn whole.
final class SpectaclesTests: XCTestCase {
    private static let side = 512
    private static let tint = SIMD3<Float>(0.2, 0.2, 0.2)
    private static let pale = SIMD4<Float>(0.84, 0.66, 0.56, 1)

    private func mesh() throws -> FaceMesh {
        var points = try FixtureFace.points()
        // That mesh has no points on the bridge of the nose, forehead and cheeks.
        let axes = FaceAxes(FixtureFace.mesh(points)),
            eyes = points.enumerated().filter {
                (MeshPoints.upperLid[0] + MeshPoints.upperLid[1]).contains($0.offset)
            }.map(\.element).mean
        func place(_ across: Double, _ down: Double) -> Point {
            eyes + axes.right * (across * axes.unit) + axes.down * (down * axes.unit)
        }
        (points[168], points[6], points[151], points[9]) = (
            place(0, -0.08), place(0, 0.08), place(0, -0.6), place(0, -0.4)
        )
        for (cheek, sign) in zip(MeshPoints.cheeks, [-1.0, 1]) {
            for (number, down) in zip(cheek, [0.55, 0.7]) { points[number] = place(sign * 0.55, down) }
            points[MeshPoints.temples[sign < 0 ? 0 : 1]] = place(sign * 0.95, 0)
        }
        return FixtureFace.mesh(points)
    }

    /// Rims and bridge of a pair of glasses.
    private func frame(_ mesh: FaceMesh, upperHalf: Bool = false) -> (rims: [[Point]], bridge: [Point]) {
        let axes = FaceAxes(mesh), count = 96
        let rims = (0...1).map { index -> [Point] in
            let eye = mesh.points(MeshPoints.upperLid[index] + MeshPoints.lowerLid[index]).mean
            let sign = index == 0 ? -1.0 : 1
            return (0...(upperHalf ? count / 2 : count)).map { step in
                let point = LensShape.unitPoint(Double(step) / Double(count), 2.8)
                return eye + axes.right * (sign * (0.06 + 0.42 * point.x) * axes.unit)
                    + axes.down * ((0.06 + 0.27 * point.y) * axes.unit)
            }
        }
        let inner = rims.map { $0[Rims.inner] }
        return (rims, steps(24).map { inner[0] + (inner[1] - inner[0]) * $0 })
    }

    /// Even skin with what `lines` are, so wide (units), in darker skin.
    private func picture(
        _ mesh: FaceMesh, _ skin: SIMD4<Float>, _ lines: [(line: [Point], width: Double, level: Float)]
    )
        throws -> Bitmap
    {
        let unit = FaceAxes(mesh).unit, count = Self.side
        let window = try XCTUnwrap(
            CoverageWindow(width: count, height: count, around: mesh.points(MeshPoints.oval), margin: unit))
        var levels = [Float](repeating: 1, count: count * count)
        for (line, width, level) in lines {
            let coverage = window.stroke(line, widths: [Double](repeating: width * unit, count: line.count))
            for (place, covered) in coverage.enumerated() {
                let index = (window.y + place / window.width) * count + window.x + place % window.width
                levels[index] = min(levels[index], 1 + (level - 1) * covered)
            }
        }
        let painted = levels
        return Bitmap(width: count, height: count) { x, y in
            var pixel = skin * painted[y * count + x]
            pixel.w = 1
            return pixel
        }
    }

    private func features(_ mesh: FaceMesh) -> [(line: [Point], width: Double, level: Float)] {
        (0...1).flatMap { index in
            [
                (curve(mesh.points(MeshPoints.upperLid[index])), 0.04, Float(0.3)),
                (curve(mesh.points(Array(MeshPoints.brow[index].prefix(5)))), 0.09, Float(0.4)),
            ]
        }
    }

    private func drawing(_ picture: Bitmap) -> UndecidedDrawing {
        let side = picture.width, never = Bitmap(width: side, height: side, filledWith: SIMD4(0, 0, 0, -20))
        var flat = picture
        flat.forEachRow { _, row in
            for x in row.indices { row[x].w = -20 }
        }
        return UndecidedDrawing(
            flat: flat, shade: never, light: never,
            marks: Bitmap(width: side, height: side, filledWith: SIMD4(-20, -20, -20, 0)),
            rule: DecisionRule(crispness: (SIMD4(1, 1, 1, 0), SIMD4(1, 1, 1, 0)), lineRange: (0.15, 0.65)))
    }

    private struct Scene {
        let mesh: FaceMesh
        let photograph: Bitmap
        var drawing: UndecidedDrawing
    }

    /// - Parameter isDrawn: which parts of the frame the network has drawn.
    private func scene(
        skin: SIMD4<Float> = pale, width: Double = 0.03, level: Float = 0.4, bridgeLevel: Float? = nil,
        drawn isDrawn: (rims: Bool, bridge: Bool) = (false, true)
    ) throws -> Scene {
        let mesh = try mesh(), frame = frame(mesh), own = features(mesh)
        let bridge = (frame.bridge, width, bridgeLevel ?? level), rims = frame.rims.map { ($0, width, level) }
        return Scene(
            mesh: mesh, photograph: try picture(mesh, skin, own + rims + [bridge]),
            drawing: drawing(
                try picture(mesh, skin, own + (isDrawn.rims ? rims : []) + (isDrawn.bridge ? [bridge] : []))))
    }

    private func found(_ scene: Scene) -> Spectacles? {
        Spectacles(scene.photograph, mesh: scene.mesh, scene.drawing, lineTint: Self.tint)
    }

    /// Share of points of both rims within two pixels of which the decided drawing has a line.
    private func lined(_ picture: Bitmap, _ mesh: FaceMesh) -> Double {
        let points = frame(mesh).rims.flatMap { $0 }
        let lined = points.filter { point in
            (-2...2).contains { y in
                (-2...2).contains { x in picture[Int(point.x) + x, Int(point.y) + y].w > 0.9 }
            }
        }
        return Double(lined.count) / Double(points.count)
    }

    func testLostFramesAreDrawnWholeOnAllSkins() throws {
        let skins = [Self.pale, SIMD4(0.42, 0.28, 0.21, 1), SIMD4(0.6, 0.6, 0.6, 1)]
        for skin in skins {
            var scene = try scene(skin: skin)
            let before = scene.drawing.picture()
            XCTAssertEqual(lined(before, scene.mesh), 0)
            let glasses = try XCTUnwrap(found(scene), "\(skin)")
            glasses.draw(into: &scene.drawing)
            let after = scene.drawing.picture()
            XCTAssertGreaterThan(lined(after, scene.mesh), 0.95, "\(skin)")
            for index in 0...1 {
                let eye = scene.mesh.points(MeshPoints.upperLid[index] + MeshPoints.lowerLid[index]).mean
                XCTAssertEqual(after[Int(eye.x), Int(eye.y)], before[Int(eye.x), Int(eye.y)], "behind the lens")
            }
            let nose = scene.mesh.points[MeshPoints.noseBase]
            XCTAssertEqual(after[Int(nose.x), Int(nose.y)], before[Int(nose.x), Int(nose.y)])
        }
    }

    func testFramesThatTheNetworkHasDrawnStayAsTheyAre() throws {
        var scene = try scene(drawn: (true, true))
        let glasses = try XCTUnwrap(found(scene)), before = scene.drawing.picture()
        XCTAssertTrue(glasses.missing.isEmpty)
        // Skin that covered them since then.
        let bare = try picture(scene.mesh, Self.pale, features(scene.mesh))
        scene.drawing = drawing(bare)
        glasses.draw(into: &scene.drawing)
        let after = scene.drawing.picture()
        for point in frame(scene.mesh).rims.flatMap({ $0 }) {
            let (x, y) = (Int(point.x), Int(point.y))
            XCTAssertEqual(after[x, y].x, before[x, y].x, accuracy: 0.02)
        }
        XCTAssertEqual(lined(after, scene.mesh), 0, "nothing is drawn over them")
    }

    func testFacesWithoutGlassesHaveNone() throws {
        let mesh = try mesh(), axes = FaceAxes(mesh), bare = try picture(mesh, Self.pale, features(mesh))
        XCTAssertNil(Spectacles(bare, mesh: mesh, drawing(bare), lineTint: Self.tint))
        // Bags below the eyes, a frown and a wrinkled forehead.
        var lines = features(mesh)
        for index in 0...1 {
            let lid = curve(mesh.points(MeshPoints.lowerLid[index]))
            for down in [0.1, 0.18] { lines.append((lid.map { $0 + axes.down * (down * axes.unit) }, 0.02, 0.7)) }
        }
        let bridge = mesh.points(MeshPoints.noseBridge).mean
        for down in [-0.1, 0.0, -0.35, -0.45, -0.55] {
            let row = (-4...4).map {
                bridge + axes.right * (0.05 * Double($0) * axes.unit) + axes.down * (down * axes.unit)
            }
            lines.append((row, 0.03, 0.6))
        }
        let old = try picture(mesh, Self.pale, lines)
        XCTAssertNil(Spectacles(old, mesh: mesh, drawing(bare), lineTint: Self.tint))
    }

    func testWithoutASignInTheDrawingNothingIsSure() throws {
        XCTAssertNil(found(try scene(drawn: (false, false))))
    }

    /// Thin metal over the nose is hardly seen; rims all around are glasses all the same.
    func testAPaleBridgeBetweenWholeRimsIsEnough() throws {
        var scene = try scene(bridgeLevel: 0.92, drawn: (true, false))
        let glasses = try XCTUnwrap(found(scene))
        glasses.draw(into: &scene.drawing)
        let bare = drawing(try picture(scene.mesh, Self.pale, features(scene.mesh)))
        XCTAssertNil(
            Spectacles(scene.photograph, mesh: scene.mesh, bare, lineTint: Self.tint), "none of it in the drawing")
    }

    func testHalfRimsAreLeftToTheNetwork() throws {
        let mesh = try mesh(), half = frame(mesh, upperHalf: true), bridge = (frame(mesh).bridge, 0.03, Float(0.4))
        let lines = half.rims.map { ($0, 0.03, Float(0.4)) } + [bridge]
        let photograph = try picture(mesh, Self.pale, features(mesh) + lines)
        let drawn = drawing(try picture(mesh, Self.pale, features(mesh) + [bridge]))
        XCTAssertNil(Spectacles(photograph, mesh: mesh, drawn, lineTint: Self.tint))
    }

    func testLargerDrawingsAndFacesThatAreTinyTurnedAwayOrWithoutNumbers() throws {
        let scene = try scene(), twice = SimilarityTransform(scale: 2)
        func enlarged(_ picture: Bitmap, _ factor: Double) -> Bitmap {
            let side = Int(Double(Self.side) * factor)
            return areaResampled(picture, width: side, height: side)
        }
        let large = Scene(
            mesh: scene.mesh.map(twice), photograph: enlarged(scene.photograph, 2),
            drawing: drawing(
                enlarged(
                    try picture(
                        scene.mesh, Self.pale,
                        features(scene.mesh)
                            + [(frame(scene.mesh).bridge, 0.03, 0.4)]), 2)))
        XCTAssertNotNil(found(large))
        let tiny = Scene(
            mesh: scene.mesh.map(SimilarityTransform(scale: 0.1)), photograph: enlarged(scene.photograph, 0.1),
            drawing: drawing(enlarged(scene.photograph, 0.1)))
        XCTAssertNil(found(tiny))
        var points = scene.mesh.points
        points[MeshPoints.noseTip] = points[MeshPoints.chin]
        XCTAssertNil(found(Scene(mesh: FixtureFace.mesh(points), photograph: scene.photograph, drawing: scene.drawing)))
        points = scene.mesh.points
        points[MeshPoints.temples[0]] = Point(x: .nan, y: 0)
        XCTAssertNil(found(Scene(mesh: FixtureFace.mesh(points), photograph: scene.photograph, drawing: scene.drawing)))
    }
}
