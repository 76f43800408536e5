import CGimp
import Drawing
import Raster

/// Puts a drawing into the image as a new layer or group above its source.
///
/// Pixels are written while GIMP does not show their layers yet; what they are for is then put together in a staging image.
/// They are mixed with what is below in perceptual numbers, as the drawing's own strength is.
struct LayerWriter {
    let source: SourceLayer
    let photograph: Bitmap
    /// How much of each pixel is selected, 0…1; `nil` for all. The selection of a plain layer is worked into its alpha, which gives what
    /// `host_drawable_merge_shadow` would.
    let selection: [Float]?
    let name: String
    /// Opacity of layers that hold the drawing at full strength, 0…100.
    let strength: Double

    /// A layer that belongs to no image yet.
    private struct Sheet {
        let name: String
        let picture: Bitmap
        /// In the image's own numbers already.
        var isEncoded = false
        var space = GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL
    }

    private enum Mask {
        case none, ofSource
        case values([Float])
    }

    /// - Returns: the new layer or group, at its source's place.
    /// - Throws: `PlugInError`; the image is unchanged then.
    func add(_ drawing: RenderedDrawing) throws -> gint32 {
        switch drawing {
        case let .picture(picture):
            var picture = picture
            if let selection { picture.setAlpha { $0.w * selection[$1] } }
            return try write([Sheet(name: name, picture: picture)], isGroup: false, mask: .ofSource, opacity: 100)
        case let .overlay(overlay):
            let mask = try coverage(overlay)
            var picture = overlay
            picture.setAlpha { photograph.pixels[$1].w }
            return try write([Sheet(name: name, picture: picture)], isGroup: false, mask: .values(mask), opacity: strength)
        case let .layers(layers):
            let mask = try coverage(layers.drawing)
            let needed = mask.contains { $0 < 1 }
            return try write(try separated(layers), isGroup: true, mask: needed ? .values(mask) : .none, opacity: strength)
        }
    }

    /// How much of the drawing counts: where it was drawn, what is selected, and what the source's own mask shows.
    private func coverage(_ drawing: Bitmap) throws -> [Float] {
        var result = drawing.pixels.map(\.w)
        if let selection { for index in result.indices { result[index] *= selection[index] } }
        if let mask = try source.maskCoverage() { for index in result.indices { result[index] *= mask[index] } }
        return result
    }

    /// Colour and, where there are any, the lines over it.
    private func separated(_ layers: DrawnLayers) throws -> [Sheet] {
        let encoding = try PixelEncoding(image: source.image)
        let hasLines = layers.flat.pixels.contains { $0.w > 0 }
        var (flat, drawing) = (layers.flat, layers.drawing)
        encoding.encode(&flat)
        encoding.encode(&drawing)
        LineSeparation.separate(flat: &flat, drawing: &drawing, alpha: photograph)
        // What was separated in the image's own numbers has to be mixed in them.
        let space = encoding.isLinear ? GIMP_LAYER_COLOR_SPACE_RGB_LINEAR : host_encoded_space()
        let colour = Sheet(name: tr("Colour"), picture: flat, isEncoded: true, space: space)
        return hasLines ? [colour, Sheet(name: tr("Lines"), picture: drawing, isEncoded: true, space: space)] : [colour]
    }

    /// - Parameter sheets: from the bottom; one when they make no group.
    private func write(_ sheets: [Sheet], isGroup: Bool, mask: Mask, opacity: Double) throws -> gint32 {
        var loose: [gint32] = []
        defer { loose.forEach { host_item_delete($0) } }
        for sheet in sheets { loose.append(try write(sheet)) }

        let staging = try StagingImage(for: source.image, width: source.width, height: source.height)
        defer { staging.delete() }
        var top = isGroup ? try staging.addGroup() : -1
        for (sheet, layer) in zip(sheets, loose) {
            let copy = try staging.add(layer, named: sheet.name, to: top, at: source.offsets)
            if !isGroup { top = copy }
        }
        host_layer_set_mode(top, host_image_get_default_new_layer_mode(source.image))
        host_layer_set_composite_space(top, GIMP_LAYER_COLOR_SPACE_RGB_PERCEPTUAL)
        host_layer_set_opacity(top, opacity)
        try add(mask, to: top)
        return try staging.handOver(top, named: name, parent: host_item_get_parent(source.id),
                                    position: host_image_get_item_position(source.image, source.id))
    }

    private func write(_ sheet: Sheet) throws -> gint32 {
        let type = host_image_base_type(source.image) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE
        let layer = host_layer_new(source.image, sheet.name, gint(sheet.picture.width), gint(sheet.picture.height), type, 100,
                                   host_image_get_default_new_layer_mode(source.image))
        guard layer != -1 else { throw PlugInError.layerNotAdded }
        host_layer_set_composite_space(layer, sheet.space)
        do {
            let encoding = try PixelEncoding(image: source.image)
            var picture = sheet.picture
            if !sheet.isEncoded { encoding.encode(&picture) }
            try withBuffer(of: layer) { encoding.store(picture, in: $0) }
        } catch {
            host_item_delete(layer)
            throw error
        }
        return layer
    }

    private func add(_ mask: Mask, to layer: gint32) throws {
        let original = host_layer_get_mask(source.id)
        switch mask {
        case .none: return
        case .ofSource where original == -1: return
        case .ofSource, .values: break
        }
        let added = host_layer_create_mask(layer, GIMP_ADD_MASK_WHITE)
        guard added != -1, host_layer_add_mask(layer, added) != 0 else { throw PlugInError.layerNotAdded }
        try withBuffer(of: added) { buffer in
            if case let .values(values) = mask {
                PixelBands.writeCoverage(values, width: source.width, height: source.height, to: buffer)
            } else {
                try withBuffer(of: original) { gegl_buffer_copy($0, nil, GEGL_ABYSS_NONE, buffer, nil) }
                host_layer_set_apply_mask(layer, host_layer_get_apply_mask(source.id))
            }
            gegl_buffer_flush(buffer)
        }
    }
}

private extension Bitmap {
    /// - Parameter alpha: told a pixel and its index.
    mutating func setAlpha(_ alpha: @Sendable (SIMD4<Float>, Int) -> Float) {
        let columns = width
        forEachRow { y, row in
            for x in row.indices { row[x].w = alpha(row[x], y * columns + x) }
        }
    }
}
