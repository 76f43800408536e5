import ArgumentParser
import Drawing
import Engine
import Models
import Settings

extension Region: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

/// The options that `stylize` and `batch` share.
struct StyleArguments: ParsableArguments {
    @Option(help: "The style model's id; “anime-style models” lists them. (default: the first)")
    var style: String?

    @Option(help: "Share of the drawing in the result, 0 to 1. (default: the style's)")
    var strength: Double?

    @Option(help: "What is drawn: only the faces, the whole photo in one go, or both: the photo with each face drawn large.")
    var region: Region = .both

    @Option(help: "Line strength, 0 (none) to 2 (heavy). (default: the style's)")
    var lines: Double?

    @Option(help: "Share of the photograph's own colours that is kept, 0 to 1. (default: the style's)")
    var keepColors: Double?

    @OptionGroup(title: "Tone")
    var tone: ToneArguments

    @Option(help: ArgumentHelp("Smallest face that is drawn apart. (default: by the photo's size)", valueName: "pixels"))
    var minFace: Double?

    @Option(help: "Arithmetic: half is faster where the processor has 16-bit arithmetic, float32 repeats to the byte.")
    var precision: Precision = .half

    @Flag(help: "Replace files that exist.")
    var overwrite = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    /// The options for `manifest`, its defaults filled in; ranges are checked.
    /// - Throws: `StyleError.invalidOption`.
    func options(for manifest: ModelManifest?) throws -> StyleOptions {
        var options = StyleOptions()
        options.strength = strength ?? manifest?.defaults.strength ?? options.strength
        options.region = region
        options.lineStrength = lines ?? manifest?.defaults.lines ?? options.lineStrength
        options.keepColors = keepColors ?? manifest?.defaults.keepColors ?? options.keepColors
        options.minimumFaceSize = minFace
        tone.apply(to: &options)
        options.precision = precision
        return try options.validated()
    }

    /// Out-of-range values are a usage error, found before any file is touched.
    mutating func validate() throws {
        do {
            _ = try options(for: nil)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// The networks and the checked options.
    /// - Throws: `StyleError`.
    func prepare(_ engine: StyleEngine) throws -> (stylizer: Stylizer, options: StyleOptions) {
        let id = try style ?? engine.catalog.first().manifest.id
        let stylizer = try engine.stylizer(style: id, precision: precision)
        return (stylizer, try options(for: stylizer.generator.manifest))
    }
}
