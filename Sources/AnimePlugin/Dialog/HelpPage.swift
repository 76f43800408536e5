import CGimp
import Glibc

/// The page that the Help button opens.
struct HelpPage {
    /// Folder with a folder for each language.
    let folder: String
    /// The user's languages, most wanted first.
    let languages: [String]

    /// The page in the first language that has one, else in English; `nil` when there is none.
    var path: String? {
        let wanted = languages.flatMap { [$0, String($0.prefix { $0 != "_" && $0 != "." })] } + ["en"]
        return wanted.map { "\(folder)/\($0)/index.html" }.first { access($0, R_OK) == 0 }
    }

    /// Shows the page in the user's browser, or in a box where there is none.
    func open(over parent: Widget?) {
        let title = tr("Help")
        guard let path else {
            return Question.tell(
                title, tr("There is no help page in \(folder); install the filter again to get it."), over: parent)
        }
        let uri = g_filename_to_uri(path, nil, nil)
        defer { g_free(uri) }
        guard let uri, gtk_show_uri(nil, uri, guint32(GDK_CURRENT_TIME), nil) != 0 else {
            let place = tr("No program was found to show the help page; open \(path) in a browser.")
            guard let text = HelpText(page: path) else { return Question.tell(title, place, over: parent) }
            return Question.read(title, text, remark: place, over: parent)
        }
    }
}
