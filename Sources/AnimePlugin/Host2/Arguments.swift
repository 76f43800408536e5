import CGimp
import Settings

extension Invocation {
    /// - Throws: `PlugInError.badCall`, `StyleError.invalidOption`.
    init(_ parameters: UnsafeBufferPointer<GimpParam>) throws {
        // A call from the menu has the first three arguments only, and any caller may leave out some at the end.
        guard parameters.count >= 3 else { throw PlugInError.badCall }
        mode = try CallMode(parameters[0]) {
            try GivenSettings(PositionalArguments(Procedure.options, Array(parameters.dropFirst(3))), for: .layer)
        }
        image = parameters[1].data.d_image
        drawable = parameters[2].data.d_drawable
    }
}

extension BatchInvocation {
    /// - Throws: `PlugInError.badCall`, `StyleError.invalidOption`.
    init(_ parameters: UnsafeBufferPointer<GimpParam>) throws {
        guard let first = parameters.first else { throw PlugInError.badCall }
        mode = try CallMode(first) {
            guard parameters.count >= 3 else { throw PlugInError.badCall }
            return try Given(PositionalArguments(BatchProcedure.options, Array(parameters.dropFirst())))
        }
    }
}

extension CallMode {
    /// - Parameter given: what a script gave.
    fileprivate init(_ parameter: GimpParam, _ given: () throws -> Given) throws {
        switch GimpRunMode(rawValue: UInt32(bitPattern: parameter.data.d_int32)) {
        case GIMP_RUN_INTERACTIVE: self = .interactive
        case GIMP_RUN_WITH_LAST_VALS: self = .lastValues
        case GIMP_RUN_NONINTERACTIVE: self = .arguments(try given())
        default: throw PlugInError.badCall
        }
    }
}

/// A procedure's arguments by their place; GIMP has checked their types.
private struct PositionalArguments: ArgumentSource {
    private let places: [String: Int]
    private let parameters: [GimpParam]

    /// - Parameter parameters: as many of the first `arguments` as were given.
    init(_ arguments: [Argument], _ parameters: [GimpParam]) {
        places = Dictionary(uniqueKeysWithValues: zip(arguments.map(\.name), parameters.indices))
        self.parameters = parameters
    }

    func text(_ argument: TextArgument) -> String {
        guard let place = places[argument.name], let text = parameters[place].data.d_string else {
            return argument.standard
        }
        return String(cString: text)
    }

    func number(_ argument: NumberArgument) throws -> Double? {
        guard let place = places[argument.name] else { return nil }
        let data = parameters[place].data
        if case .fraction = argument.kind { return try argument.checked(data.d_float) }
        return try argument.checked(Double(data.d_int32))
    }
}
