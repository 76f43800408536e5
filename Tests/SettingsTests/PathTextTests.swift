import Settings
import XCTest

/// Paths keep their bytes, and what is shown commands nothing.
final class PathTextTests: XCTestCase {
    func testAllBytesComeBack() {
        let names: [[UInt8]] = [
            [], Array("plain.jpg".utf8), Array("写真.jpg".utf8), [0xE9], Array("caf".utf8) + [0xE9, 0x2E],
            [0xC3], [0xC3, 0x28], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x8F, 0xBE, 0x80, 0x41], [0xED, 0xA0, 0x80],
            [0xFF, 0xFE, 0x80], Array(1...255), Array("e\u{301}".utf8),
        ]
        for name in names { XCTAssertEqual(String(path: name).pathBytes, name, "\(name)") }
        XCTAssertEqual(Set(names.map { Array(String(path: $0).utf8) }).count, names.count, "no two become the same")
        XCTAssertEqual(String(path: Array("caf".utf8) + [0xE9]).printable, "caf\\xE9")
    }

    func testPathsAreDelivered() {
        let name: [UInt8] = Array("a".utf8) + [0xFE] + Array("b".utf8)
        let delivered = String(path: name).withPath { String(path: $0).pathBytes }
        XCTAssertEqual(delivered, name)
    }

    func testPartsOfPaths() {
        XCTAssertEqual("a/b/c".parentFolder, "a/b")
        XCTAssertEqual("/c".parentFolder, "/")
        XCTAssertEqual("c".parentFolder, ".")
        XCTAssertEqual("a/b/c.jpg".lastPathPart, "c.jpg")
        XCTAssertEqual("c.jpg".lastPathPart, "c.jpg")
        XCTAssertEqual(Array("a/\u{301}b".lastPathPart.utf8), Array("\u{301}b".utf8), "a mark belongs to no slash")
        XCTAssertEqual(Array("a/\u{301}b".path(behind: "a/").utf8), Array("\u{301}b".utf8))
    }

    func testWhatIsShownCommandsNothing() {
        XCTAssertEqual("\u{1B}[2J\u{7}\r\nok".printable, "\\x1B[2J\\x07\\x0D\\x0Aok")
        XCTAssertEqual("a\u{9B}31m\u{7F}".printable, "a\\x9B31m\\x7F")
        XCTAssertEqual("photo\u{202E}gpj.exe".printable, "photo\\u202Egpj.exe")
        for plain in ["", "Übung 写真 “a” …", "👩‍🎤 e\u{301}"] { XCTAssertEqual(plain.printable, plain) }
    }

    func testMessagesAreShownSafely() {
        let error = StyleError.unreadableFile(path: "a\u{1B}]0;b", reason: "it is \("c\nd")")
        XCTAssertEqual(
            "\(error)", "The file a\\x1B]0;b cannot be read (it is c\\x0Ad); check the path and that it is a picture.")
        XCTAssertEqual("\(Message(template: "x\u{1B}"))", "x\\x1B")
        XCTAssertEqual("\(Message(verbatim: "x\u{1B}"))", "x\\x1B")
    }
}
