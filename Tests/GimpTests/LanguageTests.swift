import Foundation
import XCTest

/// GIMP in other languages. The locale in which the tests run, see `GimpSession`, honours LANGUAGE.
final class LanguageTests: XCTestCase {
    private static let refusals = """
        (let* ((image (portrait)) (layer (photo-layer image)))
          (say "case" "value") (plug-in-anime-style RUN-NONINTERACTIVE image layer "" -1 -1 -1 -1 15 -1 -1 -1 -1 -1))
        """
    private static let unknownStyle = """
        (let* ((image (portrait)) (layer (photo-layer image)))
          (say "case" "style")
          (plug-in-anime-style RUN-NONINTERACTIVE image layer "none" -1 -1 -1 -1 -1 -1 -1 -1 -1 -1))
        """

    override func setUpWithError() throws { try GimpSession.shared.get().addLanguages() }

    func testErrorsAreInTheUsersLanguage() throws {
        let session = try GimpSession.shared.get()
        let cases = [
            ("zh_CN", "min-face 不能取值 15；请使用 0，或 16 至 100000。", "没有安装风格“none”"),
            (
                "xx", "The value 15 for min-face is not allowed; use 0, or 16 to 100000.",
                "The style “none” is not installed"
            ),
            // GIMP 3 asks all of its plug-ins again for another language; the next test has the last one too.
            (
                "de", "Der Wert 15 für min-face ist nicht erlaubt; erlaubt ist: 0 oder 16 bis 100000.",
                "Der Stil „none“ ist nicht installiert"
            ),
        ]
        for (language, value, style) in cases {
            let output = try session.run(Self.refusals, Self.unknownStyle, environment: ["LANGUAGE": language])
            XCTAssertTrue(output.section("value").contains(value), "\(language): \(output.text)")
            XCTAssertTrue(output.section("style").contains(style), "\(language): \(output.text)")
        }
    }

    /// GIMP 2.10 translates menu entries itself, by the catalogue that the plug-in registered and the label it gave; to
    /// GIMP 3 the plug-in gives them translated.
    func testTheMenuEntryIsInTheUsersLanguage() throws {
        let session = try GimpSession.shared.get()
        _ = try session.run("(gimp-message \"\")", environment: GimpHost.is3 ? ["LANGUAGE": "de"] : [:])
        let registry = try session.registry()
        if GimpHost.is3 {
            XCTAssertTrue(registry.contains("_Anime-Stil …"), registry)
            return
        }
        XCTAssertTrue(
            registry.contains("(locale-def \"gimp-anime-style\" \"${gimp_dir}/plug-ins/gimp-anime-style/locale\""),
            registry)
        XCTAssertTrue(registry.contains("\"_Anime Style…\""), registry)
        let german = try String(contentsOf: GimpSession.root.appendingPathComponent("Plugin/po/de.po"), encoding: .utf8)
        XCTAssertTrue(german.contains("msgid \"_Anime Style…\"\nmsgstr \"_Anime-Stil …\""))
    }
}
