import CGegl
import CGexiv2

/// The tags of a file that no decoder passes on, read and written by exiv2.
struct Metadata {
    let path: String

    /// The Exif or TIFF orientation; upright when the file has none or cannot be read.
    func orientation() -> Orientation {
        var result = Orientation.upright
        withTags { tags in
            var error: UnsafeMutablePointer<GError>?
            let value = gexiv2_metadata_try_get_orientation(tags, &error)
            g_clear_error(&error)
            result = Orientation(rawValue: Int(value.rawValue)) ?? .upright
        }
        return result
    }

    /// The ICC profile of a TIFF file (tag 34675).
    func tiffProfile() -> [UInt8]? {
        var result: [UInt8]?
        withTags { tags in
            var error: UnsafeMutablePointer<GError>?
            let bytes = gexiv2_metadata_try_get_tag_raw(tags, Self.tiffProfileTag, &error)
            g_clear_error(&error)
            guard let bytes else { return }
            defer { g_bytes_unref(bytes) }
            var count: gsize = 0
            guard let base = g_bytes_get_data(bytes, &count), count > 0 else { return }
            result = Array(UnsafeRawBufferPointer(start: base, count: Int(count)))
        }
        return result
    }

    /// Puts `profile` into a TIFF file in place of the one it has.
    /// - Returns: whether the file was written.
    func setTiffProfile(_ profile: [UInt8]) -> Bool {
        var written = false
        withTags { tags in
            var error: UnsafeMutablePointer<GError>?
            // exiv2's textual form of undefined bytes: decimal numbers with spaces.
            let text = profile.map(String.init).joined(separator: " ")
            let isSet = gexiv2_metadata_try_set_tag_string(tags, Self.tiffProfileTag, text, &error) != 0
            written = isSet && gexiv2_metadata_save_file(tags, path, &error) != 0
            g_clear_error(&error)
        }
        return written
    }

    private static let tiffProfileTag = "Exif.Image.InterColorProfile"

    private func withTags(_ body: (UnsafeMutablePointer<GExiv2Metadata>) -> Void) {
        Gegl.start()
        guard let tags = gexiv2_metadata_new() else { return }
        defer { g_object_unref(tags) }
        var error: UnsafeMutablePointer<GError>?
        let opened = gexiv2_metadata_open_path(tags, path, &error) != 0
        g_clear_error(&error)
        if opened { body(tags) }
    }
}
