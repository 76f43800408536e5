import CGimp

/// A class of GIMP's library is a struct in one GIMP and opaque in the other.
typealias ColorProfile = UnsafeMutablePointer<GimpColorProfile>

enum Host {
    /// How a procedure's arguments are given, for its documentation.
    static let argumentRules = """
        Arguments may be left out from the end; where all are wanted, as by Script-Fu, -1 stands for a number that \
        is left out and "" for a text.
        """
    /// What names the display where GIMP does not.
    static let displayVariables = ["DISPLAY"]
}
