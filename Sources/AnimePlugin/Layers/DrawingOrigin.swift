import CGimp

/// A drawing of this filter, and the photograph that it was drawn from.
///
/// GIMP's tattoo of the photograph's layer stands in a note on the drawing. Both are saved in GIMP's own files and are
/// copied with an image.
struct DrawingOrigin {
    /// The drawing: a layer or a group.
    let drawing: gint32
    /// The layer that it was drawn from.
    let photograph: gint32

    private static let note = "gimp-anime-style-photograph"

    /// - Returns: `nil` when neither `item` nor a group around it is a drawing whose photograph is still in the image.
    init?(of item: gint32, in image: gint32) {
        var item = host_item_is_valid(item) != 0 ? item : -1
        while item != -1 {
            if let photograph = Self.photograph(of: item, in: image) {
                (drawing, self.photograph) = (item, photograph)
                return
            }
            item = host_item_get_parent(item)
        }
        return nil
    }

    private static func photograph(of item: gint32, in image: gint32) -> gint32? {
        guard let text = host_item_get_note(item, note) else { return nil }
        defer { g_free(text) }
        guard let tattoo = guint(String(cString: text)) else { return nil }
        let layer = host_image_get_layer_by_tattoo(image, tattoo)
        return layer == -1 || layer == item ? nil : layer
    }

    /// Notes on `drawing`, before it is in the image, what it was drawn from.
    static func note(_ source: SourceLayer, on drawing: gint32) {
        host_item_attach_note(drawing, note, String(host_item_get_tattoo(source.id)))
    }
}
