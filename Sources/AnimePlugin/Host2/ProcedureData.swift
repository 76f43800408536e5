#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import CGimp

/// Bytes that GIMP 2.10 keeps for a procedure until it ends, and a file for the time after that.
struct ProcedureData: ArgumentMemory {
    let procedure: String

    func recall() -> (any ArgumentSource)? {
        keptByGimp ?? UserFolder.read(KeptArguments.self, file)
    }

    private var file: String { "\(procedure).json" }

    private var keptByGimp: KeptArguments? {
        let size = Int(gimp_procedural_db_get_data_size(procedure))
        guard size > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        guard gimp_procedural_db_get_data(procedure, &bytes) != 0 else { return nil }
        return try? JSONDecoder().decode(KeptArguments.self, from: Data(bytes))
    }

    func keep(_ write: (any ArgumentSink) -> Void) {
        let kept = KeptArguments()
        write(kept)
        UserFolder.keep(kept, file)
        guard let data = try? JSONEncoder().encode(kept) else { return }
        _ = [UInt8](data).withUnsafeBufferPointer {
            gimp_procedural_db_set_data(procedure, $0.baseAddress, guint32($0.count))
        }
    }
}

/// Arguments by name. What another version of the plug-in kept may lack some, which count as left out.
private final class KeptArguments: Codable, ArgumentSource, ArgumentSink {
    private var texts: [String: String] = [:]
    private var numbers: [String: Double] = [:]

    init() {}

    func text(_ argument: TextArgument) -> String { texts[argument.name] ?? argument.standard }
    func number(_ argument: NumberArgument) throws -> Double? { try argument.checked(numbers[argument.name]) }
    func set(_ value: String, for argument: TextArgument) { texts[argument.name] = value }
    func set(_ value: Double, for argument: NumberArgument) { numbers[argument.name] = value }
}
