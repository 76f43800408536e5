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
        let photograph = Background { try PictureFile.load(input) }
        defer { photograph.wait() }
        let (stylizer, options) = try style.prepare(.installed())
        let prepared = clock.seconds
        let image = try photograph.value()
        let loaded = clock.seconds
        let result = try stylizer.stylize(image.bitmap, options: options) {
            try interruption.check()
            console.progress($0.fraction, $0.stage.label)
        }
        try interruption.check()
        let drawn = clock.seconds
        try PictureFile.save(result.picture, to: output, like: image.traits, overwrite: style.overwrite)
        console.clearProgress()
        (image.warnings + result.notices.map(\.message)).forEach { console.note("\($0)") }
        guard timings else { return }
        console.result("models and program \(prepared.hundredths) s")
        console.result("load, not hidden by it \((loaded - prepared).hundredths) s")
        result.timings.forEach { console.result("\($0.stage.label) \($0.seconds.hundredths) s") }
        console.result("save \((clock.seconds - drawn).hundredths) s")
        console.result("all \(clock.seconds.hundredths) s")
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
