import Foundation
import XCTest

/// The arrows between folders of the core: `Package.swift` keeps those between modules.
final class FolderTests: XCTestCase {
    private struct Source {
        let folder: String
        /// Words outside comments and texts that do not follow a point.
        let words: [String]
        /// What other files may use: declared at the margin and not private.
        let declared: [String]
    }

    /// What lies in one folder may use what lies in another, or the other way round, but not both.
    func testNoTwoFoldersOfAModuleUseEachOther() throws {
        for module in ["Raster", "Settings", "Models", "Drawing"] {
            let sources = try sources(of: module)
            var home: [String: String] = [:], uses: [[String]: String] = [:]
            for source in sources { for name in source.declared { home[name] = source.folder } }
            XCTAssertGreaterThan(home.count, 5, module)
            for source in sources {
                for word in source.words {
                    if let other = home[word], other != source.folder { uses[[source.folder, other]] = word }
                }
            }
            for (pair, word) in uses where pair[0] < pair[1] {
                guard let back = uses[[pair[1], pair[0]]] else { continue }
                XCTFail("\(module)/\(pair[0]) uses \(word) of \(module)/\(pair[1]), which uses its \(back)")
            }
        }
    }

    private func sources(of module: String) throws -> [Source] {
        let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources/\(module)").standardized
        let names = try XCTUnwrap(FileManager.default.enumerator(atPath: root.path)).compactMap { $0 as? String }
        return try names.filter { $0.hasSuffix(".swift") }.map { name in
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            let lines = text.split(separator: "\n").map(Self.code)
            return Source(
                folder: name.split(separator: "/").dropLast().joined(separator: "/"),
                words: lines.flatMap(Self.words), declared: lines.compactMap(Self.declaration))
        }
    }

    /// A line without comments and without the texts in it.
    private static func code(_ line: Substring) -> String {
        var code = "", isText = false
        for character in line {
            if character == "\"" { isText.toggle() }
            if !isText { code.append(character) }
            if code.hasSuffix("//") { return String(code.dropLast(2)) }
        }
        return code
    }

    private static func words(_ code: String) -> [String] {
        var words: [String] = [], word = "", isMember = false, last: Character = " "
        for character in code + " " {
            if character.isLetter || character.isNumber || character == "_" {
                if word.isEmpty { isMember = last == "." }
                word.append(character)
            } else if !word.isEmpty {
                if !isMember { words.append(word) }
                word = ""
            }
            last = character
        }
        return words
    }

    private static func declaration(_ code: String) -> String? {
        guard let first = code.first, first.isLetter else { return nil }
        let words = words(code)
        guard !words.contains("private"),
            let kind = words.firstIndex(where: { ["struct", "class", "enum", "protocol", "func"].contains($0) }),
            words.indices.contains(kind + 1), !words[..<kind].contains("extension")
        else { return nil }
        return words[kind + 1]
    }
}
