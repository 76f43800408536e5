import CGimp
import Settings

/// The return values of a call, as GIMP's procedural database wants them.
enum ReturnValues {
    static func success(layer: gint32) -> [GimpParam] {
        var data = GimpParamData()
        data.d_layer = layer
        return [status(GIMP_PDB_SUCCESS), GimpParam(type: GIMP_PDB_LAYER, data: data)]
    }

    static func success(counts: [Int]) -> [GimpParam] {
        [status(GIMP_PDB_SUCCESS)]
            + counts.map { count in
                var data = GimpParamData()
                data.d_int32 = gint32(clamping: count)
                return GimpParam(type: GIMP_PDB_INT32, data: data)
            }
    }

    /// GIMP shows or prints the sentence that comes with the status.
    static func failure(_ error: Error) -> [GimpParam] {
        if case StyleError.cancelled = error { return [status(GIMP_PDB_CANCEL)] }
        let isCallers = PlugInError.isCallersMistake(error)
        return [status(isCallers ? GIMP_PDB_CALLING_ERROR : GIMP_PDB_EXECUTION_ERROR), message(error)]
    }

    private static func status(_ value: GimpPDBStatusType) -> GimpParam {
        var data = GimpParamData()
        data.d_status = value
        return GimpParam(type: GIMP_PDB_STATUS, data: data)
    }

    private static func message(_ error: Error) -> GimpParam {
        var data = GimpParamData()
        data.d_string = g_strdup(sentence(error))
        return GimpParam(type: GIMP_PDB_STRING, data: data)
    }
}
