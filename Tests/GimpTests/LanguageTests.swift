import Foundation
import XCTest

/// GIMP in other languages. `C.UTF-8`, in which the tests run, honours LANGUAGE, so that no other locale has to be there.
final class LanguageTests: XCTestCase {
    private static let refusals = """
        (let* ((image (portrait)) (layer (photo-layer image)))
          (say "case" "value") (plug-in-anime-style RUN-NONINTERACTIVE image layer "" 101 -1 -1 -1 -1 -1 -1 -1 -1 -1))
        """
    private static let unknownStyle = """
        (let* ((image (portrait)) (layer (photo-layer image)))
          (say "case" "style") (plug-in-anime-style RUN-NONINTERACTIVE image layer "none" -1 -1 -1 -1 -1 -1 -1 -1 -1 -1))
        """

    override func setUpWithError() throws {
        let session = try GimpSession.shared.get()
        for name in try FileManager.default.contentsOfDirectory(atPath: GimpSession.root.appendingPathComponent("Plugin/po").path) where name.hasSuffix(".po") {
            let folder = session.plugIn.appendingPathComponent("locale/\(name.dropLast(3))/LC_MESSAGES")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let compiler = Process()
            compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            compiler.arguments = ["msgfmt", "-o", folder.appendingPathComponent("gimp-anime-style.mo").path,
                                  GimpSession.root.appendingPathComponent("Plugin/po/\(name)").path]
            try compiler.run()
            compiler.waitUntilExit()
            XCTAssertEqual(compiler.terminationStatus, 0, name)
        }
    }

    func testErrorsAreInTheUsersLanguage() throws {
        let session = try GimpSession.shared.get()
        let cases = [("de", "Der Wert 101 für strength ist nicht erlaubt; erlaubt ist: 0 bis 100.", "Der Stil „none“ ist nicht installiert"),
                     ("zh_CN", "strength 不能取值 101；请使用 0 至 100。", "没有安装风格“none”"),
                     ("xx", "The value 101 for strength is not allowed; use 0 to 100.", "The style “none” is not installed")]
        for (language, value, style) in cases {
            let output = try session.run(Self.refusals, Self.unknownStyle, environment: ["LANGUAGE": language])
            XCTAssertTrue(output.section("value").contains(value), "\(language): \(output.text)")
            XCTAssertTrue(output.section("style").contains(style), "\(language): \(output.text)")
        }
    }

    /// GIMP translates menu entries itself, by the catalogue that the plug-in registered and the label it gave.
    func testTheMenuEntryIsRegisteredWithItsCatalogue() throws {
        let session = try GimpSession.shared.get()
        _ = try session.run("(gimp-message \"\")")
        // Other plug-ins register texts that are no UTF-8.
        let profile = session.plugIn.deletingLastPathComponent().deletingLastPathComponent()
        let registry = String(decoding: try Data(contentsOf: profile.appendingPathComponent("pluginrc")), as: UTF8.self)
        XCTAssertTrue(registry.contains("(locale-def \"gimp-anime-style\" \"${gimp_dir}/plug-ins/gimp-anime-style/locale\""), registry)
        XCTAssertTrue(registry.contains("\"_Anime Style…\""), registry)
        let german = try String(contentsOf: GimpSession.root.appendingPathComponent("Plugin/po/de.po"), encoding: .utf8)
        XCTAssertTrue(german.contains("msgid \"_Anime Style…\"\nmsgstr \"_Anime-Stil …\""))
    }
}
