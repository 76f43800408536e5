import Settings

/// A text that the caller gives to a procedure.
struct TextArgument {
    let name: String
    let purpose: String
    /// What a caller who leaves it out means.
    var standard = ""
}

/// A number, a choice or a yes or no that the caller gives to a procedure, in the procedure's own unit.
///
/// GIMP 2.10 takes a choice by its number and yes or no as 1 or 0; GIMP 3 takes a choice by its word.
struct NumberArgument {
    enum Kind {
        case fraction
        case whole
        /// What 1 and 0 stand for.
        case flag(on: String, off: String)
        /// A word for each number from 0 on, and what it stands for.
        case choice([(word: String, meaning: String)])
    }

    let name: String
    let purpose: String
    let range: ClosedRange<Double>
    let standard: Double
    var kind = Kind.fraction
    /// Whether the style says what holds when it is left out; `standard` is only the usual value then.
    var isOfStyle = false

    /// Stands for a number that is left out, for callers who have to give all of them.
    static let leftOut: Double = -1

    static func flag(_ name: String, on: String, off: String, standard: Bool) -> NumberArgument {
        NumberArgument(name: name, purpose: "", range: 0...1, standard: standard ? 1 : 0, kind: .flag(on: on, off: off))
    }

    static func choice(
        _ name: String, _ purpose: String, _ words: [(word: String, meaning: String)],
        standard: Int
    ) -> NumberArgument {
        NumberArgument(
            name: name, purpose: purpose, range: 0...Double(words.count - 1), standard: Double(standard),
            kind: .choice(words))
    }

    /// The range in English, for documentation.
    var limits: String { "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))" }

    /// - Returns: `nil` when the argument was left out.
    /// - Throws: `StyleError.invalidOption` when `value` is out of range or not a number.
    func checked(_ value: Double?) throws -> Double? {
        guard let value, value != Self.leftOut else { return nil }
        guard value.isFinite, range.contains(value) else {
            throw StyleError.invalidOption(
                name: name, value: Self.text(value),
                allowed: "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
        }
        return value
    }

    static func text(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

/// An argument of a procedure; each GIMP registers, reads and keeps it in its own way.
enum Argument {
    case text(TextArgument)
    case number(NumberArgument)

    var name: String {
        switch self {
        case let .text(argument): return argument.name
        case let .number(argument): return argument.name
        }
    }
}

/// The arguments of one call.
protocol ArgumentSource {
    /// `""` when it was left out.
    func text(_ argument: TextArgument) -> String
    /// - Returns: a number of the argument's range, `nil` when it was left out.
    /// - Throws: `StyleError.invalidOption` for anything else.
    func number(_ argument: NumberArgument) throws -> Double?
}

/// Takes the arguments that a call would have to be given.
protocol ArgumentSink {
    func set(_ value: String, for argument: TextArgument)
    func set(_ value: Double, for argument: NumberArgument)
}

/// Keeps what was chosen last in a procedure's dialog, as its arguments.
protocol ArgumentMemory {
    /// `nil` when nothing was chosen yet.
    func recall() -> (any ArgumentSource)?
    func keep(_ write: (any ArgumentSink) -> Void)
}
