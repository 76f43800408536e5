import ArgumentParser
import Engine

/// Draws once with a model and nothing else; the program starts itself like this for a model that the user added.
struct TryModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: ModelTrial.argument, abstract: "Tries a model.", shouldDisplay: false)

    @Argument(help: "The model's id.")
    var model: String

    @Argument(help: "What to answer with.")
    var word: String

    func run() throws { StyleEngine.installed().runTrial(style: model, word: word) }
}
