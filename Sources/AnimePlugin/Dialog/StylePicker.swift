import CGimp
import Drawing
import Raster

/// The styles to choose from, each as a picture with its title under it. Main thread only.
///
/// Each is a radio button, so that Tab and the space bar choose one, and screen readers say its title.
final class StylePicker {
    let widget: Widget?
    private let buttons: [Widget?]
    private let images: [Widget?]

    /// Side of a picture, in pixels.
    private static let side = 100
    private static let columns = 3
    /// Where there are more rows, they are scrolled.
    private static let shownRows = 2

    /// - Parameters:
    ///   - styles: title of each, and what is said of it under the pointer; at least one.
    ///   - changed: called after another one was chosen, also by `selected`.
    init(_ styles: [(title: String, tip: String)], changed: @escaping () -> Void) {
        let rows = (styles.count + Self.columns - 1) / Self.columns
        let table = gtk_table_new(guint(rows), guint(Self.columns), 1)
        gtk_table_set_col_spacings(cast(table), 4)
        gtk_table_set_row_spacings(cast(table), 4)
        var group: Widget?
        let made = styles.enumerated().map { index, style in
            let button = gtk_radio_button_new_from_widget(cast(group))
            let image = gtk_image_new()
            group = group ?? button
            Self.fill(button, image, style)
            let (row, column) = (guint(index / Self.columns), guint(index % Self.columns))
            gtk_table_attach(cast(table), button, column, column + 1, row, row + 1, GTK_FILL, GTK_FILL, 0, 0)
            Signal.connect(button, "toggled") { if Build.isActive(button) { changed() } }
            return (button: button, image: image)
        }
        buttons = made.map(\.button)
        images = made.map(\.image)
        widget = rows > Self.shownRows ? Self.scrolled(table) : table
    }

    private static func fill(_ button: Widget?, _ image: Widget?, _ style: (title: String, tip: String)) {
        // GIMP 3's themes fill every box in a scrolled area with the window's colour, also one on a chosen button.
        let column = gtk_table_new(2, 1, 0), label = gtk_label_new(style.title)
        let wide = GtkAttachOptions(rawValue: GTK_EXPAND.rawValue | GTK_FILL.rawValue)
        gtk_table_set_row_spacings(cast(column), 2)
        keepPlace(in: image)
        gtk_table_attach(cast(column), image, 0, 1, 0, 1, wide, GTK_FILL, 0, 0)
        Build.ellipsize(label)
        // Users' own models may have long titles; those of usual length are whole, however large the letters are.
        let most = Build.width(of: "MMMMMMMMMM", in: label)
        gtk_widget_set_size_request(label, max(min(Build.width(of: style.title, in: label), most), 1), -1)
        // GTK 3 would give a long title all its width.
        gtk_label_set_max_width_chars(cast(label), 1)
        shim_keep_color(label)
        gtk_table_attach(cast(column), label, 0, 1, 1, 2, wide, GTK_FILL, 0, 0)
        gtk_container_add(cast(button), column)
        // A picture is pressed in, without a ring beside it.
        gtk_toggle_button_set_mode(cast(button), 0)
        gtk_widget_set_tooltip_text(button, style.tip.isEmpty ? style.title : "\(style.title): \(style.tip)")
        Build.name(button, style.title)
    }

    /// Shows a pale picture with three dots until the style is drawn: themes leave room about pictures, which a size
    /// that is asked for would not count, so that the window would move when the first picture comes.
    private static func keepPlace(in image: Widget?) {
        guard let clear = gdk_pixbuf_new(GDK_COLORSPACE_RGB, 1, 8, gint(side), gint(side)) else { return }
        gdk_pixbuf_fill(clear, 0x8080_8030)
        for dot in -1...1 {
            let corner = (x: gint(side / 2 + dot * 16 - 3), y: gint(side / 2 - 3))
            guard let part = gdk_pixbuf_new_subpixbuf(clear, corner.x, corner.y, 6, 6) else { continue }
            gdk_pixbuf_fill(part, 0x8080_80FF)
            unref(part)
        }
        gtk_image_set_from_pixbuf(cast(image), clear)
        unref(clear)
    }

    private static func scrolled(_ table: Widget?) -> Widget? {
        let scroller = Build.scroller(table)
        gtk_widget_set_size_request(scroller, -1, gint(shownRows * (side + 40)))
        return scroller
    }

    var selected: Int {
        get { buttons.firstIndex { Build.isActive($0) } ?? 0 }
        set { if buttons.indices.contains(newValue) { gtk_toggle_button_set_active(cast(buttons[newValue]), 1) } }
    }

    /// - Parameter picture: what the style makes of the photograph; a square.
    func show(_ picture: Bitmap, for index: Int) {
        guard images.indices.contains(index) else { return }
        Build.show(in: images[index], side: Self.side) { picture.shrunk(toLongSide: $0) }
    }
}
