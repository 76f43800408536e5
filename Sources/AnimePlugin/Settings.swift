import AnimeCore
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CGimp

/// What the user chose, in the units of the procedure's arguments.
struct Settings: Equatable, Codable {
    var style = ""
    var strength = Procedure.strength.standard
    var region = Region.both
    var keepColors = Procedure.keepColors.standard
    var lineStrength = Procedure.lineStrength.standard
    var minFace = 0
    var halfPrecision = true

    var precision: Precision { halfPrecision ? .half : .float32 }

    /// The style's own defaults.
    init(_ manifest: ModelManifest) {
        style = manifest.id
        strength = manifest.defaults.strength * 100
        keepColors = manifest.defaults.keepColors * 100
        lineStrength = manifest.defaults.lines * 100
    }

    /// The arguments of a non-interactive call, which has all of them.
    /// - Throws: `StyleError.invalidOption` naming the first one out of range.
    init(_ parameters: ArraySlice<GimpParam>) throws {
        var reader = ParameterReader(parameters)
        style = reader.string()
        strength = try Procedure.strength.checked(reader.float())
        region = Procedure.regions[Int(try Procedure.region.checked(reader.integer()))].region
        keepColors = try Procedure.keepColors.checked(reader.float())
        lineStrength = try Procedure.lineStrength.checked(reader.float())
        let smallest = reader.integer()
        minFace = Int(try Procedure.minFace.checked(smallest))
        guard minFace == 0 || minFace >= 16 else {
            throw StyleError.invalidOption(name: Procedure.minFace.name, value: "\(minFace)", allowed: "0, or 16 to 100000")
        }
        halfPrecision = try Procedure.halfPrecision.checked(reader.integer()) == 1
    }

    /// The same for the core.
    var options: StyleOptions {
        var options = StyleOptions()
        options.strength = strength / 100
        options.region = region
        options.lineStrength = lineStrength / 100
        options.keepColors = keepColors / 100
        options.minimumFaceSize = minFace == 0 ? nil : Double(minFace)
        options.precision = precision
        return options
    }

    // MARK: - Last values

    /// What was chosen last in this GIMP session; `nil` when nothing was, or by another version of the plug-in.
    static func last() -> Settings? {
        let size = Int(gimp_procedural_db_get_data_size(Procedure.name))
        guard size > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard gimp_procedural_db_get_data(Procedure.name, &bytes) != 0 else { return nil }
        return try? JSONDecoder().decode(Settings.self, from: Data(bytes))
    }

    /// Keeps them for the rest of the GIMP session.
    func remember() {
        guard let data = try? JSONEncoder().encode(self) else { return }
        _ = [UInt8](data).withUnsafeBufferPointer { gimp_procedural_db_set_data(Procedure.name, $0.baseAddress, guint32($0.count)) }
    }
}

/// Takes one parameter after the other; GIMP has checked their number and types.
private struct ParameterReader {
    private var rest: ArraySlice<GimpParam>

    init(_ parameters: ArraySlice<GimpParam>) { rest = parameters }

    mutating func string() -> String { rest.popFirst()?.data.d_string.map { String(cString: $0) } ?? "" }
    mutating func float() -> Double { rest.popFirst()?.data.d_float ?? .nan }
    mutating func integer() -> Double { rest.popFirst().map { Double($0.data.d_int32) } ?? .nan }
}
