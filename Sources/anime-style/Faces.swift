#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Batch
import Drawing
import Engine
import Files
import Raster
import Settings

/// Detected faces, as numbers or drawn.
struct Faces: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds the faces of a photograph.",
        discussion:
            """
            Coordinates are pixels of the upright picture; the centre of the top left pixel is (0.5, 0.5). Left and \
            right are the viewer's.
            """
    )

    @Argument(help: "The photograph; - is standard input.", completion: .file())
    var input: String

    @Flag(help: "Print the faces as JSON.")
    var json = false

    @Option(
        help: ArgumentHelp("Save the photograph with boxes and landmarks drawn on it.", valueName: "file"),
        completion: .file())
    var draw: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Smallest face that is looked for.", valueName: "pixels"))
    var minFace: Double = 24

    @Flag(help: "Replace files that exist.")
    var overwrite = false

    mutating func validate() throws {
        guard minFace.isFinite, (16...100_000).contains(minFace) else {
            throw ValidationError("--min-face must be 16 to 100000.")
        }
    }

    func run() throws {
        let console = Console()
        let interruption = Interruption(console)
        try reportingErrors(to: console, interruption) {
            if json || draw == nil { try console.checkResults() }
            if let draw { try PictureFile.checkWritable(draw, overwrite: overwrite) }
            let (image, faces) = try interruption.endingAtOnce(find)
            image.warnings.forEach { console.note("\($0)") }
            if let draw { try save(image, faces, to: draw, interruption) }
            if json {
                try console.result(Report(width: image.width, height: image.height, faces: faces).text())
            } else if draw == nil {
                try print(faces, console)
            }
            if faces.isEmpty { console.note("No face was found.") }
        }
    }

    private func find() throws -> (Photograph, [Face]) {
        // The file is decoded while the models load.
        let photograph = Background { try PictureFile.open(argument: input) }
        // Standard input may never end; what has gone wrong elsewhere is said at once.
        defer { if input != Stylize.stream { photograph.wait() } }
        let detector = try StyleEngine.installed().detector()
        let image = try photograph.value()
        try PictureLimits.check(width: image.width, height: image.height)
        return (image, try detector.faces(in: Scene(image), minimumSize: minFace))
    }

    private func save(
        _ image: Photograph, _ faces: [Face], to path: String, _ interruption: Interruption
    ) throws {
        try PictureLimits.checkNotTooLarge(
            width: image.width, height: image.height, most: PictureLimits.maximumPixelsInMemory)
        let marked = FaceMarks(faces: faces).drawn(on: try image.readAll())
        try interruption.check()
        try PictureFile.save(marked, to: path, like: image.traits, overwrite: overwrite)
    }

    private func print(_ faces: [Face], _ console: Console) throws {
        for face in faces {
            let box = [face.box.x, face.box.y, face.box.width, face.box.height].map { String(Int($0.rounded())) }
            try console.result(
                "x \(box[0])  y \(box[1])  width \(box[2])  height \(box[3])  score \(face.score.hundredths)")
        }
    }

    /// The JSON document.
    struct Report: Codable {
        /// Size of the upright picture, in pixels.
        var width: Int
        var height: Int
        var faces: [Face]

        func text() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
