import ArgumentParser
import Drawing
import Engine
import Models
import Settings

extension Precision: ExpressibleByArgument {}

/// The options that `stylize` and `batch` share.
struct StyleArguments: ParsableArguments {
    @OptionGroup(title: "Settings") var settings: SettingOptions

    @Flag(help: "Replace files that exist.")
    var overwrite = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    /// The networks, and what was given with the style's own settings for the rest.
    /// - Throws: `StyleError`.
    func prepare(_ engine: StyleEngine) throws -> (stylizer: Stylizer, options: StyleOptions) {
        if settings.hasEmptyStyle {
            throw StyleError.unknownStyle(name: "", known: engine.catalog.models.map(\.manifest.id))
        }
        let id = try settings.given.style ?? engine.catalog.first().manifest.id
        let precision = settings.given.applied(to: DrawingSettings()).options.precision
        let stylizer = try engine.stylizer(style: id, precision: precision)
        return (stylizer, settings.given.applied(to: stylizer.generator.manifest.settings).options)
    }
}

extension Notice {
    /// The sentence, with the option that changes it.
    var commandLineMessage: Message { message { Message(verbatim: "--\($0.option ?? $0.name)") } }
}
