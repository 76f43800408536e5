import AnimeCore
import CGimp
import Glibc

/// What the batch's windows share.
enum BatchWidgets {
    typealias Widget = UnsafeMutablePointer<GtkWidget>

    /// GTK ends the process when it finds no display, so look before.
    /// - Throws: `PlugInError.noDisplay`.
    static func start() throws {
        let fromGimp = gimp_display_name().map { $0.pointee != 0 } ?? false
        let fromEnvironment = getenv("DISPLAY").map { $0.pointee != 0 } ?? false
        guard fromGimp || fromEnvironment else { throw PlugInError.noDisplay }
        gimp_ui_init(translationDomain, 0)
    }

    /// A dialog without buttons.
    static func dialog(_ title: String) -> Widget? {
        let noButtons = [Int(0)]
        return withVaList(noButtons) {
            gimp_dialog_new_valist(title, translationDomain, nil, GtkDialogFlags(rawValue: 0), nil, nil, $0)
        }
    }

    /// GTK's classes share their first member, which is all that its cast macros rely on.
    static func cast<From, To>(_ pointer: UnsafeMutablePointer<From>?) -> UnsafeMutablePointer<To>? {
        UnsafeMutableRawPointer(pointer)?.assumingMemoryBound(to: To.self)
    }

    static func withCStrings<Result>(_ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        var pointers = copies.map { UnsafePointer($0) }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    }
}
