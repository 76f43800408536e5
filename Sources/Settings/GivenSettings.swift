/// What a caller has set; the rest is as the style is made for. Every value in it has been checked.
public struct GivenSettings: Equatable, Sendable {
    /// By `Setting.name`.
    private var values: [String: Setting.Value] = [:]

    /// Nothing given.
    public init() {}

    /// Reads the last arguments of a procedure, in the order of `Setting.arguments(for:)`; those left out at the end
    /// have their usual value.
    ///
    /// - Throws: `StyleError.invalidOption` naming the first value that is not allowed, `.unknownSetting`.
    public init(arguments: [Setting.Value], for subject: Setting.Subject) throws {
        for (argument, value) in zip(Setting.arguments(for: subject), arguments) {
            switch (argument.setting, value) {
            case (_, .text("")), (.some, .number(Self.leftOut)): continue
            case (let setting?, .number(let number)): values[setting.name] = .number(try setting.checked(number))
            case (let setting?, .text(let text)): values[setting.name] = try setting.parsed(text)
            case (nil, .text(let text)): try read(list: text, for: subject)
            case (nil, .number): continue
            }
        }
    }

    /// Script-Fu must give every argument; this number stands for one that is left out.
    public static let leftOut = -1.0

    /// Takes one value as people write it.
    ///
    /// - Parameter caller: what the caller calls the setting; `nil` is its name.
    /// - Throws: `StyleError.invalidOption`.
    public mutating func set(_ setting: Setting, to text: String, as caller: String? = nil) throws {
        values[setting.name] = try setting.parsed(text, as: caller)
    }

    /// Takes a list of `name=value`, separated by semicolons; spaces around names and values do not count, and of two
    /// values for one setting the last counts.
    ///
    /// - Throws: `StyleError.unknownSetting`, `StyleError.invalidOption`; the values are as before then.
    public mutating func read(list: String, for subject: Setting.Subject) throws {
        let known = Setting.all(for: subject)
        var read = self
        for pair in list.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Setting.trimmed)
            guard let name = parts.first, parts != [""] else { continue }
            guard let setting = known.first(where: { $0.name == name }) else {
                throw StyleError.unknownSetting(name: name, known: known.map(\.name))
            }
            try read.set(setting, to: parts.count == 2 ? parts[1] : "")
        }
        self = read
    }

    /// Id of the style, if one was given.
    public var style: String? {
        guard case .text(let id)? = values["style"], !id.isEmpty else { return nil }
        return id
    }

    /// These values, and those of `usual` for the rest.
    public func applied(to usual: DrawingSettings) -> DrawingSettings {
        var settings = usual
        for setting in Setting.all where setting.name != "style" {
            if let value = values[setting.name] { setting.write(value, to: &settings) }
        }
        return settings
    }
}
