import CGimp
import Drawing
import Raster
import Settings

/// The layer that is drawn, checked before anything slow starts and again before anything is changed.
struct SourceLayer {
    let image: gint32
    let id: gint32
    let width: Int
    let height: Int

    /// - Throws: `PlugInError` when no drawing of it could be added, `StyleError.pictureTooSmall`, `.pictureTooLarge`.
    init(image: gint32, drawable: gint32) throws {
        guard host_image_is_valid(image) != 0, host_item_is_valid(drawable) != 0, host_item_get_image(drawable) == image
        else {
            throw PlugInError.imageGone
        }
        guard host_item_is_layer(drawable) != 0 else { throw PlugInError.notALayer }
        guard host_image_base_type(image) != GIMP_INDEXED else { throw PlugInError.indexed }
        guard host_image_get_floating_sel(image) == -1 else { throw PlugInError.floatingSelection }
        self.image = image
        id = drawable
        width = Int(host_drawable_width(drawable))
        height = Int(host_drawable_height(drawable))
        try PictureLimits.check(width: width, height: height)
        guard isSelected else { throw PlugInError.selectionMissesLayer }
    }

    /// Without a selection everything counts as selected.
    private var isSelected: Bool {
        var (x, y, width, height): (gint, gint, gint, gint) = (0, 0, 0, 0)
        return host_drawable_mask_intersect(id, &x, &y, &width, &height) != 0
    }

    /// The layer's place on the canvas.
    var offsets: (x: gint, y: gint) {
        var (x, y): (gint, gint) = (0, 0)
        host_drawable_offsets(id, &x, &y)
        return (x, y)
    }

    /// What the user calls the layer.
    var name: String {
        guard let name = host_item_get_name(id) else { return "" }
        defer { g_free(name) }
        return String(cString: name)
    }

    /// Whether what is below it shows through, or changes how it looks.
    var isBlended: Bool {
        let plain = [GIMP_LAYER_MODE_NORMAL, GIMP_LAYER_MODE_NORMAL_LEGACY, GIMP_LAYER_MODE_PASS_THROUGH]
        return host_layer_get_opacity(id) < 100 || !plain.contains(host_layer_get_mode(id))
    }

    /// The layer's pixels as they are now.
    /// - Throws: `PlugInError`, `StyleError.noTemporaryRoom`.
    func snapshot() throws -> LayerSnapshot { try LayerSnapshotReader(self).finish() }

    /// How much each of the layer's pixels is selected; `nil` without a selection.
    func selectionCoverage() throws -> CoverageFile? {
        guard host_selection_is_empty(image) == 0 else { return nil }
        let place = offsets, file = try CoverageFile(width: width)
        try withBuffer(of: host_image_get_selection(image)) { buffer in
            for rows in PixelBands.rows(width: width, height: height) {
                try file.write(
                    PixelBands.readCoverage(buffer, offset: place, rows: rows, width: width), firstRow: rows.lowerBound)
            }
        }
        return file
    }

    /// Calls `body` with the buffer of the layer's own mask; `nil` without a mask that is applied.
    func withMask<Result>(_ body: (OpaquePointer?) throws -> Result) throws -> Result {
        let mask = host_layer_get_mask(id)
        guard mask != -1, host_layer_get_apply_mask(id) != 0 else { return try body(nil) }
        return try withBuffer(of: mask) { try body($0) }
    }

    /// - Throws: `PlugInError` when the layer's own pixels must not be changed.
    func checkReplaceable() throws {
        guard host_item_is_group(id) == 0 else { throw PlugInError.groupNotReplaceable }
        guard host_drawable_has_filters(id) == 0 else { throw PlugInError.filtersNotMerged }
        var item = id
        while item != -1 {
            guard host_item_get_lock_content(item) == 0 else { throw PlugInError.locked }
            item = host_item_get_parent(item)
        }
    }
}

/// - Throws: `PlugInError.imageGone` when `drawable` does not exist any more.
func withBuffer<Result>(of drawable: gint32, _ body: (OpaquePointer) throws -> Result) throws -> Result {
    guard let buffer = host_drawable_get_buffer(drawable) else { throw PlugInError.imageGone }
    defer { g_object_unref(UnsafeMutableRawPointer(buffer)) }
    return try body(buffer)
}
