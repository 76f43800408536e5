import Dispatch
import Files
import Glibc
import Synchronization

/// Standard output or standard error. What is told is written on a thread of its own, since a pipe that nobody reads or
/// a terminal that is held would keep the caller, and with it the whole program, for as long as it likes. Safe to call
/// from several threads.
final class StandardStream: Sendable {
    private let descriptor: Int32
    private let queue: DispatchQueue
    private let end = Mutex(End())

    private struct End {
        /// When it became known that the program ends: until then it is waited for the reader.
        var hurried: ContinuousClock.Instant?
        var isGivenUp = false
    }

    /// What a reader who is only slow has to take the last words.
    private static let patience = Duration.milliseconds(500)
    private static let look = DispatchTimeInterval.milliseconds(50)

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        queue = DispatchQueue(label: "gimp-anime-style.stream-\(descriptor)")
    }

    /// From now on nobody is waited for any longer than a moment.
    func hurry() {
        end.withLock { if $0.hurried == nil { $0.hurried = .now } }
    }

    /// Whether something was left untaken.
    var isGivenUp: Bool { end.withLock { $0.isGivenUp } }

    /// Returns when all is written, when that fails, or when it is given up: when a signal has come and nobody takes
    /// it. Nor is anything taken that comes later.
    /// - Throws: `LostResults`.
    func write(_ text: String) throws {
        guard !isGivenUp else { throw LostResults.untaken }
        let writing = Writing(text)
        let descriptor = self.descriptor, begun = ContinuousClock.now
        queue.async { writing.run(descriptor) }
        while !writing.isDone(within: Self.look) {
            let isTooLate = end.withLock { end in
                guard let hurried = end.hurried, max(hurried, begun) + Self.patience < .now else { return false }
                end.isGivenUp = true
                return true
            }
            if isTooLate { throw LostResults.untaken }
        }
        if writing.problem != 0 { throw LostResults.unwritable(writing.problem) }
    }

    /// Writes on this thread, for as long as that takes.
    func writeHere(_ text: String) { _ = Self.put(text, descriptor) }

    /// Writes at once what is taken without waiting, for a program that ends the next moment.
    func writeIfTaken(_ text: String) {
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&state, 1, 0) == 1, state.revents & Int16(POLLOUT) != 0 else { return }
        _ = Self.put(text, descriptor)
    }

    /// Whether it is open for writing.
    var canBeWritten: Bool {
        let mode = fcntl(descriptor, F_GETFL)
        return mode >= 0 && mode & O_ACCMODE != O_RDONLY
    }

    /// - Returns: errno's value, or 0.
    private static func put(_ text: String, _ descriptor: Int32) -> Int32 {
        Array(text.utf8).withUnsafeBytes { FileCopy.put($0, to: descriptor) ? 0 : errno }
    }

    /// A text on its way.
    private final class Writing: Sendable {
        private let text: String
        private let done = DispatchSemaphore(value: 0)
        private let outcome = Mutex<Int32>(0)

        init(_ text: String) { self.text = text }

        var problem: Int32 { outcome.withLock { $0 } }

        func run(_ descriptor: Int32) {
            let problem = StandardStream.put(text, descriptor)
            outcome.withLock { $0 = problem }
            done.signal()
        }

        func isDone(within time: DispatchTimeInterval) -> Bool { done.wait(timeout: .now() + time) == .success }
    }
}

/// Standard output did not take what the program was asked for, so its reader may not take what is there for all of it.
enum LostResults: Error, CustomStringConvertible {
    /// With errno's value.
    case unwritable(Int32)
    /// A signal came while nobody read.
    case untaken

    var description: String {
        switch self {
        case .unwritable(EBADF):
            return "Standard output cannot be written (it is closed); send it elsewhere."
        case .unwritable(let code):
            return "Standard output cannot be written (\(String(cString: strerror(code)))); send it elsewhere."
        case .untaken:
            return "Ended while nobody read standard output; drawings that were finished are kept."
        }
    }
}
