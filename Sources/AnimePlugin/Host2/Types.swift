import CGimp

/// A class of GIMP's library is a struct in one GIMP and opaque in the other.
typealias ColorProfile = UnsafeMutablePointer<GimpColorProfile>
