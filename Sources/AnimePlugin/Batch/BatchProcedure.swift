import Settings

/// `plug-in-anime-style-batch` as GIMP's database and menus know it.
enum BatchProcedure {
    static let name = "plug-in-anime-style-batch"
    static let menuLabel = N_("Anime Style _Batch…")
    static let blurb = N_("Draw many photographs in the style of an anime")
    static let help = """
        Draws every photograph whose file name matches a pattern and saves the drawings in another folder. The \
        models are loaded once. A drawing that exists already is kept, so that a batch that was stopped goes on \
        where it was; a file that cannot be drawn is reported, and the rest goes on. No image needs to be open. \
        PNG, JPEG, WebP, TIFF, GIF and BMP files are read; the color profile is kept and the orientation applied. \
        \(Host.argumentRules) Everything is computed on this machine.
        """

    /// Endings of the formats that drawings are saved in; the first keeps that of each photograph.
    static var formats: [(ending: String, label: String)] {
        [("", tr("That of each photograph")), ("png", "PNG"), ("jpg", "JPEG"), ("webp", "WebP"), ("tif", "TIFF")]
    }

    static let pattern = TextArgument(
        name: "pattern",
        purpose: "The photographs, like \"/home/me/photos/*.jpg\"; a folder stands for all pictures in it")
    static let outputFolder = TextArgument(
        name: "output-folder", purpose: "The folder for the drawings, created when missing; not that of the photographs"
    )
    static let format = TextArgument(
        name: "format",
        purpose: "The drawings' format: \"png\", \"jpg\", \"webp\" or \"tif\"; \"\" keeps that of each photograph")
    static let overwrite = NumberArgument.flag(
        "overwrite", on: "replaces drawings that exist", off: "keeps them", standard: false)

    /// The arguments after the run mode, in the order in which GIMP 2.10 takes them: this procedure's own, and how to
    /// draw.
    static let options: [Argument] =
        [.text(pattern), .text(outputFolder), .text(format), .number(overwrite)]
        + Setting.hostArguments(for: .files)

    /// Numbers that a call returns.
    static let results: [(name: String, purpose: String)] = [
        ("drawn", "How many drawings were saved"), ("failed", "How many photographs could not be drawn"),
        ("kept", "How many drawings existed already and were kept"),
    ]
}
