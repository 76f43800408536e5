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
import Glibc
import Raster
import Settings

/// One photograph.
struct Stylize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draws one photograph.",
        discussion: "A single - stands for standard input or standard output, so that it fits into a pipe.")

    @Argument(help: "The photograph: PNG, JPEG, WebP, TIFF, …", completion: .file())
    var input: String

    @Argument(help: "Where the drawing goes; .png, .jpg, .webp or .tif decides the format.", completion: .file())
    var output: String

    @OptionGroup var style: StyleArguments

    @Option(help: "Format of the drawing. (default: as its name ends; png for standard output)")
    var format: DrawingFormat?

    @Option(
        help: ArgumentHelp(
            "Save a page that shows what became of each face: an HTML file with all in it.", valueName: "file.html"),
        completion: .file())
    var report: String?

    @Flag(help: "Print the seconds that each stage took.")
    var timings = false

    @Flag(help: "Print what was done as JSON.")
    var json = false

    mutating func validate() throws {
        if output == Self.stream && (json || timings) {
            throw ValidationError("--json and --timings print to standard output, so the drawing needs a file.")
        }
        try DrawingReport.checkName(report, option: "--report")
    }

    func run() throws {
        let console = Console(quiet: style.quiet || json)
        let interruption = Interruption(console)
        style.settings.notes.forEach(console.note)
        try reportingErrors(to: console, interruption, asJSON: json) { try draw(console, interruption) }
    }

    /// The name of standard input and standard output.
    static let stream = "-"

    private func draw(_ console: Console, _ interruption: Interruption) throws {
        let clock = Stopwatch()
        try checkOutput(console)
        // The file is decoded while the models load.
        let photograph = Background { try PictureFile.open(argument: input) }
        // Standard input may never end; what has gone wrong elsewhere is said at once.
        defer { if input != Self.stream { photograph.wait() } }
        let engine = StyleEngine.installed()
        var (stylizer, options) = try interruption.endingAtOnce { try style.prepare(engine) }
        stylizer.drawsOnce = true
        let prepared = clock.seconds
        let image = try interruption.endingAtOnce { try photograph.value() }
        let loaded = clock.seconds
        let drawing = try stylizer.draw(image, options: options) {
            try interruption.check()
            console.progress($0.fraction, $0.stage.label)
        }
        let drawn = clock.seconds
        let saving = try save(drawing, like: image.traits, console, interruption)
        let seconds = clock.seconds
        console.clearProgress()
        let notes = (image.warnings + drawing.notices.map(\.commandLineMessage)).map(\.description) + formatNotes
        notes.forEach(console.note)
        let result = Outcome(
            photograph: input.jsonText, photographBytes: input.jsonBytes, drawing: output.jsonText,
            drawingBytes: output.jsonBytes, style: stylizer.generator.manifest.id, width: drawing.width,
            height: drawing.height, faces: drawing.faces.count, report: report?.jsonText,
            reportBytes: report?.jsonBytes, notes: notes, seconds: seconds)
        console.note(result.sentence)
        if let report {
            let page = try DrawingReport.page(
                of: drawing, image, name: result.name, lead: [result.sentence], notes: notes,
                meshes: stylizer.meshes ?? engine.meshFinder(),
                templateScale: stylizer.generator.manifest.face.templateScale, check: interruption.check)
            try OutputFile.write(Array(page.utf8), to: report, overwrite: style.overwrite)
            console.note("What became of the faces: \(report.printable)")
        }
        if json { try console.result(JSONLine.text(result)) }
        guard timings else { return }
        try console.result("models and program \(prepared.hundredths) s")
        try console.result("load, not hidden by it \((loaded - prepared).hundredths) s")
        let pasteBack = StageTiming(stage: .pasteBack, seconds: seconds - drawn - saving)
        try (drawing.timings + [pasteBack]).forEach {
            try console.result("\($0.stage.label) \($0.seconds.hundredths) s")
        }
        try console.result("save \(saving.hundredths) s")
        try console.result("all \(seconds.hundredths) s")
    }

    /// What was done, for people and for programs.
    private struct Outcome: Encodable {
        let photograph: String
        let photographBytes: Data?
        let drawing: String
        let drawingBytes: Data?
        let style: String
        /// In pixels.
        let width, height: Int
        /// Those that were drawn apart.
        let faces: Int
        let report: String?
        let reportBytes: Data?
        let notes: [String]
        let seconds: Double

        /// Of the photograph, for people.
        var name: String { photograph == Stylize.stream ? "The photograph" : photograph.lastPathPart }

        var sentence: String {
            let place = drawing == Stylize.stream ? "standard output" : drawing.printable
            let apart =
                ["no face", "1 face"].indices.contains(faces) ? ["no face", "1 face"][faces] : "\(faces) faces"
            return
                """
                Drawn to \(place): \(width)×\(height) pixels, style \(style), \(apart) drawn apart, \
                \(seconds.hundredths) s.
                """
        }
    }

    /// What would keep the drawing from being saved is found out before it is made.
    private func checkOutput(_ console: Console) throws {
        if json || timings { try console.checkResults() }
        if let report { try OutputFile.check(report, overwrite: style.overwrite) }
        guard output == Self.stream else {
            return try PictureFile.checkWritable(output, format: format?.file, overwrite: style.overwrite)
        }
        if isatty(1) == 1 {
            throw StyleError.unwritableStream(
                name: "standard output", reason: "it is a terminal, which shows no pictures")
        }
        if !console.takesResults {
            throw StyleError.unwritableStream(name: "standard output", reason: "it is closed")
        }
    }

    /// A name that says another format than the one that was asked for deceives programs that go by it.
    private var formatNotes: [String] {
        guard let format, output != Self.stream, let named = FileFormat(fileName: output), named != format.file else {
            return []
        }
        return ["The drawing is a file of the format \(format), as --format says, whatever its name ends in."]
    }

    private func writer(_ drawing: Drawing, like traits: PictureTraits) throws -> PictureWriter {
        guard output == Self.stream else {
            return try PictureFile.create(
                output, format: format?.file, width: drawing.width, height: drawing.height, like: traits,
                overwrite: style.overwrite)
        }
        return try PictureFile.create(
            descriptor: 1, name: "standard output", format: format?.file ?? .png, width: drawing.width,
            height: drawing.height, like: traits)
    }

    /// Puts the drawing together and writes it, some rows at a time.
    /// - Returns: the seconds that writing took.
    private func save(_ drawing: Drawing, like traits: PictureTraits, _ console: Console, _ interruption: Interruption)
        throws -> Double
    {
        let writer = try self.writer(drawing, like: traits)
        var saving = 0.0
        func timed(_ body: () throws -> Void) rethrows {
            let clock = Stopwatch()
            try body()
            saving += clock.seconds
        }
        try drawing.forEachBandOfPicture { first, _, band in
            try interruption.check()
            let progress = StageProgress(.pasteBack, Double(first) / Double(drawing.height))
            console.progress(progress.fraction, progress.stage.label)
            try timed { try writer.write(band) }
        }
        // Who takes the picture may never read it; a file is finished.
        if output == Self.stream {
            // Nothing is half done here, so that a reader who goes may end the program.
            signal(SIGPIPE, SIG_DFL)
            defer { signal(SIGPIPE, SIG_IGN) }
            try interruption.endingAtOnce { try timed(writer.finish) }
        } else {
            try timed(writer.finish)
        }
        return saving
    }
}

/// The formats that a drawing can be asked for in.
enum DrawingFormat: String, CaseIterable, ExpressibleByArgument {
    case png, jpg, webp, tif

    var file: FileFormat? { FileFormat(rawValue: rawValue) }
}

extension PictureFile {
    /// The photograph of that path, or the one on standard input for `-`.
    /// - Throws: as `open`.
    static func open(argument: String) throws -> Photograph {
        guard argument == Stylize.stream else { return try open(argument) }
        if isatty(0) == 1 {
            throw StyleError.unreadableStream(
                name: "standard input", reason: "it is a terminal, and no picture comes from it")
        }
        return try open(descriptor: 0, name: "standard input")
    }
}

extension Stage {
    /// For the progress bar and the timings.
    var label: String {
        switch self {
        case .detect: return "find faces"
        case .align: return "align"
        case .stylize: return "draw"
        case .tone: return "tone"
        case .pasteBack: return "paste back"
        }
    }
}
