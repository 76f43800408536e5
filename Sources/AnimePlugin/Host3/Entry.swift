import CGimp
import Settings

/// The names of the procedures; GIMP frees the list. The names of both functions are fixed by `Plugin/gimp-3.0/main.c`.
@_cdecl("gimp_anime_style_procedure_names")
public func procedureNames() -> UnsafeMutablePointer<GList>? {
    g_list_append(g_list_append(nil, g_strdup(Procedure.name)), g_strdup(BatchProcedure.name))
}

/// One procedure as GIMP's database and menus know it, made when GIMP asks for it or before it is run.
/// - Returns: `nil` for a name that is none of `procedureNames`.
@_cdecl("gimp_anime_style_create_procedure")
public func createProcedure(
    _ plugIn: UnsafeMutablePointer<GimpPlugIn>?, _ name: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<GimpProcedure>? {
    PlugIn.prepareTexts()
    switch name.map({ String(cString: $0) }) {
    case Procedure.name?: return Procedure.make(plugIn)
    case BatchProcedure.name?: return BatchProcedure.make(plugIn)
    default: return nil
    }
}

extension PlugIn {
    /// One call of the filter; every error ends as a status and a sentence.
    static func run(_ procedure: ProcedureObject?, _ invocation: () throws -> Invocation, _ config: ProcedureConfig?)
        -> ReturnValues?
    {
        do {
            return host_success_layer(
                procedure, try draw(invocation, memory: ConfigMemory(config, names: Procedure.mark)))
        } catch {
            return failure(error, procedure)
        }
    }

    /// One call of the batch; every error ends as a status and a sentence.
    static func runBatch(_ procedure: ProcedureObject?, _ config: ProcedureConfig?) -> ReturnValues? {
        do {
            let memory = ConfigMemory(config, names: BatchProcedure.pattern)
            let outcome = try BatchCall(BatchInvocation(config), memory: memory).perform()
            let values = gimp_procedure_new_return_values(procedure, GIMP_PDB_SUCCESS, nil)
            for (index, count) in outcome.counts.enumerated() {
                host_set_int(values, gint(index + 1), gint(clamping: count))
            }
            return values
        } catch {
            return failure(error, procedure)
        }
    }

    /// GIMP shows or prints the sentence that comes with the status.
    private static func failure(_ error: Error, _ procedure: ProcedureObject?) -> ReturnValues? {
        if case StyleError.cancelled = error { return host_failure(procedure, GIMP_PDB_CANCEL, nil) }
        let isCallers = PlugInError.isCallersMistake(error)
        return host_failure(
            procedure, isCallers ? GIMP_PDB_CALLING_ERROR : GIMP_PDB_EXECUTION_ERROR, sentence(error))
    }
}
