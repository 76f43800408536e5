import CGimp
import Engine
import Files
import Glibc

/// What the C program does when it is started with `ModelTrial.argument`, a model's id and a word: tries the model,
/// outside GIMP.
@_cdecl("gimp_anime_style_try_model")
public func tryModel(_ id: UnsafePointer<CChar>, _ word: UnsafePointer<CChar>) {
    StyleEngine.installed().runTrial(style: String(cString: id), word: String(cString: word))
}

/// What both GIMPs' entries to the plug-in need.
enum PlugIn {
    /// Texts come in the user's language from here on.
    static func prepareTexts() {
        bindtextdomain(translationDomain, localeFolder)
        bind_textdomain_codeset(translationDomain, "UTF-8")
    }

    /// One call of the filter. To be called while this is the only thread.
    /// - Returns: the layer or group with the drawing.
    /// - Throws: `StyleError`, `PlugInError`; the image is unchanged then.
    static func draw(_ invocation: () throws -> Invocation, memory: any ArgumentMemory) throws -> Int32 {
        // GEGL would open its 200 operation modules, a third of its start-up time, and only its buffers are used here.
        setenv("GEGL_PATH", "/nonexistent", 1)
        // Nor are babl's conversions, whose cache takes 0.3 s to read.
        setenv("BABL_INHIBIT_CACHE", "1", 1)
        let timings = TimingsLog(file: getenv(TimingsLog.variable).map { String(cString: $0) })
        timings.add("start", seconds: timings.elapsed)
        let call = try ProcedureCall(invocation(), memory: memory, timings: timings)
        let layer = try call.perform()
        timings.finish()
        return layer
    }

    /// The folder of the plug-in and its parts.
    static var folder: String { Installation.current().programFolder }

    static var localeFolder: String { "\(folder)/locale" }
}
