import CGlib
import Glibc
import Settings

/// Checksums of files.
public enum FileDigest {
    /// The lower-case hexadecimal sha256 of the file at `path`; `nil` when it cannot be read.
    public static func sha256(_ path: String) -> String? {
        guard let file = path.withPath({ fopen($0, "rb") }) else { return nil }
        defer { fclose(file) }
        guard let sum = g_checksum_new(G_CHECKSUM_SHA256) else { return nil }
        defer { g_checksum_free(sum) }
        let chunkSize = 1 << 18
        let chunk = UnsafeMutablePointer<UInt8>.allocate(capacity: chunkSize)
        defer { chunk.deallocate() }
        while true {
            let count = fread(chunk, 1, chunkSize, file)
            if count > 0 { g_checksum_update(sum, chunk, gssize(count)) }
            if count < chunkSize { break }
        }
        // A directory opens but does not read.
        guard ferror(file) == 0, let text = g_checksum_get_string(sum) else { return nil }
        return String(cString: text)
    }
}
