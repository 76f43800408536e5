import COpenVINO
import Glibc

/// Thrown inside this module when a foreign call fails; callers turn it into a `StyleError` that says what was being
/// done.
struct EngineFailure: Error {
    let status: Int32
}

/// Throws when a foreign call did not succeed.
func check(_ status: ov_status_e) throws {
    guard status == OK else { throw EngineFailure(status: status.rawValue) }
}

/// Calls `create` for a handle and requires one.
func made(_ create: (UnsafeMutablePointer<OpaquePointer?>) -> ov_status_e) throws -> OpaquePointer {
    var handle: OpaquePointer?
    try check(create(&handle))
    guard let handle else { throw EngineFailure(status: UNKNOWN_C_ERROR.rawValue) }
    return handle
}

/// The engine itself; it finds its plug-ins beside its own library.
///
/// `@unchecked Sendable` holds because OpenVINO documents `ov::Core` as safe to use from several threads and the handle
/// never changes.
final class Engine: @unchecked Sendable {
    private let core: OpaquePointer

    init() throws {
        copenvino_spare_addresses()
        core = try made(ov_core_create)
    }

    deinit { ov_core_free(core) }

    /// As its makers number it.
    static var version: String {
        var version = ov_version_t()
        guard ov_get_openvino_version(&version) == OK else { return "" }
        defer { ov_version_free(&version) }
        return version.buildNumber.map { String(cString: $0) } ?? ""
    }

    /// Compiles a network file for the CPU; dimensions that the graph leaves open stay open, but for those that `fixed`
    /// closes.
    func compile(file: String, fixed: FixedInput?, properties: [(key: String, value: String)]) throws -> OpaquePointer {
        let texts = properties.map { (strdup($0.key), strdup($0.value)) }
        defer {
            texts.forEach {
                free($0.0); free($0.1)
            }
        }
        let list = texts.map { ov_property_t(key: $0.0, value: UnsafeRawPointer($0.1)) }
        guard let fixed else {
            return try made { ov_core_compile_model_from_file_props(core, file, "CPU", list.count, list, $0) }
        }
        let model = try made { ov_core_read_model(core, file, nil, $0) }
        defer { ov_model_free(model) }
        var shape = ov_partial_shape_t()
        try check(ov_partial_shape_create_static(Int64(fixed.shape.count), fixed.shape.map(Int64.init), &shape))
        defer { ov_partial_shape_free(&shape) }
        try check(ov_model_reshape_input_by_name(model, fixed.name, shape))
        return try made { ov_core_compile_model_props(core, model, "CPU", list.count, list, $0) }
    }
}

/// The one shape of an input that a network is compiled for.
struct FixedInput: Hashable {
    let name: String
    let shape: [Int]
}
