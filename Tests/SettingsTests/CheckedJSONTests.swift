import Foundation
import XCTest

@testable import Settings

/// JSON that somebody else wrote.
final class CheckedJSONTests: XCTestCase {
    private indirect enum Nested: Decodable {
        case some([Nested])

        init(from decoder: Decoder) throws { self = .some(try [Nested](from: decoder)) }
    }

    private func nested(_ levels: Int) -> Data {
        Data((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
    }

    func testDepthIsCheckedBeforeDecoding() throws {
        XCTAssertNoThrow(try CheckedJSON.decode(Nested.self, from: nested(32)))
        for levels in [33, 513, 100_000] {
            XCTAssertThrowsError(try CheckedJSON.decode(Nested.self, from: nested(levels))) {
                XCTAssertTrue($0 is CheckedJSON.TooDeep, "\($0)")
            }
        }
        XCTAssertThrowsError(try CheckedJSON.decode(Nested.self, from: Data(repeating: 0x5B, count: 513)))
        let objects = String(repeating: "{\"a\":", count: 600) + "1" + String(repeating: "}", count: 600)
        XCTAssertThrowsError(try CheckedJSON.decode(Nested.self, from: Data(objects.utf8)))
    }

    func testBracketsInTextsDoNotCount() throws {
        let text = String(repeating: "[{", count: 500) + "\\\"[" + String(repeating: "\\\\", count: 3)
        XCTAssertEqual(try CheckedJSON.decode([String].self, from: Data("[\"\(text)\"]".utf8)).count, 1)
    }

    func testOtherEncodingsAreRefused() throws {
        let wide = try XCTUnwrap(String(repeating: "[", count: 600).data(using: .utf16))
        XCTAssertThrowsError(try CheckedJSON.decode([String].self, from: wide)) {
            XCTAssertTrue($0 is CheckedJSON.OtherEncoding)
        }
    }
}
