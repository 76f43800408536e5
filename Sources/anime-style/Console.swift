import Dispatch
import Glibc
import Settings

/// The terminal: results on standard output, everything else on standard error. Safe to call from several threads.
///
/// `@unchecked Sendable` holds because all that changes is read and written on `queue`.
final class Console: @unchecked Sendable {
    private let queue = DispatchQueue(label: "gimp-anime-style.console")
    private let quiet: Bool
    private let drawsBar: Bool
    private var barIsDrawn = false

    /// - Parameter quiet: only errors are shown.
    init(quiet: Bool = false) {
        self.quiet = quiet
        drawsBar = !quiet && isatty(2) == 1
    }

    /// A line on standard output.
    /// - Parameter text: lines of ours; whatever else might command a terminal is spelled out.
    func result(_ text: String) { queue.sync { write(Self.printable(text) + "\n", to: 1) } }

    /// Something worth knowing.
    func note(_ line: String) { if !quiet { say(line) } }

    /// Something that went wrong.
    func error(_ line: String) { say("anime-style: \(line)") }

    /// Redraws the bar on a terminal; elsewhere nothing is shown.
    /// - Parameter fraction: 0…1.
    func progress(_ fraction: Double, _ label: String) {
        guard drawsBar else { return }
        let width = 28
        let filled = Int((min(max(fraction, 0), 1) * Double(width)).rounded())
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let percent = Int((fraction * 100).rounded())
        queue.sync {
            write("\r\u{1B}[K\(bar) \(percent) %  \(label.printable)", to: 2)
            barIsDrawn = true
        }
    }

    /// One of many files is done: a line where no bar is drawn.
    func finished(_ name: String, _ remarks: [String]) {
        if drawsBar && remarks.isEmpty { return }
        note(remarks.isEmpty ? name : "\(name): \(remarks.joined(separator: " "))")
    }

    /// Removes the bar.
    func clearProgress() { queue.sync { wipe() } }

    private func say(_ line: String) {
        queue.sync {
            wipe()
            write(Self.printable(line) + "\n", to: 2)
        }
    }

    private static func printable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).printable }.joined(
                separator: "\t")
        }.joined(separator: "\n")
    }

    private func wipe() {
        guard barIsDrawn else { return }
        write("\r\u{1B}[K", to: 2)
        barIsDrawn = false
    }

    private func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
