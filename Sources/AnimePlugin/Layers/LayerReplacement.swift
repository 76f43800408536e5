import CGimp
import Drawing
import Raster

/// Puts a drawing into its source layer itself.
///
/// GIMP takes the pixels from the layer's shadow in one call and as one undo step, with the selection, its soft edges
/// and the alpha lock as for its own filters; until then the layer is as it was.
///
/// Its source has to be what was drawn.
struct LayerReplacement {
    let source: SourceLayer
    /// An earlier drawing of it, which is hidden then.
    let earlier: gint32?
    let progress: BandProgress

    /// - Returns: the source layer.
    /// - Throws: `PlugInError`, `StyleError.noTemporaryRoom`; the image is unchanged then.
    func write(_ drawing: Drawing) throws -> gint32 {
        let encoding = try PixelEncoding(image: source.image)
        guard let shadow = host_drawable_get_shadow_buffer(source.id) else { throw PlugInError.imageGone }
        do {
            defer { g_object_unref(UnsafeMutableRawPointer(shadow)) }
            let layout = BufferLayout(of: shadow)
            try withBuffer(of: source.id) { original in
                progress.start()
                try drawing.forEachBandOfPicture { first, photograph, picture in
                    progress.write(first) {
                        encoding.store(
                            picture, firstRow: first, in: shadow, layout, keeping: original, whereEqualTo: photograph)
                    }
                }
            }
            gegl_buffer_flush(shadow)
        }
        if earlier != nil { host_image_undo_group_start(source.image) }
        defer { if earlier != nil { host_image_undo_group_end(source.image) } }
        guard host_drawable_merge_shadow(source.id, 1) != 0 else { throw PlugInError.layerNotAdded }
        if let earlier { host_item_set_visible(earlier, 0) }
        host_drawable_update(source.id, 0, 0, gint(source.width), gint(source.height))
        return source.id
    }
}
