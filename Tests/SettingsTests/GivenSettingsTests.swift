import Settings
import XCTest

/// What callers give: by place, and in lists of `name=value`.
final class GivenSettingsTests: XCTestCase {
    private func read(_ list: String, _ subject: Setting.Subject = .layer) throws -> GivenSettings {
        var given = GivenSettings()
        try given.read(list: list, for: subject)
        return given
    }

    private func refusal(_ list: String, _ subject: Setting.Subject = .layer) -> String {
        do {
            _ = try read(list, subject)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    func testArgumentsByPlace() throws {
        let usual = DrawingSettings(style: "soft", defaults: ["lines": 0.5])
        let given = try GivenSettings(
            arguments: [.text("cel"), .number(80), .number(0), .number(-1), .number(-1), .number(20)], for: .layer)
        XCTAssertEqual(given.style, "cel")
        let options = given.applied(to: usual).options
        XCTAssertEqual(options.strength, 0.8)
        XCTAssertEqual(options.region, .faces)
        XCTAssertEqual(options.lineStrength, 0.5, "left out, so as the style wants it")
        XCTAssertEqual(options.minimumFaceSize, 20)
        XCTAssertEqual(try GivenSettings(arguments: [], for: .files), GivenSettings())
        XCTAssertThrowsError(try GivenSettings(arguments: [.text(""), .number(101)], for: .layer))
    }

    func testTheListCountsMoreThanThePlaces() throws {
        var arguments: [Setting.Value] = Setting.arguments(for: .files).map {
            $0.kind == .text ? .text("") : .number(GivenSettings.leftOut)
        }
        XCTAssertEqual(try GivenSettings(arguments: arguments, for: .files), GivenSettings(), "all left out")
        arguments[1] = .number(10)
        arguments[arguments.count - 1] = .text("strength=20; lighting = 30% ;;strength=40;")
        let options = try GivenSettings(arguments: arguments, for: .files).applied(to: DrawingSettings()).options
        XCTAssertEqual(options.strength, 0.4)
        XCTAssertEqual(options.lighting, 0.3)
    }

    /// Hosts keep last values as arguments.
    func testSettingsGoThroughArgumentsAndBack() throws {
        var settings = DrawingSettings(style: "soft", defaults: ["lines": 0.5])
        for setting in Setting.all {
            guard case let .number(number) = setting.kind else { continue }
            setting.write(.number(number.range.upperBound), to: &settings)
        }
        let arguments = Setting.arguments(for: .layer).map {
            $0.setting?.value(in: settings) ?? .text(Setting.list(of: settings, for: .layer))
        }
        let given = try GivenSettings(arguments: arguments, for: .layer)
        XCTAssertEqual(given.style, "soft")
        XCTAssertEqual(given.applied(to: DrawingSettings(style: "soft", defaults: [:])), settings)
    }

    func testUnknownNamesAndBadValuesAreOneSentence() {
        XCTAssertEqual(
            refusal("colour=3"),
            "There is no setting “colour”; use one of: \(Setting.all.map(\.name).joined(separator: ", ")).")
        XCTAssertTrue(
            refusal("output=layer", .files).hasPrefix("There is no setting “output”; use one of: style, region"))
        XCTAssertEqual(refusal("strength=101"), "The value 101 for strength is not allowed; use 0 to 100.")
        XCTAssertEqual(refusal("strength"), "The value “” for strength is not allowed; use 0 to 100.")
        XCTAssertEqual(refusal("strength=1=2"), "The value 1=2 for strength is not allowed; use 0 to 100.")
        XCTAssertTrue(refusal("=5").hasPrefix("There is no setting “”"))
    }

    func testABadListChangesNothing() throws {
        var given = try read("strength=50")
        XCTAssertThrowsError(try given.read(list: "strength=60;hair-limit=1000", for: .layer))
        XCTAssertEqual(given, try read("strength=50"))
    }

    /// Whatever order, spaces and empty entries a list is written with, it reads back as what it was made from.
    func testListsMadeFromSettingsReadBack() throws {
        var numbers = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var pairs: [(String, String)] = []
            for setting in Setting.all(for: .layer).shuffled() where Bool.random(using: &numbers) {
                switch setting.kind {
                case .text: pairs.append((setting.name, "style\(Int.random(in: 0...9))"))
                case .choice(let choice):
                    pairs.append((setting.name, choice.names[Int.random(in: choice.names.indices)]))
                case .number(let number):
                    pairs.append(
                        (setting.name, "\(Int.random(in: Int(number.range.lowerBound)...Int(number.range.upperBound)))")
                    )
                }
            }
            let space = { String(repeating: " ", count: Int.random(in: 0...2)) }
            let list = pairs.map { "\(space())\($0)\(space())=\(space())\($1)\(space())" }.joined(
                separator: Bool.random() ? ";" : " ;;")
            let settings = try read(list).applied(to: DrawingSettings())
            for (name, text) in pairs where name != "style" {
                let setting = try XCTUnwrap(Setting.named(name))
                let wanted = try setting.parsed(text)
                guard case (.number(let a), .number(let b)) = (setting.value(in: settings), wanted) else {
                    return XCTFail(name)
                }
                XCTAssertEqual(a, b, accuracy: 1e-9, list)
            }
        }
    }

    /// Any bytes end in values that are in range or in one sentence.
    func testNoListBreaksTheReader() {
        let pieces =
            Setting.all.map(\.name) + [
                "=", ";", "=", ";", "%", "-1", "80", "1e309", "nan", "both", "\u{0}", "\u{1B}[31m", "é", "👩‍👩‍👧",
                "\n", " ", "99999999999999999999",
            ]
        for _ in 0..<3000 {
            let list = (0..<Int.random(in: 0...12)).map { _ in pieces.randomElement() ?? "" }.joined()
            do {
                let settings = try read(list).applied(to: DrawingSettings())
                XCTAssertNoThrow(try settings.options.validated(), list)
            } catch let error as StyleError {
                XCTAssertFalse("\(error)".isEmpty)
            } catch {
                XCTFail("\(list): \(error)")
            }
        }
    }
}
