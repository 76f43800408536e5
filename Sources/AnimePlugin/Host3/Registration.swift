import CGimp

extension Procedure {
    /// The filter as GIMP's database and menus know it.
    static func make(_ plugIn: UnsafeMutablePointer<GimpPlugIn>?) -> ProcedureObject? {
        let procedure = gimp_image_procedure_new(
            plugIn, name, GIMP_PDB_PROC_TYPE_PLUGIN,
            { procedure, mode, image, drawables, config, _ in
                PlugIn.run(procedure, { try Invocation(mode, image, drawables, config) }, config)
            }, nil, nil)
        // The menu is greyed out for indexed images and several layers; a script that calls anyway gets a sentence.
        gimp_procedure_set_image_types(procedure, "RGB*, GRAY*")
        gimp_procedure_set_sensitivity_mask(procedure, gint(GIMP_PROCEDURE_SENSITIVE_DRAWABLE.rawValue))
        Host3.describe(procedure, (name, blurb, help, menuLabel))
        for option in options { Host3.add(option, to: procedure) }
        gimp_procedure_add_layer_return_value(procedure, result.name, result.name, result.purpose, 0, host_readwrite())
        return procedure
    }
}

extension BatchProcedure {
    /// The batch as GIMP's database and menus know it.
    static func make(_ plugIn: UnsafeMutablePointer<GimpPlugIn>?) -> ProcedureObject? {
        let procedure = gimp_procedure_new(
            plugIn, name, GIMP_PDB_PROC_TYPE_PLUGIN,
            { procedure, config, _ in
                PlugIn.runBatch(procedure, config)
            }, nil, nil)
        Host3.describe(procedure, (name, blurb, help, menuLabel))
        host_add_run_mode(procedure)
        for option in options { Host3.add(option, to: procedure) }
        for (name, purpose) in results {
            gimp_procedure_add_int_return_value(procedure, name, name, purpose, 0, gint.max, 0, host_readwrite())
        }
        return procedure
    }
}

private enum Host3 {
    /// GIMP wants these texts in the user's language, and asks again when that changes.
    static func describe(
        _ procedure: ProcedureObject?, _ texts: (name: String, blurb: String, help: String, menuLabel: String)
    ) {
        gimp_procedure_set_menu_label(procedure, tr(texts.menuLabel))
        gimp_procedure_add_menu_path(procedure, Procedure.menuPath)
        gimp_procedure_set_documentation(procedure, tr(texts.blurb), texts.help, texts.name)
        gimp_procedure_set_attribution(procedure, Attribution.authors, Attribution.copyright, Attribution.date)
    }

    static func add(_ argument: Argument, to procedure: ProcedureObject?) {
        switch argument {
        case let .text(text):
            gimp_procedure_add_string_argument(
                procedure, text.name, text.name, text.purpose, text.standard, host_readwrite())
        case let .number(number): add(number, to: procedure)
        }
    }

    private static func add(_ number: NumberArgument, to procedure: ProcedureObject?) {
        let (name, text, flags) = (number.name, number.documentation, host_readwrite())
        let lowest = number.isOfStyle ? NumberArgument.leftOut : number.range.lowerBound
        let standard = number.isOfStyle ? NumberArgument.leftOut : number.standard
        switch number.kind {
        case .fraction:
            gimp_procedure_add_double_argument(
                procedure, name, name, text, lowest, number.range.upperBound, standard, flags)
        case .whole:
            gimp_procedure_add_int_argument(
                procedure, name, name, text, gint(lowest), gint(number.range.upperBound),
                gint(standard), flags)
        case .flag:
            gimp_procedure_add_boolean_argument(procedure, name, name, text, standard == 1 ? 1 : 0, flags)
        case let .choice(words):
            // As a choice, GIMP 3.0 would take the usual value for an unknown word without an error.
            gimp_procedure_add_string_argument(procedure, name, name, text, words[Int(standard)].word, flags)
        }
    }
}

extension NumberArgument {
    fileprivate var documentation: String {
        switch kind {
        case .fraction, .whole:
            return isOfStyle
                ? "\(purpose) (\(limits); -1 as the style is made for)"
                : "\(purpose) (\(limits); usual \(Self.text(standard)))"
        case let .flag(on, off): return "TRUE \(on); FALSE \(off)"
        case let .choice(words):
            return "\(purpose): " + words.map { "\"\($0.word)\" \($0.meaning)" }.joined(separator: ", ")
        }
    }
}
