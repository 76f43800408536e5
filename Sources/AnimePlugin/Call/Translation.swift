import CGimp
import Drawing
import Settings

/// Catalogue name of the plug-in's texts.
let translationDomain = "gimp-anime-style"

/// `message` in the user's language, or in English where there is no translation. `Plugin/po/extract.py` finds the
/// literal that is given here; values go into it as `\(value)` and stand as `%1`, `%2` … in the catalogues.
func tr(_ message: Message) -> String { message.text(translation: translated) }

/// A message about so many things, in the form that the user's language has for that number; `one` and `many` are the
/// English ones and have the same values.
func tr(_ count: Int, one: Message, many: Message) -> String {
    many.text { template in
        guard template == many.template else { return translated(template) }
        return one.template.withCString { one in
            template.withCString { many in
                dngettext(translationDomain, one, many, UInt(max(count, 0))).map { String(cString: $0) } ?? template
            }
        }
    }
}

/// A text that is known at run time only, translated if it was marked with `N_` where it is written.
@_disfavoredOverload
func tr(_ text: some StringProtocol) -> String { translated(String(text)) }

/// What the user should know; a setting is named as in the windows.
func tr(_ notice: Notice) -> String {
    tr(
        notice.message { setting in
            Message(verbatim: plain(tr(setting.label)))
        })
}

/// A label without its key and colon: “_Size (pixels):” is “Size (pixels)”, and “大小(_M)：” is “大小”.
private func plain(_ label: String) -> String {
    let text = label.filter { $0 != ":" && $0 != "：" }
    guard let key = text.firstIndex(of: "_") else { return text }
    let before = text[..<key], after = text[key...].dropFirst()
    let isApart = before.last == "(" && after.dropFirst().first == ")"
    let joined = isApart ? before.dropLast() + after.dropFirst(2) : before + after
    return String(joined.last == " " || joined.last == "\u{A0}" ? joined.dropLast() : joined)
}

/// Marks a text for translation that is looked up later, or by GIMP itself.
func N_(_ text: String) -> String { text }

/// The one sentence that tells the user of `error`.
func sentence(_ error: Error) -> String {
    (error as? MessageConvertible).map { tr($0.message) } ?? "\(error)"
}

private func translated(_ text: String) -> String {
    // The empty text is the key of a catalogue's header.
    guard !text.isEmpty else { return text }
    // Without a translation gettext returns the pointer it was given, which lives as long as this closure.
    return text.withCString { key in dgettext(translationDomain, key).map { String(cString: $0) } ?? text }
}

/// The user's languages, most wanted first.
func userLanguages() -> [String] {
    guard let names = g_get_language_names() else { return [] }
    var result: [String] = []
    var index = 0
    while let name = names[index] {
        result.append(String(cString: name))
        index += 1
    }
    return result
}
