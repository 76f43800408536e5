import Dispatch
import Glibc
import Settings

/// The terminal: results on standard output, everything else on standard error. Safe to call from several threads.
///
/// `@unchecked Sendable` holds because what changes is read and written on `queue` alone.
final class Console: @unchecked Sendable {
    private let queue = DispatchQueue(label: "gimp-anime-style.console")
    /// Of its own, so that whoever reads no results keeps no one from telling the rest.
    private let results = DispatchQueue(label: "gimp-anime-style.results")
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
    /// Where they cannot be written the program ends: whoever reads them would take what is there for all of it.
    func result(_ text: String) {
        results.sync {
            guard !write(Self.printable(text) + "\n", to: 1) else { return }
            refuse(errno)
        }
    }

    /// Ends the program as `result` would where standard output takes nothing, before work is done in vain.
    func checkResults() {
        if !Self.canBeWritten(1) { refuse(EBADF) }
    }

    private func refuse(_ code: Int32) -> Never {
        let reason = code == EBADF ? Self.closed : String(cString: strerror(code))
        clearProgress()
        error("Standard output cannot be written (\(reason)); send it elsewhere.")
        exit(EXIT_FAILURE)
    }

    /// Why nothing can be written to a stream that was closed when the program began.
    static let closed = "it is closed"

    /// Whether `descriptor` is open for writing.
    static func canBeWritten(_ descriptor: Int32) -> Bool {
        let mode = fcntl(descriptor, F_GETFL)
        return mode >= 0 && mode & O_ACCMODE != O_RDONLY
    }

    /// The last words of a program that ends at once; they are left out where nobody takes them.
    func farewell(_ line: String) {
        var descriptor = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
        guard poll(&descriptor, 1, 0) == 1, descriptor.revents & Int16(POLLOUT) != 0 else { return }
        if case .bar = progressForm { write("\r\u{1B}[K", to: 2) }
        write("anime-style: \(Self.printable(line))\n", to: 2)
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
                write("\(percent) %  \(label.printable)\n", to: 2)
            }
        case let .bar(full, empty):
            let filled = Int((min(max(fraction, 0), 1) * Double(Self.barWidth)).rounded())
            let bar = Self.repeated(full, filled) + Self.repeated(empty, Self.barWidth - filled)
            let line = Self.cut("\(bar) \(percent) %  \(label.printable)", to: Self.columns - 1)
            queue.sync {
                write("\r\u{1B}[K\(line)", to: 2)
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
            write(Self.printable(line) + "\n", to: 2)
        }
    }

    private func wipe() {
        guard barIsDrawn else { return }
        write("\r\u{1B}[K", to: 2)
        barIsDrawn = false
    }

    /// - Returns: whether all was written.
    @discardableResult private func write(_ text: String, to descriptor: Int32) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}

extension Console {
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
