import ArgumentParser
import Batch
import Dispatch
import Drawing
import Engine
import Files
import Raster

/// One photograph.
struct Stylize: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Draws one photograph.")

    @Argument(help: "The photograph: PNG, JPEG, WebP, TIFF, …", completion: .file())
    var input: String

    @Argument(help: "Where the drawing goes; .png, .jpg, .webp or .tif decides the format.", completion: .file())
    var output: String

    @OptionGroup var style: StyleArguments

    @Flag(help: "Print the seconds that each stage took.")
    var timings = false

    func run() throws {
        let console = Console(quiet: style.quiet)
        let interruption = Interruption()
        style.settings.notes.forEach(console.note)
        try reportingErrors(to: console) { try draw(console, interruption) }
    }

    private func draw(_ console: Console, _ interruption: Interruption) throws {
        let clock = Stopwatch()
        try PictureFile.checkWritable(output, overwrite: style.overwrite)
        // The file is decoded while the models load.
        let photograph = Background { try PictureFile.open(input) }
        defer { photograph.wait() }
        let (stylizer, options) = try style.prepare(.installed())
        let prepared = clock.seconds
        let image = try photograph.value()
        let loaded = clock.seconds
        let drawing = try stylizer.draw(image, options: options) {
            try interruption.check()
            console.progress($0.fraction, $0.stage.label)
        }
        let drawn = clock.seconds
        let saving = try save(drawing, like: image.traits, console, interruption)
        console.clearProgress()
        (image.warnings + drawing.notices.map(\.message)).forEach { console.note("\($0)") }
        guard timings else { return }
        console.result("models and program \(prepared.hundredths) s")
        console.result("load, not hidden by it \((loaded - prepared).hundredths) s")
        let pasteBack = StageTiming(stage: .pasteBack, seconds: clock.seconds - drawn - saving)
        (drawing.timings + [pasteBack]).forEach { console.result("\($0.stage.label) \($0.seconds.hundredths) s") }
        console.result("save \(saving.hundredths) s")
        console.result("all \(clock.seconds.hundredths) s")
    }

    /// Puts the drawing together and writes it, some rows at a time.
    /// - Returns: the seconds that writing took.
    private func save(_ drawing: Drawing, like traits: PictureTraits, _ console: Console, _ interruption: Interruption)
        throws -> Double
    {
        let writer = try PictureFile.create(
            output, width: drawing.width, height: drawing.height, like: traits, overwrite: style.overwrite)
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
        try timed(writer.finish)
        return saving
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
