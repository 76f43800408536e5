import Foundation
import XCTest

/// The catalogues in Plugin/po: complete, well-formed and about what the sources say now.
final class TranslationTests: XCTestCase {
    private static let languages = ["de", "es", "fr", "ja", "ko", "zh_CN", "zh_TW"]
    private let folder = "\(repository)/Plugin/po"
    private var template: String { "\(folder)/gimp-anime-style.pot" }

    func testEveryLanguageIsThere() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".po") }
        XCTAssertEqual(names.sorted(), Self.languages.map { "\($0).po" })
    }

    func testTheTemplateHasExactlyTheTextsOfTheSources() throws {
        let outcome = try execute("python3", ["\(folder)/extract.py", "--check"])
        XCTAssertEqual(outcome.status, 0, outcome.text)
    }

    /// msgfmt compares placeholders, line ends and mnemonics with the English text; msgcmp wants every text, none of
    /// them fuzzy.
    func testEveryTextIsTranslatedInEveryLanguage() throws {
        for language in Self.languages {
            let catalogue = "\(folder)/\(language).po"
            let complete = try execute("msgcmp", [catalogue, template])
            XCTAssertEqual(complete.status, 0, "\(language): \(complete.text)")
            let sound = try execute("msgfmt", ["--check", "--check-accelerators=_", "-o", "/dev/null", catalogue])
            XCTAssertEqual(sound.status, 0, "\(language): \(sound.text)")
            XCTAssertEqual(sound.text, "", language)
        }
    }

    /// What msgfmt does not look at: placeholders beside text that is no format, the ellipsis of a menu entry, and
    /// spaces at the ends.
    func testTranslationsKeepPlaceholdersAndEnds() throws {
        for language in Self.languages {
            for (text, translation) in try entries(language) where !text.isEmpty {
                XCTAssertEqual(placeholders(translation), placeholders(text), "\(language): \(text)")
                XCTAssertEqual(translation.contains("…"), text.contains("…"), "\(language): \(text)")
                XCTAssertEqual(translation.hasPrefix(" "), text.hasPrefix(" "), "\(language): \(text)")
                XCTAssertEqual(translation.hasSuffix(" "), text.hasSuffix(" "), "\(language): \(text)")
            }
        }
    }

    func testStylesHaveATitleAndADescriptionInEveryLanguage() throws {
        let models = "\(repository)/Models"
        let manifests = try FileManager.default.contentsOfDirectory(atPath: models).filter { $0.hasSuffix(".json") }
        XCTAssertFalse(manifests.isEmpty)
        for name in manifests {
            let manifest =
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: "\(models)/\(name)")))
                as? [String: Any]
            for field in ["title", "description"] {
                let texts = try XCTUnwrap(manifest?[field] as? [String: String], "\(name): \(field)")
                XCTAssertEqual(
                    texts.filter { !$0.value.isEmpty }.keys.sorted(), ["de", "en"] + Self.languages.dropFirst(),
                    "\(name): \(field)")
            }
        }
    }

    /// Texts and translations, through msgfmt's own reading of the catalogue.
    private func entries(_ language: String) throws -> [(text: String, translation: String)] {
        let script = """
            import gettext, json, subprocess, sys, tempfile
            with tempfile.NamedTemporaryFile() as file:
                subprocess.run(["msgfmt", "-o", file.name, sys.argv[1]], check=True)
                texts = gettext.GNUTranslations(open(file.name, "rb"))._catalog
                # A text with a plural is there once for each form, under its singular and the form's number.
                print(json.dumps([[key if isinstance(key, str) else key[0], texts[key]] for key in texts]))
            """
        let outcome = try execute("python3", ["-c", script, "\(folder)/\(language).po"])
        XCTAssertEqual(outcome.status, 0, outcome.text)
        let found = try JSONDecoder().decode([[String]].self, from: Data(outcome.text.utf8))
        XCTAssertGreaterThan(found.count, 50, language)
        return found.map { ($0[0], $0[1]) }
    }

    private func placeholders(_ text: String) -> [String] {
        text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().map {
            String($0.prefix { $0.isASCII && $0.isNumber })
        }
        .filter { !$0.isEmpty }.sorted()
    }

    func testTheExtractorSeesEveryWayATextIsWritten() throws {
        let sample = NSTemporaryDirectory() + "extract-" + UUID().uuidString
        defer { XCTAssertNoThrow(try FileManager.default.removeItem(atPath: sample)) }
        try FileManager.default.createDirectory(atPath: "\(sample)/Plugin/po", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            atPath: "\(sample)/Sources/AnimePlugin", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(folder)/extract.py", toPath: "\(sample)/Plugin/po/extract.py")
        try #"""
        // tr("a comment")
        let a = tr("plain \(name("x", y)) and “\(z)”"), b = tr(flag ? "yes" : "no"), c = other("not marked")
        func refuse(_ id: Int, _ why: Message, reason: Message) { refuse(1, "second", reason: "labelled\n\u{2014}") }
        var message: Message { switch self { case .list: return "found \(all.joined(separator: ", ")) there" } }
        let constant: Message = "value", long = N_("""
            one \
            line
            """), digits = tr("\(width)×\(height)"), counted = tr(n, one: "\(n) face", many: "\(n) faces")
        """#.write(toFile: "\(sample)/Sources/AnimePlugin/Sample.swift", atomically: true, encoding: .utf8)
        let outcome = try execute("python3", ["\(sample)/Plugin/po/extract.py"])
        XCTAssertTrue(outcome.text.contains("msgid \"%1 face\"\nmsgid_plural \"%1 faces\"\n"), outcome.text)
        let found = outcome.text.split(separator: "\n").filter { $0.hasPrefix("msgid ") }.map {
            String($0.dropFirst(6))
        }.dropFirst()
        XCTAssertEqual(
            Set(found),
            [
                #""plain %1 and “%2”""#, #""yes""#, #""no""#, #""second""#, #""labelled\n—""#, #""found %1 there""#,
                #""value""#, #""one line""#, #""%1 face""#,
            ])
    }
}
