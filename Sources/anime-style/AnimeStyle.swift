import ArgumentParser
import Settings

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

    /// Names of files are bytes: Swift's own arguments would put a replacement character for those that are no UTF-8.
    static func main() {
        main(
            (1..<max(1, Int(CommandLine.argc))).compactMap { index in
                CommandLine.unsafeArgv[index].map { String(path: $0) }
            })
    }
}
