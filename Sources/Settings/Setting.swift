/// One thing that a user can set, and all that windows, procedures, the command line, presets and documents say about
/// it.
public struct Setting: Sendable {
    /// What a value is.
    public enum Kind: Sendable {
        case text(Path<String>)
        case number(Number)
        case choice(Choice)
    }

    /// Where a value lies in the settings.
    public typealias Path<Value> = WritableKeyPath<DrawingSettings, Value> & Sendable

    /// A number as users see it.
    public struct Number: Sendable {
        /// What a number counts.
        public enum Unit: String, Sendable {
            /// The core's value is a share of 1.
            case percent
            /// Whole pixels of the photograph.
            case pixels
        }

        let path: Path<Double>
        /// Values that are allowed.
        public let range: ClosedRange<Double>
        /// What the number counts.
        public let unit: Unit
        /// Whether 0, outside the range, leaves the choice to the program.
        public let hasAutomatic: Bool
    }

    /// One of several named values; its number is the index.
    public struct Choice: Sendable {
        /// Of the choices, in the order of their numbers.
        public let names: [String]
        /// For windows, in the order of the names.
        public let titles: [Message]
        /// Whether it is a no (0) or yes (1).
        public let isSwitch: Bool
        let read: @Sendable (DrawingSettings) -> Int
        let write: @Sendable (Int, inout DrawingSettings) -> Void
    }

    /// The first step on a photograph's way that a setting changes; the steps before it need not be done again for
    /// another value.
    public enum Step: Int, Sendable, Comparable {
        /// The network sees it.
        case painting
        /// The tones of what the network has painted.
        case tone
        /// How drawings and photograph come together, and where the result goes.
        case composition

        /// In the order of the stages.
        public static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
    }

    /// Where windows show it.
    public enum Place: Sendable {
        /// Always in sight.
        case look
        /// Behind “Light, skin and hair”.
        case tone
        /// Beside the list of faces.
        case faces
    }

    /// Its value in one `DrawingSettings`; that of a choice is the index.
    public enum Value: Equatable, Sendable {
        case text(String)
        case number(Double)
    }

    /// Name in procedures and in lists of `name=value`.
    public let name: String
    /// Name on the command line, without its dashes; `nil` where there is nothing to choose.
    public let option: String?
    /// What values it has.
    public let kind: Kind
    /// The first stage that it changes.
    public let step: Step
    /// Where its row stands in dialogs.
    public let place: Place
    /// For windows, with a mnemonic and the unit.
    public let label: Message
    /// One line for tooltips, procedures, the command line and documents.
    public let tip: Message

    /// - Parameter option: `nil` where it is the same as the name.
    init(
        _ name: String, option: String? = nil, isForFiles: Bool = true, _ kind: Kind, _ step: Step, _ place: Place,
        labelled: Message,
        tip: Message
    ) {
        self.name = name
        self.option = isForFiles ? option ?? name : nil
        self.kind = kind
        self.step = step
        self.place = place
        self.label = labelled
        self.tip = tip
    }

    /// Name in JSON, as in presets: the procedures' name in camel case.
    public var key: String { Self.camelCase(name) }

    /// Name in the defaults of a style's manifest; `nil` for what a style does not decide.
    public var manifestKey: String? {
        guard case .number(let number) = kind, number.unit == .percent else { return nil }
        return option.map(Self.camelCase)
    }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "-")
        return words.prefix(1).joined() + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

// MARK: - Values

extension Setting {
    static let percentsOfAShare = 100.0

    /// The usual value, that of a style which does not decide otherwise.
    public var standard: Value { value(in: DrawingSettings()) }

    /// Its value there.
    public func value(in settings: DrawingSettings) -> Value {
        switch kind {
        case .text(let path): return .text(settings[keyPath: path])
        case .choice(let choice): return .number(Double(choice.read(settings)))
        case .number(let number):
            let value = settings[keyPath: number.path]
            // Shares such as 0.07 have no exact percentage.
            return .number(number.unit == .percent ? (value * Self.percentsOfAShare * 1e6).rounded() / 1e6 : value)
        }
    }

    /// The value as a number; 0 for a text.
    public func number(in settings: DrawingSettings) -> Double {
        guard case .number(let number) = value(in: settings) else { return 0 }
        return number
    }

    /// Takes a value that was checked; one of the wrong kind changes nothing.
    public func write(_ value: Value, to settings: inout DrawingSettings) {
        switch (kind, value) {
        case (.text(let path), .text(let text)): settings[keyPath: path] = text
        case (.choice(let choice), .number(let index)):
            if let index = Int(exactly: index) { choice.write(index, &settings) }
        case (.number(let number), .number(let value)):
            settings[keyPath: number.path] = number.unit == .percent ? value / Self.percentsOfAShare : value
        default: break
        }
    }

    /// The one check of ranges.
    ///
    /// - Parameter caller: what the caller calls this setting; `nil` is its name.
    /// - Throws: `StyleError.invalidOption`.
    public func checked(_ value: Double, as caller: String? = nil) throws -> Double {
        let isAllowed: Bool
        switch kind {
        case .text: isAllowed = false
        case .choice(let choice): isAllowed = choice.names.indices.contains { Double($0) == value }
        case .number(let number):
            isAllowed =
                value.isFinite && (number.range.contains(value) || number.hasAutomatic && value == 0)
                && (number.unit == .percent || value == value.rounded())
        }
        guard isAllowed else {
            throw StyleError.invalidOption(name: caller ?? name, value: Self.text(value), allowed: allowed)
        }
        return value
    }

    /// Reads a value as people write it: a number with or without its percent sign, the name or number of a choice, or
    /// any text.
    ///
    /// - Parameter caller: what the caller calls this setting; `nil` is its name.
    /// - Throws: `StyleError.invalidOption`.
    public func parsed(_ text: String, as caller: String? = nil) throws -> Value {
        switch kind {
        case .text: return .text(text)
        case .choice(let choice):
            if let index = choice.names.firstIndex(of: text) { return .number(Double(index)) }
        case .number(let number):
            let digits = number.unit == .percent && text.hasSuffix("%") ? Self.trimmed(text.dropLast()) : text
            if let value = Self.decimal(digits) { return .number(try checked(value, as: caller)) }
        }
        if case .choice = kind, let index = Self.decimal(text), (try? checked(index)) != nil { return .number(index) }
        throw StyleError.invalidOption(name: caller ?? name, value: text, allowed: allowed)
    }

    /// What can be said of the range in a sentence: `0 to 100`.
    public var allowed: Message {
        switch kind {
        case .text: return "a text"
        case .choice(let choice):
            return "\(Self.text(0)) to \(choice.names.count - 1), or \(choice.names.joined(separator: ", "))"
        case .number(let number):
            let (low, high) = (Self.text(number.range.lowerBound), Self.text(number.range.upperBound))
            return number.hasAutomatic ? "0, or \(low) to \(high)" : "\(low) to \(high)"
        }
    }

    /// A number without a fraction that says nothing.
    public static func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// Decimal digits alone: no exponent, no hexadecimal number, no infinity.
    private static func decimal(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) || [43, 45, 46].contains($0) }) else { return nil }
        return Double(text)
    }
}

// MARK: - Kinds in short

extension Setting.Kind {
    static func percent(_ path: Setting.Path<Double>, _ range: ClosedRange<Double>) -> Self {
        .number(.init(path: path, range: range, unit: .percent, hasAutomatic: false))
    }

    static func choice<Case: CaseIterable & RawRepresentable & Equatable & Sendable>(
        _ path: Setting.Path<Case>, _ titles: [Message], isSwitch: Bool = false
    ) -> Self where Case.RawValue == String {
        .choice(
            .init(
                names: Case.allCases.map(\.rawValue), titles: titles, isSwitch: isSwitch,
                read: { settings in Array(Case.allCases).firstIndex(of: settings[keyPath: path]) ?? 0 },
                write: { index, settings in
                    let cases = Array(Case.allCases)
                    if cases.indices.contains(index) { settings[keyPath: path] = cases[index] }
                }))
    }
}
