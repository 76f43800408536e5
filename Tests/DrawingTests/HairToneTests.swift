@testable import Drawing
import Models
import Raster
import Settings
import XCTest

final class HairToneTests: XCTestCase {
    private static let landmarks = FaceTemplate.ffhq512.scaled(toSize: 512, about: 2.0 / 3).landmarks
    private static let skin = SIMD3<Float>(72, 14, 18)
    /// In the hair, on the cheek, on the wall.
    private let crown = Point(x: 256, y: 130), cheek = Point(x: 300, y: 290), wall = Point(x: 40, y: 480)

    private static func isHair(_ p: Point) -> Bool { HairColorLimit.region(p, landmarks) > 0.3 }

    /// A head with such hair on a wall that is a little lighter.
    private func portrait(_ hair: SIMD3<Float>) -> Bitmap { portrait { _ in hair } }

    private func portrait(hair: @escaping @Sendable (Point) -> SIMD3<Float>) -> Bitmap {
        Bitmap(width: 512, height: 512) { x, y in
            let p = Point(x: Double(x) + 0.5, y: Double(y) + 0.5)
            if Self.isHair(p) { return Lab.toRGB(hair(p)) }
            let off = p - Self.landmarks.nose
            return Lab.toRGB(off.x * off.x + off.y * off.y < 100 * 100 ? Self.skin : SIMD3(60, 0, 0))
        }
    }

    /// Features at the landmarks' place, and the network's answer.
    private func mesh(hair: ((Point) -> Float)?) -> FaceMesh {
        let marks = Self.landmarks
        var points = [Point](repeating: marks.nose, count: FaceMesh.count)
        for (eye, centre) in [marks.leftEye, marks.rightEye].enumerated() {
            for number in MeshPoints.upperLid[eye] + MeshPoints.lowerLid[eye] { points[number] = centre }
        }
        for (number, corner) in zip(MeshPoints.mouthCorners, [marks.leftMouth, marks.rightMouth]) {
            points[number] = corner
        }
        var mesh = FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
        mesh.hair = hair.map { hair in
            let values = (0..<64 * 64).map { (index: Int) -> Float in
                let (row, column) = index.quotientAndRemainder(dividingBy: 64)
                return hair(Point(x: 8 * Double(column) + 4, y: 8 * Double(row) + 4))
            }
            return HairMap(
                likelihood: Plane(width: 64, height: 64, values: values), toSquare: SimilarityTransform(scale: 1 / 8))
        }
        return mesh
    }

    private func toned(_ hair: SIMD3<Float>, held: Double = 0.7, mesh given: FaceMesh? = nil) -> Bitmap {
        toned(portrait(hair), held: held, mesh: given)
    }

    private func toned(
        _ photograph: Bitmap, drawn: Bitmap? = nil, held: Double = 0.7, mesh given: FaceMesh? = nil
    ) -> Bitmap {
        let mesh = given ?? self.mesh { Self.isHair($0) ? 1 : 0 }
        var painting = Painting(pixels: drawn ?? photograph, lineTint: .zero)
        let shift = ToneShift(source: photograph, painting: painting)
        let tone = HairTone(
            meshes: [mesh], faces: [ToneFace(Self.landmarks, in: shift)], heldToPhotograph: held, in: shift)
        shift.apply([tone].compactMap { $0 }, to: &painting)
        return painting.pixels
    }

    private func lab(_ picture: Bitmap, _ p: Point) -> SIMD3<Float> { Lab.from(picture[Int(p.x), Int(p.y)]) }

    private func chroma(_ lab: SIMD3<Float>) -> Float { (lab.y * lab.y + lab.z * lab.z).squareRoot() }

    func testFairAndRedHairBecomeClearerAndNothingElseChanges() {
        for hair in [SIMD3<Float>(46, 4, 12), SIMD3(30, 20, 24)] {
            let picture = toned(hair), now = lab(picture, crown)
            XCTAssertGreaterThan(chroma(now), 1.15 * chroma(hair), "\(hair)")
            XCTAssertGreaterThan(now.x, hair.x + 4, "\(hair)")
            XCTAssertLessThan(now.x, hair.x + 16, "\(hair)")
            XCTAssertEqual(now.y / chroma(now), hair.y / chroma(hair), accuracy: 0.05, "the hue stays")
            for place in [cheek, wall] {
                XCTAssertEqual(lab(picture, place).x, lab(portrait(hair), place).x, accuracy: 0.1, "\(hair)")
            }
        }
    }

    func testBrownHairDoesNotBecomeGinger() {
        for hair in [SIMD3<Float>(27, 7, 14), SIMD3(39, 8, 10), SIMD3(21, 8, 8), SIMD3(28, 4, 7)] {
            // A network that draws it lighter and of more colour than it is, and one that draws it as it is.
            for drawn in [hair * SIMD3(1.35, 1.5, 1.5), hair] {
                let now = lab(toned(portrait(hair), drawn: portrait(drawn)), crown)
                XCTAssertGreaterThan(now.x, hair.x + 1.5, "\(hair)")
                XCTAssertLessThan(now.x, hair.x + 8, "\(hair)")
                XCTAssertLessThan(chroma(now), 1.2 * chroma(hair) + 0.5, "\(hair)")
                XCTAssertGreaterThan(chroma(now), 0.9 * chroma(hair), "\(hair)")
            }
        }
    }

    func testBlackGrayAndWhiteHairStayWhatTheyAre() {
        for hair in [SIMD3<Float>(8, 1, 1), SIMD3(45, 0, 1), SIMD3(85, 1, 4)] {
            let now = lab(toned(hair), crown)
            XCTAssertLessThan(abs(now.x - hair.x), 5, "\(hair)")
            XCTAssertLessThan(abs(chroma(now) - chroma(hair)), 0.8, "\(hair)")
        }
    }

    func testHairIsNotLiftedAboveTheSkin() {
        let hair = SIMD3<Float>(62, 5, 14)
        XCTAssertLessThan(lab(toned(hair), crown).x, 0.9 * Self.skin.x + 1, "skin of \(Self.skin)")
    }

    func testStripesComeNearerToEachOther() {
        let bright = SIMD3<Float>(54, 4, 12), dark = SIMD3<Float>(26, 4, 12)
        let photograph = portrait { p in Int(p.x / 32) % 2 == 0 ? bright : dark }
        let picture = toned(photograph)
        let (before, after) = (
            bright.x - dark.x, lab(picture, Point(x: 272, y: 130)).x - lab(picture, crown + Point(x: -16, y: 0)).x
        )
        XCTAssertLessThan(abs(after), 0.9 * before)
        XCTAssertGreaterThan(abs(after), 0.5 * before, "strands stay")
    }

    func testNothingIsDoneWhenHairIsHeldToThePhotographOrThereIsHardlyAny() {
        let hair = SIMD3<Float>(46, 4, 12), untouched = portrait(hair)
        XCTAssertEqual(toned(hair, held: 1), untouched)
        XCTAssertEqual(toned(hair, mesh: mesh(hair: nil)), untouched)
        XCTAssertEqual(toned(hair, mesh: mesh { _ in 0.2 }), untouched)
        let crown = self.crown
        XCTAssertEqual(toned(hair, mesh: mesh { ($0 - crown).length < 16 ? 1 : 0 }), untouched, "a shaven head")
    }

    func testBeardsAreNoHairOfTheHead() {
        let mouth = [Self.landmarks.leftMouth, Self.landmarks.rightMouth].mean
        let picture = toned(SIMD3(46, 4, 12), mesh: mesh { _ in 1 })
        XCTAssertEqual(picture[Int(mouth.x), Int(mouth.y)], portrait(SIMD3(46, 4, 12))[Int(mouth.x), Int(mouth.y)])
    }

    func testTheMapFollowsItsPictureAndFadesTowardsItsBorder() throws {
        let square = HairMap(
            likelihood: Plane(width: 64, height: 64, filledWith: 1), toSquare: SimilarityTransform(scale: 0.5))
        XCTAssertEqual(square(Point(x: 64, y: 64)), 1)
        XCTAssertEqual(square(Point(x: 128.5, y: 64)), 0)
        XCTAssertLessThan(square(Point(x: 126, y: 64)), 0.2)
        let move = SimilarityTransform(scale: 3, angle: 0.4, tx: -50, ty: 20)
        let moved = try XCTUnwrap(square.map(move))
        for place in [Point(x: 64, y: 64), Point(x: 120, y: 30), Point(x: 3, y: 90)] {
            XCTAssertEqual(moved(move.apply(place)), square(place), accuracy: 1e-4)
        }
        XCTAssertNil(square.map(SimilarityTransform(scale: 0)))
    }

    func testHairIsFoundWhereTheNetworkSeesIt() throws {
        let scene = try Scene(portrait(SIMD3(10, 0, 0)))
        let map = try XCTUnwrap(HairFinder(network: DarkNetwork()).hair(of: Self.landmarks, in: scene))
        XCTAssertGreaterThan(map(crown), 0.9)
        XCTAssertLessThan(map(cheek), 0.1)
        XCTAssertNil(
            try HairFinder(network: DarkNetwork()).hair(of: Self.landmarks.map { _ in self.crown }, in: scene))
        XCTAssertThrowsError(try HairFinder(network: DarkNetwork(count: 9)).hair(of: Self.landmarks, in: scene)) {
            XCTAssertTrue("\($0)".contains("network of hair"), "\($0)")
        }
    }
}

/// Takes everything dark for hair.
private struct DarkNetwork: NeuralNetwork {
    var count = 64 * 64
    let inputs = [TensorSpec(name: "picture", shape: [1, 64, 64, 3])]
    let outputs = [TensorSpec(name: "hair", shape: [1, 64, 64])]

    func run(_ given: [String: Tensor]) throws -> [String: Tensor] {
        let values = given["picture"]?.values ?? []
        let dark: [Float] = (0..<count).map { 3 * $0 + 1 < values.count && values[3 * $0 + 1] < 0.25 ? 1 : 0 }
        return ["hair": Tensor(shape: [count], values: dark)]
    }
}
