import CGegl
import Glibc
import Settings

/// A file to read, mapped into memory.
struct InputFile {
    /// As the caller gave it, for messages.
    let givenPath: String
    /// Absolute, so that no decoder takes a name like “-” for something else.
    let path: String
    let bytes: UnsafeBufferPointer<UInt8>
    private let mapping: OpaquePointer

    /// - Throws: `StyleError.unreadableFile`.
    init(path: String) throws {
        givenPath = path
        self.path = absolutePath(path)
        func unreadable(_ reason: Message) -> StyleError { .unreadableFile(path: path, reason: reason) }
        guard g_file_test(self.path, G_FILE_TEST_EXISTS) != 0 else { throw unreadable("it does not exist") }
        guard g_file_test(self.path, G_FILE_TEST_IS_REGULAR) != 0 else { throw unreadable("it is a folder or a device") }
        guard let mapping = g_mapped_file_new(self.path, 0, nil) else { throw unreadable("permission denied") }
        let count = Int(g_mapped_file_get_length(mapping))
        guard count > 0, let start = g_mapped_file_get_contents(mapping) else {
            g_mapped_file_unref(mapping)
            throw unreadable("it is empty")
        }
        self.mapping = mapping
        bytes = UnsafeBufferPointer(start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
    }

    func close() { g_mapped_file_unref(mapping) }

    func unreadable(_ reason: Message) -> StyleError { .unreadableFile(path: givenPath, reason: reason) }
}

func absolutePath(_ path: String) -> String {
    guard let absolute = g_canonicalize_filename(path, nil) else { return path }
    defer { g_free(absolute) }
    return String(cString: absolute)
}
