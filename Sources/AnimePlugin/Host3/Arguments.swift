import CGimp
import Settings

extension Invocation {
    /// - Parameter drawables: ends with `nil`.
    /// - Throws: `PlugInError.badCall`, `.severalLayers`, `StyleError.invalidOption`.
    init(
        _ mode: GimpRunMode, _ image: OpaquePointer?,
        _ drawables: UnsafeMutablePointer<UnsafeMutablePointer<GimpDrawable>?>?,
        _ config: ProcedureConfig?
    ) throws {
        var count: gint = 0
        drawable = host_first_drawable(drawables, &count)
        guard count > 0 else { throw PlugInError.badCall }
        guard count == 1 else { throw PlugInError.severalLayers }
        self.image = host_image_number(image)
        self.mode = try CallMode(mode) { try GivenSettings(ConfigArguments(config), for: .layer) }
    }
}

extension BatchInvocation {
    /// - Throws: `StyleError.invalidOption`.
    init(_ config: ProcedureConfig?) throws {
        let mode = GimpRunMode(rawValue: UInt32(bitPattern: host_config_int(config, "run-mode")))
        self.mode = try CallMode(mode) { try Given(ConfigArguments(config)) }
    }
}

extension CallMode {
    /// - Parameter given: what a script gave.
    fileprivate init(_ mode: GimpRunMode, _ given: () throws -> Given) throws {
        switch mode {
        case GIMP_RUN_INTERACTIVE: self = .interactive
        case GIMP_RUN_WITH_LAST_VALS: self = .lastValues
        default: self = .arguments(try given())
        }
    }
}

/// A call's arguments by name, in GIMP's object for them. What is written there in a call from the menu, GIMP keeps in
/// a file of its own until the next one.
struct ConfigArguments: ArgumentSource, ArgumentSink {
    private let config: ProcedureConfig?

    init(_ config: ProcedureConfig?) { self.config = config }

    func text(_ argument: TextArgument) -> String { text(argument.name) }

    private func text(_ name: String) -> String {
        guard let text = host_config_string(config, name) else { return "" }
        defer { g_free(text) }
        return String(cString: text)
    }

    func number(_ argument: NumberArgument) throws -> Double? {
        switch argument.kind {
        case .fraction: return try argument.checked(host_config_double(config, argument.name))
        case .whole: return try argument.checked(Double(host_config_int(config, argument.name)))
        case .flag: return host_config_boolean(config, argument.name) != 0 ? 1 : 0
        case let .choice(words):
            let word = text(argument.name)
            guard let index = words.firstIndex(where: { $0.word == word }) else {
                let allowed = words.map(\.word).joined(separator: ", ")
                throw StyleError.invalidOption(name: argument.name, value: word, allowed: Message(verbatim: allowed))
            }
            return Double(index)
        }
    }

    func set(_ value: String, for argument: TextArgument) { host_config_set_string(config, argument.name, value) }

    func set(_ value: Double, for argument: NumberArgument) {
        switch argument.kind {
        case .fraction: host_config_set_double(config, argument.name, value)
        case .whole: host_config_set_int(config, argument.name, gint(value))
        case .flag: host_config_set_boolean(config, argument.name, value == 1 ? 1 : 0)
        case let .choice(words):
            if words.indices.contains(Int(value)) {
                host_config_set_string(config, argument.name, words[Int(value)].word)
            }
        }
    }
}

/// What was chosen last: GIMP puts it into the arguments of a call from the menu.
struct ConfigMemory: ArgumentMemory {
    private let arguments: ConfigArguments
    private let mark: TextArgument

    /// - Parameter mark: a text that every choice has and the arguments' usual values lack.
    init(_ config: ProcedureConfig?, names mark: TextArgument) {
        arguments = ConfigArguments(config)
        self.mark = mark
    }

    func recall() -> (any ArgumentSource)? { arguments.text(mark).isEmpty ? nil : arguments }
    func keep(_ write: (any ArgumentSink) -> Void) { write(arguments) }
}
