import DrawingFixtures
import Foundation
@testable import Models
import Settings
import XCTest

final class ModelCatalogTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "/catalog-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/a", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder + "/b", withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(atPath: folder)
    }

    private func put(_ model: ModelManifest, _ place: String, onnx: Bool = true) throws {
        try JSONEncoder().encode(model).write(to: URL(fileURLWithPath: "\(folder)/\(place).json"))
        if onnx { try Data("graph".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(place.prefix(1))/\(model.file)")) }
    }

    private func catalog(_ digest: String? = nil) -> ModelCatalog {
        ModelCatalog(folders: ["\(folder)/a", "\(folder)/b", "\(folder)/none"]) { _ in digest }
    }

    func testTheFirstOfTwoModelsOfOneIdStaysAndTheSecondIsReported() throws {
        var first = manifest(), second = manifest()
        first.version = "first"
        second.version = "second"
        try put(second, "b/echo")
        try put(first, "a/echo")
        XCTAssertEqual(try catalog().model("echo").manifest.version, "first")
        XCTAssertEqual(catalog().models.count, 1)
        XCTAssertEqual(catalog().problems.count, 1)
        XCTAssertTrue(
            "\(catalog().problems)".contains("its id “echo” is that of \(folder)/a/echo.onnx"), "\(catalog().problems)")
    }

    func testADamagedModelIsRefused() throws {
        var model = manifest()
        model.sha256 = "abc"
        try put(model, "a/echo")
        XCTAssertNoThrow(try catalog("abc").model("echo"))
        XCTAssertThrowsError(try catalog("abd").model("echo")) {
            XCTAssertEqual($0 as? StyleError, .modelChecksum(file: "\(folder)/a/echo.onnx"))
        }
        XCTAssertThrowsError(try catalog(nil).model("echo"), "a file that cannot be read does not pass") {
            XCTAssertEqual(
                $0 as? StyleError,
                .modelUnreadable(file: "\(folder)/a/echo.onnx", reason: "you may not read it"))
        }
    }

    /// Makes this thread, and no other, touch files as the user of this number, where the program may.
    ///
    /// `seteuid` interrupts every thread of the process: one run of all tests ended with signal 11 in this test. The
    /// modules of Glibc do not have `setfsuid`.
    /// - Returns: the number until now; `nil` where the function is missing.
    private func filesOwner(_ user: uid_t) -> uid_t? {
        typealias SetFilesOwner = @convention(c) (uid_t) -> CInt
        guard let symbol = dlsym(nil, "setfsuid") else { return nil }
        return uid_t(bitPattern: unsafeBitCast(symbol, to: SetFilesOwner.self)(user))
    }

    /// A folder of models that the user may not look into is named, whether a style is asked for or any.
    func testAClosedFolderIsNamed() throws {
        try put(manifest(), "a/echo")
        var seen = manifest()
        seen.id = "seen"
        chmod("\(folder)/a", 0)
        defer { chmod("\(folder)/a", 0o755) }
        // Root may look into every folder.
        let was = try XCTUnwrap(filesOwner(65534))
        defer { _ = filesOwner(was) }
        let said = StyleError.unreadableFolder(path: "\(folder)/a", reason: "permission denied")
        let catalog = catalog()
        XCTAssertThrowsError(try catalog.model("echo")) { XCTAssertEqual($0 as? StyleError, said) }
        XCTAssertThrowsError(try catalog.first()) { XCTAssertEqual($0 as? StyleError, said) }
        XCTAssertEqual(catalog.problems, [said])
        _ = filesOwner(was)
        try put(seen, "b/seen")
        _ = filesOwner(65534)
        XCTAssertThrowsError(try self.catalog().model("echo")) {
            XCTAssertEqual(
                $0 as? StyleError,
                .styleOutOfSight(name: "echo", known: ["seen"], folder: "\(folder)/a", reason: "permission denied"))
        }
    }

    func testAMissingModelNamesThePlacesSearched() throws {
        XCTAssertThrowsError(try catalog().model("ghibli")) {
            XCTAssertEqual(
                $0 as? StyleError,
                .modelMissing(name: "ghibli", searched: ["\(folder)/a", "\(folder)/b", "\(folder)/none"]))
        }
        try put(manifest(), "a/echo", onnx: false)
        XCTAssertThrowsError(try catalog().model("echo"), "a manifest without its file is no model")
    }

    func testAnUnknownModelNamesTheKnownOnes() throws {
        try put(manifest(), "a/echo")
        XCTAssertThrowsError(try catalog().model("ehco")) {
            XCTAssertEqual($0 as? StyleError, .unknownStyle(name: "ehco", known: ["echo"]))
        }
    }

    func testIdsAreWords() throws {
        for id in ["a", "0", "my-style", "a.b_c-d9", String(repeating: "a", count: 64)] {
            XCTAssertTrue(ModelManifest.isUsable(id: id), id)
        }
        for id in ["", "--help", "-a", ".a", "_a", "A", "é", "a b", "a/b", "a\n", String(repeating: "a", count: 65)] {
            XCTAssertFalse(ModelManifest.isUsable(id: id), id)
            XCTAssertTrue(ModelManifest.isUsable(id: ModelManifest.usableID(id)), id)
        }
        XCTAssertEqual(ModelManifest.usableID("AnimeGANv2_Hayao 64"), "animeganv2_hayao-64")
    }

    /// A manifest may be anything, and what it says is shown.
    func testHostileManifestsAreRefusedOrShownSafely() throws {
        try Data(String(repeating: "[", count: 513).utf8).write(to: URL(fileURLWithPath: folder + "/a/deep.json"))
        var loud = manifest()
        loud.title = ["en": "\u{1B}[2Jloud\n"]
        try put(loud, "a/loud")
        var long = manifest()
        long.id = String(repeating: "a", count: 65)
        try put(long, "b/long")
        var wide = manifest()
        wide.id = "wide"
        wide.tiling = .init(allowed: true, tile: 64, overlap: 1024)
        try put(wide, "b/wide")
        let catalog = self.catalog()
        XCTAssertEqual(catalog.problems.count, 3, "\(catalog.problems)")
        XCTAssertTrue("\(catalog.problems)".contains("nests deeper than 32 levels"), "\(catalog.problems)")
        XCTAssertTrue("\(catalog.problems)".contains("is longer than 64 characters"), "\(catalog.problems)")
        XCTAssertEqual(catalog.models.first?.manifest.title(languages: []), "\\x1B[2Jloud\\x0A")
    }

    func testBrokenManifestsAreReportedAndTheOthersStay() throws {
        try put(manifest(), "a/echo")
        try Data("{ not json".utf8).write(to: URL(fileURLWithPath: folder + "/a/broken.json"))
        var wild = manifest()
        wild.id = "wild"
        wild.face.size = 511
        try put(wild, "b/wild")
        wild.file = "../../etc/passwd"
        try put(wild, "b/escape", onnx: false)
        let catalog = self.catalog()
        XCTAssertEqual(catalog.models.map(\.manifest.id), ["echo"])
        XCTAssertEqual(catalog.problems.count, 3)
        for problem in catalog.problems { XCTAssertTrue("\(problem)".contains("cannot be used"), "\(problem)") }
    }

    func testAFieldOfAnEarlierVersionIsIgnored() throws {
        try put(manifest(), "a/echo")
        let file = URL(fileURLWithPath: folder + "/a/echo.json")
        var fields = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var defaults = try XCTUnwrap(fields["defaults"] as? [String: Any])
        defaults["toneSteps"] = 0.5
        fields["defaults"] = defaults
        try JSONSerialization.data(withJSONObject: fields).write(to: file)
        XCTAssertEqual(try catalog().model("echo").manifest, manifest())
    }

    func testTitlesFallBackToEnglish() {
        var model = manifest()
        model.title = ["en": "Cel", "zh_CN": "赛璐璐"]
        XCTAssertEqual(model.title(languages: ["zh_CN"]), "赛璐璐")
        XCTAssertEqual(model.title(languages: ["fr_FR", "de"]), "Cel")
        model.title = [:]
        XCTAssertEqual(model.title(languages: ["fr"]), "echo")
    }
}
