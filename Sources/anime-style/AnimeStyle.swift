import ArgumentParser
import Glibc
import Settings

/// The program; each subcommand has its own file.
@main
struct AnimeStyle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anime-style",
        abstract: "Draws photographs in anime style, on this computer alone.",
        discussion: """
            Models and the face detector are looked for beside this program, or in $GIMP_ANIME_STYLE_HOME.

            Exit status: 0 all was done; 1 something could not be, with the reason on standard error; 64 the \
            command line was not understood; 130, 143 or 129 ended by Ctrl-C, SIGTERM or a terminal that closed, \
            141 by a reader of standard output that went, finished drawings kept.
            """,
        version: "anime-style \(ProductVersion.text)",
        subcommands: [
            Stylize.self, Faces.self, Batch.self, Models.self, ListSettings.self, TryModel.self, Bench.self,
            Measure.self,
        ])

    static func main() {
        prepare()
        if let problem = StartLimits.problem {
            // No thread can be relied on.
            StandardStream(2).writeHere("anime-style: \(problem)\n")
            Glibc.exit(EXIT_FAILURE)
        }
        let arguments = pathArguments
        if let sentence = unknownCommand(arguments) {
            Console().error(sentence)
            Glibc.exit(ExitCode.validationFailure.rawValue)
        }
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
            Glibc.exit(EXIT_SUCCESS)
        } catch {
            end(error)
        }
    }

    /// What was asked for, such as help, goes to standard output; the parser's own way takes no notice of one that is
    /// full or closed.
    private static func end(_ error: Error) -> Never {
        guard exitCode(for: error).isSuccess else { exit(withError: error) }
        let console = Console()
        do {
            let text = fullMessage(for: error)
            try reportingErrors(to: console, Interruption(console)) {
                if !text.isEmpty { try console.document(text) }
            }
            Glibc.exit(EXIT_SUCCESS)
        } catch {
            exit(withError: error)
        }
    }

    /// Without these, what is said would be written into the first file that is opened where standard streams are
    /// closed, a limit of a file's size would end the program instead of failing one write, and a reader who goes would
    /// end a batch in the middle. What is read from a closed standard input or written to a closed standard output
    /// fails as it would without them.
    private static func prepare() {
        for (stream, mode) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_RDWR)] where fcntl(stream, F_GETFD) < 0 {
            _ = open("/dev/null", mode)
        }
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Names of files are bytes: Swift's own arguments would put a replacement character for those that are no UTF-8.
    private static var pathArguments: [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { String(path: $0) }
        }
    }

    /// What to say when the first word, or the one behind `help`, is no command: the parser would call the one an
    /// unexpected argument and show what it has on the other.
    private static func unknownCommand(_ arguments: [String]) -> String? {
        let arguments = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
        let all = configuration.subcommands.map { (name: name($0), isShown: $0.configuration.shouldDisplay) }
        let names = all.filter { $0.isShown }.map { $0.name }
        guard let word = arguments.first, !word.hasPrefix("-"), word != "help",
            !all.contains(where: { $0.name == word })
        else { return nil }
        if FileStatus(word) != nil {
            return "“\(word)” is no command; to draw a photograph, write: anime-style stylize PHOTOGRAPH DRAWING."
        }
        let meant = Similarity.closest(to: word, among: names).map { ", perhaps “\($0)” is meant" } ?? ""
        return "There is no command “\(word)”\(meant); use one of: \(names.joined(separator: ", "))."
    }

    private static func name(_ command: ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }
}
