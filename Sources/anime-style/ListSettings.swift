import ArgumentParser
import Settings

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The settings table as JSON, from which the documents' tables are made.
struct ListSettings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Lists all settings: names, ranges and usual values, as JSON.")

    private struct Row: Encodable {
        let name: String
        let option: String?
        let key: String
        let kind: String
        let unit: String?
        let range: [Double]?
        let hasAutomatic: Bool?
        let names: [String]?
        let titles: [String]?
        let usual: String
        let label: String
        let tip: String

        init(_ setting: Setting) {
            (name, option, key) = (setting.name, setting.option, setting.key)
            (usual, label, tip) = (setting.usualName, setting.label.description, setting.tip.description)
            switch setting.kind {
            case .text:
                (kind, unit, range, hasAutomatic, names, titles) = ("text", nil, nil, nil, nil, nil)
            case .choice(let choice):
                (kind, unit, range, hasAutomatic) = ("choice", nil, nil, nil)
                (names, titles) = (choice.names, choice.titles.map(\.description))
            case .number(let number):
                (kind, unit, hasAutomatic) = ("number", number.unit.rawValue, number.hasAutomatic)
                (range, names, titles) = ([number.range.lowerBound, number.range.upperBound], nil, nil)
            }
        }
    }

    private struct Table: Encodable {
        let settings: [Row]
        /// The last arguments of the two procedures, `name type`.
        let layerArguments: [String]
        let batchArguments: [String]
    }

    func run() throws {
        func arguments(_ subject: Setting.Subject) -> [String] {
            Setting.arguments(for: subject).map { "\($0.name) \($0.kind)" }
        }
        let encoder = JSONEncoder(), console = Console()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let table = Table(
            settings: Setting.all.map(Row.init), layerArguments: arguments(.layer), batchArguments: arguments(.files))
        try reportingErrors(to: console, Interruption(console)) {
            try console.result(String(decoding: encoder.encode(table), as: UTF8.self))
        }
    }
}
