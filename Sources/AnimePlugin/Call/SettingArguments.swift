import Models
import Settings

/// The settings table as arguments of the procedures.
extension Setting {
    /// The last arguments of the procedure that draws `subject`.
    static func hostArguments(for subject: Subject) -> [Argument] { arguments(for: subject).map(\.hostArgument) }
}

extension ProcedureArgument {
    /// As the hosts register and read it.
    fileprivate var hostArgument: Argument {
        guard let setting else { return .text(TextArgument(name: name, purpose: purpose)) }
        switch setting.kind {
        case .text:
            return .text(
                TextArgument(
                    name: name, purpose: "\(purpose): its id, like \"cel\"; \"\" takes the first installed one"))
        case let .choice(choice):
            let meanings = choice.titles.map(\.description)
            if choice.isSwitch, let off = meanings.first, let on = meanings.last {
                return .number(.flag(name, on: "\(on)", off: "\(off): \(purpose)", standard: setting.usual == "1"))
            }
            let words = zip(choice.names, meanings).map { (word: $0, meaning: $1) }
            return .number(.choice(name, purpose, words, standard: Int(setting.usual) ?? 0))
        case let .number(number):
            let low = number.hasAutomatic ? 0 : number.range.lowerBound
            return .number(
                NumberArgument(
                    name: name, purpose: purpose, range: low...number.range.upperBound,
                    standard: setting.number(in: DrawingSettings()),
                    kind: number.unit == .pixels ? .whole : .fraction, isOfStyle: setting.manifestKey != nil))
        }
    }
}

extension GivenSettings {
    /// What a script gave.
    /// - Throws: `StyleError.invalidOption` naming the first value that is not allowed, `.unknownSetting`.
    init(_ source: some ArgumentSource, for subject: Setting.Subject) throws {
        let values = try Setting.hostArguments(for: subject).map { argument -> Setting.Value in
            switch argument {
            case let .text(text): return .text(source.text(text))
            case let .number(number): return .number(try source.number(number) ?? Self.leftOut)
            }
        }
        try self.init(arguments: values, for: subject)
    }
}

extension DrawingSettings {
    /// What a script gave, and the style's own settings for the rest.
    init(_ given: GivenSettings, for manifest: ModelManifest) { self = given.applied(to: manifest.settings) }

    /// The arguments that a call for these settings is given.
    func write(to sink: any ArgumentSink, for subject: Setting.Subject) {
        for (argument, host) in zip(Setting.arguments(for: subject), Setting.hostArguments(for: subject)) {
            switch (host, argument.setting?.value(in: self)) {
            case let (.text(text), .text(value)?): sink.set(value, for: text)
            case let (.number(number), .number(value)?): sink.set(value, for: number)
            case let (.text(text), nil): sink.set(Setting.list(of: self, for: subject), for: text)
            default: break
            }
        }
    }
}
