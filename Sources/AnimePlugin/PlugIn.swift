import CGimp
import Engine
import Files
import Glibc

/// Tells the C program beside this library what to hand to `gimp_main`. The name is fixed by `Plugin/gimp-2.10/main.c`.
@_cdecl("gimp_anime_style_plug_in_info")
public func plugInInfo(_ info: UnsafeMutablePointer<GimpPlugInInfo>) {
    info.pointee = GimpPlugInInfo(
        init_proc: nil, quit_proc: nil,
        query_proc: { PlugIn.query() },
        run_proc: { name, count, parameters, returnCount, returnValues in
            let values = PlugIn.run(name.map { String(cString: $0) } ?? "", UnsafeBufferPointer(start: parameters, count: Int(count)))
            // GIMP's library reads them after this returns and frees nothing; the process ends with the call.
            let memory = UnsafeMutableBufferPointer<GimpParam>.allocate(capacity: values.count)
            _ = memory.initialize(from: values)
            returnCount?.pointee = gint(values.count)
            returnValues?.pointee = memory.baseAddress
        })
}

/// What the C program does when it is started with `ModelTrial.argument` and a model's id: tries the model, outside GIMP.
@_cdecl("gimp_anime_style_try_model")
public func tryModel(_ id: UnsafePointer<CChar>) {
    StyleEngine.installed().runTrial(style: String(cString: id))
}

enum PlugIn {
    /// Registers the procedures; GIMP calls it once for each new version of the program.
    static func query() {
        gimp_plugin_domain_register(translationDomain, localeFolder)
        Procedure.install()
        BatchProcedure.install()
    }

    /// One call of a procedure; every error ends as a status and a sentence.
    static func run(_ procedure: String, _ parameters: UnsafeBufferPointer<GimpParam>) -> [GimpParam] {
        bindtextdomain(translationDomain, localeFolder)
        bind_textdomain_codeset(translationDomain, "UTF-8")
        return procedure == BatchProcedure.name ? runBatch(parameters) : runOnLayer(parameters)
    }

    private static func runBatch(_ parameters: UnsafeBufferPointer<GimpParam>) -> [GimpParam] {
        do {
            let outcome = try BatchCall(BatchInvocation(parameters)).perform()
            return PdbStatus.success(counts: [outcome.drawn, outcome.failures.count, outcome.kept])
        } catch {
            return PdbStatus.failure(error)
        }
    }

    private static func runOnLayer(_ parameters: UnsafeBufferPointer<GimpParam>) -> [GimpParam] {
        // GEGL would open its 200 operation modules, a third of its start-up time, and only its buffers are used here. Set while
        // this is the only thread.
        setenv("GEGL_PATH", "/nonexistent", 1)
        // Nor are babl's conversions, whose cache takes 0.3 s to read.
        setenv("BABL_INHIBIT_CACHE", "1", 1)
        let timings = TimingsLog(file: getenv(TimingsLog.variable).map { String(cString: $0) })
        timings.add("start", seconds: timings.elapsed)
        do {
            let call = try ProcedureCall(Invocation(parameters), timings: timings)
            let layer = try call.perform()
            timings.finish()
            return PdbStatus.success(layer: layer)
        } catch {
            return PdbStatus.failure(error)
        }
    }

    /// The folder of the plug-in and its parts.
    static var folder: String { Installation.current().programFolder }

    private static var localeFolder: String { "\(folder)/locale" }
}
