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
        Finds the faces in a photograph, draws them and the rest as an anime artist would, and puts the drawing into a new \
        layer above the given one, or, as output says, into a layer with a mask, a group of color and lines, or the given layer \
        itself. With a selection only the selected part is drawn. \
        RGB and gray images of any precision; an indexed image has to be converted with Image > Mode > RGB first. \
        The arguments after the drawable may be left out from the end; where all are wanted, as by Script-Fu, -1 stands for a number \
        that is left out and \"\" for the style. What is left out is as the style is made for. \
        Everything is computed on this machine. Returns the layer or group that holds the drawing.
        """

    /// Texts in the order of `Region.allCases`, which is the order of the argument's values.
    static var regions: [(region: Region, label: String)] {
        [(.faces, tr("Faces only")), (.photo, tr("Whole photograph")), (.both, tr("Photograph and faces"))]
    }

    static let style = TextArgument(name: "style", purpose: "The id of the style, like \"cel\"; \"\" takes the first installed one")
    static let strength = NumberArgument(name: "strength", purpose: "Strength of the drawing in percent", range: 0...100, standard: 100, isOfStyle: true)
    static let region = NumberArgument.choice("region", "What is drawn", [
        ("faces", "faces only"), ("photo", "the whole photograph"), ("both", "both, faces at their own size"),
    ], standard: 2)
    static let keepColors = NumberArgument(name: "keep-colors", purpose: "How much of the photograph's own colors is kept, in percent", range: 0...100, standard: 0, isOfStyle: true)
    static let lineStrength = NumberArgument(name: "line-strength", purpose: "Strength of the drawn lines in percent, 100 is as the style draws them",
                                             range: 0...200, standard: 100, isOfStyle: true)
    static let minFace = NumberArgument(name: "min-face", purpose: "Smallest face that is drawn apart, in pixels, at least 16; 0 chooses by the size of the photograph",
                                        range: 0...100_000, standard: 0, kind: .whole)
    /// Texts in the order of `OutputMode.allCases`, which is the order of the argument's values.
    static var outputs: [(output: OutputMode, label: String)] {
        [(.newLayer, tr("New layer")), (.maskedLayer, tr("New layer with mask")), (.layerGroup, tr("Layer group with Colour and Lines")),
         (.replace, tr("Replace the layer"))]
    }

    static let halfPrecision = NumberArgument.flag(
        "half-precision", on: "computes with 16 bits where the processor is faster that way",
        off: "with 32 bits, which repeats to the byte", standard: true)
    static let output = NumberArgument.choice("output", "Where the drawing goes", [
        ("layer", "a new layer"), ("mask", "a new layer whose mask can be edited and whose opacity is the strength"),
        ("group", "a layer group with color and lines as layers of their own"), ("replace", "the given layer itself"),
    ], standard: 0)
    static let lighting = NumberArgument(name: "lighting", purpose: "How far the light is evened out before drawing, in percent", range: 0...100, standard: 0)
    static let skinConstancy = NumberArgument(name: "skin-constancy", purpose: "How far skin keeps the photograph's mean skin color, in percent", range: 0...100, standard: 80)
    static let hairLimit = NumberArgument(name: "hair-limit", purpose: "How far hair is held to the photograph's hue and chroma, in percent", range: 0...100, standard: 70)

    /// The arguments after the drawable, in the order in which GIMP 2.10 takes them.
    static let options: [Argument] = [
        .text(style), .number(strength), .number(region), .number(keepColors), .number(lineStrength), .number(minFace),
        .number(halfPrecision), .number(output), .number(lighting), .number(skinConstancy), .number(hairLimit),
    ]

    static let result = (name: "layer", purpose: "The layer or group that holds the drawing")
}

/// Who is named as the procedures' author, in both GIMPs.
enum Attribution {
    static let authors = "The gimp-anime-style authors"
    static let copyright = "The gimp-anime-style authors, Apache-2.0"
    static let date = "2026"
}
