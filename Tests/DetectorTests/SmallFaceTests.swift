@testable import Drawing
import Engine
import Models
import Raster
import Settings
import XCTest

/// Groups: many faces, each a small part of the picture.
final class SmallFaceTests: XCTestCase {
    /// `columns` × `rows` small copies of a head, each with a face of about `size` pixels, far apart.
    private func group(_ columns: Int, _ rows: Int, size: Double) throws -> Bitmap {
        let photo = try Parts.photo("astronaut.png")
        let face = try XCTUnwrap(Parts.detector().faces(in: photo, minimumSize: 40).first).box
        let (side, middle) = (2.2 * max(face.width, face.height), face.centre)
        let left = max(0, Int(middle.x - side / 2)), top = max(0, Int(middle.y - side / 2))
        let head = photo.read(
            rows: top..<min(photo.height, top + Int(side)), columns: left..<min(photo.width, left + Int(side)))
        let scale = size / min(face.width, face.height)
        let small = areaResampled(
            head, width: Int(Double(head.width) * scale), height: Int(Double(head.height) * scale))
        let step = 3 * Int(size)
        var picture = Bitmap(
            width: columns * step, height: rows * step,
            filledWith: SIMD4(0.4, 0.4, 0.4, 1))
        for row in 0..<rows {
            for column in 0..<columns {
                for y in 0..<small.height {
                    for x in 0..<small.width { picture[column * step + x, row * step + y] = small[x, y] }
                }
            }
        }
        return picture
    }

    private func stylizer() throws -> Stylizer {
        struct Blank: NeuralNetwork {
            let inputs: [TensorSpec] = [], outputs: [TensorSpec] = []
            func run(_ inputs: [String: Tensor]) throws -> [String: Tensor] { [:] }
        }
        let manifest = try XCTUnwrap(Parts.styles().first).manifest
        return Stylizer(
            detector: try Parts.detector(), generator: Generator(manifest: manifest, network: Blank()),
            meshes: try Parts.meshFinder())
    }

    func testEveryFaceOfAGroupIsDrawnApart() throws {
        // The last is so large that most of it is searched closely only where something looked like a face from afar.
        for (columns, rows, size) in [(6, 4, 28.0), (12, 8, 40), (18, 13, 28)] {
            let picture = try group(columns, rows, size: size)
            let stylizer = try stylizer()
            let minimum = Stylizer.minimumFaceSize(StyleOptions())
            let detection = try stylizer.detect(in: Scene(picture), minimum: minimum)
            let plan = stylizer.plan(
                detection, StyleOptions(), size: PixelSize(width: picture.width, height: picture.height))
            XCTAssertEqual(plan.faces.count, columns * rows, "\(size) pixels each")
            XCTAssertEqual(plan.notices(), [])
        }
    }
}
