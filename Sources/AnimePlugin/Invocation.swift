import AnimeCore
import CGimp

/// The arguments of one call.
struct Invocation {
    enum Mode {
        /// From the menu: ask the user.
        case interactive
        /// From “Repeat”: what was chosen last.
        case lastValues
        /// From a script: as the arguments say.
        case arguments(Settings)
    }

    let mode: Mode
    let image: gint32
    let drawable: gint32

    /// - Throws: `PlugInError.badCall`, `StyleError.invalidOption`.
    init(_ parameters: UnsafeBufferPointer<GimpParam>) throws {
        // A call from the menu has the first three arguments only.
        guard parameters.count >= 3 else { throw PlugInError.badCall }
        switch GimpRunMode(rawValue: UInt32(bitPattern: parameters[0].data.d_int32)) {
        case GIMP_RUN_INTERACTIVE: mode = .interactive
        case GIMP_RUN_WITH_LAST_VALS: mode = .lastValues
        case GIMP_RUN_NONINTERACTIVE:
            guard parameters.count == Procedure.arguments.count else { throw PlugInError.badCall }
            mode = .arguments(try Settings(Array(parameters)[3...]))
        default: throw PlugInError.badCall
        }
        image = parameters[1].data.d_image
        drawable = parameters[2].data.d_drawable
    }
}
