#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import COpenVINO
import Drawing
import Glibc
import Models
import Raster
import Settings
import Synchronization

/// Lets a model that nobody vouches for draw once in a process of its own, before it may do so in this one: whatever a
/// file does to the engine – crash it, keep it busy for ever, fill the memory – ends in a sentence. What came of it is
/// kept, so that each model is tried once.
public final class ModelTrial: Sendable {
    /// Word that the program is started with for a trial; the model's id and a word to answer with follow.
    public static let argument = "try-model"

    /// Address space of the process, in bytes.
    static let memoryLimit: UInt64 = 8 << 30
    /// Processor time for loading a model, and for each megapixel that it draws, tiles' overlap counted; the styles of
    /// the AnimeGAN family take 4 to 8.
    static let secondsToLoad = 30.0
    static let secondsPerMegapixel = 60.0

    /// Processor time that a trial of `generator` may take, in seconds.
    static func processorSeconds(_ generator: Generator) -> UInt32 {
        UInt32(secondsToLoad + secondsPerMegapixel * megapixels(generator))
    }

    /// How much of a picture one drawing at the generator's largest size makes.
    static func megapixels(_ generator: Generator) -> Double {
        let side = Double(generator.largestSide), tiling = generator.manifest.tiling
        let share = tiling.allowed ? Double(tiling.tile) / Double(tiling.tile + tiling.overlap) : 1
        return side * side * share * share / 1e6
    }

    static let tooSlow: Message =
        "it takes more than \(Int(secondsPerMegapixel)) seconds of the processor's time for a megapixel"

    private let program: String
    private let folder: String
    private let timeLimit: Duration
    /// Trials of this process, those that go on too, so that two threads do not try the same model.
    private let trials = Mutex<[String: Background<Verdict>]>([:])

    private enum Verdict: Sendable {
        case usable
        case unusable(reason: Message)
    }

    /// - Parameters:
    ///   - program: started as `program try-model id word`. It prints the word when the model drew; else the reason.
    ///   - folder: where results are kept, created when needed; one that cannot be written keeps none.
    ///   - timeLimit: for loading the model and one drawing at its largest size.
    public init(program: String, folder: String, timeLimit: Duration = .seconds(120)) {
        self.program = program
        self.folder = folder
        self.timeLimit = timeLimit
    }

    /// Tries `model` unless that was done before.
    /// - Throws: `StyleError.modelUnreadable`.
    public func check(_ model: InstalledModel) throws {
        guard model.isDropIn else { return }
        let key = key(model)
        let trial = trials.withLock { trials in
            let trial = trials[key] ?? Background { self.kept(key) ?? self.tried(model, key) }
            trials[key] = trial
            return trial
        }
        if let error = Self.error(try trial.value(), model) { throw error }
    }

    /// What an earlier trial found wrong with `model`; nothing is tried.
    public func knownProblem(_ model: InstalledModel) -> StyleError? {
        guard model.isDropIn, let verdict = kept(key(model)) else { return nil }
        return Self.error(verdict, model)
    }

    private static func error(_ verdict: Verdict, _ model: InstalledModel) -> StyleError? {
        guard case let .unusable(reason) = verdict else { return nil }
        return .modelUnreadable(file: model.path, reason: reason)
    }

    // MARK: - Kept results

    /// Changes with the file, its manifest and the engine; the file's content is not read.
    private func key(_ model: InstalledModel) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let manifest = (try? encoder.encode(model.manifest)) ?? Data()
        let text = "\(model.path)\n\(FileStatus(model.path)?.version ?? "")\n\(Engine.version)\n"
        return String(CompileCache.checksum(Data(text.utf8) + manifest), radix: 16)
    }

    private func kept(_ key: String) -> Verdict? {
        let path = "\(folder)/\(key)"
        guard let status = FileStatus(path), CompileCache.isPrivate(status),
            let content = FileManager.default.contents(atPath: path)
        else { return nil }
        // A checksum, a space and the reason.
        let parts = content.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, Data(parts[0]) == Self.sum(Data(parts[1])) else { return nil }
        let reason = String(decoding: parts[1].prefix(Self.longestReason), as: UTF8.self)
        // A busy machine may have been the reason, so that this is believed for an hour alone.
        if reason == timedOut.description, status.age > 3600 { return nil }
        return reason.isEmpty ? .usable : .unusable(reason: Message(template: reason))
    }

    private static func sum(_ content: Data) -> Data { Data(String(CompileCache.checksum(content), radix: 16).utf8) }

    private func keep(_ verdict: Verdict, _ key: String) {
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var reason = ""
        if case let .unusable(message) = verdict { reason = "\(message)" }
        let content = Self.sum(Data(reason.utf8)) + Data(" \(reason)".utf8)
        try? content.write(to: URL(fileURLWithPath: "\(folder)/\(key)"), options: .atomic)
    }

    // MARK: - The trial

    private static let longestReason = 500

    private enum End {
        case exit
        case signal
        case processorTime
        case timeout
    }

    private func tried(_ model: InstalledModel, _ key: String) -> Verdict {
        var output: Int32 = -1
        // Nothing but a trial knows the word: a program that ends well for another reason proves nothing.
        let word = String(UInt64.random(in: .min ... .max), radix: 16)
        let process = Self.start([program, Self.argument, model.manifest.id, word], &output)
        guard process > 0 else { return .unusable(reason: "it could not be tried, since \(program) cannot be started") }
        let (text, end) = finish(process, output)
        switch end {
        case .exit where text == word:
            keep(.usable, key)
            return .usable
        case .exit:
            let verdict = Verdict.unusable(reason: text.isEmpty ? Self.crashed : Message(template: text))
            keep(verdict, key)
            return verdict
        case .signal:
            keep(.unusable(reason: Self.crashed), key)
            return .unusable(reason: Self.crashed)
        case .processorTime:
            keep(.unusable(reason: Self.tooSlow), key)
            return .unusable(reason: Self.tooSlow)
        case .timeout:
            keep(.unusable(reason: timedOut), key)
            return .unusable(reason: timedOut)
        }
    }

    private var timedOut: Message { "it did not finish a drawing within \(timeLimit.components.seconds) seconds" }

    private static let crashed: Message = "the engine could not draw with it and gave up"

    private static func start(_ arguments: [String], _ output: inout Int32) -> pid_t {
        let copies = arguments.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer {
            copenvino_start_process($0.baseAddress, &output)
        }
    }

    /// Reads what the process prints until it ends or its time is up, and leaves no process behind.
    private func finish(_ process: pid_t, _ output: Int32) -> (text: String, end: End) {
        defer { close(output) }
        var text: [UInt8] = []
        var end = End.timeout
        let deadline = ContinuousClock.now + timeLimit
        while ContinuousClock.now < deadline {
            let left = (deadline - .now).components
            var descriptor = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = poll(
                &descriptor, 1, Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1))
            guard ready > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 512)
            let count = read(output, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                end = .signal
                break
            }
            if text.count < Self.longestReason { text += buffer.prefix(count) }
        }
        if case .timeout = end { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        // The low seven bits are the signal that ended it (wait(2)).
        if case .signal = end {
            switch status & 0x7F {
            case 0: end = .exit
            case SIGXCPU: end = .processorTime
            default: break
            }
        }
        let line = text.prefix(Self.longestReason).map { $0 < 0x20 ? 0x20 : $0 }
        return (String(decoding: line, as: UTF8.self).trimmingSpaces(), end)
    }
}

extension String {
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
