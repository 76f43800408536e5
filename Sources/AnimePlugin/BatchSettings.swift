import CGimp
import Settings

/// What a batch draws, from where to where.
struct BatchSettings: Codable {
    /// Shell pattern or folder.
    var pattern = ""
    var outputFolder = ""
    /// One of `BatchProcedure.formats`.
    var format = ""
    var overwrite = false
    var style: Settings

    /// What was chosen last in this GIMP session; `nil` when nothing was.
    static func last() -> BatchSettings? {
        SessionMemory.read(BatchSettings.self, of: BatchProcedure.name)
    }

    /// Keeps them for the rest of the GIMP session.
    func remember() {
        SessionMemory.keep(self, of: BatchProcedure.name)
    }
}

/// The arguments of one call.
enum BatchInvocation {
    case interactive
    case lastValues
    case arguments(Given)

    /// What a script gave; what it left out is `nil`.
    struct Given {
        let pattern: String
        let outputFolder: String
        let format: String
        let overwrite: Bool
        let style: GivenValues
    }

    /// - Throws: `PlugInError.badCall`, `StyleError.invalidOption`.
    init(_ parameters: UnsafeBufferPointer<GimpParam>) throws {
        guard let mode = parameters.first else { throw PlugInError.badCall }
        switch GimpRunMode(rawValue: UInt32(bitPattern: mode.data.d_int32)) {
        case GIMP_RUN_INTERACTIVE: self = .interactive
        case GIMP_RUN_WITH_LAST_VALS: self = .lastValues
        case GIMP_RUN_NONINTERACTIVE:
            guard parameters.count >= 3 else { throw PlugInError.badCall }
            func text(_ index: Int) -> String { index < parameters.count ? parameters[index].data.d_string.map { String(cString: $0) } ?? "" : "" }
            let format = text(3).lowercased()
            guard BatchProcedure.formats.contains(where: { $0.ending == format }) else {
                throw StyleError.invalidOption(name: "format", value: text(3), allowed: "png, jpg, webp, tif or nothing")
            }
            let overwrite = try BatchProcedure.overwrite.checked(parameters.count > 4 ? Double(parameters[4].data.d_int32) : nil)
            let style = try GivenValues(Array(parameters).dropFirst(5), hasOutput: false)
            self = .arguments(Given(pattern: text(1), outputFolder: text(2), format: format, overwrite: overwrite == 1, style: style))
        default: throw PlugInError.badCall
        }
    }
}
