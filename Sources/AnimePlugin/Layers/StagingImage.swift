import CGimp

/// An image that GIMP does not show, in which a layer or a group is put together and from which it is handed over
/// whole. The user's image is then touched by one call, so that a plug-in that is killed leaves it either unchanged or
/// complete.
struct StagingImage {
    private let id: gint32
    private let target: gint32

    /// An empty image of the encoding of `target`, so that copies from one to the other are exact.
    /// - Throws: `PlugInError.layerNotAdded`.
    init(for target: gint32, width: Int, height: Int) throws {
        id = host_image_new_with_precision(
            gint(width), gint(height), host_image_base_type(target), host_image_get_precision(target))
        guard id != -1 else { throw PlugInError.layerNotAdded }
        self.target = target
        host_image_undo_disable(id)
        if let profile = host_image_get_color_profile(target) {
            host_image_set_color_profile(id, profile)
            unref(profile)
        }
    }

    func delete() { host_image_delete(id) }

    /// - Returns: a layer of this image's encoding, to be filled before it is put in.
    func newLayer(named name: String, width: Int, height: Int, mode: GimpLayerMode) throws -> gint32 {
        let type = host_image_base_type(id) == GIMP_GRAY ? GIMP_GRAYA_IMAGE : GIMP_RGBA_IMAGE
        let layer = host_layer_new(id, name, gint(width), gint(height), type, 100, mode)
        guard layer != -1 else { throw PlugInError.layerNotAdded }
        return layer
    }

    /// Puts `layer`, which was made for this image, at the top of `group` or of the image for -1.
    func insert(_ layer: gint32, into group: gint32, at place: (x: gint, y: gint)) throws {
        guard host_image_insert_layer(id, layer, group, 0) != 0 else { throw PlugInError.layerNotAdded }
        host_layer_set_offsets(layer, place.x, place.y)
    }

    /// - Returns: a copy of `layer`, which belongs to no image yet, at the top of `group` or of the image for -1.
    func add(_ layer: gint32, named name: String, to group: gint32, at place: (x: gint, y: gint)) throws -> gint32 {
        let copy = host_layer_new_from_drawable(layer, id)
        guard copy != -1, host_image_insert_layer(id, copy, group, 0) != 0 else { throw PlugInError.layerNotAdded }
        host_item_set_name(copy, name)
        host_layer_set_offsets(copy, place.x, place.y)
        return copy
    }

    /// - Returns: a new group at the top of `parent` or of the image for -1.
    func addGroup(to parent: gint32 = -1) throws -> gint32 {
        let group = host_layer_group_new(id)
        guard group != -1, host_image_insert_layer(id, group, parent, 0) != 0 else { throw PlugInError.layerNotAdded }
        return group
    }

    /// Copies `layer` with all that belongs to it into the target as one undo step.
    /// - Parameter hidden: what is not shown any more, once the copy is there.
    /// - Returns: the copy, above `neighbour`.
    func handOver(_ layer: gint32, named name: String, above neighbour: gint32, hiding hidden: [gint32]) throws
        -> gint32
    {
        let copy = host_layer_new_from_drawable(layer, target)
        guard copy != -1 else { throw PlugInError.layerNotAdded }
        host_item_set_name(copy, name)
        // Mostly the group has one step in it and is there for its name, which is the filter's.
        host_image_undo_group_start(target)
        let isAdded =
            host_image_insert_layer(
                target, copy, host_item_get_parent(neighbour), host_image_get_item_position(target, neighbour)) != 0
        if isAdded { for item in hidden { host_item_set_visible(item, 0) } }
        host_image_undo_group_end(target)
        guard isAdded else {
            host_item_delete(copy)
            throw PlugInError.layerNotAdded
        }
        return copy
    }
}
