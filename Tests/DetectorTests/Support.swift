@testable import Drawing
import Engine
import Files
import Foundation
import Models
import Raster
import XCTest

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// One of Tests/Fixtures/faces-*.json, written by make_face_references.py.
struct FaceReference: Decodable {
    let photo: String
    let width: Int
    let height: Int
    let faces: [Face]

    init(_ name: String) throws {
        let file = URL(fileURLWithPath: "\(repository)/Tests/Fixtures/faces-\(name).json")
        self = try JSONDecoder().decode(FaceReference.self, from: Data(contentsOf: file))
    }
}

/// The parts that `./install.sh` fetches; a missing one fails the test.
enum Parts {
    private static let loader = OpenVINOLoader()

    static func detector() throws -> MTCNN {
        try MTCNN(folder: "\(repository)/.third-party/mtcnn", loader: loader)
    }

    static func meshFinder() throws -> FaceMeshFinder {
        try FaceMeshFinder(
            folder: "\(repository)/.third-party/mediapipe", hair: "\(repository)/Models/hair.onnx", loader: loader)
    }

    static func fixture(_ name: String) -> URL { URL(fileURLWithPath: "\(repository)/Tests/Fixtures/\(name)") }

    /// The shipped styles.
    static func styles() throws -> [InstalledModel] {
        let models = ModelCatalog(folders: ["\(repository)/Models"]) { _ in nil }.models
        XCTAssertFalse(models.isEmpty, "there is no style model in Models")
        return models
    }

    static func photo(_ name: String) throws -> Bitmap {
        try PictureFile.load("\(repository)/.third-party/photos/\(name)").bitmap
    }
}

/// Distances of the five landmarks from where they are expected, in inter-ocular distances.
func drift(_ landmarks: Landmarks, from expected: Landmarks) -> [Double] {
    zip(landmarks.points, expected.points).map { ($0 - $1).length / expected.interOcularDistance }
}

extension Bitmap {
    /// Left and right exchanged.
    var mirrored: Bitmap {
        Bitmap(width: width, height: height) { x, y in self[width - 1 - x, y] }
    }

    /// The picture on a larger canvas of one colour, its left top corner at (`left`, `top`).
    func padded(left: Int, top: Int, right: Int, bottom: Int, colour: SIMD4<Float>) -> Bitmap {
        Bitmap(width: left + width + right, height: top + height + bottom) { x, y in
            let (sx, sy) = (x - left, y - top)
            return sx >= 0 && sy >= 0 && sx < width && sy < height ? self[sx, sy] : colour
        }
    }

    /// The picture moved by `pose`, on a canvas of its own size.
    func moved(by pose: SimilarityTransform) throws -> Bitmap {
        let inverse = try XCTUnwrap(pose.inverse)
        var result = self
        withSampler(.clamp) { sample in
            result.forEachRow { y, row in
                for x in row.indices {
                    let source = inverse.apply(Point(x: Double(x) + 0.5, y: Double(y) + 0.5))
                    row[x] = sample(Float(source.x), Float(source.y))
                }
            }
        }
        return result
    }
}
