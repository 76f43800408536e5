import Drawing
import Engine
import Files
import Raster
import Settings

/// What the styles of a batch are shown on: a face of its photographs, or the portrait of the help pages while there is
/// none. May be used on any thread.
struct BatchSample: Sendable {
    /// How many photographs are looked at for a face.
    static let mostTried = 3
    /// Pixels that a photograph is shrunk to, as for a preview.
    private static let budget = 2_000_000.0
    private static let smallestFace = 24.0

    /// Paths of the first photographs.
    let photographs: [String]
    let helpFolder: String
    let engine: StyleEngine

    /// The part about the largest face of the first photograph that has one, else the middle of the first that can be
    /// read.
    /// - Throws: `StyleError` when neither a photograph nor the portrait can be read.
    func part() throws -> Bitmap {
        let detector = try engine.detector()
        var middle: Bitmap?
        for path in photographs {
            // What is wrong with a photograph is told when it is drawn.
            guard let picture = try? Self.shrunk(path) else { continue }
            let faces = try detector.faces(in: picture, minimumSize: Self.smallestFace)
            if !faces.isEmpty { return Self.part(of: picture, faces) }
            if middle == nil { middle = Self.part(of: picture, []) }
        }
        if let middle { return middle }
        let portrait = try Self.shrunk("\(helpFolder)/images/portrait.jpg")
        return Self.part(of: portrait, try detector.faces(in: portrait, minimumSize: Self.smallestFace))
    }

    private static func part(of picture: Bitmap, _ faces: [Face]) -> Bitmap {
        StyleThumbnails.part(of: PreviewSurface(picture), faces: faces, width: picture.width)
    }

    private static func shrunk(_ path: String) throws -> Bitmap {
        let photograph = try PictureFile.open(path)
        try PictureLimits.check(width: photograph.width, height: photograph.height)
        let pixels = Double(photograph.width * photograph.height), scale = min(1, (budget / pixels).squareRoot())
        return try areaResampled(
            photograph, width: max(8, Int(Double(photograph.width) * scale)),
            height: max(8, Int(Double(photograph.height) * scale)))
    }
}
