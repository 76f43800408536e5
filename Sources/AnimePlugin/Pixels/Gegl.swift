import CGimp

/// The process's one GEGL instance, through which libgimp's buffers are read.
enum Gegl {
    private static let started: Void = {
        gegl_init(nil, nil)
        // GIMP lets it keep a large share of the machine's memory, yet layers are read and written once, band by band.
        shim_limit_tile_cache(32 << 20)
    }()

    /// Starts GEGL and babl once for the process (0.3 to 0.6 s the first time); safe to call from several threads.
    static func start() { started }
}
