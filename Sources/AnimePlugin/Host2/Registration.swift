import CGimp

extension Procedure {
    /// Makes the filter known to GIMP's database and menus.
    static func install() {
        let parameters =
            [
                ParameterDefinition(GIMP_PDB_INT32, "run-mode", runModes),
                ParameterDefinition(GIMP_PDB_IMAGE, "image", "The image"),
                ParameterDefinition(GIMP_PDB_DRAWABLE, "drawable", "The layer to draw; not a mask or a channel"),
            ] + options.map(ParameterDefinition.init)
        // The menu is greyed out for indexed images; a script that calls anyway gets `PlugInError.indexed`.
        Host2.install(
            (name, blurb, help, menuLabel), imageTypes: "RGB*, GRAY*", parameters,
            returning: [ParameterDefinition(GIMP_PDB_LAYER, result.name, result.purpose)])
    }
}

extension BatchProcedure {
    /// Makes the batch known to GIMP's database and menus.
    static func install() {
        let parameters =
            [ParameterDefinition(GIMP_PDB_INT32, "run-mode", runModes)] + options.map(ParameterDefinition.init)
        // Without image types it can be called from the menu when no image is open.
        Host2.install(
            (name, blurb, help, menuLabel), imageTypes: "", parameters,
            returning: results.map { ParameterDefinition(GIMP_PDB_INT32, $0.name, $0.purpose) })
    }
}

private let runModes = "The run mode { RUN-INTERACTIVE (0), RUN-NONINTERACTIVE (1), RUN-WITH-LAST-VALS (2) }"

/// An argument or a return value as GIMP 2.10's database knows it.
private struct ParameterDefinition {
    let type: GimpPDBArgType
    let name: String
    let documentation: String

    init(_ type: GimpPDBArgType, _ name: String, _ documentation: String) {
        (self.type, self.name, self.documentation) = (type, name, documentation)
    }

    init(_ argument: Argument) {
        switch argument {
        case let .text(text): self.init(GIMP_PDB_STRING, text.name, text.purpose)
        case let .number(number):
            self.init(number.isFraction ? GIMP_PDB_FLOAT : GIMP_PDB_INT32, number.name, number.documentation)
        }
    }
}

extension NumberArgument {
    /// GIMP 2.10 has floats and integers; a choice and a yes or no are integers.
    fileprivate var isFraction: Bool {
        if case .fraction = kind { return true }
        return false
    }

    fileprivate var documentation: String {
        let meaning: String
        switch kind {
        case .fraction, .whole: meaning = purpose
        case let .flag(on, off): meaning = "1 \(on); 0 \(off)"
        case let .choice(words):
            meaning =
                "\(purpose): " + words.enumerated().map { "\($0.offset) \($0.element.meaning)" }.joined(separator: ", ")
        }
        return "\(meaning) (\(limits); usual \(Self.text(standard)))"
    }
}

private enum Host2 {
    static func install(
        _ texts: (name: String, blurb: String, help: String, menuLabel: String), imageTypes: String,
        _ parameters: [ParameterDefinition], returning results: [ParameterDefinition]
    ) {
        let definitions = parameters.map(copy), values = results.map(copy)
        defer {
            (definitions + values).forEach {
                g_free($0.name); g_free($0.description)
            }
        }
        gimp_install_procedure(
            texts.name, texts.blurb, texts.help, Attribution.authors, Attribution.copyright, Attribution.date,
            texts.menuLabel, imageTypes, GIMP_PLUGIN, gint(definitions.count), gint(values.count),
            definitions, values)
        gimp_plugin_menu_register(texts.name, Procedure.menuPath)
    }

    private static func copy(_ parameter: ParameterDefinition) -> GimpParamDef {
        GimpParamDef(
            type: parameter.type, name: g_strdup(parameter.name), description: g_strdup(parameter.documentation))
    }
}
