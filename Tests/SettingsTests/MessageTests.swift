@testable import Settings
import XCTest

final class MessageTests: XCTestCase {
    private let file = "a.png"

    func testALiteralMakesATemplateAndEnglish() {
        let message: Message = "\(file) has \(3) faces, \(0.5) of them “\("small")”"
        XCTAssertEqual(message.template, "%1 has %2 faces, %3 of them “%4”")
        XCTAssertEqual("\(message)", "a.png has 3 faces, 0.5 of them “small”")
    }

    func testATranslationMayChangeTheOrder() {
        let message: Message = "\(file) has \(3) faces"
        XCTAssertEqual(message.text { $0 == "%1 has %2 faces" ? "%2 Gesichter in %1" : $0 }, "3 Gesichter in a.png")
    }

    func testMessagesInMessagesAreTranslatedAndNamesAreNot() {
        let dictionary = [
            "it is a folder": "es ist ein Ordner", "%1 cannot be read (%2)": "%1 ist nicht lesbar (%2)", "it": "FALSCH",
        ]
        let message: Message = "\("it") cannot be read (\("it is a folder" as Message))"
        XCTAssertEqual(message.text { dictionary[$0] ?? $0 }, "it ist nicht lesbar (es ist ein Ordner)")
        XCTAssertEqual(Message(verbatim: "it").text { dictionary[$0] ?? $0 }, "it")
    }

    /// File names may hold anything, and translators err.
    func testPercentSignsInValuesAndUnknownNumbersStay() {
        let message: Message = "100 % of \("%2 %1") and \("%")"
        XCTAssertEqual("\(message)", "100 % of %2 %1 and %")
        XCTAssertEqual(message.text { _ in "%1 %9 %0 %" }, "%2 %1 %9 %0 %")
        XCTAssertEqual(message.text { _ in "%99999999999999999999" }, "%99999999999999999999")
    }

    func testMoreThanNineValues() {
        let message: Message = "\(1) \(2) \(3) \(4) \(5) \(6) \(7) \(8) \(9) \(10) \(11)"
        XCTAssertEqual("\(message)", "1 2 3 4 5 6 7 8 9 10 11")
    }

    func testErrorsKeepTheirReasonsTranslatable() {
        let error = StyleError.unreadableFile(path: file, reason: "it is a folder")
        XCTAssertTrue(
            error.message.text { $0 == "it is a folder" ? "es ist ein Ordner" : $0 }.contains(
                "a.png cannot be read (es ist ein Ordner)"))
        XCTAssertEqual(error, .unreadableFile(path: file, reason: Message(verbatim: "it is a folder")))
        XCTAssertEqual(error.description, "\(error)")
    }
}
