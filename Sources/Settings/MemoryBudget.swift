#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How much memory this process can still have. An allocation that fails ends the process without a word, and so does
/// the kernel where a group of processes has had its share; so a drawing is refused before it begins.
public struct MemoryBudget: Equatable, Sendable {
    /// Bytes of address space; `nil` without a limit.
    public var address: Int?
    /// Bytes of memory, swap included; `nil` when not known.
    public var resident: Int?

    /// These amounts.
    public init(address: Int?, resident: Int?) { (self.address, self.resident) = (address, resident) }

    // MARK: - What a drawing takes

    /// Measured with the installed styles on two cores, at Detail 0, 50 and 100, in MB of memory and of addresses. A
    /// photograph of 24 megapixels: 401 and 1754, 550 and 1989, 2603 and 4016; one of 12: 395 and 1740, 513 and 1928,
    /// 1985 and 3391. What is allowed lies 3 % above that at least; the photograph's pixels are in memory by bands
    /// alone.
    private static let base = 320_000_000, baseOfAddresses = 1_500_000_000
    private static let bytesPerPixel = 2, addressesPerPixel = 15, most = 24_000_000
    /// Of the whole that is drawn: its canvas, the network's answers and the maps that it is decided from.
    private static let bytesPerDrawnPixel = 145
    /// Stacks of the threads that the engine starts.
    private static let addressesPerCore = 40_000_000

    /// - Parameters:
    ///   - pixels: of the photograph.
    ///   - drawn: of the whole that is drawn of it, which grows with the setting Detail.
    /// - Throws: `StyleError.tooLittleMemory` when a drawing would come to its end for want of it.
    public func check(pixels: Int, drawn: Int, cores: Int) throws {
        let read = min(pixels, Self.most), drawing = Self.bytesPerDrawnPixel * drawn
        let needs = [
            (Self.base + Self.bytesPerPixel * read + drawing, resident),
            (
                Self.baseOfAddresses + Self.addressesPerCore * cores + Self.addressesPerPixel * read + drawing,
                address
            ),
        ]
        for case let (needed, available?) in needs where needed > available {
            throw StyleError.tooLittleMemory(needed: needed, available: max(0, available))
        }
    }

    /// Asks this system.
    /// - Parameters as those of the other `check`.
    /// - Throws: `StyleError.tooLittleMemory`.
    public static func check(pixels: Int, drawn: Int) throws {
        try current(root: "").check(
            pixels: pixels, drawn: drawn, cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    /// What to say then: the least that a drawing takes and what there is.
    public static var exhausted: StyleError {
        let now = current(root: "")
        return .tooLittleMemory(needed: base, available: min(now.address ?? Int.max, now.resident ?? base))
    }

    /// Whether so little is left that whatever has just failed did so for want of it.
    public static var isExhausted: Bool {
        let now = current(root: "", countingOwn: false)
        return [now.address, now.resident].contains { $0.map { $0 < 200_000_000 } ?? false }
    }

    /// Whether the limit of addresses leaves room for the stacks of the threads that even a list of the styles takes.
    public static var isEnoughToStart: Bool {
        current(root: "", countingOwn: false).address.map { $0 >= leastAddresses } ?? true
    }

    private static let leastAddresses = 160_000_000

    /// What to say where it does not.
    public static var exhaustedAddresses: StyleError {
        .tooLittleMemory(needed: baseOfAddresses, available: current(root: "").address ?? 0)
    }

    // MARK: - What there is

    /// What the system's files say.
    /// - Parameters:
    ///   - root: of the file system.
    ///   - countingOwn: with what this process has already, since a drawing's needs are those of a whole process.
    static func current(root: String, countingOwn: Bool = true) -> MemoryBudget {
        let status = Table(file: "\(root)/proc/self/status", separator: ":")
        let (size, held) = (status["VmSize"] ?? 0, status["VmRSS"] ?? 0)
        let limit = addressLimit
        let system = Table(file: "\(root)/proc/meminfo", separator: ":")
        let free = system["MemAvailable"].map { $0 + (system["SwapFree"] ?? 0) }
        let resident = ([free].compactMap { $0 } + groups(root: root)).min()
        return MemoryBudget(
            address: limit.map { countingOwn ? $0 : $0 - size },
            resident: resident.map { countingOwn ? $0 + held : $0 })
    }

    private static var addressLimit: Int? {
        var limit = rlimit()
        #if canImport(Glibc)
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
        #else
        guard getrlimit(RLIMIT_AS, &limit) == 0 else { return nil }
        #endif
        return Int(exactly: limit.rlim_cur).flatMap { $0 < Int.max / 2 ? $0 : nil }
    }

    /// What is left to each control group that this process is in, of both versions.
    private static func groups(root: String) -> [Int] {
        lines(of: "\(root)/proc/self/cgroup").flatMap { line -> [Int] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            let isSecond = parts[1].isEmpty
            guard isSecond || parts[1].split(separator: ",").contains("memory") else { return [] }
            let mount = "\(root)/sys/fs/cgroup" + (isSecond ? "" : "/memory")
            var path = String(parts[2])
            var left: [Int] = []
            while true {
                let folder = mount + (path == "/" ? "" : path)
                if let amount = isSecond ? second(folder) : first(folder) { left.append(amount) }
                guard path != "/", !path.isEmpty else { return left }
                path = path.parentFolder
            }
        }
    }

    private static func first(_ folder: String) -> Int? {
        guard let limit = number("\(folder)/memory.limit_in_bytes"), limit < Int.max / 2,
            let used = number("\(folder)/memory.usage_in_bytes")
        else { return nil }
        return limit - used + (Table(file: "\(folder)/memory.stat", separator: " ")["total_inactive_file"] ?? 0)
    }

    private static func second(_ folder: String) -> Int? {
        guard let limit = number("\(folder)/memory.max"), let used = number("\(folder)/memory.current") else {
            return nil
        }
        return limit - used + (Table(file: "\(folder)/memory.stat", separator: " ")["inactive_file"] ?? 0)
    }

    private static func number(_ file: String) -> Int? { lines(of: file).first.flatMap { Int($0) } }

    /// Lines of a name and a number, in bytes or, where they say so, in kibibytes.
    private struct Table {
        private var values: [Substring: Int] = [:]

        init(file: String, separator: Character) {
            for line in MemoryBudget.lines(of: file) {
                guard let end = line.firstIndex(of: separator) else { continue }
                let words = line[line.index(after: end)...].split { $0 == " " || $0 == "\t" }
                guard let value = words.first.flatMap({ Int($0) }) else { continue }
                values[line[..<end]] = words.count > 1 && words[1] == "kB" ? value * 1024 : value
            }
        }

        subscript(name: Substring) -> Int? { values[name] }
    }

    /// The system's files have no size, so they are read to their end.
    private static func lines(of file: String) -> [Substring] {
        let descriptor = file.withPath { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while content.count < 1 << 20, case let count = read(descriptor, &buffer, buffer.count), count > 0 {
            content += buffer.prefix(count)
        }
        return String(decoding: content, as: UTF8.self).split(separator: "\n")
    }
}
