import Foundation
import XCTest

/// What GIMP has noted of a procedure when it asked the plug-in: the same as its procedure browser shows.
struct ProcedureDocumentation {
    let arguments: [String]
    /// In the order of `arguments`.
    let texts: [String]
    let results: [String]

    init(_ procedure: String) throws {
        let session = try GimpSession.shared.get()
        _ = try session.run("(gimp-message \"\")")
        let registry = try session.registry()
        let start = try XCTUnwrap(registry.range(of: "(proc-def \"\(procedure)\" "), "GIMP does not know \(procedure)")
        let rest = registry[start.upperBound...]
        let definition = rest[..<(rest.range(of: "(proc-def ")?.lowerBound ?? rest.endIndex)]
        // GIMP 3 notes two types before the name and a short name after it.
        let (name, text) = GimpHost.is3 ? (2, 4) : (0, 1)
        let parameters = definition.split(separator: "\n").filter { $0.contains("(proc-arg ") }.map(Self.quoted)
        let counts = definition.split(separator: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }.first {
            $0.count == 2
        }
        let count = try XCTUnwrap(counts?.first)
        arguments = parameters.prefix(count).map { $0[name] }
        texts = parameters.prefix(count).map { $0[text] }
        results = parameters.dropFirst(count).map { $0[name] }
    }

    /// The texts between quotation marks.
    private static func quoted(_ line: Substring) -> [String] {
        line.replacingOccurrences(of: "\\\"", with: "”").split(separator: "\"", omittingEmptySubsequences: false)
            .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
