#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Engine
import Models
import Settings

/// Installed style models.
struct Models: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the styles: the installed ones and those you added.",
        discussion:
            """
            A model that you added is tried once, which can take some seconds; why one cannot be used is said on \
            standard error.
            """
    )

    @Flag(help: "Print the list as JSON.")
    var json = false

    func run() throws {
        let console = Console()
        let interruption = Interruption(console)
        try reportingErrors(to: console, interruption) {
            try console.checkResults()
            let catalog = try interruption.endingAtOnce { StyleEngine.installed().triedCatalog() }
            let entries = catalog.models.map { Entry($0) }
            if json {
                try console.result(JSONLine.document(entries))
            } else {
                try entries.forEach {
                    try console.result([$0.id, $0.title, $0.licence, $0.path].map(\.printable).joined(separator: "\t"))
                }
            }
            catalog.problems.forEach { console.error("\($0)") }
            if entries.isEmpty { throw StyleError.modelMissing(name: "any", searched: catalog.folders) }
        }
    }

    private struct Entry: Codable {
        var id: String
        var title: String
        var description: String
        var licence: String
        var version: String
        var path: String
        var pathBytes: Data?

        init(_ model: InstalledModel) {
            let language = ProcessInfo.processInfo.environment["LANG"].map { [String($0.prefix { $0 != "." })] } ?? []
            id = model.manifest.id
            title = model.manifest.title(languages: language)
            description = model.manifest.description(languages: language)
            licence = model.manifest.licence.printable
            version = model.manifest.version.printable
            path = model.path.jsonText
            pathBytes = model.path.jsonBytes
        }
    }
}
