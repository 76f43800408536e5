import CGimp
import Engine
import Settings

/// The procedure as GIMP's database and menus know it: names, texts, ranges and usual values, all in one place.
enum Procedure {
    static let name = "plug-in-anime-style"
    static let menuPath = "<Image>/Filters/Artistic"
    static let menuLabel = N_("_Anime Style…")
    static let blurb = N_("Draw a photograph in the style of an anime")
    static let help = """
        Finds the faces in a photograph, draws them and the rest as an anime artist would, and puts the drawing \
        into a new layer above the given one, or, as output says, into a layer with a mask, a group of color and \
        lines, or the given layer itself. With a selection only the selected part is drawn. RGB and gray images of \
        any precision; an indexed image has to be converted with Image > Mode > RGB first. \(Host.argumentRules) \
        What is left out is as the style is made for. Everything is computed on this machine. Returns the layer or \
        group that holds the drawing.
        """

    /// The arguments after the drawable, in the order in which GIMP 2.10 takes them.
    static let options = Setting.hostArguments(for: .layer)

    /// A text that every choice of a user has, and the usual values lack.
    static let mark = TextArgument(name: "style", purpose: "")

    static let result = (name: "layer", purpose: "The layer or group that holds the drawing")
}

/// Who is named as the procedures' author, in both GIMPs.
enum Attribution {
    static let authors = "The gimp-anime-style authors"
    static let copyright = "The gimp-anime-style authors, Apache-2.0"
    static let date = "2026"
}
