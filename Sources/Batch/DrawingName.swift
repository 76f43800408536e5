import Files
import Glibc
import Settings

/// What the drawing of a photograph is called. It depends on the photograph's own name alone, and no two names give the
/// same, so that neither a photograph that is added later nor the part of a folder that a machine draws changes
/// anything.
enum DrawingName {
    /// - Parameters:
    ///   - photograph: its name, with the folders below that of the batch.
    ///   - format: of the drawing; `nil` keeps the photograph's own, or takes PNG where that cannot be written.
    /// - Returns: the same name where it says that format already, else the whole name with the format's ending behind
    ///   it: `a.bmp` becomes `a.bmp.png` beside `a.png`. A name that looks like one made so is made longer too.
    static func of(_ photograph: String, format: FileFormat?) -> String {
        let own = FileFormat(fileName: photograph)
        let wanted = format ?? own ?? .png
        let name = photograph.lastPathPart
        let stem = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[..<$0]) } ?? name
        let isPlain = own == wanted && !PhotoFolder.isPhotograph(stem)
        let drawing =
            isPlain ? name : shortened(name, room: Int(NAME_MAX) - 1 - wanted.rawValue.utf8.count) + ".\(wanted)"
        return String(decoding: photograph.utf8.dropLast(name.utf8.count), as: UTF8.self) + drawing
    }

    /// A name that is too long for an ending behind it is cut, and told from others by a number made of all of it.
    private static func shortened(_ name: String, room: Int) -> String {
        let bytes = name.pathBytes
        guard bytes.count > room else { return name }
        let mark = "~" + NameHash.text(bytes)
        var start = name
        while start.pathBytes.count > room - mark.utf8.count { start.removeLast() }
        return start + mark
    }
}
