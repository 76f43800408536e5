import Glibc
import Settings

/// What the system has to grant before anything is begun: where it does not, threads would wait for ever for others
/// that cannot be started, or the program would end without a word.
enum StartLimits {
    /// In bytes. For reading the command line 64 kB were too little, and 128 kB sufficed for a drawing.
    private static let stack: rlim_t = 256 << 10
    /// A batch, which has two photographs and a drawing in hand, came to an end of 32.
    private static let files: rlim_t = 64

    /// What to say where something is too little; `nil` where nothing is known to be.
    static var problem: String? {
        // First, since all that follows takes some of it.
        if let limit = limit(RLIMIT_STACK), limit.rlim_cur < stack {
            return """
                The system gives this program a stack of \(limit.rlim_cur >> 10) kB, and it works with \
                \(stack >> 10) kB at least; raise the limit (ulimit -s 8192).
                """
        }
        guard MemoryBudget.isEnoughToStart else { return "\(MemoryBudget.exhaustedAddresses)" }
        if var limit = limit(RLIMIT_NOFILE), limit.rlim_cur < files {
            // What the user may change is changed for this program alone.
            limit.rlim_cur = min(limit.rlim_max, files)
            guard limit.rlim_cur == files, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
                return """
                    The system lets this program open \(limit.rlim_max) files at once, and it works with \(files); \
                    raise the limit (ulimit -n 1024).
                    """
            }
        }
        guard ThreadBudget.isEnough else {
            return """
                The system lets this program start fewer than the \(ThreadBudget.needed) threads that it works with; \
                raise the limit of processes (ulimit -u), or end other programs.
                """
        }
        return nil
    }

    private static func limit(_ resource: __rlimit_resource) -> rlimit? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? limit : nil
    }
}
