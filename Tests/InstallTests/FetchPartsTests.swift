import Foundation
import XCTest

/// tools/fetch-parts.py with archives at hand, so that no registry is asked.
final class FetchPartsTests: XCTestCase {
    private var folder = ""
    private var destination: String { "\(folder)/parts" }
    private let archive = "sample-1.0-py3-none-any.whl"

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "fetch-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: "\(folder)/downloads", withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws {
        try FileManager.default.removeItem(atPath: folder)
    }

    /// Writes a wheel with these members and returns its sha256.
    private func makeWheel(_ members: [String: String]) throws -> String {
        let script = """
            import hashlib, json, sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w") as file:
                for name, text in sorted(json.loads(sys.argv[2]).items()):
                    file.writestr(zipfile.ZipInfo(name), text)
            print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())
            """
        let listed = String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
        return try execute("python3", ["-c", script, "\(folder)/downloads/\(archive)", listed]).text.trimmingCharacters(
            in: .whitespacesAndNewlines)
    }

    private func fetch(sha256: String, files: [[String: String]]) throws -> Outcome {
        let part: [String: Any] = [
            "name": "sample part", "package": "sample", "version": "1.0", "kind": "wheel", "archive": archive,
            "sha256": sha256, "licence": "MIT", "files": files,
        ]
        let lock = try JSONSerialization.data(withJSONObject: ["parts": [part]])
        try lock.write(to: URL(fileURLWithPath: "\(folder)/lock"))
        return try execute(
            "python3", ["\(repository)/tools/fetch-parts.py", "\(folder)/lock", destination],
            environment: ["GIMP_ANIME_STYLE_DOWNLOADS": "\(folder)/downloads", "PIP_NO_INDEX": "1"])
    }

    private func fetched() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: destination).filter { !$0.hasPrefix("stamps") }.sorted()
    }

    func testTakesOutWhatTheLockNamesAndKnowsItAgain() throws {
        let sum = try makeWheel(["a/one.txt": "1", "a/two.txt": "2", "b/three.txt": "3"])
        let files = [["from": "a/", "to": "letters/"]]
        XCTAssertEqual(try fetch(sha256: sum, files: files).status, 0)
        XCTAssertEqual(try fetched(), ["letters", "letters/one.txt", "letters/two.txt"])
        try FileManager.default.removeItem(atPath: "\(folder)/downloads/\(archive)")
        let again = try fetch(sha256: sum, files: files)
        XCTAssertEqual(again.status, 0, again.text)
        XCTAssertEqual(again.text, "", "nothing is fetched twice")
    }

    func testFetchesAgainWhenAFileIsGoneOrTheLockChanged() throws {
        let sum = try makeWheel(["one.txt": "1", "two.txt": "2"])
        XCTAssertEqual(try fetch(sha256: sum, files: [["from": "one.txt", "to": "one.txt"]]).status, 0)
        try FileManager.default.removeItem(atPath: "\(destination)/one.txt")
        XCTAssertEqual(try fetch(sha256: sum, files: [["from": "one.txt", "to": "one.txt"]]).status, 0)
        XCTAssertEqual(try fetched(), ["one.txt"])
        XCTAssertEqual(try fetch(sha256: sum, files: [["from": "two.txt", "to": "two.txt"]]).status, 0)
        XCTAssertEqual(try fetched(), ["two.txt"], "a file that the lock no longer names goes")
    }

    func testRefusesADamagedDownloadByName() throws {
        let sum = try makeWheel(["one.txt": "1"])
        let path = "\(folder)/downloads/\(archive)"
        let handle = try XCTUnwrap(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([0]))
        try handle.close()
        let outcome = try fetch(sha256: sum, files: [["from": "one.txt", "to": "one.txt"]])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.text.contains("sample part: the sha256 of \(archive) is"), outcome.text)
        XCTAssertTrue(outcome.text.contains("nothing was unpacked"), outcome.text)
        XCTAssertEqual(try fetched(), [])
    }

    func testADamagedDownloadKeepsWhatWasFetchedBefore() throws {
        let files = [["from": "one.txt", "to": "one.txt"]]
        XCTAssertEqual(try fetch(sha256: makeWheel(["one.txt": "old"]), files: files).status, 0)
        _ = try makeWheel(["one.txt": "changed"])
        XCTAssertEqual(try fetch(sha256: String(repeating: "0", count: 64), files: files).status, 1)
        XCTAssertEqual(try String(contentsOfFile: "\(destination)/one.txt", encoding: .utf8), "old")
    }

    func testRefusesFilesThatAreNotAsTheLockSays() throws {
        let sum = try makeWheel(["one.txt": "1", "up/../../escape.txt": "2"])
        let cases: [(files: [[String: String]], says: String)] = [
            ([["from": "none.txt", "to": "none.txt"]], "does not hold none.txt"),
            (
                [["from": "one.txt", "to": "one.txt", "sha256": String(repeating: "0", count: 64)]],
                "one.txt inside \(archive) does not match its sha256"
            ),
            ([["from": "up/", "to": "up/"]], "unsafe path"),
        ]
        for (files, says) in cases {
            let outcome = try fetch(sha256: sum, files: files)
            XCTAssertEqual(outcome.status, 1)
            XCTAssertTrue(outcome.text.contains("sample part: ") && outcome.text.contains(says), outcome.text)
            XCTAssertEqual(try fetched(), [])
        }
    }

    func testNamesThePartThatCannotBeDownloaded() throws {
        let outcome = try fetch(sha256: "0", files: [["from": "one.txt", "to": "one.txt"]])
        XCTAssertEqual(outcome.status, 1)
        XCTAssertTrue(outcome.text.contains("sample part: pip could not download sample 1.0"), outcome.text)
    }

    func testEveryPartOfTheLockIsPinned() throws {
        let lock =
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: "\(repository)/third-party.lock"))) as? [String: Any]
        let parts = try XCTUnwrap(lock?["parts"] as? [[String: Any]])
        XCTAssertEqual(
            Set(parts.compactMap { $0["name"] as? String }),
            ["openvino", "mtcnn", "mediapipe", "portrait", "group-photo"])
        for part in parts {
            XCTAssertEqual((part["sha256"] as? String)?.count, 64)
            for field in ["package", "version", "archive", "licence", "use"] {
                XCTAssertNotNil(part[field] as? String, field)
            }
        }
    }
}
