import XCTest

@testable import Settings

/// The settings table: complete, unambiguous, and everywhere at once.
final class SettingTests: XCTestCase {
    func testNamesAreUnique() {
        for names in [
            Setting.all.map(\.name), Setting.all.map(\.key), Setting.all.compactMap(\.option),
            Setting.all.compactMap(\.manifestKey),
        ] {
            XCTAssertEqual(Set(names).count, names.count, "\(names)")
        }
        XCTAssertEqual(Set(Setting.all.map(\.label.description)).count, Setting.all.count)
    }

    /// Letters and hyphens alone, so that names need no quoting in a shell, in Scheme or in a list of `name=value`.
    func testNamesArePlain() {
        for name in Setting.all.map(\.name) + Setting.all.compactMap(\.option) {
            XCTAssertTrue(name.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 }, name)
        }
    }

    func testUsualValuesAreAllowed() throws {
        for setting in Setting.all {
            switch setting.standard {
            case .number(let number): XCTAssertEqual(try setting.checked(number), number, setting.name)
            case .text(let text): XCTAssertEqual(text, "", setting.name)
            }
        }
        XCTAssertEqual(try StyleOptions().validated(), StyleOptions())
    }

    func testEveryChoiceHasATitleForEachName() {
        for setting in Setting.all {
            guard case .choice(let choice) = setting.kind else { continue }
            XCTAssertEqual(choice.names.count, choice.titles.count, setting.name)
        }
    }

    /// A value that differs from the usual one, as people write it.
    private func unusual(_ setting: Setting) -> String {
        switch setting.kind {
        case .text: return "some-style"
        case .choice(let choice): return choice.names.first { $0 != setting.usualName } ?? ""
        case .number(let number):
            return Setting.text(
                number.range.upperBound == Double(setting.usual) ? number.range.lowerBound : number.range.upperBound)
        }
    }

    func testEveryRowReadsAndWritesItsOwnValueAlone() throws {
        for setting in Setting.all {
            var settings = DrawingSettings()
            setting.write(try setting.parsed(unusual(setting)), to: &settings)
            for other in Setting.all {
                XCTAssertEqual(
                    other.value(in: settings) == other.standard, other.name != setting.name,
                    "\(setting.name) and \(other.name)")
            }
        }
    }

    func testEveryRowIsReachedByTheListOfAProcedureTheCommandLineAndPresets() throws {
        for setting in Setting.all {
            let text = unusual(setting)
            for subject in [Setting.Subject.layer, .files]
            where Setting.all(for: subject).contains(where: { $0.name == setting.name }) {
                var given = GivenSettings()
                try given.read(list: "\(setting.name)=\(text)", for: subject)
                if setting.name == "style" {
                    XCTAssertEqual(given.style, text)
                } else {
                    XCTAssertEqual(setting.value(in: given.applied(to: DrawingSettings())), try setting.parsed(text))
                }
            }
            var chosen = DrawingSettings()
            setting.write(try setting.parsed(text), to: &chosen)
            let kept = try JSONEncoder().encode(chosen)
            XCTAssertEqual(try JSONDecoder().decode(DrawingSettings.self, from: kept), chosen, setting.name)
            XCTAssertTrue(String(decoding: kept, as: UTF8.self).contains("\"\(setting.key)\""), setting.name)
        }
        XCTAssertEqual(
            Setting.all(for: .files).map(\.name), Setting.all.map(\.name).filter { $0 != "output" },
            "only where a drawing goes is for images alone")
    }

    /// Scripts give these by place. A change here breaks them.
    func testTheArgumentListsOfTheProceduresAreFrozen() {
        let frozen = [
            "style text", "strength float", "region integer", "keep-colors float", "line-strength float",
            "min-face integer", "half-precision integer",
            "output integer", "lighting float", "skin-constancy float", "hair-limit float", "options text",
        ]
        XCTAssertEqual(Setting.arguments(for: .layer).map { "\($0.name) \($0.kind)" }, frozen)
        XCTAssertEqual(
            Setting.arguments(for: .files).map { "\($0.name) \($0.kind)" }, frozen.filter { !$0.hasPrefix("output") })
    }

    func testTheLastArgumentNamesEverySetting() throws {
        for subject in [Setting.Subject.layer, .files] {
            let list = try XCTUnwrap(Setting.arguments(for: subject).last)
            for setting in Setting.all(for: subject) {
                XCTAssertTrue(list.purpose.contains("\(setting.name)="), setting.name)
            }
        }
    }

    func testRanges() throws {
        func refusal(_ name: String, _ value: String) -> String? {
            do {
                _ = try Setting.named(name)?.parsed(value)
                return nil
            } catch {
                return "\(error)"
            }
        }
        for good in [
            ("strength", "0"), ("strength", "100"), ("strength", "80%"), ("strength", "80 %"), ("strength", "12.5"),
            ("line-strength", "200"),
            ("min-face", "0"), ("min-face", "16"), ("region", "both"), ("region", "2"), ("half-precision", "float32"),
            ("output", "group"),
        ] {
            XCTAssertNil(refusal(good.0, good.1), "\(good)")
        }
        for bad in [
            ("strength", "100.01"), ("strength", "-1"), ("strength", "nan"), ("strength", "inf"), ("strength", "1e1"),
            ("strength", "0x10"),
            ("strength", ""), ("strength", "%"), ("line-strength", "201"), ("min-face", "15"), ("min-face", "16.5"),
            ("min-face", "50%"),
            ("region", "3"), ("region", "-1"), ("region", "0.5"), ("region", "sky"), ("half-precision", "double"),
        ] {
            XCTAssertNotNil(refusal(bad.0, bad.1), "\(bad)")
        }
        XCTAssertEqual(refusal("strength", "101"), "The value 101 for strength is not allowed; use 0 to 100.")
        XCTAssertEqual(refusal("min-face", "3"), "The value 3 for min-face is not allowed; use 0, or 16 to 100000.")
        XCTAssertEqual(
            refusal("region", "sky"), "The value sky for region is not allowed; use 0 to 2, or faces, photo, both.")
    }

    func testWhatIsOutOfRangeInTheCoreIsRefusedByTheSameTable() {
        var options = StyleOptions()
        options.lineStrength = 2.01
        XCTAssertThrowsError(try options.validated()) {
            XCTAssertEqual("\($0)", "The value 201 for line-strength is not allowed; use 0 to 200.")
        }
        options = StyleOptions()
        options.hairLimit = .nan
        XCTAssertThrowsError(try options.validated())
    }

    func testWhatAStyleDecides() {
        let settings = DrawingSettings(style: "mine", defaults: ["lines": 0.29, "keepColors": 0.07, "schema": 3])
        XCTAssertEqual(settings.style, "mine")
        XCTAssertEqual(Setting.named("line-strength")?.value(in: settings), .number(29))
        XCTAssertEqual(Setting.named("keep-colors")?.value(in: settings), .number(7))
        XCTAssertEqual(settings.options.strength, 1)
    }

    func testWhatEachStepSees() {
        var options = StyleOptions()
        (options.strength, options.keepColors, options.lighting, options.region) = (0.5, 0.5, 0.5, .faces)
        var expected = StyleOptions()
        expected.lighting = 0.5
        XCTAssertEqual(options.deciding(upTo: .painting), expected)
        expected.keepColors = 0.5
        XCTAssertEqual(options.deciding(upTo: .tone), expected)
        XCTAssertEqual(options.deciding(upTo: .composition), options)
    }

    func testSettingsKeptByVersion04AreRead() throws {
        let kept =
            #"""
            {"style":"soft","strength":80,"region":"faces","halfPrecision":false,"output":"layerGroup","minFace":32,
            "hairLimit":12.5,"later":[1]}
            """#
        let settings = try JSONDecoder().decode(DrawingSettings.self, from: Data(kept.utf8))
        XCTAssertEqual(settings.style, "soft")
        XCTAssertEqual(settings.output, .layerGroup)
        let options = settings.options
        XCTAssertEqual(options.strength, 0.8)
        XCTAssertEqual(options.region, .faces)
        XCTAssertEqual(options.precision, .float32)
        XCTAssertEqual(options.minimumFaceSize, 32)
        XCTAssertEqual(options.hairLimit, 0.125)
        XCTAssertEqual(options.skinConstancy, StyleOptions().skinConstancy)
    }

    func testSettingsOutOfRangeAreNotRead() {
        for kept in [
            #"{"strength":101}"#, #"{"region":"sky"}"#, #"{"region":7}"#, #"{"strength":"much"}"#, #"{"minFace":3}"#,
        ] {
            XCTAssertThrowsError(try JSONDecoder().decode(DrawingSettings.self, from: Data(kept.utf8)), kept)
        }
    }
}
