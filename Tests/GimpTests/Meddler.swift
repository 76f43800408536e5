import Foundation
import XCTest

/// A plug-in for the tests that does to the image what a user might do while the filter is at work, and that calls the
/// filter as other plug-ins do.
struct Meddler {
    private let session: GimpSession
    private let folder: URL
    private let command: URL

    /// Compiles it into GIMP's folder of plug-ins.
    init(_ session: GimpSession) throws {
        self.session = session
        folder = session.plugIn.deletingLastPathComponent().appendingPathComponent("test-meddle")
        command = session.folder.appendingPathComponent("meddle")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let code = folder.appendingPathComponent("test-meddle.c")
        try (GimpHost.is3 ? meddlerForGimp3 : meddlerForGimp2).write(to: code, atomically: true, encoding: .utf8)
        let process = Process(), host = GimpHost.current
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = host.command(
            ["sh", "-c", "cc -o test-meddle test-meddle.c $(pkg-config --cflags --libs \(host.pkgConfigName))"])
        process.currentDirectoryURL = folder
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw SetupError(
                description:
                    """
                    The tests' own plug-in cannot be compiled; run ./install.sh --test, which installs \
                    GIMP's headers and a C compiler.
                    """
            )
        }
        try FileManager.default.removeItem(at: code)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    /// What tells the plug-in where its commands come from.
    var environment: [String: String] { ["TEST_MEDDLE": command.path] }

    /// Lets GIMP do `action` while the filter stands still in `call`.
    /// - Returns: false when GIMP did not do it.
    func perform(_ action: String, during call: FilterProcess) -> Bool {
        kill(call.id, SIGSTOP)
        defer { kill(call.id, SIGCONT) }
        let part = command.appendingPathExtension("part")
        guard (try? Data(action.utf8).write(to: part)) != nil, rename(part.path, command.path) == 0 else {
            return false
        }
        let deadline = Date().addingTimeInterval(30)
        while access(command.path, F_OK) == 0 {
            guard Date() < deadline else { return false }
            usleep(5_000)
        }
        return true
    }
}

/// The process of one call of the filter.
struct FilterProcess {
    let id: pid_t
    private let program: String

    /// Waits for the next one, and adds it to those `seen`.
    /// - Returns: `nil` when GIMP ended first.
    static func next(_ session: GimpSession, _ seen: inout Set<pid_t>, _ gimp: Process) -> FilterProcess? {
        let program = session.plugIn.appendingPathComponent("gimp-anime-style").path
        // What runs before the first call, which GIMP takes a while to come to, need not be looked at again and again;
        // but for copies of GIMP that may become the filter.
        if seen.isEmpty { seen = running().filter { !FilterProcess(id: $0, program: program).isOfGimp } }
        while gimp.isRunning {
            let all = running()
            // The number of one that has ended may be another's.
            seen.formIntersection(all)
            for id in all.subtracting(seen) {
                let process = FilterProcess(id: id, program: program)
                guard process.isRunning else { continue }
                seen.insert(id)
                return process
            }
            usleep(3_000)
        }
        return nil
    }

    private static func running() -> Set<pid_t> {
        Set(((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) })
    }

    private var words: [String] {
        (FileManager.default.contents(atPath: "/proc/\(id)/cmdline") ?? Data()).split(separator: 0).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    var isRunning: Bool {
        let words = words
        return words.first == program && words.contains("-run")
    }

    private var isOfGimp: Bool { words.first?.contains("gimp") == true }

    /// Clock ticks that it has computed for, which depend less on what else the machine does than seconds.
    var ticks: Int {
        let text = String(decoding: FileManager.default.contents(atPath: "/proc/\(id)/stat") ?? Data(), as: UTF8.self)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.count > 13 ? (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0) : 0
    }

    /// Waits for its end.
    /// - Returns: its ticks.
    func waitUntilExit() -> Int {
        var last = 0
        while isRunning {
            last = max(last, ticks)
            usleep(2_000)
        }
        return last
    }

    /// - Returns: false when it ended before it had computed for `limit` ticks.
    func wait(untilTicks limit: Int) -> Bool {
        while isRunning {
            if ticks >= limit { return true }
            usleep(2_000)
        }
        return false
    }
}
