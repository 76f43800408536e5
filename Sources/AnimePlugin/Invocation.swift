import CGimp
import Settings

/// The arguments of one call.
struct Invocation {
    enum Mode {
        /// From the menu: ask the user.
        case interactive
        /// From “Repeat”: what was chosen last.
        case lastValues
        /// From a script: as the arguments say.
        case arguments(GivenValues)
    }

    let mode: Mode
    let image: gint32
    let drawable: gint32

    /// - Throws: `PlugInError.badCall`, `StyleError.invalidOption`.
    init(_ parameters: UnsafeBufferPointer<GimpParam>) throws {
        // A call from the menu has the first three arguments only, and any caller may leave out some at the end.
        guard parameters.count >= 3 else { throw PlugInError.badCall }
        switch GimpRunMode(rawValue: UInt32(bitPattern: parameters[0].data.d_int32)) {
        case GIMP_RUN_INTERACTIVE: mode = .interactive
        case GIMP_RUN_WITH_LAST_VALS: mode = .lastValues
        case GIMP_RUN_NONINTERACTIVE:
            mode = .arguments(try GivenValues(Array(parameters)[3...]))
        default: throw PlugInError.badCall
        }
        image = parameters[1].data.d_image
        drawable = parameters[2].data.d_drawable
    }
}

/// The arguments after the drawable as a script gave them; what it left out is `nil`.
struct GivenValues {
    let style: String?
    let strength: Double?
    let region: Region?
    let keepColors: Double?
    let lineStrength: Double?
    let minFace: Int?
    let halfPrecision: Bool?
    let output: OutputMode?
    let lighting: Double?
    let skinConstancy: Double?
    let hairLimit: Double?

    /// - Parameter hasOutput: whether the procedure has the argument that says where in the image a drawing goes.
    /// - Throws: `StyleError.invalidOption` naming the first one out of range.
    init(_ parameters: ArraySlice<GimpParam>, hasOutput: Bool = true) throws {
        var reader = ParameterReader(parameters)
        style = reader.string()
        strength = try Procedure.strength.checked(reader.float())
        region = try Procedure.region.checked(reader.integer()).map { Procedure.regions[Int($0)].region }
        keepColors = try Procedure.keepColors.checked(reader.float())
        lineStrength = try Procedure.lineStrength.checked(reader.float())
        minFace = try Procedure.minFace.checked(reader.integer()).map { Int($0) }
        if let minFace, (1..<16).contains(minFace) {
            throw StyleError.invalidOption(name: Procedure.minFace.name, value: "\(minFace)", allowed: "0, or 16 to 100000")
        }
        halfPrecision = try Procedure.halfPrecision.checked(reader.integer()).map { $0 == 1 }
        output = hasOutput ? try Procedure.output.checked(reader.integer()).map { Procedure.outputs[Int($0)].output } : nil
        lighting = try Procedure.lighting.checked(reader.float())
        skinConstancy = try Procedure.skinConstancy.checked(reader.float())
        hairLimit = try Procedure.hairLimit.checked(reader.float())
    }
}

/// Takes one parameter after the other, `nil` after the last; GIMP has checked their types.
private struct ParameterReader {
    private var rest: ArraySlice<GimpParam>

    init(_ parameters: ArraySlice<GimpParam>) { rest = parameters }

    mutating func string() -> String? { rest.popFirst()?.data.d_string.map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }
    mutating func float() -> Double? { rest.popFirst()?.data.d_float }
    mutating func integer() -> Double? { rest.popFirst().map { Double($0.data.d_int32) } }
}
