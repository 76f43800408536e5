import ArgumentParser

/// The program; each subcommand has its own file.
@main
struct AnimeStyle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anime-style",
        abstract: "Draws photographs in anime style, on this computer alone.",
        discussion: "Models and the face detector are looked for beside this program, or in $GIMP_ANIME_STYLE_HOME.",
        subcommands: [
            Stylize.self, Faces.self, Batch.self, Models.self, ListSettings.self, TryModel.self, Bench.self,
            Measure.self,
        ])
}
