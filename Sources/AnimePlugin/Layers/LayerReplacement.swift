import CGimp
import Glibc
import Raster

/// Puts a drawing into its source layer itself.
///
/// GIMP takes the pixels from the layer's shadow in one call and as one undo step, with the selection, its soft edges and the
/// alpha lock as for its own filters; until then the layer is as it was.
struct LayerReplacement {
    let source: SourceLayer
    let photograph: Bitmap

    /// - Returns: the source layer.
    /// - Throws: `PlugInError`; the image is unchanged then.
    func write(_ picture: Bitmap) throws -> gint32 {
        guard try source.read().hasSameBits(as: photograph) else { throw PlugInError.layerChanged }
        let encoding = try PixelEncoding(image: source.image)
        guard let shadow = host_drawable_get_shadow_buffer(source.id) else { throw PlugInError.imageGone }
        do {
            defer { g_object_unref(UnsafeMutableRawPointer(shadow)) }
            try withBuffer(of: source.id) { encoding.store(picture, in: shadow, keeping: $0, whereEqualTo: photograph) }
        }
        guard host_drawable_merge_shadow(source.id, 1) != 0 else { throw PlugInError.layerNotAdded }
        host_drawable_update(source.id, 0, 0, gint(source.width), gint(source.height))
        return source.id
    }
}

private extension Bitmap {
    /// Compares what is not a number, too.
    func hasSameBits(as other: Bitmap) -> Bool {
        guard (width, height) == (other.width, other.height) else { return false }
        return pixels.withUnsafeBytes { a in
            other.pixels.withUnsafeBytes { b in
                guard let a = a.baseAddress, let start = b.baseAddress else { return false }
                return memcmp(a, start, b.count) == 0
            }
        }
    }
}
