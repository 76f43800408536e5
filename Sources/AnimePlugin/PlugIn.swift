import AnimeCore
import CGimp
import Glibc

/// Tells the C program beside this library what to hand to `gimp_main`. The name is fixed by `Plugin/gimp-2.10/main.c`.
@_cdecl("gimp_anime_style_plug_in_info")
public func plugInInfo(_ info: UnsafeMutablePointer<GimpPlugInInfo>) {
    info.pointee = GimpPlugInInfo(
        init_proc: nil, quit_proc: nil,
        query_proc: { PlugIn.query() },
        run_proc: { _, count, parameters, returnCount, returnValues in
            let values = PlugIn.run(UnsafeBufferPointer(start: parameters, count: Int(count)))
            // GIMP's library reads them after this returns and frees nothing; the process ends with the call.
            let memory = UnsafeMutableBufferPointer<GimpParam>.allocate(capacity: values.count)
            _ = memory.initialize(from: values)
            returnCount?.pointee = gint(values.count)
            returnValues?.pointee = memory.baseAddress
        })
}

enum PlugIn {
    /// Registers the procedure; GIMP calls it once for each new version of the program.
    static func query() {
        gimp_plugin_domain_register(translationDomain, localeFolder)
        Procedure.install()
    }

    /// One call of the procedure; every error ends as a status and a sentence.
    static func run(_ parameters: UnsafeBufferPointer<GimpParam>) -> [GimpParam] {
        bindtextdomain(translationDomain, localeFolder)
        bind_textdomain_codeset(translationDomain, "UTF-8")
        // GEGL would open its 200 operation modules, a third of its start-up time, and only its buffers are used here. Set while
        // this is the only thread.
        setenv("GEGL_PATH", "/nonexistent", 1)
        // Nor are babl's conversions, whose cache takes 0.3 s to read.
        setenv("BABL_INHIBIT_CACHE", "1", 1)
        let timings = TimingsLog(file: getenv(TimingsLog.variable).map { String(cString: $0) })
        timings.add("start", seconds: timings.elapsed)
        do {
            let call = try ProcedureCall(Invocation(parameters), executable: executable, timings: timings)
            let layer = try call.perform()
            timings.finish()
            return PdbStatus.success(layer: layer)
        } catch {
            return PdbStatus.failure(error)
        }
    }

    /// The running program, links followed.
    private static var executable: String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink("/proc/self/exe", &path, Int(PATH_MAX))
        return length > 0 ? String(cString: path) : ""
    }

    private static var localeFolder: String {
        let program = executable
        return "\(program.lastIndex(of: "/").map { program[..<$0] } ?? ".")/locale"
    }
}
