import CGimp
import Engine
import Raster

typealias Widget = UnsafeMutablePointer<GtkWidget>

/// GTK's classes share their first member, which is all that its cast macros rely on.
func cast<From, To>(_ pointer: UnsafeMutablePointer<From>?) -> UnsafeMutablePointer<To>? {
    UnsafeMutableRawPointer(pointer)?.assumingMemoryBound(to: To.self)
}

/// A class is a struct or opaque, as GIMP's version declares it.
func unref<Object>(_ object: UnsafeMutablePointer<Object>) { g_object_unref(object) }
func unref(_ object: OpaquePointer) { g_object_unref(UnsafeMutableRawPointer(object)) }

/// `GObject`'s signals, with closures as handlers. A handler lives as long as the object it is connected to.
enum Signal {
    /// A signal that has no arguments, or none that matter.
    static func connect(_ object: UnsafeMutableRawPointer?, _ name: String, _ handler: @escaping () -> Void) {
        guard let object else { return }
        shim_connect(
            object, name, { _, data in Held<() -> Void>.value(data)?() }, Held.retained(handler),
            { data, _ in Held<() -> Void>.release(data) })
    }

    /// Another value of a property.
    static func connectProperty(
        _ object: UnsafeMutableRawPointer?, _ name: String, _ handler: @escaping () -> Void
    ) {
        guard let object else { return }
        shim_connect_property(
            object, "notify::\(name)", { _, _, data in Held<() -> Void>.value(data)?() }, Held.retained(handler),
            { data, _ in Held<() -> Void>.release(data) })
    }

    /// An event of a widget.
    /// - Parameter handler: returns whether it has dealt with the event.
    static func connectEvent(
        _ widget: Widget?, _ name: String, _ handler: @escaping (UnsafeMutablePointer<GdkEvent>) -> Bool
    ) {
        guard let widget else { return }
        shim_connect_event(
            widget, name,
            { _, event, data in
                guard let event else { return 0 }
                return Held<(UnsafeMutablePointer<GdkEvent>) -> Bool>.value(data)?(event) ?? false ? 1 : 0
            }, Held.retained(handler), { data, _ in Held<(UnsafeMutablePointer<GdkEvent>) -> Bool>.release(data) })
    }

    /// A signal that asks whether the handler has done what it is about.
    static func connectQuestion(
        _ object: UnsafeMutableRawPointer?, _ name: String, _ handler: @escaping () -> Bool
    ) {
        guard let object else { return }
        shim_connect_question(
            object, name, { _, data in Held<() -> Bool>.value(data)?() ?? false ? 1 : 0 }, Held.retained(handler),
            { data, _ in Held<() -> Bool>.release(data) })
    }

    /// - Parameter handler: paints with the cairo context given.
    static func connectPaint(_ widget: Widget?, _ handler: @escaping (OpaquePointer) -> Void) {
        guard let widget else { return }
        shim_connect_paint(
            widget,
            { widget, context, data in
                guard let context = shim_paint_context(widget?.assumingMemoryBound(to: GtkWidget.self), context) else {
                    return 0
                }
                defer { cairo_destroy(context) }
                Held<(OpaquePointer) -> Void>.value(data)?(context)
                return 1
            }, Held.retained(handler), { data, _ in Held<(OpaquePointer) -> Void>.release(data) })
    }

    static func connectResponse(_ dialog: Widget, _ handler: @escaping (Int32) -> Void) {
        shim_connect_response(
            dialog, { _, response, data in Held<(Int32) -> Void>.value(data)?(response) }, Held.retained(handler),
            { data, _ in Held<(Int32) -> Void>.release(data) })
    }
}

/// A Swift value behind a C pointer.
final class Held<Value> {
    private let value: Value

    private init(_ value: Value) { self.value = value }

    static func retained(_ value: Value) -> UnsafeMutableRawPointer { Unmanaged.passRetained(Held(value)).toOpaque() }

    static func value(_ pointer: UnsafeMutableRawPointer?) -> Value? {
        pointer.map { Unmanaged<Held<Value>>.fromOpaque($0).takeUnretainedValue().value }
    }

    static func release(_ pointer: UnsafeMutableRawPointer?) {
        pointer.map { Unmanaged<Held<Value>>.fromOpaque($0).release() }
    }
}

/// Calls a closure again and again on the main thread, between GTK's events, until `stop`.
final class Ticker {
    private var source: guint = 0

    init(milliseconds: UInt32, _ tick: @escaping () -> Void) {
        source = g_timeout_add_full(
            G_PRIORITY_DEFAULT_IDLE, milliseconds,
            { data in
                Held<() -> Void>.value(data)?()
                return 1
            }, Held.retained(tick), { Held<() -> Void>.release($0) })
    }

    func stop() {
        if source != 0 { g_source_remove(source) }
        source = 0
    }
}

func withCStrings<Result>(_ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Result)
    -> Result
{
    let copies = strings.map { g_strdup($0) }
    defer { copies.forEach { g_free($0) } }
    var pointers = copies.map { UnsafePointer<CChar>($0) }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
}

/// What is on buttons without a word, by the names that icon themes know.
enum Icon: String {
    case zoomOut = "zoom-out"
    case zoomIn = "zoom-in"
    case fit = "zoom-fit-best"
    case actualSize = "zoom-original"
    case save = "document-save"
    case edit = "gtk-edit"
    case delete = "edit-delete"

    /// In GTK's stock.
    fileprivate var stock: String {
        switch self {
        case .zoomOut: "gtk-zoom-out"
        case .zoomIn: "gtk-zoom-in"
        case .fit: "gtk-zoom-fit"
        case .actualSize: "gtk-zoom-100"
        case .save: "gtk-save"
        case .edit: "gtk-edit"
        case .delete: "gtk-delete"
        }
    }
}

/// Boxes, labels and buttons with GIMP's spacing.
enum Build {
    static let spacing: gint = 6
    static let border: guint = 12

    static func row() -> Widget? { gtk_hbox_new(0, spacing) }
    static func column() -> Widget? { gtk_vbox_new(0, spacing) }

    static func pack(_ child: Widget?, into box: Widget?, expand: Bool = false) {
        gtk_box_pack_start(cast(box), child, expand ? 1 : 0, expand ? 1 : 0, 0)
    }

    /// A label of its own, left aligned.
    static func label(_ text: String = "") -> Widget? {
        let label = gtk_label_new(text)
        gtk_misc_set_alignment(cast(label), 0, 0.5)
        return label
    }

    /// Shrinks a label that is longer than its place.
    static func ellipsize(_ label: Widget?) { gtk_label_set_ellipsize(cast(label), PANGO_ELLIPSIZE_END) }

    /// Makes a label say something beside the controls: slanted, and in as many lines as it takes.
    static func remark(_ label: Widget?) {
        wrap(label)
        italicize(label)
    }

    /// Gives a label as many lines as it takes, and a width that does not depend on what it says.
    static func wrap(_ label: Widget?) {
        gtk_label_set_line_wrap(cast(label), 1)
        // GTK 2 wraps a label at the width that was asked for, which therefore has to grow with the letters.
        gtk_widget_set_size_request(label, 32 * digitWidth(of: label), -1)
        // GTK 3 would make the window as wide as a long sentence wants to be.
        gtk_label_set_max_width_chars(cast(label), 1)
    }

    /// Pixels that a digit of a widget's own letters is wide, at least 1.
    static func digitWidth(of widget: Widget?) -> gint {
        gtk_widget_ensure_style(widget)
        let metrics = pango_context_get_metrics(gtk_widget_get_pango_context(widget), nil, nil)
        defer { pango_font_metrics_unref(metrics) }
        return max(pango_font_metrics_get_approximate_digit_width(metrics) / PANGO_SCALE, 1)
    }

    /// Pixels that a text is wide in a label's own letters.
    static func width(of text: String, in label: Widget?) -> gint { size(of: text, in: label).width }

    private static func size(of text: String, in label: Widget?) -> (width: gint, height: gint) {
        gtk_widget_ensure_style(label)
        let layout = gtk_widget_create_pango_layout(label, text)
        defer { if let layout { unref(layout) } }
        var (width, height): (gint, gint) = (0, 0)
        pango_layout_get_pixel_size(layout, &width, &height)
        return (width, height)
    }

    /// Pixels that a text is high in a label's own letters.
    static func height(of text: String, in label: Widget?) -> gint { size(of: text, in: label).height }

    private static func italicize(_ label: Widget?) {
        let attributes = pango_attr_list_new()
        pango_attr_list_insert(attributes, pango_attr_style_new(PANGO_STYLE_ITALIC))
        gtk_label_set_attributes(cast(label), attributes)
        pango_attr_list_unref(attributes)
    }

    /// A button with an icon alone.
    static func iconButton(_ icon: Icon, tip: String, _ action: @escaping () -> Void) -> Widget? {
        let button = gtk_button_new()
        gtk_container_add(cast(button), shim_icon(icon.stock, icon.rawValue, GTK_ICON_SIZE_MENU))
        gtk_widget_set_tooltip_text(button, tip)
        Signal.connect(button, "clicked", action)
        return button
    }

    static func check(_ label: String, _ value: Bool, tip: String? = nil, _ changed: @escaping () -> Void) -> Widget? {
        let button = gtk_check_button_new_with_mnemonic(label), text = gtk_bin_get_child(cast(button))
        gtk_misc_set_alignment(cast(text), 0, 0.5)
        shim_keep_color(text)
        shim_keep_size(text)
        gtk_toggle_button_set_active(cast(button), value ? 1 : 0)
        if let tip { gtk_widget_set_tooltip_text(button, tip) }
        Signal.connect(button, "toggled", changed)
        return button
    }

    /// Lets what is higher than its place be scrolled; it is as wide as it wants to be.
    static func scroller(_ content: Widget?) -> Widget? {
        let scroller = gtk_scrolled_window_new(nil, nil)
        gtk_scrolled_window_set_policy(cast(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC)
        gtk_scrolled_window_add_with_viewport(cast(scroller), content)
        gtk_viewport_set_shadow_type(cast(gtk_bin_get_child(cast(scroller))), GTK_SHADOW_NONE)
        return scroller
    }

    /// What a screen reader calls a widget that shows a picture.
    static func name(_ widget: Widget?, _ name: String) { atk_object_set_name(gtk_widget_get_accessible(widget), name) }

    /// What a screen reader says of a widget without a tip.
    static func describe(_ widget: Widget?, _ text: String) {
        atk_object_set_description(gtk_widget_get_accessible(widget), text)
    }

    /// Puts a picture, whose transparency does not count, into a `GtkImage`.
    /// - Parameters:
    ///   - side: of the picture there, in the window's pixels; screens may have several for one of them.
    ///   - make: makes it, with at most that many pixels along its longer side.
    static func show(in image: Widget?, side: Int, _ make: (_ side: Int) -> Bitmap) {
        let factor = shim_scale_factor(image), fine = make(side * Int(factor))
        // What has fewer pixels than a fine screen shows is shown as on others.
        let (picture, scale) = fine.longSide == side * Int(factor) ? (fine, factor) : (make(side), 1)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(picture.pixels.count * 3)
        for pixel in picture.pixels {
            let levels = SIMD4<Int32>(pixel.clamped(lowerBound: .zero, upperBound: .one) * 255 + 0.5)
            bytes += [UInt8(levels.x), UInt8(levels.y), UInt8(levels.z)]
        }
        let content = g_bytes_new(bytes, gsize(bytes.count))
        defer { g_bytes_unref(content) }
        guard
            let pixels = gdk_pixbuf_new_from_bytes(
                content, GDK_COLORSPACE_RGB, 0, 8, gint(picture.width), gint(picture.height), gint(picture.width * 3))
        else { return }
        shim_show_pixbuf(image, pixels, scale)
        unref(pixels)
    }

    /// What can be folded away, indented below its title. Opened in a scrolled column, it comes into sight.
    static func expander(_ title: String, tip: String, _ content: Widget?) -> Widget? {
        let expander = gtk_expander_new_with_mnemonic(title), inset = gtk_alignment_new(0, 0, 1, 1)
        gtk_alignment_set_padding(cast(inset), 6, 0, 12, 0)
        gtk_container_add(cast(inset), content)
        gtk_container_add(cast(expander), inset)
        gtk_widget_set_tooltip_text(gtk_expander_get_label_widget(cast(expander)), tip)
        let scrolling = ScrollIntoSight(expander)
        Signal.connectProperty(expander, "expanded") {
            if gtk_expander_get_expanded(cast(expander)) != 0 { scrolling.start() }
        }
        return expander
    }

    static func isActive(_ check: Widget?) -> Bool { gtk_toggle_button_get_active(cast(check)) != 0 }
}
