import CGimp
import Engine
import Settings

/// A number that the caller chooses, in the procedure's own unit.
struct NumberArgument {
    let name: String
    let purpose: String
    let range: ClosedRange<Double>
    let standard: Double

    var documentation: String { "\(purpose) (\(text(range.lowerBound)) to \(text(range.upperBound)); usual \(text(standard)))" }

    /// Script-Fu must give every argument; this value stands for one that is left out.
    static let leftOut: Double = -1

    /// - Returns: `nil` when the argument was left out.
    /// - Throws: `StyleError.invalidOption` when `value` is out of range or not a number.
    func checked(_ value: Double?) throws -> Double? {
        guard let value, value != Self.leftOut else { return nil }
        guard value.isFinite, range.contains(value) else {
            throw StyleError.invalidOption(name: name, value: text(value), allowed: "\(text(range.lowerBound)) to \(text(range.upperBound))")
        }
        return value
    }

    private func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

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

    static let strength = NumberArgument(name: "strength", purpose: "Strength of the drawing in percent", range: 0...100, standard: 100)
    static let region = NumberArgument(name: "region", purpose: "What is drawn: 0 faces only, 1 the whole photograph, 2 both, faces at their own size",
                                       range: 0...2, standard: 2)
    static let keepColors = NumberArgument(name: "keep-colors", purpose: "How much of the photograph's own colors is kept, in percent", range: 0...100, standard: 0)
    static let lineStrength = NumberArgument(name: "line-strength", purpose: "Strength of the drawn lines in percent, 100 is as the style draws them",
                                             range: 0...200, standard: 100)
    static let minFace = NumberArgument(name: "min-face", purpose: "Smallest face that is drawn apart, in pixels, at least 16; 0 chooses by the size of the photograph",
                                        range: 0...100_000, standard: 0)
    /// Texts in the order of `OutputMode.allCases`, which is the order of the argument's values.
    static var outputs: [(output: OutputMode, label: String)] {
        [(.newLayer, tr("New layer")), (.maskedLayer, tr("New layer with mask")), (.layerGroup, tr("Layer group with Colour and Lines")),
         (.replace, tr("Replace the layer"))]
    }

    static let halfPrecision = NumberArgument(name: "half-precision", purpose: "1 computes with 16 bits where the processor is faster that way; 0 with 32 bits, which repeats to the byte",
                                              range: 0...1, standard: 1)
    static let output = NumberArgument(name: "output", purpose: "Where the drawing goes: 0 a new layer, 1 a new layer whose mask can be edited and whose opacity is the strength, 2 a layer group with color and lines as layers of their own, 3 the given layer itself",
                                       range: 0...3, standard: 0)
    static let lighting = NumberArgument(name: "lighting", purpose: "How far the light is evened out before drawing, in percent", range: 0...100, standard: 0)
    static let skinConstancy = NumberArgument(name: "skin-constancy", purpose: "How far skin keeps the photograph's mean skin color, in percent", range: 0...100, standard: 80)
    static let hairLimit = NumberArgument(name: "hair-limit", purpose: "How far hair is held to the photograph's hue and chroma, in percent", range: 0...100, standard: 70)

    /// Name, type and documentation of every argument, in order.
    static let arguments: [(name: String, type: GimpPDBArgType, documentation: String)] = [
        ("run-mode", GIMP_PDB_INT32, "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }"),
        ("image", GIMP_PDB_IMAGE, "The image"),
        ("drawable", GIMP_PDB_DRAWABLE, "The layer to draw; not a mask or a channel"),
        ("style", GIMP_PDB_STRING, "The id of the style, like \"cel\"; \"\" takes the first installed one"),
        (strength.name, GIMP_PDB_FLOAT, strength.documentation),
        (region.name, GIMP_PDB_INT32, region.documentation),
        (keepColors.name, GIMP_PDB_FLOAT, keepColors.documentation),
        (lineStrength.name, GIMP_PDB_FLOAT, lineStrength.documentation),
        (minFace.name, GIMP_PDB_INT32, minFace.documentation),
        (halfPrecision.name, GIMP_PDB_INT32, halfPrecision.documentation),
        (output.name, GIMP_PDB_INT32, output.documentation),
        (lighting.name, GIMP_PDB_FLOAT, lighting.documentation),
        (skinConstancy.name, GIMP_PDB_FLOAT, skinConstancy.documentation),
        (hairLimit.name, GIMP_PDB_FLOAT, hairLimit.documentation),
    ]

    static func install() {
        let parameters = arguments.map { GimpParamDef(type: $0.type, name: g_strdup($0.name), description: g_strdup($0.documentation)) }
        let results = [GimpParamDef(type: GIMP_PDB_LAYER, name: g_strdup("layer"), description: g_strdup("The layer or group that holds the drawing"))]
        defer { (parameters + results).forEach { g_free($0.name); g_free($0.description) } }
        // The menu is greyed out for indexed images; a script that calls anyway gets `PlugInError.indexed`.
        gimp_install_procedure(name, blurb, help, "The gimp-anime-style authors", "The gimp-anime-style authors, Apache-2.0", "2026",
                               menuLabel, "RGB*, GRAY*", GIMP_PLUGIN, gint(parameters.count), gint(results.count), parameters, results)
        gimp_plugin_menu_register(name, menuPath)
    }
}
