import CGimp

/// `plug-in-anime-style-batch` as GIMP's database and menus know it.
enum BatchProcedure {
    static let name = "plug-in-anime-style-batch"
    static let menuLabel = N_("Anime Style _Batch…")
    static let blurb = N_("Draw many photographs in the style of an anime")
    static let help = """
        Draws every photograph whose file name matches a pattern and saves the drawings in another folder. The models are loaded once. \
        A drawing that exists already is kept, so that a batch that was stopped goes on where it was; a file that cannot be \
        drawn is reported, and the rest goes on. No image needs to be open. \
        PNG, JPEG, WebP, TIFF, GIF and BMP files are read; the color profile is kept and the orientation applied. \
        The arguments after the folder of the drawings may be left out from the end; where all are wanted, as by Script-Fu, -1 stands for a \
        number that is left out and \"\" for a text. Everything is computed on this machine.
        """

    /// Endings of the formats that drawings are saved in; the first keeps that of each photograph.
    static var formats: [(ending: String, label: String)] {
        [("", tr("That of each photograph")), ("png", "PNG"), ("jpg", "JPEG"), ("webp", "WebP"), ("tif", "TIFF")]
    }

    static let overwrite = NumberArgument(name: "overwrite", purpose: "1 replaces drawings that exist, 0 keeps them", range: 0...1, standard: 0)

    /// Those of `Procedure` that follow the drawable, without the one that says where in the image a drawing goes.
    private static let options = Procedure.arguments.dropFirst(3).filter { $0.name != Procedure.output.name }

    static let arguments: [(name: String, type: GimpPDBArgType, documentation: String)] = [
        ("run-mode", GIMP_PDB_INT32, "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }"),
        ("pattern", GIMP_PDB_STRING, "The photographs, like \"/home/me/photos/*.jpg\"; a folder stands for all pictures in it"),
        ("output-folder", GIMP_PDB_STRING, "The folder for the drawings, created when missing; not that of the photographs"),
        ("format", GIMP_PDB_STRING, "The drawings' format: \"png\", \"jpg\", \"webp\" or \"tif\"; \"\" keeps that of each photograph"),
        (overwrite.name, GIMP_PDB_INT32, overwrite.documentation),
    ] + options

    private static let results = [
        ("drawn", "How many drawings were saved"), ("failed", "How many photographs could not be drawn"),
        ("kept", "How many drawings existed already and were kept"),
    ]

    static func install() {
        let parameters = arguments.map { GimpParamDef(type: $0.type, name: g_strdup($0.name), description: g_strdup($0.documentation)) }
        let values = results.map { GimpParamDef(type: GIMP_PDB_INT32, name: g_strdup($0.0), description: g_strdup($0.1)) }
        defer { (parameters + values).forEach { g_free($0.name); g_free($0.description) } }
        // Without image types it can be called from the menu when no image is open.
        gimp_install_procedure(name, blurb, help, "The gimp-anime-style authors", "The gimp-anime-style authors, Apache-2.0", "2026",
                               menuLabel, "", GIMP_PLUGIN, gint(parameters.count), gint(values.count), parameters, values)
        gimp_plugin_menu_register(name, Procedure.menuPath)
    }
}
