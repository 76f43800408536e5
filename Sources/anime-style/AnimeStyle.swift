import ArgumentParser
import Files

/// The program; each subcommand has its own file.
struct AnimeStyle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anime-style",
        abstract: "Draws photographs in anime style, on this computer alone.",
        discussion: "Models and the face detector are looked for beside this program, or in $GIMP_ANIME_STYLE_HOME.",
        subcommands: [Stylize.self, Faces.self, Batch.self, Models.self, TryModel.self, Bench.self, Measure.self])
}

@main
enum Program {
    static func main() {
        // GLib's warnings are the libraries' own notes; what concerns the user arrives as a StyleError.
        Gegl.silenceDiagnostics()
        AnimeStyle.main()
    }
}
