import CGimp
import Drawing
import Glibc
import Settings

/// Seconds of each stage of a call, for benchmarks: a line “stage seconds” each, appended to a file.
final class TimingsLog {
    /// Environment variable that names the file; without it nothing is written.
    static let variable = "GIMP_ANIME_STYLE_TIMINGS"

    private let file: String?
    private var lines: [String] = []

    init(file: String?) { self.file = file }

    func add(_ stage: String, seconds: Double) {
        let milliseconds = Int((seconds * 1000).rounded())
        let fraction = "\(1000 + milliseconds % 1000)".dropFirst()
        lines.append("\(stage) \(milliseconds / 1000).\(fraction)\n")
    }

    func measure<Result>(_ stage: String, _ work: () throws -> Result) rethrows -> Result {
        let start = elapsed
        defer { add(stage, seconds: elapsed - start) }
        return try work()
    }

    func add(_ timings: [StageTiming]) {
        for timing in timings {
            add(timing.stage == .pasteBack ? "paste-back" : timing.stage.rawValue, seconds: timing.seconds)
        }
    }

    /// Adds the total and writes the file; a file that cannot be written is only reported, since the drawing is done.
    func finish() {
        guard let file else { return }
        add("total", seconds: elapsed)
        let text = lines.joined()
        guard let stream = fopen(file, "a") else {
            gimp_message(sentence(StyleError.unwritableFile(path: file, reason: "it is named by \(Self.variable)")))
            return
        }
        fputs(text, stream)
        fclose(stream)
    }

    /// Seconds since this process started, to 0.01 s: field 22 of /proc/self/stat (proc(5)), in clock ticks since boot.
    var elapsed: Double {
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - processStart
    }

    private lazy var processStart: Double = {
        guard let stream = fopen("/proc/self/stat", "r") else { return 0 }
        defer { fclose(stream) }
        var buffer = [CChar](repeating: 0, count: 1024)
        guard fgets(&buffer, Int32(buffer.count), stream) != nil else { return 0 }
        let text = String(cString: buffer)
        // The second field, the program's name, ends with the last parenthesis and may hold spaces.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 20, let ticks = Double(fields[20]) else { return 0 }
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }()
}
