@testable import Settings
import XCTest

/// What somebody may have meant.
final class SimilarityTests: XCTestCase {
    func testTheNearestNameIsFound() {
        let styles = ["cel", "luminous", "soft"]
        for (given, meant) in [
            ("cell", "cel"), ("CEL", "cel"), ("lumnious", "luminous"), ("sotf", "soft"), ("lumin", "luminous"),
            ("ghibli", nil), ("", nil), ("x", nil), ("water", nil),
        ] {
            XCTAssertEqual(Similarity.closest(to: given, among: styles), meant, given)
        }
        XCTAssertNil(Similarity.closest(to: "cel", among: []))
    }

    func testDistances() {
        func distance(_ a: String, _ b: String) -> Int { Similarity.distance(Array(a), Array(b)) }
        XCTAssertEqual(distance("", "abc"), 3)
        XCTAssertEqual(distance("abc", "abc"), 0)
        XCTAssertEqual(distance("abcd", "acbd"), 1)
        XCTAssertEqual(distance("kitten", "sitting"), 3)
    }

    func testErrorsSuggest() {
        XCTAssertEqual(
            "\(StyleError.unknownStyle(name: "cell", known: ["cel", "soft"]))",
            "The style “cell” is not installed, perhaps “cel” is meant; use one of: cel, soft.")
        XCTAssertEqual(
            "\(StyleError.unknownSetting(name: "linse", known: ["lines"]))",
            "There is no setting “linse”, perhaps “lines” is meant; use one of: lines.")
        XCTAssertEqual(
            "\(StyleError.unknownStyle(name: "oil", known: ["cel", "soft"]))",
            "The style “oil” is not installed; use one of: cel, soft.")
    }
}
