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

/// One call: what to draw, and how as a script gave it.
struct Invocation {
    let mode: CallMode<GivenSettings>
    let image: Int32
    let drawable: Int32
}
