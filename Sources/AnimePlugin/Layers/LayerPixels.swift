import CGimp

/// A layer's pixels as the user sees them, without its mask. Main thread only.
///
/// In GIMP 3 filters may lie over a layer without being in its buffer. Such a layer is read from a copy in which they
/// are merged; the user's own keeps them.
final class LayerPixels {
    /// Of the layer's size, from (0, 0); valid as long as this object.
    let buffer: OpaquePointer
    private let staging: StagingImage?

    /// - Throws: `PlugInError.imageGone`, `.layerNotAdded`.
    init(of source: SourceLayer) throws {
        guard host_drawable_has_filters(source.id) != 0 else {
            guard let buffer = host_drawable_get_buffer(source.id) else { throw PlugInError.imageGone }
            (self.buffer, staging) = (buffer, nil)
            return
        }
        let staging = try StagingImage(for: source.image, width: source.width, height: source.height)
        do {
            buffer = try Self.merged(source, in: staging)
        } catch {
            staging.delete()
            throw error
        }
        self.staging = staging
    }

    deinit {
        unref(buffer)
        staging?.delete()
    }

    private static func merged(_ source: SourceLayer, in staging: StagingImage) throws -> OpaquePointer {
        let copy = host_layer_merge_filters(try staging.add(source.id, named: "", to: -1, at: (0, 0)))
        guard copy != -1 else { throw PlugInError.layerNotAdded }
        // A filter such as a shadow makes the layer grow; what is drawn keeps the size that it has without.
        var (x, y): (gint, gint) = (0, 0)
        host_drawable_offsets(copy, &x, &y)
        guard host_layer_resize(copy, gint(source.width), gint(source.height), x, y) != 0,
            let buffer = host_drawable_get_buffer(copy)
        else { throw PlugInError.layerNotAdded }
        return buffer
    }
}
