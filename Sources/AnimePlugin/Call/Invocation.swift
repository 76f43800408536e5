import Settings

/// How a procedure was called.
enum CallMode<Given> {
    /// From the menu: ask the user.
    case interactive
    /// From “Repeat”: what was chosen last.
    case lastValues
    /// From a script: as the arguments say.
    case arguments(Given)
}

/// The arguments of one call.
struct Invocation {
    let mode: CallMode<GivenValues>
    let image: Int32
    let drawable: Int32
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
    init(_ source: some ArgumentSource, hasOutput: Bool = true) throws {
        let id = source.text(Procedure.style)
        style = id.isEmpty ? nil : id
        strength = try source.number(Procedure.strength)
        region = try source.number(Procedure.region).map { Procedure.regions[Int($0)].region }
        keepColors = try source.number(Procedure.keepColors)
        lineStrength = try source.number(Procedure.lineStrength)
        minFace = try source.number(Procedure.minFace).map { Int($0) }
        if let minFace, (1..<16).contains(minFace) {
            throw StyleError.invalidOption(name: Procedure.minFace.name, value: "\(minFace)", allowed: "0, or 16 to 100000")
        }
        halfPrecision = try source.number(Procedure.halfPrecision).map { $0 == 1 }
        output = hasOutput ? try source.number(Procedure.output).map { Procedure.outputs[Int($0)].output } : nil
        lighting = try source.number(Procedure.lighting)
        skinConstancy = try source.number(Procedure.skinConstancy)
        hairLimit = try source.number(Procedure.hairLimit)
    }
}
