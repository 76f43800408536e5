import Dispatch
import Glibc
import Settings

/// The terminal: results on standard output, everything else on standard error. Safe to call from several threads.
///
/// `@unchecked Sendable` holds because what changes is read and written on `queue` alone.
final class Console: @unchecked Sendable {
    private let queue = DispatchQueue(label: "gimp-anime-style.console")
    private let output = StandardStream(1), errors = StandardStream(2)
    private let quiet: Bool
    private let progressForm: ProgressForm
    private var barIsDrawn = false
    private var lastLine = Stopwatch()

    /// How progress is shown.
    private enum ProgressForm {
        /// Where nobody watches.
        case none
        /// A line from time to time, for terminals that only print what comes, such as an editor's.
        case lines
        /// A bar that is drawn again and again, of these characters.
        case bar(full: String, empty: String)
    }

    /// - Parameter quiet: only errors are shown.
    init(quiet: Bool = false) {
        self.quiet = quiet
        progressForm = quiet || isatty(2) != 1 ? .none : Self.form
    }

    private static var form: ProgressForm {
        func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        guard !["", "dumb"].contains(variable("TERM")) else { return .lines }
        let locale = [variable("LC_ALL"), variable("LC_CTYPE"), variable("LANG")].first { !$0.isEmpty } ?? ""
        let isUnicode = locale.lowercased().filter { $0 != "-" }.contains("utf8")
        return isUnicode ? .bar(full: "█", empty: "░") : .bar(full: "#", empty: ".")
    }

    /// Lines on standard output; whatever might command a terminal is spelled out.
    /// - Throws: `LostResults`: whoever reads them would take what is there for all of it.
    func result(_ text: String) throws { try document(Self.printable(text)) }

    /// Standard output as it is, with a line's end behind it.
    /// - Throws: `LostResults`.
    func document(_ text: String) throws {
        try output.write(text + "\n")
    }

    /// Throws as `result` would where standard output is closed, before work is done in vain.
    /// - Throws: `LostResults`.
    func checkResults() throws {
        if !output.canBeWritten { throw LostResults.unwritable(EBADF) }
    }

    /// Whether standard output is open for writing.
    var takesResults: Bool { output.canBeWritten }

    /// The program is to end: from now on nobody who does not read is waited for.
    func hurry() {
        output.hurry()
        errors.hurry()
    }

    /// Whether something was not told, since a signal came while nobody read.
    var isGivenUp: Bool { output.isGivenUp || errors.isGivenUp }

    /// The last words of a program that ends at once; they are left out where nobody takes them.
    func farewell(_ line: String) {
        var text = "anime-style: \(Self.printable(line))\n"
        if case .bar = progressForm { text = Self.wiping + text }
        errors.writeIfTaken(text)
    }

    /// Something worth knowing.
    func note(_ line: String) { if !quiet { say(line) } }

    /// Something that went wrong.
    func error(_ line: String) { say("anime-style: \(line)") }

    /// Shows how far the work is, in the way that suits the terminal; elsewhere nothing is shown.
    /// - Parameter fraction: 0…1.
    func progress(_ fraction: Double, _ label: String) {
        let percent = Int((min(max(fraction, 0), 1) * 100).rounded())
        switch progressForm {
        case .none: return
        case .lines:
            queue.sync {
                guard lastLine.seconds >= Self.secondsBetweenLines else { return }
                lastLine = Stopwatch()
                try? errors.write("\(percent) %  \(label.printable)\n")
            }
        case let .bar(full, empty):
            let filled = Int((min(max(fraction, 0), 1) * Double(Self.barWidth)).rounded())
            let bar = Self.repeated(full, filled) + Self.repeated(empty, Self.barWidth - filled)
            let line = Self.cut("\(bar) \(percent) %  \(label.printable)", to: Self.columns - 1)
            queue.sync {
                try? errors.write(Self.wiping + line)
                barIsDrawn = true
            }
        }
    }

    private static let barWidth = 28
    private static let secondsBetweenLines = 10.0

    /// One of many files is done: a line where no bar is drawn.
    func finished(_ name: String, _ remarks: [String]) {
        if case .bar = progressForm, remarks.isEmpty { return }
        note(remarks.isEmpty ? name.printable : "\(name.printable): \(remarks.joined(separator: " "))")
    }

    /// Removes the bar.
    func clearProgress() { queue.sync { wipe() } }

    private func say(_ line: String) {
        queue.sync {
            wipe()
            try? errors.write(Self.printable(line) + "\n")
        }
    }

    private func wipe() {
        guard barIsDrawn else { return }
        try? errors.write(Self.wiping)
        barIsDrawn = false
    }
}

extension Console {
    /// Takes the line away that the cursor is in.
    private static var wiping: String { "\r\u{1B}[K" }

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func printable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).printable }
                .joined(separator: "\t")
        }.joined(separator: "\n")
    }

    /// Of the terminal.
    private static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// What fits `columns`, since a line that goes on in the next is not wiped away; East Asian characters take two.
    private static func cut(_ text: String, to columns: Int) -> String {
        var left = columns
        return String(
            text.prefix { character in
                left -= character.unicodeScalars.contains { $0.value >= 0x2E80 } ? 2 : 1
                return left >= 0
            })
    }
}
