import CGimp

/// The process's one GEGL instance, through which libgimp's buffers are read.
enum Gegl {
    private static let started: Void = gegl_init(nil, nil)

    /// Starts GEGL and babl once for the process (0.3 to 0.6 s the first time); safe to call from several threads.
    static func start() { started }
}
