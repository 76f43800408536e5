import CGegl
import CGexiv2

/// The tags of a file that no decoder passes on, read by exiv2.
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

    private static let tiffProfileTag = "Exif.Image.InterColorProfile"

    private func withTags(_ body: (UnsafeMutablePointer<GExiv2Metadata>) -> Void) {
        Gegl.startMetadata()
        guard let tags = gexiv2_metadata_new() else { return }
        defer { g_object_unref(tags) }
        var error: UnsafeMutablePointer<GError>?
        let opened = gexiv2_metadata_open_path(tags, path, &error) != 0
        g_clear_error(&error)
        if opened { body(tags) }
    }
}
