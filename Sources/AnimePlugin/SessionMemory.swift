#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CGimp

/// What GIMP keeps for a procedure from one call to the next, until it ends.
enum SessionMemory {
    /// - Returns: `nil` when nothing was kept, or by another version of the plug-in.
    static func read<Value: Decodable>(_ type: Value.Type, of procedure: String) -> Value? {
        let size = Int(gimp_procedural_db_get_data_size(procedure))
        guard size > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard gimp_procedural_db_get_data(procedure, &bytes) != 0 else { return nil }
        return try? JSONDecoder().decode(type, from: Data(bytes))
    }

    static func keep(_ value: some Encodable, of procedure: String) {
        guard let data = try? JSONEncoder().encode(value) else { return }
        _ = [UInt8](data).withUnsafeBufferPointer { gimp_procedural_db_set_data(procedure, $0.baseAddress, guint32($0.count)) }
    }
}
