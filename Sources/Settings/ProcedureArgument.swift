/// One argument of a procedure that scripts call, as any host registers it.
public struct ProcedureArgument: Sendable {
    public enum Kind: Sendable { case integer, float, text }

    public let name: String
    public let kind: Kind
    /// In English, as the databases of procedures have it.
    public let documentation: String
    /// What it sets; `nil` for the list of `name=value` at the end.
    public let setting: Setting?
}

extension Setting {
    /// What a procedure draws.
    public enum Subject: Sendable {
        case layer
        /// Files have no layers.
        case files
    }

    /// The settings that a call may give one by one. Scripts count on their order: nothing is ever added, moved or
    /// removed here; later settings are given in the list at the end.
    private static let frozen = [
        "style", "strength", "region", "keep-colors", "line-strength", "min-face", "half-precision", "output",
        "lighting",
        "skin-constancy", "hair-limit",
    ]

    /// The settings that make sense for `subject`.
    public static func all(for subject: Subject) -> [Setting] { all.filter { subject == .layer || $0.option != nil } }

    /// The last arguments of a procedure.
    public static func arguments(for subject: Subject) -> [ProcedureArgument] {
        let settings = all(for: subject)
        return frozen.compactMap { name in settings.first { $0.name == name }?.argument } + [list(settings)]
    }

    private var argument: ProcedureArgument {
        switch kind {
        case .text:
            return ProcedureArgument(
                name: name, kind: .text,
                documentation: "\(tip): its id, like \"cel\"; \"\" takes the first installed one", setting: self)
        case .choice(let choice):
            let titles = choice.titles.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
            return ProcedureArgument(
                name: name, kind: .integer, documentation: "\(tip) (\(titles); usual \(usual))", setting: self)
        case .number(let number):
            let kind: ProcedureArgument.Kind = number.unit == .pixels ? .integer : .float
            return ProcedureArgument(
                name: name, kind: kind, documentation: "\(tip) (\(allowed); usual \(usual))", setting: self)
        }
    }

    private static func list(_ settings: [Setting]) -> ProcedureArgument {
        let names = settings.map { setting in
            switch setting.kind {
            case .text: return "\(setting.name)=id"
            case .choice(let choice): return "\(setting.name)=\(choice.names.joined(separator: "|"))"
            case .number: return "\(setting.name)=\(setting.allowed)"
            }
        }
        let text =
            "Any of these as name=value, separated by semicolons, like \"lighting=30;skin-constancy=60\"; they count more than the "
            + "arguments before: \(names.joined(separator: "; "))"
        return ProcedureArgument(name: "options", kind: .text, documentation: text, setting: nil)
    }

    /// The usual value as a number or text.
    public var usual: String {
        switch standard {
        case .text(let text): return text
        case .number(let number): return Self.text(number)
        }
    }

    /// The same with a choice's name.
    public var usualName: String {
        guard case .choice(let choice) = kind, case .number(let index) = standard else { return usual }
        return choice.names[Int(index)]
    }
}
