/// All that a user can choose for one drawing. `Setting.all` says what each value is called, its range and where it is
/// shown.
public struct DrawingSettings: Equatable, Sendable {
    /// Id of the style.
    public var style = ""
    /// Where the drawing goes.
    public var output = OutputMode.newLayer
    /// How it is drawn.
    public var options = StyleOptions()

    /// Usual values and no style.
    public init() {}

    /// The style's own settings.
    ///
    /// - Parameters:
    ///   - style: its id.
    ///   - defaults: those values that the style decides, by `Setting.manifestKey`; percentages are shares (1 is 100
    ///   %).
    public init(style: String, defaults: [String: Double]) {
        self.style = style
        for setting in Setting.all {
            guard let key = setting.manifestKey, let share = defaults[key] else { continue }
            setting.write(.number(share * Setting.percentsOfAShare), to: &self)
        }
    }

    /// Whether windows show the same for both: whole numbers, and not which faces of a photograph are left out.
    public func looks(like other: DrawingSettings) -> Bool {
        Setting.all.allSatisfy { setting in
            switch (setting.value(in: self), setting.value(in: other)) {
            case (.number(let own), .number(let others)): return abs(own - others) < 0.5
            case (let own, let others): return own == others
            }
        }
    }

    /// Side of the smallest face that is drawn apart, in pixels; 0 draws all that are large enough to be drawn.
    var minimumFace: Double {
        get { options.minimumFaceSize ?? 0 }
        set { options.minimumFaceSize = newValue == 0 ? nil : newValue }
    }
}

extension StyleOptions {
    /// - Throws: `StyleError.invalidOption` naming the first value out of range.
    public func validated() throws -> StyleOptions {
        var settings = DrawingSettings()
        settings.options = self
        for setting in Setting.all {
            guard case .number(let value) = setting.value(in: settings) else { continue }
            _ = try setting.checked(value)
        }
        for point in excludedFaces where !(abs(point.x) <= 1e9 && abs(point.y) <= 1e9) {
            throw StyleError.invalidOption(
                name: "excluded-faces", value: "\(point.x), \(point.y)", allowed: "\(-1e9) to \(1e9)")
        }
        return self
    }

    /// These options with usual values for all that changes no step up to `last`, so that what was computed for one
    /// call can be known again in another.
    public func deciding(upTo last: Setting.Step) -> StyleOptions {
        var (given, kept) = (DrawingSettings(), DrawingSettings())
        given.options = self
        for setting in Setting.all where setting.step <= last { setting.write(setting.value(in: given), to: &kept) }
        return kept.options
    }
}

/// Kept values have the setting's key as name; numbers are as users see them, choices are their names. Values that an
/// earlier version did not know have their usual value; which faces were left out belongs to one photograph and is not
/// kept.
extension DrawingSettings: Codable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// - Throws: `StyleError.invalidOption` for a value out of range, `DecodingError` for one of another type.
    public init(from decoder: Decoder) throws {
        let kept = try decoder.container(keyedBy: Key.self)
        for setting in Setting.all {
            let key = Key(stringValue: setting.key)
            guard kept.contains(key) else { continue }
            switch setting.kind {
            case .number:
                setting.write(.number(try setting.checked(try kept.decode(Double.self, forKey: key))), to: &self)
            case .text:
                setting.write(.text(try kept.decode(String.self, forKey: key)), to: &self)
            case .choice:
                setting.write(try setting.parsed(try Self.name(of: key, in: kept)), to: &self)
            }
        }
    }

    /// The name of the choice that is kept, which version 0.4 wrote differently.
    private static func name(of key: Key, in kept: KeyedDecodingContainer<Key>) throws -> String {
        if let isOn = try? kept.decode(Bool.self, forKey: key) { return isOn ? "1" : "0" }
        let name = try kept.decode(String.self, forKey: key)
        return ["newLayer": "layer", "maskedLayer": "mask", "layerGroup": "group"][name] ?? name
    }

    /// By the settings' names.
    public func encode(to encoder: Encoder) throws {
        var kept = encoder.container(keyedBy: Key.self)
        for setting in Setting.all {
            let key = Key(stringValue: setting.key)
            switch (setting.kind, setting.value(in: self)) {
            case (.choice(let choice), .number(let index)): try kept.encode(choice.names[Int(index)], forKey: key)
            case (_, .number(let number)): try kept.encode(number, forKey: key)
            case (_, .text(let text)): try kept.encode(text, forKey: key)
            }
        }
    }
}
