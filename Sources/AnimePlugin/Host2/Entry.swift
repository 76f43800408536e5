import CGimp
import Settings

/// Tells the C program beside this library what to hand to `gimp_main`. The name is fixed by `Plugin/gimp-2.10/main.c`.
@_cdecl("gimp_anime_style_plug_in_info")
public func plugInInfo(_ info: UnsafeMutablePointer<GimpPlugInInfo>) {
    info.pointee = GimpPlugInInfo(
        init_proc: nil, quit_proc: nil,
        query_proc: { PlugIn.query() },
        run_proc: { name, count, parameters, returnCount, returnValues in
            let values = PlugIn.run(
                name.map { String(cString: $0) } ?? "", UnsafeBufferPointer(start: parameters, count: Int(count)))
            // GIMP's library reads them after this returns and frees nothing; the process ends with the call.
            let memory = UnsafeMutableBufferPointer<GimpParam>.allocate(capacity: values.count)
            _ = memory.initialize(from: values)
            returnCount?.pointee = gint(values.count)
            returnValues?.pointee = memory.baseAddress
        })
}

extension PlugIn {
    /// Registers the procedures; GIMP calls it once for each new version of the program.
    static func query() {
        gimp_plugin_domain_register(translationDomain, localeFolder)
        Procedure.install()
        BatchProcedure.install()
    }

    /// One call of a procedure; every error ends as a status and a sentence.
    static func run(_ procedure: String, _ parameters: UnsafeBufferPointer<GimpParam>) -> [GimpParam] {
        prepareTexts()
        let memory = ProcedureData(procedure: procedure)
        do {
            guard procedure == BatchProcedure.name else {
                return ReturnValues.success(layer: try draw({ try Invocation(parameters) }, memory: memory))
            }
            let call = BatchCall(try BatchInvocation(parameters), memory: memory)
            return ReturnValues.success(counts: try call.perform().counts)
        } catch {
            return ReturnValues.failure(error)
        }
    }
}
