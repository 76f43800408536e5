import CCodec
import Glibc
import Settings

/// One run of the program `anime-style-codec`, which decodes or encodes one file under limits of memory and time and
/// then ends.
struct CodecProcess {
    /// How it ended.
    enum End {
        case report(CodecReport)
        case crashed
        /// It ended before it began, since the system found no library that it needs.
        case lacksLibraries(StyleError)
        case tookTooLong
    }

    private let process: pid_t
    private let output: Int32
    private let program: String

    private static let linkerFailed: Int32 = 127

    /// Far beyond the limits that the process has set for itself.
    private static let lastResort = Duration.seconds(900)

    /// - Parameters:
    ///   - arguments: what follows the program's name.
    ///   - input: becomes its standard input.
    ///   - file: what it writes to.
    /// - Throws: `StyleError.programMissing`, `.programUnusable`, `.tooManyOpenFiles`.
    init(_ arguments: [String], input: Int32, file: Int32) throws {
        let program = try Self.path()
        self.program = program
        let copies = ([program] + arguments).map { strdup($0) }
        defer { copies.forEach { free($0) } }
        var output: Int32 = -1
        process = (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer {
            $0.baseAddress.map { codec_start(program, $0, input, file, &output) } ?? -1
        }
        guard process > 0 else {
            throw [EMFILE, ENFILE].contains(-process)
                ? StyleError.tooManyOpenFiles
                : .programUnusable(path: program, reason: FileFault.reason(-process))
        }
        self.output = output
    }

    /// Beside the program or library that this code is part of.
    private static func path() throws -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard codec_own_folder(&bytes, bytes.count) else {
            throw StyleError.programUnusable(
                path: CODEC_PROGRAM, reason: "the folder that it lies in cannot be told; perhaps /proc is missing")
        }
        let folder = String(path: &bytes)
        let path = "\(folder)/\(CODEC_PROGRAM)"
        guard FileStatus(path) != nil else { throw StyleError.programMissing(name: CODEC_PROGRAM, folder: folder) }
        return path
    }

    /// Waits for the report and leaves no process behind; to be called once.
    func finish() -> End {
        let bytes = readAll()
        close(output)
        if bytes == nil { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        // The low seven bits are the signal that ended it (wait(2)); the limits of time come as these two.
        if bytes == nil || [SIGALRM, SIGXCPU].contains(status & 0x7F) { return .tookTooLong }
        if let report = bytes.flatMap(CodecReport.init) { return .report(report) }
        // What the dynamic linker ends a program with (ld.so has no page for it; glibc's elf/rtld.c).
        let lacksLibraries = status == Self.linkerFailed << 8
        return lacksLibraries
            ? .lacksLibraries(.programUnusable(path: program, reason: "a library that it needs is missing")) : .crashed
    }

    /// What it prints until it ends; `nil` when that takes for ever.
    private func readAll() -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let deadline = ContinuousClock.now + Self.lastResort
        while ContinuousClock.now < deadline {
            var descriptor = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 1000) > 0 else { continue }
            let count = read(output, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return bytes }
            if bytes.count <= CodecReport.largestSize { bytes += buffer.prefix(count) }
        }
        return nil
    }
}

/// What a codec process answered, checked.
struct CodecReport {
    let outcome: codec_outcome
    /// Whether it describes samples, as a decoder's does when all went well.
    let hasPicture: Bool
    let width, height: Int
    let samples: SampleLayout
    let warnings: UInt32
    let profile: [UInt8]?
    /// Whether a drawing carries the profile.
    let keepsProfile: Bool
    let metadata: PictureMetadata
    /// The decoder's own words in English.
    let detail: String

    static let largestSize = MemoryLayout<codec_report>.size + Int(CODEC_LARGEST_PROFILE) + Int(CODEC_LARGEST_DETAIL)

    /// - Returns: `nil` when the bytes are no report, as from a process that died on the way.
    init?(_ bytes: [UInt8]) {
        let size = MemoryLayout<codec_report>.size
        guard bytes.count >= size else { return nil }
        let report = bytes.withUnsafeBytes { $0.loadUnaligned(as: codec_report.self) }
        let (profileSize, detailSize) = (Int(report.profile_size), Int(report.detail_size))
        guard report.magic == UInt32(CODEC_MAGIC), bytes.count == size + profileSize + detailSize else { return nil }
        outcome = codec_outcome(report.outcome)
        (width, height) = (Int(report.width), Int(report.height))
        warnings = report.warnings
        profile = profileSize > 0 ? Array(bytes[size..<size + profileSize]) : nil
        keepsProfile = report.keeps_profile != 0
        metadata = PictureMetadata(report.metadata)
        detail = String(decoding: bytes.suffix(detailSize), as: UTF8.self)
        let depth = SampleDepth.allCases.first { $0.bytes == Int(report.depth) }
        samples = SampleLayout(colours: report.colours == 1 ? 1 : 3, hasAlpha: report.alpha != 0, depth: depth ?? .u8)
        hasPicture = outcome == codec_done && depth != nil && width > 0 && height > 0
    }
}

extension PictureMetadata {
    init(_ stored: codec_metadata) {
        self.init()
        func text<Characters>(_ characters: Characters) -> String {
            withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        changed = text(stored.changed)
        taken = text(stored.taken)
        digitized = text(stored.digitized)
        author = text(stored.author)
        copyright = text(stored.copyright)
        across = stored.across.isFinite ? stored.across : 0
        down = stored.down.isFinite ? stored.down : 0
    }

    var stored: codec_metadata {
        var result = codec_metadata()
        func put<Characters>(_ text: String, _ characters: inout Characters) {
            withUnsafeMutableBytes(of: &characters) { room in
                var length = 0
                for character in text {
                    guard length + character.utf8.count < room.count else { break }
                    room[length..<length + character.utf8.count].copyBytes(from: Array(character.utf8))
                    length += character.utf8.count
                }
            }
        }
        put(changed, &result.changed)
        put(taken, &result.taken)
        put(digitized, &result.digitized)
        put(author, &result.author)
        put(copyright, &result.copyright)
        (result.across, result.down) = (across, down)
        return result
    }
}
