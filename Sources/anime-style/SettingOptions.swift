import ArgumentParser
import Engine
import Settings

/// An option for each row of the settings table that makes sense for files.
///
/// ArgumentParser looks for a type's options by reflection and hands over what was typed as the type is decoded; both
/// can be answered from the table, so that a setting needs no property here.
struct SettingOptions: ParsableArguments, CustomReflectable {
    private static let settings = Setting.all(for: .files)
    /// What was typed, by option.
    private let typed: [String: String]
    private(set) var given = GivenSettings()

    init() { typed = [:] }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        var typed: [String: String] = [:]
        for option in Self.settings.compactMap(\.option) {
            typed[option] = try container.decodeIfPresent(String.self, forKey: Key(stringValue: option))
        }
        self.typed = typed
    }

    var customMirror: Mirror {
        let options = Self.settings.compactMap { setting in
            setting.option.map { (label: $0, value: Self.option(setting, name: $0) as Any) }
        }
        return Mirror(self, children: options.map { ($0.label, $0.value) })
    }

    private static func option(_ setting: Setting, name: String) -> Option<String?> {
        let help: ArgumentHelp
        let completion: CompletionKind
        switch setting.kind {
        case .text:
            help = ArgumentHelp(
                "\(setting.tip); “anime-style models” lists them. (default: the first)", valueName: "id")
            completion = .custom { _, _, _ in StyleEngine.installed().catalog.models.map(\.manifest.id) }
        case .choice(let choice):
            help = ArgumentHelp(
                "\(setting.tip). (values: \(choice.names.joined(separator: ", ")); default: \(setting.usualName))",
                valueName: name)
            completion = .list(choice.names)
        case .number(let number):
            let usual = number.hasAutomatic ? "automatic" : "the style's, else \(setting.usual)"
            help = ArgumentHelp(
                "\(setting.tip). (\(setting.allowed); default: \(usual))",
                valueName: number.unit == .percent ? "percent" : "pixels")
            completion = .default
        }
        // Whatever follows is the value: a number below zero is one out of range, and no option that is not known.
        return Option<String?>(
            name: .customLong(name), parsing: .unconditional, help: help, completion: completion)
    }

    /// Out-of-range values are a usage error, found before any file is touched.
    mutating func validate() throws {
        do {
            for setting in Self.settings {
                guard let option = setting.option, let text = typed[option] else { continue }
                try given.set(setting, to: text, as: "--\(option)")
            }
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Whether a style was named by nothing, as a shell does for a variable that is not set; GIMP's own empty text
    /// means the first style.
    var hasEmptyStyle: Bool { typed["style"]?.isEmpty ?? false }

    /// Up to version 0.4 percentages were given as shares: `--strength 0.8` drew what `--strength 80` draws now.
    ///
    /// - Returns: a sentence for each value that looks like a share.
    var notes: [String] {
        Self.settings.compactMap { setting in
            guard case .number(let number) = setting.kind, number.unit == .percent, let option = setting.option,
                let text = typed[option],
                let value = Double(text), value > 0, value <= number.range.upperBound / 100
            else { return nil }
            let share = Setting.text((value * 100).rounded())
            return
                """
                --\(option) \(text) is taken as \(text) %; if the share \(text) is meant, as up to version 0.4, \
                write \(share), else \(text)%.
                """
        }
    }
}
