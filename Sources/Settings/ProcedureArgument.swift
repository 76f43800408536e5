/// One argument of a procedure that scripts call, as any host registers it.
public struct ProcedureArgument: Sendable {
    /// Its type in the procedure database.
    public enum Kind: Sendable { case integer, float, text }

    /// As the procedure database has it.
    public let name: String
    /// Its type in the procedure database.
    public let kind: Kind
    /// What it does, in English, as the databases of procedures have it; hosts add range and usual value.
    public let purpose: String
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
        let kind: ProcedureArgument.Kind
        switch self.kind {
        case .text: kind = .text
        case .choice: kind = .integer
        case let .number(number): kind = number.unit == .pixels ? .integer : .float
        }
        return ProcedureArgument(name: name, kind: kind, purpose: tip.description, setting: self)
    }

    private static func list(_ settings: [Setting]) -> ProcedureArgument {
        let names = settings.map { setting in
            switch setting.kind {
            case .text: return "\(setting.name)=id"
            case let .choice(choice): return "\(setting.name)=\(choice.names.joined(separator: "|"))"
            case .number: return "\(setting.name)=\(setting.allowed)"
            }
        }
        let purpose = """
            Any of these as name=value, separated by semicolons, like "lighting=30;skin-constancy=60"; they count more \
            than the arguments before: \(names.joined(separator: "; "))
            """
        return ProcedureArgument(name: "options", kind: .text, purpose: purpose, setting: nil)
    }

    /// The last argument for `settings`: all that have no place of their own.
    public static func list(of settings: DrawingSettings, for subject: Subject) -> String {
        all(for: subject).filter { !frozen.contains($0.name) }.map { setting in
            switch (setting.kind, setting.value(in: settings)) {
            case let (.choice(choice), .number(index)): return "\(setting.name)=\(choice.names[Int(index)])"
            case let (_, .number(number)): return "\(setting.name)=\(text(number))"
            case let (_, .text(text)): return "\(setting.name)=\(text)"
            }
        }.joined(separator: ";")
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
