/// A text for the user as a template and what fills it, so that a host can show it in another language. A string
/// literal makes one: `"\(count) faces"` has the template `%1 faces`, which is the key that catalogues of translations
/// know.
public struct Message: Sendable {
    /// The English text with `%1`, `%2` … in place of the values; a translation may change their order.
    public let template: String
    private let values: [Value]

    fileprivate enum Value: Sendable {
        case text(String)
        case message(Message)
    }

    /// A text that is the same in all languages, such as a name or what the system said; made printable.
    public init<Text: StringProtocol>(verbatim text: Text) {
        template = "%1"
        values = [.text(String(text).printable)]
    }

    /// A text without values that was kept as English; made printable.
    public init(template: String) {
        self.template = template.printable
        values = []
    }

    /// The text, its template and those of the messages in it looked up with `translation`.
    public func text(translation: (String) -> String) -> String {
        let texts = values.map { value in
            switch value {
            case let .text(text): return text
            case let .message(message): return message.text(translation: translation)
            }
        }
        return Self.fill(values.count == 1 && template == "%1" ? template : translation(template), with: texts)
    }

    /// `%1`, `%2` … replaced by `values`; a number that no value has stays.
    private static func fill(_ template: String, with values: [String]) -> String {
        var rest = template[...]
        var result = ""
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[percent...].dropFirst()
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            if let number = Int(digits), values.indices.contains(number - 1) {
                result += values[number - 1]
                rest = rest[digits.endIndex...]
            } else {
                result += "%"
            }
        }
        return result + rest
    }
}

extension Message: CustomStringConvertible {
    /// The text in English.
    public var description: String { text { $0 } }
}

extension Message: Equatable {
    /// Messages that read the same are the same.
    public static func == (left: Message, right: Message) -> Bool { left.description == right.description }
}

/// Something that can be told to the user.
public protocol MessageConvertible {
    /// The text.
    var message: Message { get }
}

extension Message: MessageConvertible {
    /// Itself.
    public var message: Message { self }
}

extension Message: ExpressibleByStringInterpolation {
    /// Collects the template and what fills it.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var template = ""
        fileprivate var values: [Value] = []

        /// Empty.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Text that is translated.
        public mutating func appendLiteral(_ literal: String) { template += literal }

        /// A text that is translated by itself.
        public mutating func appendInterpolation(_ value: some MessageConvertible) { append(.message(value.message)) }

        /// A value that is the same in all languages; made printable, since most are names that somebody chose.
        @_disfavoredOverload
        public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            append(.text(value.description.printable))
        }

        private mutating func append(_ value: Value) {
            values.append(value)
            template += "%\(values.count)"
        }
    }

    /// A text without values.
    public init(stringLiteral text: String) {
        template = text
        values = []
    }

    /// A text with values.
    public init(stringInterpolation: StringInterpolation) {
        template = stringInterpolation.template
        values = stringInterpolation.values
    }
}
