import AnimeCore
import CGimp

/// A number that the caller chooses, in the procedure's own unit.
struct NumberArgument {
    let name: String
    let purpose: String
    let range: ClosedRange<Double>
    let standard: Double

    var documentation: String { "\(purpose) (\(text(range.lowerBound)) to \(text(range.upperBound)); usual \(text(standard)))" }

    /// - Throws: `StyleError.invalidOption` when `value` is out of range or not a number.
    func checked(_ value: Double) throws -> Double {
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
    static let menuLabel = "_Anime Style…"
    static let blurb = "Draw a photograph in the style of an anime"
    static let help = """
        Finds the faces in a photograph, draws them and the rest as an anime artist would, and puts the drawing into a new \
        layer above the given one. The given layer is not changed. With a selection only the selected part is drawn. \
        RGB and gray images of any precision; an indexed image has to be converted with Image > Mode > RGB first. \
        Everything is computed on this machine. Returns the new layer.
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
    static let halfPrecision = NumberArgument(name: "half-precision", purpose: "1 computes with 16 bits where the processor is faster that way; 0 with 32 bits, which repeats to the byte",
                                              range: 0...1, standard: 1)

    /// Name, type and documentation of every argument, in order.
    static let arguments: [(name: String, type: GimpPDBArgType, documentation: String)] = [
        ("run-mode", GIMP_PDB_INT32, "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }"),
        ("image", GIMP_PDB_IMAGE, "The image"),
        ("drawable", GIMP_PDB_DRAWABLE, "The layer to draw; not a mask or a channel"),
        ("style", GIMP_PDB_STRING, "The id of the style, like \"cel\""),
        (strength.name, GIMP_PDB_FLOAT, strength.documentation),
        (region.name, GIMP_PDB_INT32, region.documentation),
        (keepColors.name, GIMP_PDB_FLOAT, keepColors.documentation),
        (lineStrength.name, GIMP_PDB_FLOAT, lineStrength.documentation),
        (minFace.name, GIMP_PDB_INT32, minFace.documentation),
        (halfPrecision.name, GIMP_PDB_INT32, halfPrecision.documentation),
    ]

    static func install() {
        let parameters = arguments.map { GimpParamDef(type: $0.type, name: g_strdup($0.name), description: g_strdup($0.documentation)) }
        let results = [GimpParamDef(type: GIMP_PDB_LAYER, name: g_strdup("layer"), description: g_strdup("The new layer"))]
        defer { (parameters + results).forEach { g_free($0.name); g_free($0.description) } }
        // The menu is greyed out for indexed images; a script that calls anyway gets `PlugInError.indexed`.
        gimp_install_procedure(name, blurb, help, "The gimp-anime-style authors", "The gimp-anime-style authors, Apache-2.0", "2026",
                               menuLabel, "RGB*, GRAY*", GIMP_PLUGIN, gint(parameters.count), gint(results.count), parameters, results)
        gimp_plugin_menu_register(name, menuPath)
    }
}
