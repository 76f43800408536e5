import AnimeCore
import CGimp

/// Puts a drawing into the image as one undo step.
///
/// The layer is filled while GIMP does not show it yet, and the selection is worked into its alpha here, which gives what
/// `gimp_drawable_merge_shadow` would. The image itself is touched by the last two calls only, so that a cancel, for
/// which GIMP kills the plug-in, finds it either unchanged or complete.
struct LayerWriter {
    let source: SourceLayer
    let name: String

    /// - Parameters:
    ///   - picture: sRGB, of the source layer's size.
    ///   - coverage: how much of each pixel is selected, 0…1; `nil` for all.
    /// - Returns: the new layer, above the source at its place.
    /// - Throws: `PlugInError.layerNotAdded`, `.colourProfile`.
    func add(_ picture: Bitmap, coverage: [Float]?) throws -> gint32 {
        var picture = picture
        if let coverage { picture.multiplyAlpha(by: coverage) }
        let type = gimp_image_base_type(source.image) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE
        let layer = gimp_layer_new(source.image, name, gint(picture.width), gint(picture.height), type, 100,
                                   gimp_image_get_default_new_layer_mode(source.image))
        guard layer != -1 else { throw PlugInError.layerNotAdded }
        do {
            let encoding = try PixelEncoding(image: source.image)
            try withBuffer(of: layer) { encoding.write(picture, to: $0) }
            try copyMask(to: layer)
            try insert(layer)
        } catch {
            gimp_item_delete(layer)
            throw error
        }
        return layer
    }

    /// The source's layer mask hides the same part of the drawing.
    private func copyMask(to layer: gint32) throws {
        let mask = gimp_layer_get_mask(source.id)
        guard mask != -1 else { return }
        let copy = gimp_layer_create_mask(layer, GIMP_ADD_MASK_WHITE)
        guard copy != -1, gimp_layer_add_mask(layer, copy) != 0 else { throw PlugInError.layerNotAdded }
        try withBuffer(of: mask) { from in
            try withBuffer(of: copy) { to in
                gegl_buffer_copy(from, nil, GEGL_ABYSS_NONE, to, nil)
                gegl_buffer_flush(to)
            }
        }
        gimp_layer_set_apply_mask(layer, gimp_layer_get_apply_mask(source.id))
    }

    private func insert(_ layer: gint32) throws {
        let parent = gimp_item_get_parent(source.id)
        let position = gimp_image_get_item_position(source.image, source.id)
        let (x, y) = source.offsets
        gimp_image_undo_group_start(source.image)
        defer { gimp_image_undo_group_end(source.image) }
        guard gimp_image_insert_layer(source.image, layer, parent, position) != 0 else { throw PlugInError.layerNotAdded }
        gimp_layer_set_offsets(layer, x, y)
    }
}

private extension Bitmap {
    mutating func multiplyAlpha(by coverage: [Float]) {
        let columns = width
        forEachRow { y, row in
            for x in row.indices { row[x].w *= coverage[y * columns + x] }
        }
    }
}
