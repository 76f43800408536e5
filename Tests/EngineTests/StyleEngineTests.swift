@testable import Engine
import Foundation
@testable import Models
import Raster
import Synchronization
import NetworkFixtures
import XCTest

final class StyleEngineTests: FolderTestCase {
    private func engine(digest: @escaping ModelCatalog.Digest = { _ in "0" }) -> StyleEngine {
        let installation = Installation(
            executable: "\(folder)/program",
            environment: [
                "GIMP_ANIME_STYLE_HOME": folder, "HOME": folder, "XDG_CACHE_HOME": "\(folder)/cache",
                "XDG_CONFIG_HOME": "\(folder)/config",
            ])
        return StyleEngine(installation: installation, digest: digest)
    }

    private func install(detector: Bool = true, sha256: String = "0") throws {
        for part in ["models", "detector"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        _ = try write(SampleNetwork.deep(), "models/sample.onnx")
        let manifest = """
            {"schema": 1, "id": "sample", "title": {"en": "Sample"}, "description": {}, "file": "sample.onnx",
             "sha256": "\(sha256)", "licence": "Apache-2.0", "version": "1",
             "input": {"name": "x", "layout": "NCHW", "channels": "RGB", "range": [-1, 1], "multiple": 8},
             "outputs": {"colour": "y"}, "lineTint": [0, 0, 0],
             "face": {"size": 512, "template": "ffhq512", "templateScale": 0.7},
             "tiling": {"allowed": true, "tile": 512, "overlap": 32}, "workingSize": 512,
             "defaults": {"strength": 1, "lines": 1, "keepColors": 0}}
            """
        _ = try write(Array(manifest.utf8), "models/sample.json")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/mesh", withDestinationPath: "\(repository)/.third-party/mediapipe")
        guard detector else { return }
        for name in ["pnet", "rnet", "onet"] {
            try FileManager.default.copyItem(
                atPath: "\(repository)/.third-party/mtcnn/\(name).onnx", toPath: "\(folder)/detector/\(name).onnx")
        }
    }

    func testPutsTheInstalledPartsTogether() throws {
        try install()
        let engine = engine()
        XCTAssertEqual(engine.catalog.models.map(\.manifest.id), ["sample"])
        engine.preload(style: "sample", precision: .half)
        let stylizer = try engine.stylizer(style: "sample", precision: .half)
        XCTAssertEqual(stylizer.generator.manifest.id, "sample")
        let faces = try engine.detector().faces(
            in: Bitmap(width: 64, height: 64, filledWith: SIMD4(0.5, 0.5, 0.5, 1)), minimumSize: 20)
        XCTAssertEqual(faces, [])
    }

    func testNamesWhatIsMissing() throws {
        try install(detector: false)
        XCTAssertTrue(
            refusal { _ = try engine().stylizer(style: "none", precision: .half) }.contains("“none” is not installed"))
        XCTAssertTrue(
            refusal { _ = try engine().stylizer(style: "sample", precision: .half) }.contains(
                "detector/pnet.onnx cannot be used"))
        engine().preload(style: "none", precision: .half)
    }

    func testRefusesAModelThatWasChanged() throws {
        try install(sha256: "abc")
        XCTAssertTrue(
            refusal { _ = try engine(digest: { _ in "abd" }).stylizer(style: "sample", precision: .half) }.contains(
                "does not match its checksum"))
    }

    /// Libraries beside the program are compared once for each change.
    func testADamagedLibraryIsNamed() throws {
        let calls = Mutex(0)
        func check(_ sum: String, in installation: String? = nil) throws {
            try InstalledLibraries(folder: installation ?? folder, cacheFolder: "\(folder)/kept") { _ in
                calls.withLock { $0 += 1 }
                return sum
            }.check()
        }
        XCTAssertNoThrow(try check("other"), "without a list there is nothing to compare")
        _ = try write([1, 2, 3], "libengine.so.1")
        _ = try write(Array("abc  libengine.so.1\n".utf8), "SHA256SUMS")
        XCTAssertTrue(refusal { try check("abd") }.contains("libengine.so.1 does not match its checksum"))
        for _ in 0..<3 { try check("abc") }
        XCTAssertEqual(calls.withLock { $0 }, 2, "what was found sound is not read again")
        _ = try write([1, 2, 4], "libengine.so.1")
        XCTAssertTrue(refusal { try check("abd") }.contains("libengine.so.1 does not match its checksum"))
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(folder)/kept") {
            chmod("\(folder)/kept/\(name)", 0o666)
        }
        _ = try write([1, 2, 3], "libengine.so.1")
        try check("abc")
        XCTAssertEqual(calls.withLock { $0 }, 4)
        try FileManager.default.createDirectory(atPath: "\(folder)/other", withIntermediateDirectories: true)
        for name in ["libengine.so.1", "SHA256SUMS"] {
            try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/other/\(name)")
        }
        for _ in 0..<2 {
            try check("abc", in: "\(folder)/other")
            try check("abc")
        }
        XCTAssertEqual(calls.withLock { $0 }, 5, "another installation does not take this one's place")
    }

    func testLoadsFromSeveralThreadsAtOnce() throws {
        try install()
        let engine = engine()
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            do {
                _ = try engine.stylizer(style: "sample", precision: .half)
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        XCTAssertEqual(failures.withLock { $0 }, [])
    }
}
