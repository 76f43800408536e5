@testable import Drawing
import Foundation
import Raster

/// The face of `Fixtures/facial-hair.json`, on 512×512 pixels. Points that beards are not told by lie in one place: a
/// test that needs them puts them where they belong.
enum FixtureFace {
    /// Points of the mesh beside the nose's ridge, from the bridge down, and on its side at the same heights.
    static let noseRidge = [[196, 3, 51, 45, 44], [419, 248, 281, 275, 274]]
    static let noseSide = [[174, 236, 134, 220, 79], [399, 456, 363, 440, 309]]

    private struct Fixture: Decodable { let mesh: [[Double]] }

    static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/facial-hair.json")

    static func points() throws -> [Point] {
        try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file)).mesh.map { Point(x: $0[0], y: $0[1]) }
    }

    /// A flat mesh.
    static func mesh(_ points: [Point]) -> FaceMesh {
        FaceMesh(points: points, depths: [Double](repeating: 0, count: FaceMesh.skinCount), presence: 1)
    }
}
