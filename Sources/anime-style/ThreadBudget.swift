import Glibc

/// Whether this process may start the threads that it works with. Where the system refuses one, what waits for it would
/// do so for ever.
enum ThreadBudget {
    /// Measured at most: 16 on one core, 19 on two, with six networks; two more write what is told.
    static var needed: Int { 3 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) + 16 }

    /// Starts them all at once, since a limit counts those that are there, and lets them end.
    static var isEnough: Bool {
        var ends: [Int32] = [-1, -1]
        // Each waits until the pipe is closed.
        guard pipe(&ends) == 0 else { return true }
        var threads: [pthread_t] = []
        // Small stacks, since too little memory is told elsewhere.
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 1 << 16)
        defer { pthread_attr_destroy(&attributes) }
        let count = needed
        while threads.count < count {
            var thread = pthread_t()
            let end = UnsafeMutableRawPointer(bitPattern: Int(ends[0]) + 1)
            let problem = pthread_create(
                &thread, &attributes,
                { end in
                    var byte: UInt8 = 0
                    while read(Int32(Int(bitPattern: end) - 1), &byte, 1) < 0 && errno == EINTR {}
                    return nil
                }, end)
            guard problem == 0 else { break }
            threads.append(thread)
        }
        close(ends[1])
        for thread in threads { pthread_join(thread, nil) }
        close(ends[0])
        return threads.count == count
    }
}
