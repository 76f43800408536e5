import CGimp

/// A class of GIMP's library is a struct in one GIMP and opaque in the other.
typealias ColorProfile = OpaquePointer

typealias ProcedureObject = UnsafeMutablePointer<GimpProcedure>
typealias ProcedureConfig = UnsafeMutablePointer<GimpProcedureConfig>
/// GIMP's array of return values, which GIMP frees.
typealias ReturnValues = OpaquePointer

enum Host {
    /// How a procedure's arguments are given, for its documentation.
    static let argumentRules = "Arguments are given by name, and any may be left out."
    /// What names the display where GIMP does not.
    static let displayVariables = ["WAYLAND_DISPLAY", "DISPLAY"]
}
