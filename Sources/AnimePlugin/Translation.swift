import CGimp

/// Catalogue name of the plug-in's texts.
let translationDomain = "gimp-anime-style"

/// `text` in the user's language, or itself where there is no translation.
func tr(_ text: String) -> String {
    // Without a translation gettext returns the pointer it was given, which lives as long as this closure.
    text.withCString { key in dgettext(translationDomain, key).map { String(cString: $0) } ?? text }
}
