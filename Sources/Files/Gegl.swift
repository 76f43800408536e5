import CGegl
import CGexiv2
import Dispatch

/// The process's one GEGL instance. Every call of a GEGL operation goes through `exclusively`.
public enum Gegl {
    private static let started: Void = gegl_init(nil, nil)

    private static let metadataStarted: Bool = gexiv2_initialize() != 0

    private static let queue = DispatchQueue(label: "gimp-anime-style.gegl")

    /// Starts GEGL and babl once for the process (0.3 to 0.6 s the first time); safe to call from several threads.
    public static func start() { started }

    /// Starts exiv2 once for the process.
    static func startMetadata() { _ = metadataStarted }

    /// Keeps GLib's and GEGL's own diagnostics off the error stream for the life of the process; failures still throw.
    ///
    /// For programs whose error stream belongs to the user, like the command line.
    public static func silenceDiagnostics() {
        g_log_set_default_handler(shim_ignore_message, nil)
        g_set_printerr_handler { _ in }
        g_set_print_handler { _ in }
    }

    /// Runs `body` while no other GEGL operation runs, and counts the warnings that operations log.
    ///
    /// GEGL's loaders and savers return success for damaged input and failed writes and only log a warning, under no
    /// log domain; the count is the one way to tell.
    static func exclusively<Result>(_ body: () throws -> Result) rethrows -> (result: Result, warnings: Int) {
        start()
        return try queue.sync {
            let counter = UnsafeMutablePointer<gint>.allocate(capacity: 1)
            counter.initialize(to: 0)
            defer { counter.deallocate() }
            let severe = GLogLevelFlags(rawValue: G_LOG_LEVEL_WARNING.rawValue | G_LOG_LEVEL_CRITICAL.rawValue)
            let chatty = GLogLevelFlags(rawValue: severe.rawValue | G_LOG_LEVEL_MESSAGE.rawValue | G_LOG_LEVEL_INFO.rawValue)
            let operations = g_log_set_handler(nil, severe, shim_count_message, counter)
            let core = g_log_set_handler("GEGL", chatty, shim_ignore_message, nil)
            defer {
                g_log_remove_handler(nil, operations)
                g_log_remove_handler("GEGL", core)
            }
            let result = try body()
            return (result, Int(shim_atomic_get(counter)))
        }
    }
}
